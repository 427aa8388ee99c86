/**
 * What keepalived corrects once it has read everything (ipwrapper.c, link_vsg_to_vs; check_data.c,
 * validate_check_config).
 */
import { defaults } from '../../model/limits';
import type { Diagnostics } from '../source/collect';
import { defaultMethod, type Forwarded } from './forwarding';
import type { Group, Server, VirtualServer } from './model';

/** Returns the virtual servers that are left. */
export function validated(
  all: readonly VirtualServer[],
  groups: ReadonlyMap<string, Group>,
  diagnostics: Diagnostics,
): VirtualServer[] {
  return all
    .filter((own) => linked(own, groups, diagnostics))
    .filter((own) => {
      if (own.servers.length === 0) {
        ignored(own, 'keepalived skips virtual servers without real servers', diagnostics);
        return false;
      }
      correct(own, diagnostics);
      return true;
    });
}

function ignored({ word }: VirtualServer, why: string, diagnostics: Diagnostics): void {
  diagnostics.warn(word, `'virtual_server' is ignored: ${why}`);
}

/** Gives a virtual server its group. @returns whether it is left. */
function linked(own: VirtualServer, groups: ReadonlyMap<string, Group>, diagnostics: Diagnostics): boolean {
  const { target } = own;
  if (target.kind !== 'group') return true;
  const group = groups.get(target.name.text);
  if (!group) {
    diagnostics.warn(
      target.name,
      `unknown virtual_server_group '${target.name.text}': keepalived ignores the virtual server`,
    );
    return false;
  }
  target.group = group;
  const { ipv4, ipv6 } = group;
  const family = own.family?.value;
  if ((ipv4 && family === 'ipv6') || (ipv6 && family === 'ipv4')) {
    ignored(own, 'its group has addresses of the other address family', diagnostics);
    return false;
  }
  if (ipv4 !== ipv6) own.family ??= { value: ipv4 ? 'ipv4' : 'ipv6', word: target.name };
  return true;
}

function correct(own: VirtualServer, diagnostics: Diagnostics): void {
  const { target } = own;
  const group = target.kind === 'group' ? target.group : undefined;
  const ofAddress = group ? group.addresses.length > 0 : target.kind !== 'fwmark' || target.mark === 0;
  if (ofAddress) correctAddressService(own, diagnostics);
  else if (own.protocol) {
    diagnostics.warn(own.protocol.word, "keepalived ignores 'protocol': a firewall mark has none");
    own.protocol = undefined;
  }
  persistent(own);
  correctServers(own, diagnostics);
  correctQuorum(own);
}

function correctAddressService(own: VirtualServer, diagnostics: Diagnostics): void {
  if (!own.protocol) {
    diagnostics.warn(own.word, "no 'protocol': keepalived uses UDP", "for TCP, add 'protocol TCP'");
    own.protocol = { value: 'udp', word: own.word };
  }
  if (own.onePacket && own.protocol.value !== 'udp') {
    diagnostics.warn(own.onePacket, "keepalived ignores 'ops': one-packet scheduling requires UDP");
    own.onePacket = undefined;
  }
}

/** Port 0, even of one address of a group, makes the virtual server persistent. */
function persistent(own: VirtualServer): void {
  const { target } = own;
  if (own.timeout) return;
  const endpoints =
    target.kind === 'address'
      ? [target.endpoint]
      : target.kind === 'group'
        ? target.group!.addresses.map(({ endpoint }) => endpoint)
        : [];
  const portless = endpoints.find(({ port }) => port === 0)?.portWord;
  const at = portless ?? (target.kind === 'fwmark' && target.mark === 0 ? target.word : undefined);
  if (at) own.timeout = { value: defaults.persistenceTimeout, word: at };
}

function correctServers(own: VirtualServer, diagnostics: Diagnostics): void {
  const names = new Set<string>();
  const kept = own.servers.filter(({ endpoint: { address, port, word } }) => {
    const name = `${address.join('.')} ${port}`;
    if (names.has(name)) {
      diagnostics.warn(word, `duplicate real_server '${word.text}': keepalived ignores it`);
      return false;
    }
    return names.add(name);
  });
  own.servers.splice(0, own.servers.length, ...kept);
  const servers: readonly Server[] = own.sorry ? [...kept, own.sorry] : kept;
  for (const server of servers) takeForwarding(server, own);
  for (const server of kept) {
    server.weight ??= own.weight;
    server.inhibit ??= own.inhibit;
  }
}

function takeForwarding(server: Forwarded, own: VirtualServer): void {
  if (server.forwarding) return;
  own.forwarding ??= { method: defaultMethod, word: own.word };
  server.forwarding = own.forwarding;
  server.tunnel = own.tunnel;
}

function correctQuorum(own: VirtualServer): void {
  Object.assign(
    own,
    correctedQuorum(
      own,
      own.servers.map(({ weight }) => weight?.value),
    ),
  );
}

interface Quorum {
  readonly quorum: number;
  readonly hysteresis: number;
}

/** With the wrap-around of keepalived's unsigned numbers. */
export function correctedQuorum(given: Quorum, weights: readonly (number | undefined)[]): Quorum {
  const sum = weights.reduce<number>((total, weight = 1) => (total + weight) >>> 0, 0);
  const quorum = Math.min(given.quorum, sum);
  return { quorum, hysteresis: given.hysteresis >= quorum ? (quorum - 1) >>> 0 : given.hysteresis };
}

/** The sum of weights from which on the sorry server leaves. */
export function threshold({ quorum, hysteresis }: VirtualServer): number {
  return (quorum + hysteresis) >>> 0;
}
