/**
 * Checks a table for what the kernel would refuse and for what would not work: two tables of rules.
 */
import {
  addressVerdict,
  familyAccepted,
  isMixedFamily,
  isMulticast,
  isTunneling,
  onePacketAllowed,
  portReached,
  servicePortAllowed,
  thresholdsInOrder,
  tunnelAccepted,
} from '../../model/kernel-rules';
import type { RealServer } from '../../model/real-server';
import type { VirtualService } from '../../model/virtual-service';
import type { Severity } from '../source/diagnostics';
import type { Finding } from '../source/finding';
import type { Path } from '../source/tree';
import { serverName, serviceName, type TableState } from './table-state';

/** One rule. `severity` is `error` for what the kernel refuses. */
interface Rule<T> {
  /** The field that a finding points to. */
  readonly field: Path;
  readonly severity: Severity;
  readonly broken: (thing: T) => boolean;
  readonly message: string;
  readonly hint?: string;
}

/** A real server with its service. */
interface Placed {
  readonly service: VirtualService;
  readonly server: RealServer;
  /** Whether the table has a sync daemon. */
  readonly synchronised: boolean;
}

const serviceRules: readonly Rule<VirtualService>[] = [
  {
    field: ['port'],
    severity: 'note',
    broken: (service) => !servicePortAllowed(service),
    message: 'port 0 (all ports) requires persistence',
  },
  {
    field: ['flags'],
    severity: 'note',
    broken: (service) => !onePacketAllowed(service),
    message: 'one-packet scheduling is only for UDP and firewall marks',
  },
];

const serverRules: readonly Rule<Placed>[] = [
  {
    field: ['address'],
    severity: 'error',
    broken: ({ server }) => addressVerdict(server.address) === 'refused',
    message: 'the address of a real server must be a unicast address',
    hint: 'not unspecified, broadcast, multicast or IPv4-mapped',
  },
  {
    field: ['address'],
    severity: 'warning',
    broken: ({ server }) => addressVerdict(server.address) === 'if-local',
    message: 'the kernel refuses a link-local address unless it belongs to the machine itself',
  },
  {
    field: ['lowerThreshold'],
    severity: 'error',
    broken: ({ server }) => !thresholdsInOrder(server),
    message: 'the lower threshold is above the upper one',
    hint: 'an upper threshold of 0 requires a lower threshold of 0',
  },
  {
    field: ['address'],
    severity: 'error',
    broken: ({ service, server }) => !familyAccepted(service.key, server),
    message: 'a real server of the other address family requires tunneling',
  },
  {
    field: ['address'],
    severity: 'error',
    broken: ({ service, server, synchronised }) =>
      synchronised && isMixedFamily(service.key, server) && isTunneling(server),
    message: 'a sync daemon requires real servers of the same address family as their service',
  },
  {
    field: ['tunnel'],
    severity: 'error',
    broken: ({ server }) => !tunnelAccepted(server.tunnel),
    message: 'a gue tunnel requires a UDP port',
  },
  {
    field: ['port'],
    severity: 'note',
    broken: ({ service, server }) => !portReached(service.key, server),
    message: 'only masquerading changes the port: packets go to the port of the service',
  },
];

/** The problems of a table, each with its path in a state document. */
export function checkState(state: TableState): Finding[] {
  const findings: Finding[] = [];
  const { daemons = [], services = [] } = state;
  const report = (path: Path, { field, severity, message, hint }: Rule<never>) =>
    findings.push({ path: [...path, ...field], severity, message, ...(hint === undefined ? {} : { hint }) });
  const error = (path: Path, message: string) => findings.push({ path, severity: 'error', message });

  const states = new Set<number>();
  for (const [index, { state: role, group }] of daemons.entries()) {
    if (states.has(role)) error(['daemons', index, 'state'], 'duplicate sync daemon');
    states.add(role);
    if (group && !isMulticast(group))
      error(['daemons', index, 'group'], 'the group is not a multicast address');
  }
  const names = new Set<string>();
  for (const [index, { service, servers }] of services.entries()) {
    const path = ['services', index];
    const name = serviceName(service.key);
    if (names.has(name)) error(path, `duplicate service ${name}`);
    names.add(name);
    for (const rule of serviceRules) if (rule.broken(service)) report(path, rule);
    const serverNames = new Set<string>();
    for (const [serverIndex, server] of servers.entries()) {
      const serverPath = [...path, 'servers', serverIndex];
      const address = serverName(server);
      if (serverNames.has(address)) error(serverPath, `duplicate real server ${address}`);
      serverNames.add(address);
      const placed = { service, server, synchronised: daemons.length > 0 };
      for (const rule of serverRules) if (rule.broken(placed)) report(serverPath, rule);
    }
  }
  return findings;
}
