/** Gives marks to the servers that have checks through the forwarding path. */

import type { IpvsClient } from '../ipvs/client';
import { type Configuration, defaultCheckMarks } from '../model/director';
import type { FwmarkKey, ServiceKey } from '../model/virtual-service';
import { type ServiceState, serverName } from '../state/table/table-state';
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
  keys(): readonly FwmarkKey[];
}

/**
 * A server keeps the mark that is recorded, or that of a service in the table which is as ours would be
 * (the record was lost). Other marks that anybody uses are given to nobody: neither one of the document,
 * nor of a service in the table, nor of one of ours that is about to go.
 */
export function assignMarks(
  configuration: Configuration,
  { services: owned, paths }: Pick<SavedOwned, 'services' | 'paths'>,
  table: MarkedTable,
): Assignment {
  const { first, count } = configuration.checkMarks ?? defaultCheckMarks;
  const inRange = (mark: number) => mark >= first && mark < first + count;
  const members = [...rosterOf(configuration).values()].flatMap(({ members: all }) => all);
  const needing = new Map(
    members.filter(({ service, server }) => needsPath(service, server)).map((member) => [member.id, member]),
  );
  const marks = new Map<string, number>();
  const recorded = new Map<string, string>();
  const used = marksInUse(configuration.services);
  const give = (member: Member, mark: number) => {
    marks.set(member.id, mark);
    recorded.set(pathId(member.service.service.key, mark), member.id);
    used.add(mark);
  };
  for (const [id, serverId] of paths) {
    const mark = markOf(id);
    const member =
      inRange(mark) && !used.has(mark) && !marks.has(serverId) ? needing.get(serverId) : undefined;
    const fits = member && pathId(member.service.service.key, mark) === id;
    if (fits && (owned.has(id) || !isForeign(member, mark, table))) give(member, mark);
    else if (owned.has(id)) recorded.set(id, serverId);
  }
  for (const id of recorded.keys()) used.add(markOf(id));
  const left = new Set([...needing.values()].filter(({ id }) => !marks.has(id)));
  for (const key of left.size > 0 ? table.keys() : []) {
    const member = inRange(key.fwmark) && !used.has(key.fwmark) ? likeOurs(key, left, table) : undefined;
    used.add(key.fwmark);
    if (!member) continue;
    give(member, key.fwmark);
    left.delete(member);
  }
  let next = first;
  for (const member of left) {
    while (inRange(next) && used.has(next)) next += 1;
    if (!inRange(next)) return { marks, paths: recorded, problem: noMarks(needing.size - marks.size) };
    give(member, next);
  }
  return { marks, paths: recorded };
}

/** Whether others have made a service of that mark, and differently. */
function isForeign({ service, server }: Member, mark: number, table: MarkedTable): boolean {
  const own = pathService(service, server, mark);
  return claim(own, table.service(own.service.key), false, false).kind === 'conflict';
}

/** The member for which a service of the table is as we would make it. */
function likeOurs(key: FwmarkKey, members: Iterable<Member>, table: MarkedTable): Member | undefined {
  const live = table.service(key);
  const [server, ...more] = live?.servers ?? [];
  if (!live || !server || more.length > 0) return undefined;
  const name = serverName(server);
  for (const member of members) {
    if (member.serverId !== name || member.service.service.key.family !== key.family) continue;
    const own = pathService(member.service, member.server, key.fwmark);
    if (claim(own, live, false, false).kind === 'taken') return member;
  }
  return undefined;
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
    keys: () => readable(() => [...reader.services().values()].flatMap(({ key }) => marked(key)), []),
  };
}

function marked(key: ServiceKey): FwmarkKey[] {
  return key.kind === 'fwmark' ? [key] : [];
}
