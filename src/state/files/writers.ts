/** A state as text, in each of the formats that are written. */

import { foreignSnapshot, jsonSnapshot, rulesSnapshot, type Whole } from './snapshot';
import type { ForeignFormat } from './verified-text';

export const writtenFormats = ['json', 'rules', 'keepalived', 'ldirectord'] as const;
export type WrittenFormat = (typeof writtenFormats)[number];

/** Blocks of the text. @param lost is called for each entry that the format does not hold whole. */
type Writer = (state: Whole, lost: (entry: string) => void) => Iterable<Uint8Array>;

export const writers: Readonly<Record<WrittenFormat, Writer>> = {
  json: jsonSnapshot,
  rules: rulesSnapshot,
  keepalived: (state, lost) => foreignSnapshot(keepalived(), state, lost),
  ldirectord: (state, lost) => foreignSnapshot(ldirectord(), state, lost),
};

/** Loaded when they are asked for. */
const keepalived = (): ForeignFormat =>
  (require('../keepalived/write') as typeof import('../keepalived/write')).keepalivedFormat;
const ldirectord = (): ForeignFormat =>
  (require('../ldirectord/write') as typeof import('../ldirectord/write')).ldirectordFormat;
