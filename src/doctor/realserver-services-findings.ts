/** Findings on a real server: its services, tunnels and routes. */
import { counted } from '../bytes/counted';
import { sameBytes } from '../bytes/same-bytes';
import type { Link } from '../host/types';
import { formatAddress } from '../model/address';
import { effective, type Facts, grown, type Listener } from './facts';
import { type FindingKind, once, placeName, row } from './finding';
import { held, isTunnel } from './realserver-findings';

export const realServerServicesFindings: readonly FindingKind[] = [
  row<number>({
    id: 'rs-port-closed',
    side: 'realserver',
    summary: 'nothing listens on a port that the real server should serve (--port)',
    certainty: 'certain',
    look: (facts) => (facts.realServer?.ports ?? []).filter((port) => listenersOf(facts, port).length === 0),
    describe: (port) => `nothing listens on TCP port ${port}`,
    how: (port) => `ss -ltn 'sport = :${port}'`,
    effect: 'connections are refused at once',
    remedy: (port) => `start the service on port ${port}`,
  }),
  row<Listener>({
    id: 'rs-listens-on-own-address',
    side: 'realserver',
    summary: 'a service listens on the own address of the real server alone, and not on the VIP',
    certainty: ({ port }, facts) => (facts.realServer?.ports.includes(port) ? 'certain' : 'possible'),
    look: (facts) => {
      if (!facts.realServer || held(facts).length === 0) return [];
      const { ports } = facts.realServer;
      // Any service may do so on purpose, unless its port was given or connections are refused.
      const suspected = (port: number) =>
        ports.length > 0 ? ports.includes(port) : grown(facts, 'TcpOutRsts') > 0;
      return facts.listeners.filter(
        (listener) =>
          suspected(listener.port) &&
          !forVip(listener, facts) &&
          !isLoopback(listener.address) &&
          !coversVip(facts, listener.port),
      );
    },
    describe: (listener) => `${placeName(listener)} is listened on, but the VIP with that port is not`,
    how: ({ port }) => `ss -ltn 'sport = :${port}'   # lacks 0.0.0.0, * and the VIP`,
    effect: 'connections for the VIP are refused at once',
    remedy: ({ port }) => `let the service of port ${port} listen on all addresses, or on the VIP`,
  }),
  row<Link>({
    id: 'rs-tunnel-down',
    side: 'realserver',
    summary: 'a tunnel device is down',
    certainty: 'certain',
    look: ({ links, realServer, addresses }) =>
      links.filter(
        ({ kind, up, name, index }) =>
          realServer !== undefined &&
          isTunnel(kind) &&
          !up &&
          // Those of the modules are there whether they are used or not.
          (!fallbackDevices.includes(name) || addresses.some(({ link }) => link === index)),
      ),
    describe: ({ name }) => `the tunnel device ${name} is down`,
    how: ({ name }) => `ip link show ${name}`,
    effect: 'the director gets ICMP messages, and clients are refused at once',
    remedy: ({ name }) => `ip link set ${name} up`,
    fix: ({ name }) => [{ kind: 'link-up', link: name }],
  }),
  row<true>({
    id: 'rs-tunnel-missing',
    side: 'realserver',
    summary: 'packets come in a protocol that nothing here unpacks',
    certainty: 'possible',
    look: (facts) => once(facts.realServer !== undefined && unpackable(facts) > 0),
    describe: (_so, facts) =>
      `${counted(unpackable(facts), 'ICMP error')} sent within 2 s, as for packets that nothing here unpacks: a tunnel device may be missing`,
    how: 'nstat -az IpInUnknownProtos IcmpOutDestUnreachs; ip -d link show',
    effect: 'clients are refused at once',
    remedy: 'ipvsadm realserver up VIP --method tunnel   # or gue, gre: as the director sends',
  }),
  row<Link>({
    id: 'rs-tunnel-rp-filter',
    side: 'realserver',
    summary: 'rp_filter is 1 on a tunnel device: what it unpacks is dropped',
    certainty: 'certain',
    look: (facts) =>
      facts.realServer === undefined
        ? []
        : facts.links.filter(
            ({ kind, up, name }) =>
              up && ['ipip', 'gre'].includes(kind ?? '') && effective(facts, name, 'rp_filter') === 1,
          ),
    describe: ({ name }) =>
      `rp_filter is 1 on ${name} (the larger of all and ${name}): what it unpacks is dropped`,
    how: ({ name }) =>
      `cat /proc/sys/net/ipv4/conf/{all,${name}}/rp_filter; nstat -az TcpExtIPReversePathFilter`,
    effect: 'clients time out',
    remedy: ({ name }) => `sysctl -w net.ipv4.conf.${slashed(name)}.rp_filter=2`,
    fix: ({ name }) => [{ kind: 'sysctl', name: `net/ipv4/conf/${name}/rp_filter`, value: 2 }],
  }),
  row<true>({
    id: 'rs-no-way-out',
    side: 'realserver',
    summary: 'the real server has no route by which answers could leave',
    certainty: (_so, facts) => (held(facts).length === 0 ? 'certain' : 'possible'),
    look: (facts) =>
      once(
        facts.realServer !== undefined &&
          !facts.routes.some(({ gateway, destination }) => gateway !== undefined || !destination) &&
          // With the VIP on lo the clients may all be neighbours.
          (held(facts).length === 0 ? !facts.realServer.given : grown(facts, 'IpOutNoRoutes') > 0),
      ),
    describe: (_so, facts) =>
      held(facts).length === 0
        ? 'there is no default route, and no VIP: masqueraded packets of clients cannot be answered'
        : 'there is no default route, and packets were dropped for want of a route',
    how: 'ip route get CLIENT   # unreachable',
    effect: 'clients of other subnets time out',
    remedy: (_so, facts) =>
      held(facts).length === 0 ? 'ip route add default via DIRECTOR' : 'ip route add default via ROUTER',
  }),
];

/** Made by the modules, in every namespace. */
const fallbackDevices = ['tunl0', 'gre0', 'sit0', 'ip6tnl0', 'ip6gre0'];

/** Packets that were answered as unreachable while no tunnel is up; not those for a UDP port. */
function unpackable(facts: Facts): number {
  const unknown = grown(facts, 'IpInUnknownProtos');
  if (facts.links.some(({ kind, up }) => up && isTunnel(kind))) return unknown;
  return Math.max(unknown, grown(facts, 'IcmpOutDestUnreachs') - grown(facts, 'UdpNoPorts'));
}

function listenersOf({ listeners }: Facts, port: number): Listener[] {
  return listeners.filter((listener) => listener.port === port);
}

function isAny(address: Uint8Array): boolean {
  return address.every((byte) => byte === 0);
}

function isLoopback(address: Uint8Array): boolean {
  return address.length === 4 ? address[0] === 127 : formatAddress(address) === '::1';
}

function forVip({ address }: Listener, facts: Facts): boolean {
  return isAny(address) || held(facts).some(({ vip }) => sameBytes(vip, address));
}

function coversVip(facts: Facts, port: number): boolean {
  return listenersOf(facts, port).some((listener) => forVip(listener, facts));
}

/** A dot in the name of an interface is a slash for sysctl(8). */
function slashed(name: string): string {
  return name.replace(/\./g, '/');
}
