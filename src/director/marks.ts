/** Gives marks to the servers that have checks through the forwarding path. */

import type { IpvsClient } from '../ipvs/client';
import { type Configuration, type DirectorService, defaultCheckMarks } from '../model/director';
import type { ServiceKey } from '../model/virtual-service';
import type { ServiceState } from '../state/table/table-state';
import type { SavedOwned } from './owned-record';
import { claim } from './ownership';
import { markOf, marksInUse, needsPath, pathId, pathService } from './path';
import { LiveReader } from './read-live';
import { type Member, rosterOf } from './roster';

export interface Assignment {
  /** The marks by the keys of the servers. */
  readonly marks: ReadonlyMap<string, number>;
  /** What is recorded of it from now on. */
  readonly paths: SavedOwned['paths'];
  /** Servers get none, because all are used. */
  readonly problem?: string | undefined;
}

/** The services of marks in the table. */
export interface MarkedTable {
  service(key: ServiceKey): ServiceState | undefined;
  marks(): readonly number[];
}

/**
 * A server keeps the mark that is recorded. A mark that anybody uses is given to nobody: neither one of
 * the document, nor of a service in the table, nor of one of ours that is about to go.
 */
export function assignMarks(
  configuration: Configuration,
  { services: owned, paths }: Pick<SavedOwned, 'services' | 'paths'>,
  table: MarkedTable,
): Assignment {
  const { first, count } = configuration.checkMarks ?? defaultCheckMarks;
  const members = [...rosterOf(configuration).values()].flatMap(({ members: all }) => all);
  const needing = new Map(
    members.filter(({ service, server }) => needsPath(service, server)).map((member) => [member.id, member]),
  );
  const isForeign = (service: DirectorService, id: string) =>
    claim(service, owned.has(id) ? undefined : table.service(service.service.key), false, false).kind ===
    'conflict';
  const marks = new Map<string, number>();
  const recorded = new Map<string, string>();
  const used = marksInUse(configuration.services);
  for (const [id, serverId] of paths) {
    const mark = markOf(id);
    const member =
      mark >= first && mark < first + count && !used.has(mark) ? needing.get(serverId) : undefined;
    if (member && !marks.has(serverId) && isOf(member, mark, id) && !isForeign(serviceOf(member, mark), id)) {
      marks.set(serverId, mark);
      recorded.set(id, serverId);
    } else if (owned.has(id)) recorded.set(id, serverId);
  }
  for (const id of recorded.keys()) used.add(markOf(id));
  for (const mark of needing.size > marks.size ? table.marks() : []) used.add(mark);
  let lacking = 0;
  let next = first;
  for (const member of needing.values()) {
    if (marks.has(member.id)) continue;
    while (next < first + count && used.has(next)) next += 1;
    if (next === first + count) lacking += 1;
    else {
      marks.set(member.id, next);
      recorded.set(pathId(member.service.service.key, next), member.id);
      next += 1;
    }
  }
  return { marks, paths: recorded, ...(lacking > 0 ? { problem: noMarks(lacking) } : {}) };
}

function noMarks(count: number): string {
  const text = `${count} servers cannot be checked through the forwarding path: no mark is left`;
  return `${text}: widen checkMarks of the document`;
}

/** Of a table that cannot be read nothing is known: then what is recorded counts. */
export function tableOf(client: IpvsClient): MarkedTable {
  const reader = new LiveReader(client);
  const readable = <T>(read: () => T, otherwise: T): T => {
    try {
      return read();
    } catch {
      return otherwise;
    }
  };
  return {
    service: (key) => readable(() => reader.service(key), undefined),
    marks: () => readable(() => [...reader.services().values()].flatMap(({ key }) => markIn(key)), []),
  };
}

function markIn(key: ServiceKey): number[] {
  return key.kind === 'fwmark' ? [key.fwmark] : [];
}

function isOf({ service }: Member, mark: number, id: string): boolean {
  return pathId(service.service.key, mark) === id;
}

function serviceOf({ service, server }: Member, mark: number): DirectorService {
  return pathService(service, server, mark);
}
