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
import type { SyncDaemon } from '../../model/sync-daemon';
import type { VirtualService } from '../../model/virtual-service';
import type { Severity } from '../source/diagnostics';
import type { Finding } from '../source/finding';
import { ProblemList } from '../source/problem-list';
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

/**
 * Returns the problems of a table, each with its path in a state document: at most `MAX_PROBLEMS`
 * errors, and as many others.
 */
export function checkState(state: TableState): readonly Finding[] {
  const found = new ProblemList<Finding>();
  const { daemons = [], services = [] } = state;
  checkDaemons(daemons, found);
  const names = new Set<string>();
  const synchronised = daemons.length > 0;
  for (const [index, { service, servers }] of services.entries()) {
    const path = ['services', index];
    if (found.full) break;
    const name = serviceName(service.key);
    if (names.has(name)) found.add(error(path, `duplicate service ${name}`));
    names.add(name);
    for (const rule of serviceRules) if (rule.broken(service)) found.add(broken(path, rule));
    checkServers(servers, service, synchronised, path, found);
  }
  return found.problems;
}

function checkDaemons(daemons: readonly SyncDaemon[], found: ProblemList<Finding>): void {
  const states = new Set<number>();
  for (const [index, { state, group }] of daemons.entries()) {
    if (states.has(state)) found.add(error(['daemons', index, 'state'], 'duplicate sync daemon'));
    states.add(state);
    if (group && !isMulticast(group)) {
      found.add(error(['daemons', index, 'group'], 'the group is not a multicast address'));
    }
  }
}

function checkServers(
  servers: readonly RealServer[],
  service: VirtualService,
  synchronised: boolean,
  around: Path,
  found: ProblemList<Finding>,
): void {
  const names = new Set<string>();
  for (const [index, server] of servers.entries()) {
    const path = () => [...around, 'servers', index];
    const name = serverName(server);
    if (names.has(name)) found.add(error(path(), `duplicate real server ${name}`));
    names.add(name);
    const placed = { service, server, synchronised };
    for (const rule of serverRules) if (rule.broken(placed)) found.add(broken(path(), rule));
  }
}

/** The problems of a real server that is not in the table: a sorry server. */
export function checkSpareServer(
  server: RealServer,
  service: VirtualService,
  synchronised: boolean,
  path: Path,
): readonly Finding[] {
  const placed = { service, server, synchronised };
  return serverRules.filter((rule) => rule.broken(placed)).map((rule) => broken(path, rule));
}

function broken(path: Path, { field, severity, message, hint }: Rule<never>): Finding {
  return { path: [...path, ...field], severity, message, ...(hint === undefined ? {} : { hint }) };
}

function error(path: Path, message: string): Finding {
  return { path, severity: 'error', message };
}
