/** Reading and writing other programs' configuration, as tests do it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
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

export function file(name: string): string {
  return readFileSync(join(__dirname, name), 'utf8');
}

/** The first lines of what is told of a text, sorted by place. */
export function told(text: string, parse: (text: string) => Parsed): string[] {
  const { problems } = readDocument(parse(text));
  return formatProblems({ name: 'file', text }, problems)
    .split('\n')
    .filter((line) => line.startsWith('file'));
}

export function read(text: string, parse: (text: string) => Parsed): Reading {
  return readDocument(parse(text));
}

/** The state as a document's text. */
export function documentOf(state: TableState): string {
  return [...writeState(listedState(state), false)].join('');
}

export function written(format: keyof typeof formats, state: TableState): { text: string; lost: string[] } {
  const lost: string[] = [];
  const text = [...verifiedText(formats[format], state, (entry) => lost.push(entry))].join('');
  return { text, lost };
}
