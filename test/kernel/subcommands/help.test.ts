/** The help of the built program. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { commands } from '../../../src/commands/tree';

function help(...words: string[]) {
  const program = join(__dirname, '../../../dist/ipvsadm.cjs');
  const env = { ...process.env, COLUMNS: '80' };
  const { stdout, stderr, status } = spawnSync(process.execPath, [program, 'help', ...words], {
    encoding: 'utf8',
    env,
  });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  return stdout;
}

const ids = Object.keys(commands);

test('help lists every subcommand and topic', () => {
  const names = [...new Set(ids.map((id) => id.split(':')[0]!))].sort();
  const rows = help()
    .split(/^TOPICS$|^COMMANDS$/m)
    .slice(1)
    .join('\n');
  expect([...rows.matchAll(/^ {2}(\S+)/gm)].map(([, name]) => name).sort()).toEqual(names);
});

test.each([[''], ...ids.map((id) => [id])])('help %s fits 80 columns', (id) => {
  const text = help(...id.split(':').filter(Boolean));
  expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
});
