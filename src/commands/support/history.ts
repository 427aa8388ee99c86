/** What history and undo share: finding an entry. */
import * as Args from '@oclif/core/args';
import { bytesFromUnicode, unicodeFromBytes } from '../../bytes/unicode';
import { parseContext } from '../../classic/parse';
import { errno } from '../../errors/errno';
import { exitStatus } from '../../errors/exit-status';
import { IpvsadmError, usageError } from '../../errors/ipvsadm-error';
import { strerror } from '../../errors/kernel-messages';
import { documentOf, type Entry, entriesOf, HISTORY_DIRECTORY } from '../../history/history';
import type { Ring } from '../../platform/ring';
import { OutputError } from '../../platform/system';
import { type ReadState, readStateText } from '../../state/files/read';
import type { CommandContext } from './base';
import { InvalidValueError } from './command-line-error';
import { reportProblems } from './read-state';

/** The number of an entry as an argument. */
export function entryArgument(required: boolean, description: string) {
  return Args.string({
    required,
    ignoreStdin: true,
    description,
    parse: async (text) => checkedNumber(text),
  });
}

/** It stays a text: that is what an argument of help is. */
function checkedNumber(text: string): string {
  if (/^[1-9][0-9]{0,14}$/.test(text)) return text;
  throw new InvalidValueError('an entry is a number that ipvsadm history lists');
}

/** The entries of the history, of every network namespace, oldest first. */
export interface History {
  readonly ring: Ring | undefined;
  readonly entries: readonly Entry[];
}

/** @throws IpvsadmError if it cannot be read. */
export function openHistory({ system }: CommandContext): History {
  try {
    const ring = system.openRing(HISTORY_DIRECTORY, false);
    return { ring, entries: entriesOf(ring) };
  } catch (error) {
    if (!(error instanceof OutputError)) throw error;
    if (error.errno === errno.ENOENT) return { ring: undefined, entries: [] };
    throw new IpvsadmError(
      `ipvsadm: the history cannot be read: ${HISTORY_DIRECTORY}: ${strerror(error.errno)}`,
      exitStatus.listing,
    );
  }
}

export function isOfThisNamespace({ namespace }: Entry, { system }: CommandContext): boolean {
  return namespace === system.networkNamespace;
}

/**
 * An entry of this network namespace.
 * @param number undefined: the last one.
 * @throws IpvsadmError if there is none.
 */
export function findEntry({ entries }: History, number: string | undefined, context: CommandContext): Entry {
  const ours = entries.filter((entry) => isOfThisNamespace(entry, context));
  if (number === undefined) {
    const last = ours.at(-1);
    if (last) return last;
    throw usageError(`ipvsadm: the history has no change of this table${othersText(entries)}`);
  }
  const entry = entries.find((each) => each.number === Number(number));
  if (!entry) throw usageError(`ipvsadm: ${number}: the history has no such entry: ${rangeText(ours)}`);
  if (isOfThisNamespace(entry, context)) return entry;
  throw usageError(
    `ipvsadm: ${number}: this entry is of another network namespace (${entry.namespace ?? 'unknown'}): name that by --netns, or ${rangeText(ours)}`,
  );
}

function othersText({ length }: readonly Entry[]): string {
  return length === 0 ? '' : `: what it has is of other network namespaces, which --netns names`;
}

function rangeText(ours: readonly Entry[]): string {
  if (ours.length === 0) return 'there is none of this table';
  return `ipvsadm history lists those of this table, ${ours[0]!.number} to ${ours.at(-1)!.number}`;
}

/** The table before an entry. @throws IpvsadmError if the entry is damaged. */
export function tableBefore(history: History, { number }: Entry, context: CommandContext): ReadState {
  const { system, names } = context;
  const text = documentOf(history.ring!, number) ?? '';
  const name = unicodeFromBytes(`the table before ${number}`);
  const options = { format: 'json' } as const;
  const read = readStateText(unicodeFromBytes(text), name, system, parseContext(system, names), options);
  if (read.good) return read;
  reportProblems(read, read.problems, context);
  throw new IpvsadmError(
    bytesFromUnicode(
      `ipvsadm: ${HISTORY_DIRECTORY}/${number}: this entry is damaged: nothing was changed; choose another one`,
    ),
    exitStatus.usage,
  );
}
