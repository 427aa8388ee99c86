/**
 * Generates the JSON Schemas in docs/schema/ and the tables of docs/state.md, docs/import.md and
 * docs/doctor.md from the code.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openApi } from '../src/daemon/openapi';
import { routes } from '../src/daemon/routes';
import type { Side } from '../src/doctor/finding';
import { findingKinds } from '../src/doctor/findings';
import { type CheckField, checkFields } from '../src/state/document/check-fields';
import { connectionFields } from '../src/state/document/connection-fields';
import { directorFields } from '../src/state/document/director-fields';
import type { Field, ValueField } from '../src/state/document/field';
import type { Form } from '../src/state/document/kinds';
import { directorServerFields, directorServiceFields } from '../src/state/document/policy-fields';
import { jsonSchemas } from '../src/state/document/schema';
import { serverFields } from '../src/state/document/server-fields';
import { ownServiceFields, serviceFields } from '../src/state/document/service-fields';
import { daemonFields, kernelFields, timeoutFields } from '../src/state/document/table-fields';
import { globalKeywords } from '../src/state/keepalived/global-keywords';
import { realServerKeywords, rootKeywords, virtualServerKeywords } from '../src/state/keepalived/keywords';
import { globalDirectives, sectionDirectives } from '../src/state/ldirectord/directives';
import { ownRequests } from '../src/web/own-requests';

const docs = join(__dirname, '../docs');

const tables: Readonly<Record<string, readonly Field[]>> = {
  director: directorFields,
  policies: without(directorServiceFields, ownServiceFields),
  checked: without(directorServerFields, serverFields),
  check: checkFields,
  kernel: kernelFields,
  timeouts: timeoutFields,
  daemon: daemonFields,
  service: serviceFields,
  server: serverFields,
  connection: connectionFields,
};

/** The fields that are only in a document of version 2. */
function without(all: readonly Field[], others: readonly Field[]): readonly Field[] {
  const names = new Set(others.map(({ name }) => name));
  return all.filter(({ name, items }) => !names.has(name) && !items);
}

/** A keyword of an imported format. */
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

/** Returns the texts of the generated files by their paths in docs/. */
export function stateDocs(): Record<string, string> {
  const { state, connection, 'state-2': directorState } = jsonSchemas();
  return {
    'schema/state-1.json': `${JSON.stringify(state, null, 2)}\n`,
    'schema/state-2.json': `${JSON.stringify(directorState, null, 2)}\n`,
    'schema/connection-1.json': `${JSON.stringify(connection, null, 2)}\n`,
    'schema/openapi.json': `${JSON.stringify(openApi(routes), null, 2)}\n`,
    'state.md': withTables(readFileSync(join(docs, 'state.md'), 'utf8')),
    'import.md': withKeywords(readFileSync(join(docs, 'import.md'), 'utf8')),
    'daemon.md': withRequests(readFileSync(join(docs, 'daemon.md'), 'utf8')),
    'doctor.md': withFindings(readFileSync(join(docs, 'doctor.md'), 'utf8')),
  };
}

/** Puts the table of the API's requests between its marks. */
function withRequests(text: string): string {
  const rows = [...routes, ...Object.values(ownRequests)].map(({ method, what: [path, summary], role }) => [
    `\`${method} ${path.replaceAll('|', '\\|')}\``,
    summary,
    role,
  ]);
  return text.replace(
    /(<!-- requests -->\n)[\s\S]*?(<!-- end -->)/,
    (_, begin: string, end: string) => `${begin}\n${markdown(['request', 'what', 'role'], rows)}\n${end}`,
  );
}

/** Puts each table between its marks. */
function withTables(text: string): string {
  return text.replace(
    /(<!-- fields: (\w+) -->\n)[\s\S]*?(<!-- end -->)/g,
    (_, begin: string, name: string, end: string) =>
      `${begin}\n${tableOf(tables[name]!, lastColumns[name] ?? kernelColumn)}\n${end}`,
  );
}

/** The last column of a table, if there is one. */
interface LastColumn {
  readonly title: string | undefined;
  readonly of: (field: Field) => string;
}

const kernelColumn: LastColumn = {
  title: 'kernel',
  of: (field) => ('attribute' in field ? field.attribute : ''),
};

const none: LastColumn = { title: undefined, of: () => '' };

const lastColumns: Readonly<Record<string, LastColumn>> = {
  director: none,
  policies: none,
  checked: none,
  check: { title: 'of', of: (field) => (field as CheckField).types?.join(', ') ?? 'all' },
};

function tableOf(fields: readonly Field[], last: LastColumn): string {
  const titles = ['field', 'type', 'what it is', 'left out', ...(last.title ? [last.title] : [])];
  return markdown(titles, rowsOf(fields, last));
}

function markdown(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  return [titles, titles.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

/** @param outer the names of the objects around the fields, each followed by a dot. */
function rowsOf(fields: readonly Field[], last: LastColumn, outer = '', inCounter = false): string[][] {
  return fields.flatMap((field) => {
    if (field.items) return [];
    const counter = inCounter || field.counter === true;
    if (field.object) return rowsOf(field.object.fields, last, `${outer}${field.name}.`, counter);
    const note = counter ? ' (listings only)' : '';
    const type = field.either
      ? 'name, check, or list'
      : field.entries
        ? 'checks by name'
        : typeText(field.kind);
    const absent = field.either ? field.absent : field.entries ? 'none' : absentText(field);
    const row = [`\`${outer}${field.name}\``, type, `${field.summary}${note}`, absent];
    return [last.title ? [...row, last.of(field)] : row];
  });
}

function typeText(form: Form): string {
  switch (form.form) {
    case 'constant':
      return `\`${form.value}\``;
    case 'integer':
      return `${form.minimum}..${form.maximum}`;
    case 'boolean':
      return '`true`, `false`';
    case 'text':
      return form.maximum === undefined ? 'text' : `text, at most ${form.maximum} bytes`;
    case 'address':
      return 'address';
    case 'enum':
      return quoted(form.names);
    case 'enum-or-integer':
      return `${quoted(form.names)}, or 0..${form.maximum}`;
    case 'flags':
      return form.what === undefined ? 'list of names' : 'list of texts';
    case 'netmask':
      return 'IPv4: a mask, IPv6: 1..128';
    case 'counter':
      return 'counter';
    case 'unknown':
      return 'object';
    case 'duration':
      return 'duration';
    case 'text-or-number':
      return 'text or number';
    case 'texts':
      return 'text, or list of texts';
    case 'map':
      return form.values === 'any' ? 'object of values' : 'object of texts';
  }
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}

/** What leaving out a field means. */
function absentText({ absent, kind, default: value }: ValueField): string {
  if (absent !== undefined) return absent;
  if (value === undefined) return '';
  const written = kind.write(value);
  if (written === undefined) return 'none';
  return typeof written === 'number' ? String(written) : `\`${written}\``;
}

function withFindings(text: string): string {
  return text.replace(
    /(<!-- findings: (\w+) -->\n)[\s\S]*?(<!-- end -->)/g,
    (_, begin: string, side: Side, end: string) => `${begin}\n${findingsTable(side)}\n${end}`,
  );
}

function findingsTable(side: Side): string {
  const rows = findingKinds
    .filter((kind) => kind.side === side)
    .map(({ id, summary, certainties, fixable }) => [
      `\`${id}\``,
      summary,
      certainties.join(' or '),
      fixable ? 'yes' : '',
    ]);
  return [['id', 'what is wrong', 'certainty', '`--fix`'], ['---', '---', '---', '---'], ...rows]
    .map((cells) => `| ${cells.join(' | ')} |\n`)
    .join('');
}

function withKeywords(text: string): string {
  return text.replace(
    /(<!-- keywords: ([\w-]+) -->\n)[\s\S]*?(<!-- end -->)/g,
    (_, begin: string, name: string, end: string) => `${begin}\n${keywordTable(keywords[name]!)}\n${end}`,
  );
}

/** Keywords with the same effect share a row. */
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
