/**
 * Findings on the real servers of a director. What happens inside of a real server can only be
 * guessed from here, so most of them say where to look for it with certainty.
 */
import { counted } from '../bytes/counted';
import { formatAddress } from '../model/address';
import type { Facts } from './facts';
import { type FindingKind, placeName, row, serviceOption } from './finding';
import { circles, type Look, lookName, looks, vipAsSource } from './servers';

/** One packet for each connection: the client's first, which was refused. */
const REFUSED_AT_ONCE = 1.5;

export const serverFindings: readonly FindingKind[] = [
  row<Look>({
    id: 'server-dead',
    side: 'director',
    summary: 'a real server does not answer ARP, or there is no route to it',
    // Without an attempt of now, the neighbour may be back since.
    certainty: ({ attempt, route }) => (attempt === undefined && route ? 'possible' : 'certain'),
    look: (facts) => looks(facts).filter(dead),
    describe: (look) =>
      look.route
        ? `${lookName(look)}: the real server cannot be reached: ${look.near ? 'nobody answers ARP for its address' : 'no route to it'}`
        : `${lookName(look)}: this machine has no route to the real server`,
    how: ({ server }) => `ip neigh show ${formatAddress(server.address)}   # INCOMPLETE or FAILED`,
    effect: 'connections that are scheduled to it time out, or find no route',
    remedy: removal,
  }),
  row<Look>({
    id: 'server-silent',
    side: 'director',
    summary: 'a real server answers ARP, but not connections to its port: a packet filter, or a hung machine',
    // A machine that has just gone answers neither, and its neighbour entry does not tell yet.
    certainty: 'possible',
    look: (facts) =>
      looks(facts).filter(
        (look) =>
          look.attempt === 'timeout' &&
          !dead(look) &&
          !vipAsSource(look, facts) &&
          // Without evidence from clients, it may let in what is sent to the VIP alone.
          (look.stuck || look.method === 'masquerading'),
      ),
    describe: (look) =>
      `${lookName(look)}: the machine answered ARP a moment ago, but a connection to ${placeName(look.server)} gets no answer`,
    how: ({ server }) =>
      `nc -w 2 ${formatAddress(server.address)} ${server.port}   # times out; ip neigh says REACHABLE`,
    effect: 'connections that are scheduled to it time out',
    remedy: ({ server }) =>
      `on ${formatAddress(server.address)}: let TCP port ${server.port} through its packet filter`,
  }),
  row<Look>({
    id: 'port-closed',
    side: 'director',
    summary: 'nothing listens on the port of a real server',
    certainty: 'certain',
    // One that listens on the VIP alone refuses connections to its own address, and is sound.
    look: (facts) =>
      looks(facts).filter(
        (look) =>
          look.attempt === 'refused' &&
          !vipAsSource(look, facts) &&
          (look.stuck || look.method === 'masquerading'),
      ),
    describe: (look) => `${lookName(look)}: ${placeName(look.server)} refuses connections`,
    how: ({ server }) => `nc -w 2 ${formatAddress(server.address)} ${server.port}   # connection refused`,
    effect: 'connections that are scheduled to it are refused at once',
    remedy: ({ server, route }) =>
      `${route?.local ? '' : `on ${formatAddress(server.address)}: `}start the service on port ${server.port}`,
  }),
  row<Look>({
    id: 'server-loop',
    side: 'director',
    summary: 'packets circle between director and real server: VIP missing there, and ip_forward=1',
    certainty: 'certain',
    look: (facts) => looks(facts).filter((look) => stuckThough(look, facts) && circles(look.perConnection)),
    describe: (look) =>
      `${lookName(look)}: ${Math.round(look.perConnection!)} packets for each connection: they circle until their TTL ends, as the real server forwards them and has no VIP`,
    how: (look) => `ipvsadm -ln --stats ${serviceOption(look.service.key)}   # InPkts / Conns near 64`,
    effect: 'connections that are scheduled to it time out',
    remedy: realServerUp,
  }),
  row<Look>({
    id: 'vip-missing-on-server',
    side: 'director',
    summary:
      'a real server takes connections, but not those for the VIP: VIP missing there, or packets dropped',
    certainty: 'possible',
    look: (facts) =>
      looks(facts).filter(
        (look) =>
          stuckThough(look, facts) &&
          !unpacksNot(look) &&
          !circles(look.perConnection) &&
          !(look.perConnection !== undefined && look.perConnection < REFUSED_AT_ONCE),
      ),
    describe: (look) =>
      `${lookName(look)}: no answer to ${counted(look.halfOpen, 'connection')}, although the real server takes connections to its own address: ` +
      (look.method === 'tunneling'
        ? 'the VIP is missing there, or rp_filter drops what is unpacked'
        : 'the VIP is missing there, or a packet filter drops it'),
    how: (look) => `ipvsadm -lnc | grep SYN_RECV; on the server: ip route get ${vipOf(look)}   # not "local"`,
    effect: 'connections that are scheduled to it time out',
    remedy: realServerUp,
  }),
  row<Look>({
    id: 'tunnel-refused',
    side: 'director',
    summary: 'a real server answers tunnelled packets with ICMP errors: no device there unpacks them',
    certainty: 'certain',
    look: (facts) => looks(facts).filter((look) => stuckThough(look, facts) && unpacksNot(look)),
    describe: (look) =>
      `${lookName(look)}: ICMP errors in answer to ${counted(look.halfOpen, 'connection')}: no device there unpacks ${tunnelName(look)} packets`,
    how: ({ server, service }) =>
      `ipvsadm -ln --stats ${serviceOption(service.key)}   # OutPkts > 0; on ${formatAddress(server.address)}: ip -d link show`,
    effect: 'connections that are scheduled to it are refused at once, or time out',
    remedy: realServerUp,
  }),
  row<Look>({
    id: 'vip-refused-on-server',
    side: 'director',
    summary: 'a real server refuses connections for the VIP, but takes those for its own address',
    certainty: 'possible',
    look: (facts) =>
      looks(facts).filter(
        (look) =>
          stuckThough(look, facts) &&
          !unpacksNot(look) &&
          look.perConnection !== undefined &&
          look.perConnection < REFUSED_AT_ONCE,
      ),
    describe: (look) =>
      `${lookName(look)}: ${counted(look.halfOpen, 'connection')} ended with the first packet, although the real server takes connections to its own address: the service listens on that alone`,
    how: ({ server }) =>
      `on ${formatAddress(server.address)}: ss -ltn   # lacks *:${server.port} and VIP:${server.port}`,
    effect: 'connections that are scheduled to it are refused at once',
    remedy: ({ server }) =>
      `on ${formatAddress(server.address)}: let the service listen on all addresses, or on the VIP`,
  }),
  row<Look>({
    id: 'not-on-link',
    side: 'director',
    summary: 'a real server of direct routing is behind a router',
    certainty: 'certain',
    look: (facts) =>
      looks(facts).filter(({ method, route }) => method === 'gatewaying' && route?.gateway !== undefined),
    describe: (look) =>
      `${lookName(look)}: direct routing, but the way there leads over the router ${formatAddress(look.route!.gateway!)}`,
    how: ({ server }) => `ip route get ${formatAddress(server.address)}   # has a "via"`,
    effect: 'the router gets packets for the VIP and sends them back: clients time out',
    remedy: ({ service, server }) =>
      `ipvsadm -e ${serviceOption(service.key)} -r ${placeName(server)} -i   # tunnel`,
  }),
  row<Look>({
    id: 'other-port',
    side: 'director',
    summary: 'a real server has another port than its service, without masquerading',
    certainty: 'certain',
    look: (facts) =>
      looks(facts).filter(
        ({ method, service: { key }, server }) =>
          method !== 'masquerading' && key.kind === 'address' && key.port !== 0 && key.port !== server.port,
      ),
    describe: (look) =>
      `${lookName(look)}: without masquerading packets keep the port of the service, whatever port is listed`,
    how: () => 'ipvsadm -ln',
    effect: 'the real server gets connections for the port of the service, and refuses them',
    remedy: ({ service, server }) =>
      `ipvsadm -e ${serviceOption(service.key)} -r ${placeName(server)} -m   # or the same port on both`,
  }),
];

/** Whether the next machine on the way did not answer ARP, all the time while a connection was tried. */
export function dead({ attempt, neighbour, route, server }: Look): boolean {
  if (server.weight === 0) return false;
  const silent = neighbour === 'failed' || neighbour === 'incomplete';
  if (attempt === undefined) return route === undefined || neighbour === 'failed';
  return attempt === 'unreachable' || (attempt !== 'open' && (silent || route === undefined));
}

function direct({ method }: Look): boolean {
  return method === 'gatewaying' || method === 'tunneling';
}

/** Whether clients get no connection although this machine does: undefined attempts prove nothing. */
function stuckThough(look: Look, facts: Facts): boolean {
  return look.stuck && look.attempt === 'open' && direct(look) && !vipAsSource(look, facts);
}

/** In tunneling, packets that leave to clients are ICMP errors alone. */
function unpacksNot({ method, total }: Look): boolean {
  return method === 'tunneling' && total.outPackets > 0;
}

function tunnelName({ server }: Look): string {
  return ['IP in IP', 'GUE', 'GRE'][server.tunnel.type] ?? 'tunnelled';
}

function vipOf({ service: { key } }: Look): string {
  return key.kind === 'address' ? formatAddress(key.address) : 'VIP';
}

function realServerUp(look: Look): string {
  const { server, method } = look;
  const kind = ['tunnel', 'gue', 'gre'][server.tunnel.type] ?? 'tunnel';
  const how = method === 'tunneling' ? ` --method ${kind}` : '';
  return `on ${formatAddress(server.address)}: ipvsadm realserver up ${vipOf(look)}${how}   # ipvsadm doctor there says more`;
}

function removal({ service, server }: Look): string {
  return `ipvsadm -d ${serviceOption(service.key)} -r ${placeName(server)}   # until it is back`;
}
