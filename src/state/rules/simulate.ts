/** A table in memory to which rules are applied, to find their result without a kernel. */

import type { Request } from '../../command-line/request';
import { errno } from '../../errors/errno';
import { kernelSentence } from '../../errors/kernel-messages';
import type { RealServer } from '../../model/real-server';
import type { SyncDaemon } from '../../model/sync-daemon';
import type { Timeouts } from '../../model/table';
import type { VirtualService } from '../../model/virtual-service';
import type { Problem } from '../source/diagnostics';
import { serverName, serviceName, type TableState } from '../table/table-state';

/** Entries have the offset of the line that they come from. */
export interface RuleTable {
  /** Whether the rules are a complete state: nothing exists that they do not add. */
  readonly complete: boolean;
  readonly services: Map<string, SimulatedService>;
  /** The number of services and real servers. */
  entries: number;
  daemons: { readonly daemon: SyncDaemon; readonly line: number }[];
  timeouts: Timeouts | undefined;
  timeoutsLine: number | undefined;
  /** Whether a rule started or stopped a sync daemon. */
  hasDaemonRules: boolean;
}

interface SimulatedService {
  service: VirtualService;
  line: number;
  readonly servers: Map<string, { readonly server: RealServer; readonly line: number }>;
}

export function emptyTable(complete: boolean): RuleTable {
  return {
    complete,
    services: new Map(),
    entries: 0,
    daemons: [],
    timeouts: undefined,
    timeoutsLine: undefined,
    hasDaemonRules: false,
  };
}

/**
 * A rule that the kernel would refuse, or that has no effect on the state, and the field that it is
 * about.
 */
export interface RuleFinding extends Pick<Problem, 'message' | 'severity' | 'hint'> {
  readonly field?: string;
  readonly ofServer: boolean;
}

/** Applies a rule to the table. */
export function applyRequest(table: RuleTable, request: Request, line: number): RuleFinding | undefined {
  switch (request.kind) {
    case 'add-service':
    case 'edit-service':
    case 'delete-service':
      return applyService(table, request, line);
    case 'add-server':
    case 'edit-server':
    case 'delete-server':
      return applyServer(table, request, line);
    case 'flush':
      table.services.clear();
      table.entries = 0;
      return undefined;
    case 'set-timeouts':
      table.timeouts = setTimeouts(table.timeouts, request.timeouts);
      table.timeoutsLine = line;
      return undefined;
    case 'start-daemon':
      table.daemons.push({ daemon: request.daemon, line });
      table.hasDaemonRules = true;
      return undefined;
    case 'stop-daemon':
      table.daemons = table.daemons.filter(({ daemon }) => daemon.state !== request.daemon.state);
      table.hasDaemonRules = true;
      return undefined;
    case 'restore':
      return { message: 'a rule cannot be a restore', severity: 'error', ofServer: false };
    default:
      return table.complete
        ? { message: 'this rule does not change the state', severity: 'warning', ofServer: false }
        : undefined;
  }
}

/** The timeouts after `--set`: 0 leaves one as it is. */
function setTimeouts(before: Timeouts | undefined, { tcp, tcpFin, udp }: Timeouts): Timeouts {
  return {
    tcp: tcp || (before?.tcp ?? 0),
    tcpFin: tcpFin || (before?.tcpFin ?? 0),
    udp: udp || (before?.udp ?? 0),
  };
}

function applyService(
  table: RuleTable,
  request: Extract<Request, { kind: 'add-service' | 'edit-service' | 'delete-service' }>,
  line: number,
): RuleFinding | undefined {
  const key = request.kind === 'delete-service' ? request.key : request.service.key;
  const name = serviceName(key);
  const entry = table.services.get(name);
  if (request.kind === 'delete-service') {
    table.services.delete(name);
    if (entry) table.entries -= 1 + entry.servers.size;
    return entry ? undefined : missing(table, request.kind, errno.ESRCH, 'address');
  }
  if (request.kind === 'add-service') {
    if (entry) return refused(request.kind, errno.EEXIST, 'address');
    table.services.set(name, { service: request.service, line, servers: new Map() });
    table.entries += 1;
    return undefined;
  }
  if (!entry) return missing(table, request.kind, errno.ESRCH, 'address');
  entry.service = request.service;
  entry.line = line;
  return undefined;
}

function applyServer(
  table: RuleTable,
  request: Extract<Request, { kind: 'add-server' | 'edit-server' | 'delete-server' }>,
  line: number,
): RuleFinding | undefined {
  const entry = table.services.get(serviceName(request.key));
  if (!entry) return missing(table, request.kind, errno.ESRCH, 'address');
  const name = serverName(request.server);
  const server = entry.servers.get(name);
  if (request.kind === 'delete-server' && entry.servers.delete(name)) table.entries -= 1;
  if (request.kind === 'add-server' && server) return refused(request.kind, errno.EEXIST, 'address', true);
  if (request.kind !== 'add-server' && !server) {
    return missing(table, request.kind, errno.ENOENT, 'address', true);
  }
  if (request.kind === 'add-server') table.entries += 1;
  if (request.kind !== 'delete-server') entry.servers.set(name, { server: request.server, line });
  return undefined;
}

function refused(kind: Request['kind'], code: number, field: string, ofServer = false): RuleFinding {
  return { message: kernelSentence(kind, code), severity: 'error', field, ofServer };
}

/**
 * A service or real server that no rule added. If the rules are not a complete state, the kernel
 * may have it.
 */
function missing(
  table: RuleTable,
  kind: Request['kind'],
  code: number,
  field: string,
  ofServer = false,
): RuleFinding {
  const hint = table.complete
    ? 'no rule above adds it'
    : 'no rule above adds it: it must be in the kernel already';
  return {
    ...refused(kind, code, field, ofServer),
    severity: table.complete ? 'error' : 'warning',
    hint,
  };
}

/** The state of the table after all rules. */
export function tableState(table: RuleTable): TableState {
  return {
    timeouts: table.timeouts,
    daemons: table.hasDaemonRules ? table.daemons.map(({ daemon }) => daemon) : undefined,
    services: [...table.services.values()].map(({ service, servers }) => ({
      service,
      servers: [...servers.values()].map(({ server }) => server),
    })),
  };
}
