import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stateDocs } from '../../scripts/state-docs';
import { schemaProblems } from '../../src/state/schema';

const docs = join(__dirname, '../../docs');

test.each(Object.entries(stateDocs()))("docs/%s is what 'npm run docs:state' writes", (path, text) => {
  expect(readFileSync(join(docs, path), 'utf8')).toBe(text);
});

test('the documents of docs/state.md are valid', () => {
  const blocks = [...readFileSync(join(docs, 'state.md'), 'utf8').matchAll(/```json\n([\s\S]*?)```/g)];
  expect(blocks.length).toBeGreaterThan(0);
  for (const [, text] of blocks) expect(schemaProblems(JSON.parse(text!))).toEqual([]);
});
