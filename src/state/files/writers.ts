/** Writes a state in each of the formats. */

import type { ImportedFormat } from '../document/imported-format';
import type { ListedState } from '../table/listed-state';
import { importedFormatSnapshot, jsonSnapshot, rulesSnapshot } from './snapshot';

export const writtenFormats = ['json', 'rules', 'keepalived', 'ldirectord'] as const;
export type WrittenFormat = (typeof writtenFormats)[number];

/**
 * Returns the text in blocks.
 * @param reportIncomplete is called with each entry that the format cannot express.
 */
type Writer = (state: ListedState, reportIncomplete: (entry: string) => void) => Iterable<Uint8Array>;

export const writers: Readonly<Record<WrittenFormat, Writer>> = {
  json: jsonSnapshot,
  rules: rulesSnapshot,
  keepalived: (state, reportIncomplete) => importedFormatSnapshot(keepalived(), state, reportIncomplete),
  ldirectord: (state, reportIncomplete) => importedFormatSnapshot(ldirectord(), state, reportIncomplete),
};

/** Each is loaded when it is needed. */
const keepalived = (): ImportedFormat =>
  (require('../keepalived/write') as typeof import('../keepalived/write')).keepalivedFormat;
const ldirectord = (): ImportedFormat =>
  (require('../ldirectord/write') as typeof import('../ldirectord/write')).ldirectordFormat;
