/** history, undo and --dry-run on the fake kernel, with a real directory. */
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { runSubcommand } from '../../src/commands';
import { openRing } from '../../src/engines/node/ring';
import type { writeAll } from '../../src/engines/node/system';
import { keep } from '../../src/history/history';
import { IpvsClient } from '../../src/ipvs/client';
import { OutputError } from '../../src/platform/system';
import { main } from '../../src/program/classic';
import { readLive, readLiveUpTo } from '../../src/state/table/live';
import { FakeKernel } from '../helpers/fake-kernel';
import { runIn, type TestWorld } from '../helpers/test-system';

const rules = ['-A -t 192.0.2.10:80 -s wrr', '-a -t 192.0.2.10:80 -r 10.0.0.17:8080 -m -w 3'].join('\n');
const WEB = '--tcp 192.0.2.10:80';
const SERVER = `${WEB} -r 10.0.0.17:8080`;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'history-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** A kernel with `rules`, and subcommands with a history. */
async function table(write?: typeof writeAll) {
  const kernel = new FakeKernel();
  const openTransport = () => kernel.open();
  const ring = (_directory: string, make: boolean) => openRing(directory, make, write);
  const world = { openTransport, openRing: ring };
  const run = (line: string, more: Partial<TestWorld> = {}) =>
    runIn({ args: line.split(' '), ...world, ...more }, runSubcommand);
  const saved = async () => (await runIn({ args: ['-Sn'], openTransport }, main)).stdout.trimEnd();
  await runIn({ args: ['-R'], stdin: rules, openTransport }, main);
  return { kernel, run, saved };
}

const silent = { status: 0, stdout: '', stderr: '' };
const without = (text: string) => text.replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, 'TIME               ');
const kept = () => readdirSync(directory).sort((a, b) => Number(a) - Number(b));

test('an undo brings the table back, and a second one takes the first back', async () => {
  const { run, saved } = await table();
  expect(await run(`server set ${SERVER} --weight 0`)).toEqual(silent);
  const drained = await saved();
  expect(await run('undo')).toEqual({
    ...silent,
    stdout: '1 change made: the table is as it was before 1\n',
  });
  expect(await saved()).toBe(rules);
  expect(await run('undo')).toEqual({
    ...silent,
    stdout: '1 change made: the table is as it was before 2\n',
  });
  expect(await saved()).toBe(drained);
});

test('an undo goes back over several changes', async () => {
  const { run, saved } = await table();
  await run('service add --fwmark 7');
  await run(`service set ${WEB} -s rr`);
  await run('clear');
  expect(await run('undo 1')).toEqual({
    ...silent,
    stdout: '2 changes made: the table is as it was before 1\n',
  });
  expect(await saved()).toBe(rules);
  expect(await run('undo 1')).toEqual({
    ...silent,
    stdout: 'nothing to change: the table is as it was before 1\n',
  });
  expect(kept()).toEqual(['1', '2', '3', '4']);
});

test('the list says what was changed when by whom', async () => {
  const { run } = await table();
  const files = { '/proc/self/status': 'Uid:\t1000\t0\nCapEff:\t1ff\n' };
  await run(`server drain ${SERVER}`, { files });
  await run('set-timeouts --tcp 60', { environment: { SUDO_USER: 'alice' } });
  await run("service add --tcp 192.0.2.11:80 --scheduler it's");
  await run('clear');
  expect(without((await run('history')).stdout)).toBe(
    `ENTRY  TIME                 AUTHOR    SERVICES  SERVERS  COMMAND
1      TIME                 uid 1000  1         1        ipvsadm server drain --tcp 192.0.2.10:80 -r 10.0.0.17:8080
2      TIME                 alice     1         1        ipvsadm set-timeouts --tcp 60
3      TIME                 unknown   1         1        ipvsadm clear
`,
  );
  const listed = JSON.parse((await run('history --json')).stdout) as object[];
  expect(parse((await run('history --yaml')).stdout)).toEqual(listed);
  expect(listed[1]).toEqual({
    number: 2,
    at: expect.any(Number),
    author: 'alice',
    sudoUser: 'alice',
    namespace: '1',
    command: ['set-timeouts', '--tcp', '60'],
    services: 1,
    servers: 1,
  });
});

test('an entry is shown as rules, or as a document that apply reads', async () => {
  const { run, saved } = await table();
  await run('clear');
  expect(await run('history show 1')).toEqual({ ...silent, stdout: `--set 900 120 300\n${rules}\n` });
  const { stdout } = await run('history show 1 --json');
  expect(parse((await run('history show 1 --yaml')).stdout)).toEqual(JSON.parse(stdout));
  await run('apply table.json', { files: { 'table.json': stdout } });
  expect(await saved()).toBe(rules);
});

test.each([
  ['a server that is so already', `server set ${SERVER} --weight 3`],
  ['a server that is set to what it is', `server edit ${SERVER} --masquerading --weight 3`],
  ['a drained server', `server delete ${WEB} -r 10.0.0.99 --missing-ok`],
  ['a service that exists', `service add ${WEB} --exist-ok`],
  ['a refused change', `service add ${WEB}`],
  ['timeouts that are so already', 'set-timeouts --tcp 900'],
  ['counters', 'zero'],
  ['a rehearsal', 'clear --dry-run'],
  ['rules that are all refused', 'restore rules'],
  ['a table that is so already', 'apply rules'],
])('nothing is kept for %s', async (_name, line) => {
  const { run, saved } = await table();
  await run(line, { files: { rules } });
  expect([kept(), await saved()]).toEqual([[], rules]);
});

test.each([
  ['restore rules', { files: { rules: '-A -f 7' } }],
  ['restore', { stdin: '-A -f 7\n' }],
  ['apply rules', { files: { rules: '-A -f 7' } }],
  [`server add ${WEB} -r 10.0.0.18 -r 10.0.0.17:8080 -m`, {}],
  [`server delete ${SERVER}`, {}],
  [`server drain ${SERVER}`, {}],
  [`service delete ${WEB}`, {}],
  ['daemon start master --mcast-interface lo', {}],
])('%s is undone', async (line, world) => {
  const { run, saved } = await table();
  const before = (await run('snapshot')).stdout;
  await run(line, world);
  expect(kept()).toEqual(['1']);
  await run('undo');
  expect([await saved(), (await run('snapshot')).stdout]).toEqual([rules, before]);
});

test('the newest 50 stay', async () => {
  const { run } = await table();
  for (let index = 0; index < 53; index++) await run(`server set ${SERVER} --weight ${index + 10}`);
  expect([kept().length, kept()[0], kept().at(-1)]).toEqual([50, '4', '53']);
});

test('a full disk costs a note and nothing else', async () => {
  const ENOSPC = 28;
  const { run, saved } = await table(() => {
    throw new OutputError(ENOSPC);
  });
  const stderr =
    'ipvsadm: note: the table before this is not kept for undo: /var/lib/ipvsadm/history: No space left on device\n';
  expect(await run('clear')).toEqual({ ...silent, stderr });
  expect([kept(), await saved()]).toEqual([[], '']);
});

test('a file system that cannot be written costs nothing', async () => {
  const { run, saved } = await table();
  const [EROFS, ENOENT] = [30, 2];
  const openRing = (_directory: string, make: boolean) => {
    throw new OutputError(make ? EROFS : ENOENT);
  };
  expect(await run('clear', { openRing })).toEqual(silent);
  expect(await saved()).toBe('');
  expect(await run('undo', { openRing })).toEqual({
    ...silent,
    status: 2,
    stderr: 'ipvsadm: the history has no change of this table\n',
  });
  expect(await run('history', { openRing })).toEqual({
    ...silent,
    stderr: 'ipvsadm: no change of this table has been kept\n',
  });
});

test('entries are for the owner alone', async () => {
  const { run } = await table();
  await run('clear');
  expect(statSync(`${directory}/1`).mode & 0o777).toBe(0o600);
});

describe('entries that cannot be used', () => {
  const refused = (stderr: string) => ({ ...silent, status: 2, stderr: `ipvsadm: ${stderr}\n` });

  test('of another network namespace', async () => {
    const { kernel, run, saved } = await table();
    const state = readLive(new IpvsClient(kernel.open()));
    const head = { at: 0, namespace: '4026532000', command: ['clear'] };
    keep(openRing(directory, true), head, { ...state, services: [] }).settle(true);
    expect(await run('undo')).toEqual(
      refused(
        'the history has no change of this table: what it has is of other network namespaces, which --netns names',
      ),
    );
    await run('service add --fwmark 7');
    expect(await run('undo 1')).toEqual(
      refused(
        '1: this entry is of another network namespace (4026532000): name that by --netns, or ipvsadm history lists those of this table, 2 to 2',
      ),
    );
    expect(await run('undo')).toEqual({
      ...silent,
      stdout: '1 change made: the table is as it was before 2\n',
    });
    expect(await saved()).toBe(rules);
    expect((await run('history')).stderr).toBe(
      'ipvsadm: note: 1 more of other network namespaces: see --netns\n',
    );
  });

  test('that are not there', async () => {
    const { run } = await table();
    await run('clear');
    expect(await run('undo 7')).toEqual(
      refused('7: the history has no such entry: ipvsadm history lists those of this table, 1 to 1'),
    );
    expect(await run('history show 7x')).toEqual(
      refused('NUMBER 7x: an entry is a number that ipvsadm history lists\nSee: ipvsadm history show --help'),
    );
  });

  test.each([
    ['is cut off', (text: string) => text.slice(0, -40)],
    ['is another document', (text: string) => `${text.split('\n')[0]}\n{"format":"x"}`],
    ['is empty', (text: string) => `${text.split('\n')[0]}\n`],
  ])('that %s', async (_name, damage) => {
    const { run, saved } = await table();
    await run('clear');
    writeFileSync(`${directory}/1`, damage(readFileSync(`${directory}/1`, 'latin1')), 'latin1');
    const { status, stderr } = await run('undo');
    expect([status, stderr.trimEnd().split('\n').at(-1)]).toEqual([
      2,
      'ipvsadm: /var/lib/ipvsadm/history/1: this entry is damaged: nothing was changed; choose another one',
    ]);
    expect(await saved()).toBe('');
  });

  test.each([
    '',
    'x',
    '{"history":2}\n',
    '{"history":1}\n',
    '{"history":1,"at":"x","command":[],"services":0,"servers":0}\n',
    'null\n',
  ])('that is no entry: %j', async (text) => {
    const { run } = await table();
    writeFileSync(`${directory}/3`, text);
    expect((await run('history')).stderr).toBe('ipvsadm: no change of this table has been kept\n');
    await run('clear');
    expect(kept()).toEqual(['3', '4']);
  });

  test('in a directory that is closed', async () => {
    const { run } = await table();
    const EACCES = 13;
    const openRing = () => {
      throw new OutputError(EACCES);
    };
    expect(await run('history', { openRing })).toEqual({
      ...silent,
      status: 1,
      stderr: 'ipvsadm: the history cannot be read: /var/lib/ipvsadm/history: Permission denied\n',
    });
    chmodSync(directory, 0o700);
  });
});

test('control characters of a command line are made visible, and a long one is cut', async () => {
  const { run } = await table();
  await run('x', { args: ['service', 'add', '--fwmark', '7', '--scheduler', 'rr\x1b[2J'] });
  await run('x', {
    args: ['server', 'delete', ...WEB.split(' '), ...Array(900).fill('-r10.0.0.17:8080'), '--missing-ok'],
  });
  const { stdout } = await run('history');
  expect(stdout).not.toContain('\x1b');
  expect(stdout).toMatch(/-r10\.0\.0\.17:8080 \.\.\.\n$/);
});

test('a table is read up to a limit', async () => {
  const { kernel } = await table();
  const client = new IpvsClient(kernel.open());
  expect([readLiveUpTo(client, 2), readLiveUpTo(client, 1), readLiveUpTo(client, 0)]).toEqual([
    readLive(client),
    undefined,
    undefined,
  ]);
});
