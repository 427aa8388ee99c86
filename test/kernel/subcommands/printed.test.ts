/** Help and completion scripts, as the built program prints them. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import candidates from '../../../src/commands/support/candidates-program';
import { commands } from '../../../src/commands/tree';
import { completionScripts, type Shell } from '../../../src/completion/scripts';

function printed(...args: string[]): string {
  const program = join(__dirname, '../../../dist/ipvsadm.cjs');
  const env = { ...process.env, COLUMNS: '80' };
  const { stdout, stderr, status } = spawnSync(process.execPath, [program, ...args], {
    encoding: 'utf8',
    env,
  });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  return stdout;
}

const ids = Object.keys(commands);

test('help lists every subcommand and topic', () => {
  const names = [...new Set(ids.map((id) => id.split(':')[0]!))].sort();
  const rows = printed('help')
    .split(/^TOPICS$|^COMMANDS$/m)
    .slice(1)
    .join('\n');
  // A command that is a topic, too, is in both lists.
  const listed = new Set([...rows.matchAll(/^ {2}(\S+)/gm)].map(([, name]) => name));
  expect([...listed].sort()).toEqual(names);
});

test.each([[''], ...ids.map((id) => [id])])('help %s fits 80 columns', (id) => {
  const text = printed('help', ...id.split(':').filter(Boolean));
  expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
});

test.each(Object.keys(completionScripts) as Shell[])(
  'completion %s has the awk program of the sources',
  (shell) => {
    expect(printed('completion', shell)).toBe(completionScripts[shell](commands, candidates));
  },
);
