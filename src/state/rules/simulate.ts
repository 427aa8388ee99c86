/** A table in memory that rules are carried out on, to see what they make of it. */

import type { Request } from '../../command-line/request';
import { errno } from '../../errors/errno';
import { kernelSentence } from '../../errors/kernel-messages';
import type { RealServer } from '../../model/real-server';
import type { SyncDaemon } from '../../model/sync-daemon';
import type { Timeouts } from '../../model/table';
import type { VirtualService } from '../../model/virtual-service';
import type { Problem } from '../source/diagnostics';
import { serverName, serviceName, type TableState } from '../table/table-state';
import type { RuleLine } from './line';

export interface RuleTable {
  /** Whether what the rules do not add is not there. */
  readonly complete: boolean;
  readonly services: Map<string, SimulatedService>;
  daemons: { readonly daemon: SyncDaemon; readonly line: RuleLine }[];
  timeouts: Timeouts | undefined;
  timeoutsLine: RuleLine | undefined;
  /** Whether a rule spoke of sync daemons. */
  daemonsNamed: boolean;
}

interface SimulatedService {
  service: VirtualService;
  line: RuleLine;
  readonly servers: Map<string, { readonly server: RealServer; readonly line: RuleLine }>;
}

export function emptyTable(complete: boolean): RuleTable {
  return {
    complete,
    services: new Map(),
    daemons: [],
    timeouts: undefined,
    timeoutsLine: undefined,
    daemonsNamed: false,
  };
}

/** What the kernel would refuse, or what says nothing of a state, and which field of the rule it is about. */
export interface RuleFinding extends Pick<Problem, 'message' | 'severity' | 'hint'> {
  readonly field?: string;
  readonly ofServer: boolean;
}

/** Carries a rule out. */
export function takeRequest(table: RuleTable, request: Request, line: RuleLine): RuleFinding | undefined {
  switch (request.kind) {
    case 'add-service':
    case 'edit-service':
    case 'delete-service':
      return takeService(table, request, line);
    case 'add-server':
    case 'edit-server':
    case 'delete-server':
      return takeServer(table, request, line);
    case 'flush':
      table.services.clear();
      return undefined;
    case 'set-timeouts':
      table.timeouts = request.timeouts;
      table.timeoutsLine = line;
      return undefined;
    case 'start-daemon':
      table.daemons.push({ daemon: request.daemon, line });
      table.daemonsNamed = true;
      return undefined;
    case 'stop-daemon':
      table.daemons = table.daemons.filter(({ daemon }) => daemon.state !== request.daemon.state);
      table.daemonsNamed = true;
      return undefined;
    case 'restore':
      return { message: 'a restore has no place in rules', severity: 'error', ofServer: false };
    default:
      return table.complete
        ? { message: 'this rule says nothing of the state', severity: 'warning', ofServer: false }
        : undefined;
  }
}

function takeService(
  table: RuleTable,
  request: Extract<Request, { kind: 'add-service' | 'edit-service' | 'delete-service' }>,
  line: RuleLine,
): RuleFinding | undefined {
  const key = request.kind === 'delete-service' ? request.key : request.service.key;
  const name = serviceName(key);
  const entry = table.services.get(name);
  if (request.kind === 'delete-service') {
    table.services.delete(name);
    return entry ? undefined : missing(table, request.kind, errno.ESRCH, 'address');
  }
  if (request.kind === 'add-service') {
    if (entry) return refused(request.kind, errno.EEXIST, 'address');
    table.services.set(name, { service: request.service, line, servers: new Map() });
    return undefined;
  }
  if (!entry) return missing(table, request.kind, errno.ESRCH, 'address');
  entry.service = request.service;
  entry.line = line;
  return undefined;
}

function takeServer(
  table: RuleTable,
  request: Extract<Request, { kind: 'add-server' | 'edit-server' | 'delete-server' }>,
  line: RuleLine,
): RuleFinding | undefined {
  const entry = table.services.get(serviceName(request.key));
  if (!entry) return missing(table, request.kind, errno.ESRCH, 'address');
  const name = serverName(request.server);
  const server = entry.servers.get(name);
  if (request.kind === 'delete-server') entry.servers.delete(name);
  if (request.kind === 'add-server' && server) return refused(request.kind, errno.EEXIST, 'address', true);
  if (request.kind !== 'add-server' && !server) {
    return missing(table, request.kind, errno.ENOENT, 'address', true);
  }
  if (request.kind !== 'delete-server') entry.servers.set(name, { server: request.server, line });
  return undefined;
}

function refused(kind: Request['kind'], code: number, field: string, ofServer = false): RuleFinding {
  return { message: kernelSentence(kind, code), severity: 'error', field, ofServer };
}

/** What the rules did not add may still be in the kernel's table when they are only a part of it. */
function missing(
  table: RuleTable,
  kind: Request['kind'],
  code: number,
  field: string,
  ofServer = false,
): RuleFinding {
  const hint = table.complete ? 'no rule above adds it' : 'no rule above adds it: the kernel must have it';
  return {
    ...refused(kind, code, field, ofServer),
    severity: table.complete ? 'error' : 'warning',
    hint,
  };
}

/** What the rules say of the state. */
export function tableState(table: RuleTable): TableState {
  return {
    timeouts: table.timeouts,
    daemons: table.daemonsNamed ? table.daemons.map(({ daemon }) => daemon) : undefined,
    services: [...table.services.values()].map(({ service, servers }) => ({
      service,
      servers: [...servers.values()].map(({ server }) => server),
    })),
  };
}
