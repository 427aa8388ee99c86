/** The parts of docs/benchmarks.md that measurements replace. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { aligned } from './align';

export const docs = join(__dirname, '../docs');

/** Replaces the text between the markers of a section in docs/benchmarks.md. */
export function replaceSection(name: string, text: string): void {
  const file = join(docs, 'benchmarks.md');
  const page = readFileSync(file, 'utf8');
  const markers = new RegExp(`(<!-- ${name} -->)[^]*(<!-- /${name} -->)`);
  if (!markers.test(page)) throw new Error(`${file}: no section '${name}'`);
  writeFileSync(
    file,
    page.replace(markers, (_, open, close) => `${open}\n\n${aligned(text)}\n\n${close}`),
  );
}
