/** The tables before the last changes (docs/servers.md, Undo). */
import { toBytes } from '../bytes/byte-text';
import { errno } from '../errors/errno';
import type { Ring } from '../platform/ring';
import { OutputError } from '../platform/system';
import { listedState } from '../state/document/to-object';
import type { WholeState } from '../state/table/table-state';
import { type EntryHead, headLine, MAX_HEAD, parseHead } from './entry';

export const HISTORY_DIRECTORY = '/var/lib/ipvsadm/history';

/** How many entries are kept, and how many bytes they may have together. */
const MAX_ENTRIES = 50;
const MAX_BYTES = 64e6;
/** The largest table that is kept, in services and real servers: the text has some 8 MB. */
export const MAX_TABLE = 50_000;
/** How many programs may take numbers at the same time. */
const MAX_RACES = 100;
/** How many characters are written at once. */
const BLOCK = 64 * 1024;

/** An entry that can be read. */
export interface Entry extends EntryHead {
  readonly number: number;
}

/** A table that was kept before a change. */
export interface Kept {
  /** To be called after the change: only what something was changed after stays. @throws OutputError. */
  settle(changed: boolean): void;
}

/** Keeps a table. @throws OutputError. */
export function keep(ring: Ring, head: Omit<EntryHead, 'services' | 'servers'>, table: WholeState): Kept {
  const servers = table.services.reduce((sum, entry) => sum + entry.servers.length, 0);
  const line = headLine({ ...head, services: table.services.length, servers });
  let number = (ring.numbers().at(-1) ?? 0) + 1;
  for (let races = 0; !ring.create(number, blocks(line, table)); races++) {
    if (races === MAX_RACES) throw new OutputError(errno.EEXIST);
    number += 1;
  }
  return {
    settle(changed) {
      if (changed) removeOldest(ring);
      else ring.remove(number);
    },
  };
}

function* blocks(line: string, table: WholeState): Generator<Uint8Array, void> {
  const { writeState } = require('../state/document/write') as typeof import('../state/document/write');
  let text = line;
  for (const piece of writeState(listedState(table), false)) {
    text += piece;
    if (text.length < BLOCK) continue;
    yield toBytes(text);
    text = '';
  }
  yield toBytes(text);
}

/** Leaves the newest entries, and the last one whatever its size. */
function removeOldest(ring: Ring): void {
  let bytes = 0;
  const newestFirst = ring.numbers().reverse();
  for (const [index, number] of newestFirst.entries()) {
    bytes += ring.size(number);
    if (index > 0 && (index >= MAX_ENTRIES || bytes > MAX_BYTES)) ring.remove(number);
  }
}

/** The entries that can be read, oldest first. @throws OutputError. */
export function entriesOf(ring: Ring): Entry[] {
  return ring.numbers().flatMap((number) => entryOf(ring, number) ?? []);
}

/** @returns undefined if there is no such entry, or another file in its place. */
export function entryOf(ring: Ring, number: number): Entry | undefined {
  const head = parseHead(ring.read(number, MAX_HEAD) ?? '');
  return head && { number, ...head };
}

/** The state document of an entry, one character a byte; undefined if it is gone. */
export function documentOf(ring: Ring, number: number): string | undefined {
  const text = ring.read(number, MAX_BYTES);
  return text?.slice(text.indexOf('\n') + 1);
}
