/** Writes what docs/ has from the code about state documents: the JSON Schemas, and the tables of docs/state.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectionFields } from '../src/state/connections';
import type { Field } from '../src/state/field';
import { jsonSchemas } from '../src/state/schema';
import { serverFields } from '../src/state/server-fields';
import { serviceFields } from '../src/state/service-fields';
import { daemonFields, kernelFields, timeoutFields } from '../src/state/table-fields';

const docs = join(__dirname, '../docs');

const tables: Readonly<Record<string, readonly Field<never>[]>> = {
  kernel: kernelFields,
  timeouts: timeoutFields,
  daemon: daemonFields,
  service: serviceFields,
  server: serverFields,
  connection: connectionFields,
};

/** The files, by their paths in docs/, with the text that they should have. */
export function stateDocs(): Record<string, string> {
  const { state, connection } = jsonSchemas();
  return {
    'schema/state-1.json': `${JSON.stringify(state, null, 2)}\n`,
    'schema/connection-1.json': `${JSON.stringify(connection, null, 2)}\n`,
    'state.md': withTables(readFileSync(join(docs, 'state.md'), 'utf8')),
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

if (require.main === module) {
  for (const [path, text] of Object.entries(stateDocs())) writeFileSync(join(docs, path), text);
}
