/**
 * The parts of the program that few commands need: they are bundled apart, and the `require` of one
 * in src/ loads its bundle at run time.
 */
import { join, resolve } from 'node:path';

const root = join(__dirname, '..');

export const parts = {
  help: 'src/format/help.ts',
  'subcommand-help': 'src/commands/help.ts',
  strerror: 'src/errors/strerror.ts',
  explain: 'src/explain/index.ts',
  progress: 'src/platform/progress.ts',
  'state-json': 'src/state/document/write.ts',
  'state-schema': 'src/state/document/schema.ts',
  'parse-json': 'src/state/source/parse-json.ts',
  'parse-yaml': 'src/state/source/parse-yaml.ts',
  'replace-table': 'src/state/plan/replace.ts',
  'yaml-text': 'src/state/files/yaml-text.ts',
  'edit-text': 'src/state/files/edit-text.ts',
  'verified-text': 'src/state/files/verified-text.ts',
  'read-keepalived': 'src/state/keepalived/read.ts',
  'read-ldirectord': 'src/state/ldirectord/read.ts',
  'write-keepalived': 'src/state/keepalived/write.ts',
  'write-ldirectord': 'src/state/ldirectord/write.ts',
  checks: 'src/checks/index.ts',
  director: 'src/engines/node/run-director.ts',
  colour: 'src/format/colour.ts',
  hint: 'src/explain/hint.ts',
  pretty: 'src/format/pretty.ts',
} as const;

export type PartName = keyof typeof parts;
export const partNames = Object.keys(parts) as PartName[];

/** The name of the part that `path` in a file of `directory` names; undefined if it is none. */
export function partOf(
  path: string,
  directory: string,
  table: Readonly<Record<string, string>> = parts,
): string | undefined {
  const files = [`${path}.ts`, `${path}/index.ts`].map((file) => resolve(directory, file));
  return Object.keys(table).find((name) => files.includes(join(root, table[name]!)));
}
