/** What the kernel would refuse in a state, or what would not work, found before it is asked: one table of rules. */
import { AF_INET, type Family } from '../../model/address';
import { FORWARDING_MASK, forwardingMethods, type RealServer, tunnelTypes } from '../../model/real-server';
import { protocols, serviceFlags, type VirtualService } from '../../model/virtual-service';
import type { Severity } from '../source/diagnostics';
import type { Finding } from '../source/finding';
import type { Path } from '../source/tree';
import { serverName, serviceName, type TableState } from './table-state';

/** A rule about one thing: the field it is told at, what is wrong, and whether the kernel refuses it. */
interface Rule<T> {
  readonly field: Path;
  readonly severity: Severity;
  readonly broken: (thing: T) => boolean;
  readonly message: string;
  readonly hint?: string;
}

interface Placed {
  readonly service: VirtualService;
  readonly server: RealServer;
  readonly synchronised: boolean;
}

const serviceRules: readonly Rule<VirtualService>[] = [
  {
    field: ['port'],
    severity: 'note',
    broken: ({ key, flags }) =>
      key.kind === 'address' && key.port === 0 && !(flags & serviceFlags.persistent),
    message: 'port 0, every port, wants persistence',
  },
  {
    field: ['flags'],
    severity: 'note',
    broken: ({ key, flags }) =>
      (flags & serviceFlags.onePacket) !== 0 && key.kind === 'address' && key.protocol !== protocols.udp,
    message: 'one-packet scheduling is for UDP and firewall marks',
  },
];

const serverRules: readonly Rule<Placed>[] = [
  {
    field: ['address'],
    severity: 'error',
    broken: ({ server }) => !isUnicast(server.address, server.family),
    message: "the address of a real server must be one machine's",
    hint: 'not unspecified, broadcast, multicast or IPv4-mapped',
  },
  {
    field: ['lowerThreshold'],
    severity: 'error',
    broken: ({ server }) => server.lowerThreshold > server.upperThreshold,
    message: 'the lower threshold is above the upper one',
    hint: 'an upper threshold of 0 allows a lower one of 0 only',
  },
  {
    field: ['address'],
    severity: 'error',
    broken: ({ service, server }) => server.family !== service.key.family && !isTunneling(server),
    message: 'only tunneling reaches a real server of the other address family',
  },
  {
    field: ['address'],
    severity: 'error',
    broken: ({ service, server, synchronised }) =>
      synchronised && server.family !== service.key.family && isTunneling(server),
    message: 'with a sync daemon, real servers are of the family of their service',
  },
  {
    field: ['tunnel'],
    severity: 'error',
    broken: ({ server: { tunnel } }) => tunnel.type === tunnelTypes.gue && tunnel.port === 0,
    message: 'a gue tunnel needs its UDP port',
  },
  {
    field: ['port'],
    severity: 'note',
    broken: ({ service: { key }, server }) =>
      key.kind === 'address' &&
      server.port !== key.port &&
      (server.forwarding & FORWARDING_MASK) !== forwardingMethods.masquerading,
    message: 'only masquerading changes the port: packets go to that of the service',
  },
];

/** What is wrong with a state, told by the paths of a state document. */
export function checkState(state: TableState): Finding[] {
  const findings: Finding[] = [];
  const { daemons = [], services = [] } = state;
  const report = (path: Path, { field, severity, message, hint }: Rule<never>) =>
    findings.push({ path: [...path, ...field], severity, message, ...(hint === undefined ? {} : { hint }) });
  const twice = (path: Path, message: string) => findings.push({ path, severity: 'error', message });

  const states = new Set<number>();
  for (const [index, { state: which, group }] of daemons.entries()) {
    if (states.has(which)) twice(['daemons', index, 'state'], 'this sync daemon is there twice');
    states.add(which);
    if (group && !isMulticast(group))
      twice(['daemons', index, 'group'], 'the group is not a multicast address');
  }
  const names = new Set<string>();
  for (const [index, { service, servers }] of services.entries()) {
    const path = ['services', index];
    const name = serviceName(service.key);
    if (names.has(name)) twice(path, `the service ${name} is there twice`);
    names.add(name);
    for (const rule of serviceRules) if (rule.broken(service)) report(path, rule);
    const serverNames = new Set<string>();
    for (const [serverIndex, server] of servers.entries()) {
      const serverPath = [...path, 'servers', serverIndex];
      const own = serverName(server);
      if (serverNames.has(own)) twice(serverPath, `the real server ${own} is there twice`);
      serverNames.add(own);
      const placed = { service, server, synchronised: daemons.length > 0 };
      for (const rule of serverRules) if (rule.broken(placed)) report(serverPath, rule);
    }
  }
  return findings;
}

function isTunneling({ forwarding }: RealServer): boolean {
  return (forwarding & FORWARDING_MASK) === forwardingMethods.tunneling;
}

/** As far as it can be told without routes: inet_addr_type and ipv6_addr_type of the kernel. */
function isUnicast(address: Uint8Array, family: Family): boolean {
  const every = (value: number, from: number, to: number) =>
    address.subarray(from, to).every((byte) => byte === value);
  if (isMulticast(address)) return false;
  if (family === AF_INET) return !every(0, 0, 4) && !every(255, 0, 4);
  const mapped = every(0, 0, 10) && every(255, 10, 12);
  return !every(0, 0, 16) && !mapped;
}

function isMulticast(address: Uint8Array): boolean {
  return address.length === 4 ? address[0]! >> 4 === 0xe : address[0] === 0xff;
}
