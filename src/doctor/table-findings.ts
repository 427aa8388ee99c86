/** Findings in the IPVS table itself, and in what IPVS does with it. */
import { counted } from '../bytes/counted';
import { sameBytes } from '../bytes/same-bytes';
import { serviceFlags } from '../model/virtual-service';
import { type ConnectionGroup, type Facts, numberOf, type ObservedService } from './facts';
import { type FindingKind, once, placeName, row, serviceName, serviceOption } from './finding';
import { type Look, lookName, looks, ofService } from './servers';

const vs = (name: string) => `net/ipv4/vs/${name}`;
const sysctl = (name: string, value: number) => ({ kind: 'sysctl' as const, name: vs(name), value });

export const tableFindings: readonly FindingKind[] = [
  row<true>({
    id: 'no-ipvs',
    side: 'director',
    summary: 'the kernel has no IPVS',
    certainty: 'certain',
    look: ({ table, realServer }) => once(table === undefined && realServer === undefined),
    describe: 'the kernel has no IPVS: the module ip_vs is not loaded',
    how: 'ipvsadm -ln',
    effect: 'nothing is balanced',
    remedy: 'modprobe ip_vs',
  }),
  row<ObservedService>({
    id: 'no-scheduler',
    side: 'director',
    summary: 'a service has no scheduler',
    certainty: 'certain',
    look: (facts) => services(facts).filter(({ service }) => ['none', ''].includes(service.scheduler)),
    describe: ({ service }) => `${serviceName(service.key)} has no scheduler`,
    how: 'ipvsadm -ln',
    effect: 'every new connection is refused',
    remedy: ({ service }) => `ipvsadm -E ${serviceOption(service.key)} -s wlc`,
  }),
  row<ObservedService>({
    id: 'no-server',
    side: 'director',
    summary: 'a service has no real server',
    certainty: 'certain',
    look: (facts) => services(facts).filter(({ servers }) => servers.length === 0),
    describe: ({ service }) => `${serviceName(service.key)} has no real server`,
    how: 'ipvsadm -ln',
    effect: 'every connection is refused at once',
    remedy: ({ service }) => `ipvsadm -a ${serviceOption(service.key)} -r SERVER`,
  }),
  row<ObservedService>({
    id: 'all-weights-0',
    side: 'director',
    summary: 'all real servers of a service have weight 0',
    certainty: 'certain',
    look: (facts) =>
      services(facts).filter(
        ({ servers }) => servers.length > 0 && servers.every(({ server }) => server.weight === 0),
      ),
    describe: ({ service }) => `all real servers of ${serviceName(service.key)} have weight 0`,
    how: 'ipvsadm -ln',
    effect: 'every new connection is refused at once',
    remedy: ({ service, servers }) =>
      `ipvsadm server set ${longOption(service.key)} --real-server ${placeName(servers[0]!.server)} --weight 1`,
  }),
  row<Look>({
    id: 'threshold-reached',
    side: 'director',
    summary: 'a real server has as many connections as its upper threshold allows',
    certainty: 'certain',
    look: (facts) =>
      looks(facts).filter(
        ({ server }) =>
          server.weight > 0 && server.upperThreshold > 0 && connectionsOf(server) >= server.upperThreshold,
      ),
    describe: (look) =>
      `${lookName(look)} has ${connectionsOf(look.server)} connections; its upper threshold is ${look.server.upperThreshold}, and ended ones count while they are listed`,
    how: 'ipvsadm -ln --thresholds',
    effect: 'it gets no new connections; if all are full, clients are refused',
    remedy: ({ service, server }) =>
      `ipvsadm server set ${longOption(service.key)} --real-server ${placeName(server)} --u-threshold ${server.upperThreshold * 2}`,
  }),
  row<ObservedService>({
    id: 'persistence-one-client',
    side: 'director',
    summary: 'many connections of a persistent service follow one template, so one real server has them all',
    certainty: 'possible',
    look: (facts) => services(facts).filter((each) => followsOne(each, facts)),
    describe: ({ service }) =>
      `the connections of ${serviceName(service.key)} all follow one persistence template: its clients share an address (a proxy, NAT) or a netmask`,
    how: ({ service }) => `ipvsadm -ln --persistent-conn ${serviceOption(service.key)}`,
    effect: 'all go to one real server',
    remedy: ({ service }) =>
      `ipvsadm -E ${serviceOption(service.key)} -s ${service.scheduler}   # without persistence, if the service allows it`,
  }),
  row<Look>({
    id: 'quiesced-persistent',
    side: 'director',
    summary: 'persistent clients stay with a real server of weight 0 (expire_quiescent_template=0)',
    certainty: 'certain',
    look: (facts) =>
      numberOf(facts, vs('expire_quiescent_template')) !== 0
        ? []
        : looks(facts).filter(
            ({ service, server, groups }) =>
              (service.flags & serviceFlags.persistent) !== 0 &&
              server.weight === 0 &&
              groups.some(({ templates }) => templates > 0),
          ),
    describe: (look) =>
      `${lookName(look)} has weight 0, but clients with a persistence template go on to it: net.ipv4.vs.expire_quiescent_template is 0`,
    how: 'ipvsadm -ln --persistent-conn; cat /proc/sys/net/ipv4/vs/expire_quiescent_template',
    effect: 'a server that was taken out keeps its clients, also when it is dead',
    remedy: 'sysctl -w net.ipv4.vs.expire_quiescent_template=1',
    fix: () => [sysctl('expire_quiescent_template', 1)],
  }),
  row<ConnectionGroup>({
    id: 'orphan-connections',
    side: 'director',
    summary: 'connections lead to a real server that is not in the table (expire_nodest_conn=0)',
    certainty: 'certain',
    look: orphans,
    describe: ({ established, virtual, destination }) =>
      `${counted(established, 'connection')} of ${placeName(virtual)} left with ${placeName(destination)}, which is not in the table any more`,
    how: 'ipvsadm -lnc; cat /proc/sys/net/ipv4/vs/expire_nodest_conn',
    effect:
      'those clients hang until they give up; with expire_nodest_conn=1 they would be reset and connect again',
    remedy: 'sysctl -w net.ipv4.vs.expire_nodest_conn=1',
    fix: () => [sysctl('expire_nodest_conn', 1)],
  }),
];

export function services(facts: Facts): readonly ObservedService[] {
  return facts.table?.services ?? [];
}

function connectionsOf(server: Look['server']): number {
  return server.activeConnections + server.inactiveConnections;
}

/** Options of subcommands: --tcp 192.0.2.10:80. */
function longOption(key: ObservedService['service']['key']): string {
  return serviceOption(key)
    .replace(/^-t/, '--tcp')
    .replace(/^-u/, '--udp')
    .replace(/^--sctp-service/, '--sctp')
    .replace(/^-f/, '--fwmark')
    .replace(/-6$/, '--ipv6');
}

/** So many connections with one template are no accident. */
const MANY = 20;

function followsOne({ service, servers }: ObservedService, facts: Facts): boolean {
  if ((service.flags & serviceFlags.persistent) === 0) return false;
  if (servers.filter(({ server }) => server.weight > 0).length < 2) return false;
  const entries = facts.connections.filter((group) => ofService(group, service, facts));
  const count = (of: (group: ConnectionGroup) => number) =>
    entries.reduce((sum, group) => sum + of(group), 0);
  const listed = count(({ halfOpen, established, others }) => halfOpen + established + others);
  // Ended connections are listed for some seconds only.
  const served = servers.map(({ total }) => total.connections).filter((number) => number > 0);
  const ended = served.length === 1 ? served[0]! : 0;
  return count(({ templates }) => templates) === 1 && Math.max(listed, ended) >= MANY;
}

/** Established connections whose service does not have their real server. */
function orphans(facts: Facts): ConnectionGroup[] {
  if (numberOf(facts, vs('expire_nodest_conn')) !== 0 || numberOf(facts, vs('cache_bypass')) === 1) return [];
  return facts.connections.filter((group) => {
    if (group.established === 0) return false;
    const own = services(facts).filter(({ service }) => ofService(group, service, facts));
    // Helpers such as ip_vs_ftp make connections of other ports, which are of no service.
    const known = [...(own.length > 0 ? own : services(facts)), ...(facts.table?.checkPaths ?? [])];
    return !known.some(({ servers }) =>
      servers.some(({ server }) => sameBytes(server.address, group.destination.address)),
    );
  });
}
