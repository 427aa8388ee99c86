/** --quiet on the fake kernel: errors only, and the same exit status. */
import { runSubcommand } from '../../src/commands';
import { commands } from '../../src/commands/tree';
import { main } from '../../src/program/classic';
import { FakeKernel } from '../helpers/fake-kernel';
import { type Outcome, runIn, type TestWorld } from '../helpers/test-system';

const rules =
  '-A -t 192.0.2.10:80 -s rr\n-a -t 192.0.2.10:80 -r 10.0.0.18:80 -m -w 3\n' +
  '-a -t 192.0.2.10:80 -r 10.0.0.17:80 -m -w 1\n';
const files = {
  wanted: '-A -t 192.0.2.10:80 -s rr\n-a -t 192.0.2.10:80 -r 10.0.0.17:80 -m -w 2\n',
  'web.cf': 'virtual = 192.0.2.11:http\n    real = 10.0.0.17:8080 masq 3\n    checktype = connect\n',
  bad: '-A -t 192.0.2.10:80 -s rr\n-a -t 192.0.2.10:80 -r 10.0.0.17 -w many\n',
};

async function run(line: string, world: Partial<TestWorld> = {}): Promise<Outcome> {
  const kernel = new FakeKernel();
  const openTransport = () => kernel.open();
  await runIn({ args: ['-R'], stdin: rules, openTransport }, main);
  return await runIn({ args: line.split(' '), openTransport, files, ...world }, runSubcommand);
}

test.each([
  ['apply wanted', 0],
  ['apply --dry-run wanted', 1],
  ['diff wanted', 1],
  ['restore web.cf', 0],
  ['restore --check --no-trial wanted web.cf', 0],
  ['service add -t 192.0.2.10:80 -s wrr --exist-ok', 0],
  ['server edit -t 192.0.2.10:80 -r 10.0.0.18:80 -m', 0],
  ['server set -t 192.0.2.10:80 -r 10.0.0.18:80 -w 0 --dry-run', 1],
])('%s says something, and nothing with --quiet', async (line, status) => {
  const { stdout, stderr, status: usual } = await run(line);
  expect([stdout + stderr === '', usual]).toEqual([false, status]);
  expect(await run(`${line} --quiet`)).toEqual({ stdout: '', stderr: '', status });
  expect(await run(`${line} -q`)).toEqual({ stdout: '', stderr: '', status });
});

test('convert prints the file without the notes', async () => {
  const usual = await run('convert --to rules web.cf');
  expect(usual.stderr).toContain('note:');
  expect(await run('convert --to rules web.cf -q')).toEqual({ ...usual, stderr: '' });
});

test.each([
  'apply bad',
  'restore --check --no-trial bad',
  'convert --to keepalived bad',
  'service add -t 192.0.2.10:80 -s wrr',
  'server delete -t 192.0.2.10:80 -r 10.0.0.99',
])('the errors of %s come all the same', async (line) => {
  const usual = await run(line);
  expect([usual.stderr === '', usual.status === 0]).toEqual([false, false]);
  expect(await run(`${line} -q`)).toEqual(usual);
});

test('data that are asked for are printed', async () => {
  const usual = await run('diff --json wanted');
  expect(await run('diff --json wanted -q')).toEqual(usual);
  const notes = await run('restore --check --no-trial --json web.cf');
  expect(notes.stdout).toContain('"severity": "note"');
  expect(await run('restore --check --no-trial --json web.cf -q')).toEqual(notes);
});

test('what the daemon has done is not said, but what it refuses', async () => {
  const answered = (status: number, answer: object) => ({
    askDirector: () => ({ status, text: JSON.stringify(answer) }),
  });
  const done = answered(200, { ok: true, text: 'web/web01: ready' });
  expect((await run('server ready web/web01', done)).stdout).toBe('web/web01: ready\n');
  expect(await run('server ready web/web01 -q', done)).toEqual({ stdout: '', stderr: '', status: 0 });
  const refused = answered(404, { ok: false, problem: 'no such server' });
  const { stderr, status } = await run('server ready web/web01 -q', refused);
  expect([stderr, status]).toEqual(['ipvsadm: no such server\n', 2]);
});

test('a lock that another process holds is waited for in silence', async () => {
  let held = 3;
  const lockTable = () =>
    (held-- > 0 ? { kind: 'held', holder: 7 } : { kind: 'taken', release() {} }) as never;
  const line = 'server set -t 192.0.2.10:80 -r 10.0.0.18:80 -w 0';
  expect((await run(line, { lockTable })).stderr).toContain('process 7');
  held = 3;
  expect(await run(`${line} -q`, { lockTable })).toEqual({ stdout: '', stderr: '', status: 0 });
});

test('every subcommand that changes something has it', () => {
  const changing = Object.entries(commands).filter(([, { flags = {} }]) => 'dry-run' in flags);
  expect(changing.length).toBeGreaterThan(15);
  expect(changing.flatMap(([id, { flags = {} }]) => (flags.quiet?.char === 'q' ? [] : [id]))).toEqual([]);
});
