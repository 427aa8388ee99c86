/** Helpers for tests that read and write the imported formats. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Configuration } from '../../src/model/director';
import { fromCheck } from '../../src/state/document/check';
import { type Reading, readDocument } from '../../src/state/document/read';
import { listedState } from '../../src/state/document/to-object';
import { writeState } from '../../src/state/document/write';
import { verifiedText } from '../../src/state/files/verified-text';
import { keepalivedFormat } from '../../src/state/keepalived/write';
import { ldirectordFormat } from '../../src/state/ldirectord/write';
import { formatProblems } from '../../src/state/source/diagnostics';
import type { Parsed } from '../../src/state/source/tree';
import type { TableState } from '../../src/state/table/table-state';

export const formats = { keepalived: keepalivedFormat, ldirectord: ldirectordFormat };

/** Returns the text of a file below test/state. */
export function fixture(name: string): string {
  return readFileSync(join(__dirname, name), 'utf8');
}

/** Returns the first line of each problem in a text, in the order of the text. */
export function messages(text: string, parse: (text: string) => Parsed): string[] {
  const { problems } = readDocument(parse(text));
  return formatProblems({ name: 'file', text }, problems)
    .split('\n')
    .filter((line) => line.startsWith('file'));
}

export function read(text: string, parse: (text: string) => Parsed): Reading {
  return readDocument(parse(text));
}

/** Returns a state as the text of a state document. */
export function documentOf(state: TableState): string {
  return [...writeState(listedState(state), false)].join('');
}

/** Writes a state. `lost` lists what the format cannot express. */
export function written(
  format: keyof typeof formats,
  state: TableState,
  configuration?: Configuration,
): { text: string; lost: string[] } {
  const lost: string[] = [];
  const report = (entry: string) => lost.push(entry);
  const text = [...verifiedText(formats[format], state, report, configuration)].join('');
  return { text, lost };
}

/** Returns the checks of the first real server, as a document has them. */
export function checksOf(text: string, parse: (text: string) => Parsed): object[] {
  const { configuration } = readDocument(parse(text));
  return (configuration?.services[0]?.servers[0]?.checks ?? []).map((check) => fromCheck(check));
}
