/** Findings on masquerading (NAT). */
import { formatAddress, inSubnet } from '../model/address';
import { type Facts, numberOf } from './facts';
import { type FindingKind, once, row } from './finding';
import { dead } from './server-findings';
import { type Look, lookName, looks } from './servers';

const IP_FORWARD = 'net/ipv4/ip_forward';
const IPV6_FORWARDING = 'net/ipv6/conf/all/forwarding';
const CONNTRACK = 'net/ipv4/vs/conntrack';

/** Modules that do source NAT, and are used only by rules that do. */
const sourceNat = ['nft_masq', 'nft_nat', 'xt_MASQUERADE', 'iptable_nat', 'act_ct'];

export const natFindings: readonly FindingKind[] = [
  row<string>({
    id: 'forwarding-off',
    side: 'director',
    summary: 'forwarding is off, but a real server is masqueraded',
    certainty: 'certain',
    look: (facts) => [
      ...once(masqueraded(facts, 4) && numberOf(facts, IP_FORWARD) === 0).map(() => IP_FORWARD),
      ...once(masqueraded(facts, 16) && numberOf(facts, IPV6_FORWARDING) === 0).map(() => IPV6_FORWARDING),
    ],
    describe: (name) => `masquerading needs ${name.replace(/\//g, '.')} = 1, and it is 0`,
    how: (name) => `cat /proc/sys/${name}`,
    effect: 'the answers of the real servers are dropped: clients time out',
    remedy: (name) => `sysctl -w ${name.replace(/\//g, '.')}=1`,
    fix: (name) => [{ kind: 'sysctl', name, value: 1 }],
  }),
  row<Look>({
    id: 'nat-client-inside',
    side: 'director',
    summary: 'clients are in the subnet of masqueraded real servers, which answer them directly',
    certainty: 'certain',
    look: (facts) => unanswered(facts).filter((look) => insider(look, facts) !== undefined),
    describe: (look, facts) =>
      `${lookName(look)}: the client ${formatAddress(insider(look, facts)!)} is in the subnet of the real server, whose answers do not pass this machine`,
    how: () => 'ipvsadm -lnc | grep SYN_RECV   # sources in the subnet of the real server',
    effect: 'the client gets answers from an address that it did not ask, and times out',
    remedy: (look, facts) =>
      `on ${formatAddress(look.server.address)}: ip route add ${formatAddress(insider(look, facts)!)} via DIRECTOR   # or direct routing`,
  }),
  row<Look>({
    id: 'nat-way-back',
    side: 'director',
    summary: 'answers of a masqueraded real server do not come back by this machine',
    certainty: 'possible',
    look: (facts) => unanswered(facts).filter((look) => insider(look, facts) === undefined),
    describe: (look) =>
      `${lookName(look)}: packets of clients go there, none comes back, although the real server answers this machine: its default route does not lead here`,
    how: () => 'ipvsadm -ln --stats   # InPkts > 0, OutPkts 0; on the server: ip route get CLIENT',
    effect: 'clients time out',
    remedy: (look) =>
      `on ${formatAddress(look.server.address)}: ip route replace default via ${look.route?.source ? formatAddress(look.route.source) : 'DIRECTOR'}`,
  }),
  row<true>({
    id: 'source-nat-without-conntrack',
    side: 'director',
    summary: 'rules for source NAT are loaded, but IPVS keeps its packets from them (vs.conntrack=0)',
    certainty: 'possible',
    look: (facts) =>
      once(
        numberOf(facts, CONNTRACK) === 0 &&
          sourceNat.some((name) => (facts.modules.get(name) ?? 0) > 0) &&
          unanswered(facts).length > 0,
      ),
    describe:
      'rules for source NAT are loaded, which never see packets of IPVS while net.ipv4.vs.conntrack is 0',
    how: 'cat /proc/sys/net/ipv4/vs/conntrack; nft list ruleset   # the counter of the rule stays 0',
    effect: 'real servers see the addresses of clients and answer past this machine: clients time out',
    remedy: 'sysctl -w net.ipv4.vs.conntrack=1',
    fix: () => [{ kind: 'sysctl', name: CONNTRACK, value: 1 }],
  }),
];

function masqueraded(facts: Facts, length: 4 | 16): boolean {
  return looks(facts).some(
    ({ method, server, route }) =>
      method === 'masquerading' && server.address.length === length && !route?.local,
  );
}

/** Masqueraded real servers that get packets and send none, for none of the other reasons. */
function unanswered(facts: Facts): Look[] {
  return looks(facts).filter((look) => {
    const { connections, inPackets, outPackets } = look.recent.connections > 0 ? look.recent : look.total;
    const forwarding = numberOf(facts, look.server.address.length === 4 ? IP_FORWARD : IPV6_FORWARDING);
    return (
      look.method === 'masquerading' &&
      look.stuck &&
      connections > 0 &&
      inPackets > 0 &&
      outPackets === 0 &&
      forwarding !== 0 &&
      look.attempt !== 'refused' &&
      look.attempt !== 'timeout' &&
      !dead(look)
    );
  });
}

/** A waiting client that the real server reaches without a router. */
function insider({ groups, server, route }: Look, facts: Facts): Uint8Array | undefined {
  const subnet = facts.addresses.find(
    ({ link, address, prefix }) =>
      link === route?.link && inSubnet(server.address, address, prefix) && prefix < 32,
  );
  if (!subnet || route?.gateway) return undefined;
  return groups
    .flatMap(({ waitingClients }) => waitingClients)
    .find((client) => inSubnet(client, subnet.address, subnet.prefix));
}
