/** Writes a state in each of the formats. */

import type { ImportedFormat } from '../document/imported-format';
import type { DirectorReading } from '../document/read';
import type { ListedState } from '../table/listed-state';
import { importedFormatSnapshot, jsonSnapshot, rulesSnapshot, yamlSnapshot } from './snapshot';

export const writtenFormats = ['json', 'yaml', 'rules', 'keepalived', 'ldirectord'] as const;
export type WrittenFormat = (typeof writtenFormats)[number];

/**
 * Returns the text in blocks.
 * @param reportIncomplete is called with each entry that the format cannot express.
 * @param more what a document of version 2 has beside the table; rules have none of it.
 */
type Writer = (
  state: ListedState,
  reportIncomplete: (entry: string) => void,
  more?: DirectorReading,
) => Iterable<Uint8Array>;

export const writers: Readonly<Record<WrittenFormat, Writer>> = {
  json: jsonSnapshot,
  yaml: yamlSnapshot,
  rules: rulesSnapshot,
  keepalived: (state, reportIncomplete, more) =>
    importedFormatSnapshot(keepalived(), state, reportIncomplete, more?.configuration),
  ldirectord: (state, reportIncomplete, more) =>
    importedFormatSnapshot(ldirectord(), state, reportIncomplete, more?.configuration),
};

/** Each is loaded when it is needed. */
const keepalived = (): ImportedFormat =>
  (require('../keepalived/write') as typeof import('../keepalived/write')).keepalivedFormat;
const ldirectord = (): ImportedFormat =>
  (require('../ldirectord/write') as typeof import('../ldirectord/write')).ldirectordFormat;
