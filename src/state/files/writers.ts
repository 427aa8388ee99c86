/** A state as text, in each of the formats that are written. */

import type { ImportedFormat } from '../document/imported-format';
import type { ListedState } from '../table/listed-state';
import { importedFormatSnapshot, jsonSnapshot, rulesSnapshot } from './snapshot';

export const writtenFormats = ['json', 'rules', 'keepalived', 'ldirectord'] as const;
export type WrittenFormat = (typeof writtenFormats)[number];

/** Blocks of the text. @param lost is called for each entry that the format does not hold whole. */
type Writer = (state: ListedState, lost: (entry: string) => void) => Iterable<Uint8Array>;

export const writers: Readonly<Record<WrittenFormat, Writer>> = {
  json: jsonSnapshot,
  rules: rulesSnapshot,
  keepalived: (state, lost) => importedFormatSnapshot(keepalived(), state, lost),
  ldirectord: (state, lost) => importedFormatSnapshot(ldirectord(), state, lost),
};

/** Loaded when they are asked for. */
const keepalived = (): ImportedFormat =>
  (require('../keepalived/write') as typeof import('../keepalived/write')).keepalivedFormat;
const ldirectord = (): ImportedFormat =>
  (require('../ldirectord/write') as typeof import('../ldirectord/write')).ldirectordFormat;
