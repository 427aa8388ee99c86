/**
 * What undoes the changes of this process and nothing else: each is compared with the table as it
 * is now, and an entry that differs from what was written belongs to whoever changed it since.
 */
import type { RealServer } from '../../model/real-server';
import type { SyncDaemon } from '../../model/sync-daemon';
import type { Timeouts } from '../../model/table';
import type { ServiceKey, VirtualService } from '../../model/virtual-service';
import { daemonMet, sameServer, sameService, timeoutsMet } from '../table/equality';
import { type ServiceState, serverName, serviceName, type WholeState } from '../table/table-state';
import type { PlannedChange } from './diff';
import { carryOut, entryOf, stateOf, type MemoryTable as Table, tableOf } from './memory-table';
import type { SentChange } from './send';

/** Changes that were sent, and the table for which they were planned. */
export interface Round {
  readonly before: WholeState;
  readonly log: SentChange[];
}

export interface Undo {
  /** The table without the changes of this process. */
  readonly target: WholeState;
  /** Changes that stay, because another program changed the same entry since. */
  readonly kept: readonly PlannedChange[];
}

/**
 * The table that remains when the changes of `rounds` are taken back.
 * @param restored names of the services that this process deleted and has added again.
 */
export function undoOf(rounds: readonly Round[], live: WholeState, restored: ReadonlySet<string>): Undo {
  const table = tableOf(live);
  const kept: PlannedChange[] = [];
  for (const { before, log } of [...rounds].reverse()) {
    const former = new Map(before.services.map((entry) => [serviceName(entry.service.key), entry]));
    for (const sent of [...log].reverse()) {
      const undone = undoChange(sent, table, { before, former, restored });
      if (!undone && sent.certain) kept.unshift(sent.planned);
    }
  }
  return { target: stateOf(table), kept };
}

/** The table that the changes of `rounds` have led to, if nobody else changed it. */
export function believed(rounds: readonly Round[]): WholeState {
  const table = tableOf(rounds.at(-1)!.before);
  for (const { planned } of rounds.at(-1)!.log) carryOut(planned.change, table);
  return stateOf(table);
}

interface Former {
  readonly before: WholeState;
  readonly former: ReadonlyMap<string, ServiceState>;
  readonly restored: ReadonlySet<string>;
}

/** Takes back one change in `table`. @returns whether nothing of the change remains. */
function undoChange({ planned, certain }: SentChange, table: Table, from: Former): boolean {
  const { change, was } = planned;
  switch (change.kind) {
    case 'add-service':
      return undoService(table, change.service, undefined);
    case 'edit-service':
      return undoService(table, change.service, was as VirtualService);
    case 'delete-service':
      return undoDeletion(table, change.key, from, certain);
    case 'add-server':
      return undoServer(table, change.key, change.server, undefined);
    case 'edit-server':
      return undoServer(table, change.key, change.server, was as RealServer);
    case 'delete-server':
      return undoServer(table, change.key, undefined, was as RealServer);
    case 'set-timeouts':
      return undoTimeouts(table, change.timeouts, from.before.timeouts);
    case 'start-daemon':
      return undoDaemon(table, change.daemon, undefined);
    case 'stop-daemon':
      return undoDaemon(table, undefined, was as SyncDaemon);
    default:
      throw new Error(`unexpected change in a plan: ${change.kind}`);
  }
}

/** @param was undefined if the service was added. */
function undoService({ services }: Table, written: VirtualService, was: VirtualService | undefined): boolean {
  const name = serviceName(written.key);
  const entry = services.get(name);
  if (!entry) return !was;
  if (was && sameService(entry.service, was)) return true;
  if (!sameService(entry.service, written)) return false;
  if (was) entry.service = was;
  else if (entry.servers.size > 0)
    return false; // those of another program
  else services.delete(name);
  return true;
}

function undoDeletion(
  { services }: Table,
  key: ServiceKey,
  { former, restored }: Former,
  certain: boolean,
): boolean {
  const name = serviceName(key);
  const was = former.get(name)!;
  const entry = services.get(name);
  if (!entry) {
    services.set(name, entryOf(was));
    return true;
  }
  if (certain && !restored.has(name)) return false;
  for (const server of was.servers) {
    if (!entry.servers.has(serverName(server))) entry.servers.set(serverName(server), server);
  }
  return true;
}

/** @param written undefined if the server was deleted. @param was undefined if it was added. */
function undoServer(
  { services }: Table,
  key: ServiceKey,
  written: RealServer | undefined,
  was: RealServer | undefined,
): boolean {
  const servers = services.get(serviceName(key))?.servers;
  if (!servers) return !was;
  const name = serverName((was ?? written)!);
  const now = servers.get(name);
  if (equal(now, was, sameServer)) return true;
  if (!equal(now, written, sameServer)) return false;
  if (was) servers.set(name, was);
  else servers.delete(name);
  return true;
}

function undoTimeouts(table: Table, written: Timeouts, was: Timeouts): boolean {
  if (timeoutsMet(table.timeouts, was)) return true;
  if (!timeoutsMet(table.timeouts, written)) return false;
  table.timeouts = was;
  return true;
}

/** @param written undefined if the daemon was stopped. @param was undefined if it was started. */
function undoDaemon(table: Table, written: SyncDaemon | undefined, was: SyncDaemon | undefined): boolean {
  const { state } = (written ?? was)!;
  const now = table.daemons.find((daemon) => daemon.state === state);
  if (equal(now, was, daemonMet)) return true;
  if (!equal(now, written, daemonMet)) return false;
  table.daemons = table.daemons.filter((daemon) => daemon.state !== state);
  if (was) table.daemons.push(was);
  return true;
}

function equal<T>(a: T | undefined, b: T | undefined, same: (a: T, b: T) => boolean): boolean {
  return a && b ? same(a, b) : a === b;
}
