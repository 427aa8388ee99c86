/**
 * Writes what docs/ has from the code about state documents: the JSON Schemas, the tables of
 * docs/state.md, and those of docs/import.md.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectionFields } from '../src/state/document/connection-fields';
import type { Field } from '../src/state/document/field';
import { jsonSchemas } from '../src/state/document/schema';
import { serverFields } from '../src/state/document/server-fields';
import { serviceFields } from '../src/state/document/service-fields';
import { daemonFields, kernelFields, timeoutFields } from '../src/state/document/table-fields';
import { globalKeywords } from '../src/state/keepalived/global-keywords';
import { realServerKeywords, rootKeywords, virtualServerKeywords } from '../src/state/keepalived/keywords';
import { globalDirectives, sectionDirectives } from '../src/state/ldirectord/directives';

const docs = join(__dirname, '../docs');

const tables: Readonly<Record<string, readonly Field<never>[]>> = {
  kernel: kernelFields,
  timeouts: timeoutFields,
  daemon: daemonFields,
  service: serviceFields,
  server: serverFields,
  connection: connectionFields,
};

/** Keywords of other programs' files. */
interface Keyword {
  readonly field?: string;
  readonly ignored?: string;
}

const keywords: Readonly<Record<string, Readonly<Record<string, Keyword>>>> = {
  root: rootKeywords,
  globals: globalKeywords,
  virtual_server: virtualServerKeywords,
  real_server: realServerKeywords,
  'ldirectord-globals': globalDirectives,
  'ldirectord-section': sectionDirectives,
};

/** The files, by their paths in docs/, with the text that they should have. */
export function stateDocs(): Record<string, string> {
  const { state, connection } = jsonSchemas();
  return {
    'schema/state-1.json': `${JSON.stringify(state, null, 2)}\n`,
    'schema/connection-1.json': `${JSON.stringify(connection, null, 2)}\n`,
    'state.md': withTables(readFileSync(join(docs, 'state.md'), 'utf8')),
    'import.md': withKeywords(readFileSync(join(docs, 'import.md'), 'utf8')),
  };
}

/** Puts each table between its two marks. */
function withTables(text: string): string {
  return text.replace(
    /(<!-- fields: (\w+) -->\n)[\s\S]*?(<!-- end -->)/g,
    (_, begin: string, name: string, end: string) => `${begin}\n${tableOf(tables[name]!)}\n${end}`,
  );
}

function tableOf(fields: readonly Field<never>[]): string {
  const rows = fields.map(({ name, type, summary, absent, attribute, counter }) => [
    `\`${name}\``,
    type,
    `${summary}${counter ? ' (listings only)' : ''}`,
    absent ?? '',
    attribute,
  ]);
  return [['field', 'type', 'what it is', 'left out', 'kernel'], ['---', '---', '---', '---', '---'], ...rows]
    .map((cells) => `| ${cells.join(' | ')} |\n`)
    .join('');
}

function withKeywords(text: string): string {
  return text.replace(
    /(<!-- keywords: ([\w-]+) -->\n)[\s\S]*?(<!-- end -->)/g,
    (_, begin: string, name: string, end: string) => `${begin}\n${keywordTable(keywords[name]!)}\n${end}`,
  );
}

/** What becomes the same, or is left out for the same reason, has one row. */
function keywordTable(words: Readonly<Record<string, Keyword>>): string {
  const rows = new Map<string, string[]>();
  for (const [name, { field, ignored }] of Object.entries(words)) {
    const fate = ignored === undefined ? `\`${field!.replaceAll(', ', '`, `')}\`` : `ignored: ${ignored}`;
    rows.set(fate, [...(rows.get(fate) ?? []), `\`${name}\``]);
  }
  const lines = [...rows].map(([fate, names]) => `| ${names.join(', ')} | ${fate} |\n`);
  return `| keyword | becomes |\n| --- | --- |\n${lines.join('')}`;
}

if (require.main === module) {
  for (const [path, text] of Object.entries(stateDocs())) writeFileSync(join(docs, path), text);
}
