/** Findings on the settings of IPVS, on the sync daemons and on other programs at work. */
import { counted } from '../bytes/counted';
import { formatAddress } from '../model/address';
import { daemonStates, type SyncDaemon } from '../model/sync-daemon';
import { atLeast, type Facts, grown, numberOf } from './facts';
import { type FindingKind, once, row } from './finding';
import { looks } from './servers';

const VS = 'net/ipv4/vs';
const setting = (facts: Facts, name: string) => numberOf(facts, `${VS}/${name}`);
const setTo = (name: string, value: number) => `sysctl -w net.ipv4.vs.${name}=${value}`;
const step = (name: string, value: number) => [{ kind: 'sysctl' as const, name: `${VS}/${name}`, value }];
const cat = (name: string) => `cat /proc/sys/${VS}/${name}`;

/** The defences against floods; 3 is always on. */
const defences = ['drop_entry', 'drop_packet', 'secure_tcp'];

export const kernelFindings: readonly FindingKind[] = [
  row<true>({
    id: 'estimation-off',
    side: 'director',
    summary: 'statistics stand still (run_estimation=0)',
    certainty: 'certain',
    look: (facts) => once(setting(facts, 'run_estimation') === 0),
    describe: 'net.ipv4.vs.run_estimation is 0: counters and rates stand still',
    how: cat('run_estimation'),
    effect: 'none; but monitoring sees no traffic, and doctor finds less',
    remedy: setTo('run_estimation', 1),
    fix: () => step('run_estimation', 1),
  }),
  row<string>({
    id: 'defence-always-on',
    side: 'director',
    summary: 'a defence against floods is always on (drop_entry, drop_packet, secure_tcp = 3)',
    certainty: 'certain',
    look: (facts) => defences.filter((name) => setting(facts, name) === 3),
    describe: (name) => `net.ipv4.vs.${name} is 3: the defence is on also when memory is not short`,
    how: (name) => cat(name),
    effect: 'packets or half-open connections are dropped at random',
    remedy: (name) => setTo(name, 1),
    fix: (name) => step(name, 1),
  }),
  row<true>({
    id: 'reuse-delays',
    side: 'director',
    summary:
      'clients that use a port again wait a second (conn_reuse_mode=1 with conntrack=1 before Linux 5.9)',
    certainty: 'certain',
    look: (facts) =>
      once(
        facts.release !== '' &&
          !atLeast(facts.release, 5, 9) &&
          setting(facts, 'conn_reuse_mode') === 1 &&
          setting(facts, 'conntrack') === 1,
      ),
    describe: 'net.ipv4.vs.conn_reuse_mode is 1 with conntrack on a kernel before 5.9',
    how: `${cat('conn_reuse_mode')}; uname -r`,
    effect: 'a connection from a port that was used a short time ago takes a second, at high rates many do',
    remedy: setTo('conn_reuse_mode', 0),
    fix: () => step('conn_reuse_mode', 0),
  }),
  row<true>({
    id: 'reuse-sticks',
    side: 'director',
    summary: 'clients that use a port again stay with a server of weight 0 (conn_reuse_mode=0)',
    certainty: 'possible',
    look: (facts) =>
      once(
        atLeast(facts.release, 5, 9) &&
          setting(facts, 'conn_reuse_mode') === 0 &&
          looks(facts).some(({ server }) => server.weight === 0),
      ),
    describe:
      'net.ipv4.vs.conn_reuse_mode is 0 while a real server has weight 0: a connection from a port that was used a short time ago still goes there',
    how: cat('conn_reuse_mode'),
    effect: 'a drained server keeps getting connections, mostly from busy clients and proxies',
    remedy: setTo('conn_reuse_mode', 1),
    fix: () => step('conn_reuse_mode', 1),
  }),
  row<number>({
    id: 'connection-table-full',
    side: 'director',
    summary: 'the connection table has nearly as many entries as conn_max allows',
    certainty: 'certain',
    look: (facts) => {
      const most = setting(facts, 'conn_max') ?? 0;
      return most > 0 && entries(facts) >= most * 0.9 ? [most] : [];
    },
    describe: (most, facts) =>
      `the connection table has ${entries(facts)} entries, and net.ipv4.vs.conn_max is ${most}`,
    how: `cat /proc/net/ip_vs_status; ${cat('conn_max')}`,
    effect: 'new connections are refused when it is full',
    remedy: (most) => setTo('conn_max', most * 2),
    fix: (most) => step('conn_max', most * 2),
  }),
  row<number>({
    id: 'connection-table-small',
    side: 'director',
    summary: 'the connection table has too few rows for its entries',
    certainty: 'certain',
    look: (facts) => {
      const rows = facts.table?.info.connectionTableSize ?? 0;
      return rows > 0 && entries(facts) > rows * 8 ? [rows] : [];
    },
    describe: (rows, facts) =>
      `the connection table has ${entries(facts)} entries in ${rows} rows: each packet searches a long list`,
    how: 'ipvsadm -ln | head -n 1; wc -l </proc/net/ip_vs_conn',
    effect: 'packets wait, and the processor is busy',
    remedy: "echo 'options ip_vs conn_tab_bits=20' >/etc/modprobe.d/ip_vs.conf   # and load ip_vs anew",
  }),
  row<SyncDaemon>({
    id: 'sync-interface',
    side: 'director',
    summary: 'a sync daemon uses an interface that is missing, down or lo',
    certainty: 'certain',
    look: (facts) => daemons(facts).filter((daemon) => interfaceProblem(daemon, facts) !== undefined),
    describe: (daemon, facts) =>
      `the sync daemon (${stateName(daemon)}) uses the interface ${daemon.interface}, which ${interfaceProblem(daemon, facts)}`,
    how: ({ interface: name }) => `ipvsadm -l --daemon; ip link show ${name}`,
    effect: 'connections are reset at a failover',
    remedy: (daemon) =>
      `ipvsadm --stop-daemon ${stateName(daemon)} && ipvsadm --start-daemon ${stateName(daemon)} --mcast-interface INTERFACE --syncid ${daemon.syncId}`,
  }),
  row<SyncDaemon>({
    id: 'sync-other-id',
    side: 'director',
    summary: 'a backup sync daemon hears only masters of other syncids',
    certainty: 'certain',
    look: (facts) =>
      daemons(facts).filter(
        ({ state, syncId }) =>
          state === daemonStates.backup &&
          syncId !== 0 &&
          facts.heardSyncIds.length > 0 &&
          !facts.heardSyncIds.includes(syncId),
      ),
    describe: ({ syncId }, { heardSyncIds }) =>
      `the backup sync daemon has syncid ${syncId}; the messages that come have ${heardSyncIds.join(', ')}`,
    how: 'ipvsadm -l --daemon   # on both directors',
    effect: 'connections are reset at a failover',
    remedy: (_daemon, { heardSyncIds }) =>
      `ipvsadm --stop-daemon backup && ipvsadm --start-daemon backup --mcast-interface INTERFACE --syncid ${heardSyncIds[0]}`,
  }),
  row<readonly string[]>({
    id: 'several-managers',
    side: 'director',
    summary: 'several programs manage the table: keepalived, ldirectord, kube-proxy, director up',
    certainty: 'possible',
    look: ({ managers, directorUp, table }) => {
      const all = [...managers, ...(directorUp ? ['ipvsadm director up'] : [])];
      return all.length > 1 && (table?.services.length ?? 0) > 0 ? [all] : [];
    },
    describe: (all) => `${all.join(' and ')} are at work here, and may change the same table`,
    how: "ps -e | grep -E 'keepalived|ldirectord|kube-proxy'",
    effect: 'services and servers that one of them does not know may be deleted',
    remedy: 'let one of them manage the table, and stop the others or their LVS parts',
  }),
  row<true>({
    id: 'rp-filter-drops',
    side: 'director',
    summary: 'packets are dropped by rp_filter while connections get no answer',
    certainty: 'possible',
    look: (facts) =>
      once(grown(facts, 'TcpExtIPReversePathFilter') > 0 && looks(facts).some(({ stuck }) => stuck)),
    describe: (_so, facts) =>
      `${counted(grown(facts, 'TcpExtIPReversePathFilter'), 'packet')} dropped by rp_filter: the way back to the sender is another interface`,
    how: 'nstat -az TcpExtIPReversePathFilter; sysctl -a -r rp_filter',
    effect: 'clients behind that interface, or the answers of real servers, are not heard',
    remedy: 'sysctl -w net.ipv4.conf.all.rp_filter=2   # loose, unless a route is wrong',
  }),
  row<readonly string[]>({
    id: 'tunnel-mtu',
    side: 'director',
    summary: 'packets do not fit into a tunnel, and the director tells clients so',
    certainty: 'possible',
    look: (facts) => {
      const found = narrow(facts);
      // Those for a real server that does not answer are told by other findings.
      const stuck = looks(facts).some((look) => look.stuck && look.method === 'tunneling');
      const told = !stuck && grown(facts, 'IcmpOutDestUnreachs') > grown(facts, 'UdpNoPorts');
      return found.length > 0 && told && setting(facts, 'pmtu_disc') !== 0 ? [found] : [];
    },
    describe: (found) =>
      `packets of clients do not fit into the tunnel to ${found.join(', ')}: clients get ICMP messages, which packet filters often drop`,
    how: 'nstat -az IcmpOutDestUnreachs; ip route get SERVER   # mtu 1500 less 20 to 32 bytes',
    effect: 'where those messages are dropped, small requests work and uploads hang for ever',
    remedy:
      'on the real servers: ip route replace default via GATEWAY advmss 1440   # or net.ipv4.vs.pmtu_disc=0 here',
  }),
];

function daemons(facts: Facts): readonly SyncDaemon[] {
  return facts.table?.daemons ?? [];
}

function stateName({ state }: SyncDaemon): string {
  return state === daemonStates.master ? 'master' : 'backup';
}

function interfaceProblem({ interface: name }: SyncDaemon, { links }: Facts): string | undefined {
  const link = links.find((each) => each.name === name);
  if (!link) return 'does not exist';
  if (link.loopback) return 'reaches no other machine';
  if (!link.up) return 'is down';
  return link.carrier ? undefined : 'has no carrier';
}

function entries({ connections }: Facts): number {
  return connections.reduce(
    (sum, { halfOpen, established, others, templates }) => sum + halfOpen + established + others + templates,
    0,
  );
}

/** Of Ethernet: what clients send. */
const CLIENTS_MTU = 1500;
/** What a tunnel adds: IP in IP; UDP and GUE; GRE. */
const overheads = [20, 32, 24];

/** The real servers to whom full packets of clients do not fit. */
function narrow(facts: Facts): string[] {
  const found = looks(facts).filter(({ method, server, route }) => {
    if (method !== 'tunneling' || !route || route.local) return false;
    const mtu = route.mtu || facts.links.find(({ index }) => index === route.link)?.mtu || CLIENTS_MTU;
    return mtu - (overheads[server.tunnel.type] ?? 20) < CLIENTS_MTU;
  });
  return [...new Set(found.map(({ server }) => formatAddress(server.address)))];
}
