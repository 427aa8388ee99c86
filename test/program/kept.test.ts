/** Classic command lines that keep the table before them, on the fake kernel with a real directory. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requestCommands } from '../../src/command-line/command-table';
import { runSubcommand } from '../../src/commands';
import { openRing } from '../../src/engines/node/ring';
import { OutputError } from '../../src/platform/system';
import { asksToKeep } from '../../src/program/asks-to-keep';
import { keeping } from '../../src/program/kept';
import { program, runClassic } from '../../src/program/program';
import { FakeKernel } from '../helpers/fake-kernel';
import { runIn, type TestWorld } from '../helpers/test-system';

const CONFIG = '/etc/ipvsadm/config';
const rules = '-A -t 192.0.2.10:80 -s wrr\n-a -t 192.0.2.10:80 -r 10.0.0.17:8080 -m -w 3\n';
const WEB = '-t 192.0.2.10:80';
const silent = { status: 0, stdout: '', stderr: '' };

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'history-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const kept = () => readdirSync(directory).sort((a, b) => Number(a) - Number(b));

/** A kernel with `rules`, and the program on it, which keeps tables if `history` is on. */
async function machine(history = 'on') {
  const kernel = new FakeKernel();
  const world = {
    openTransport: () => kernel.open(),
    openRing: (_directory: string, make: boolean) => openRing(directory, make),
    files: { [CONFIG]: `history: ${history}\n` },
  };
  const run = (line: string, more: Partial<TestWorld> = {}) =>
    runIn({ args: line === '' ? [] : line.split(' '), ...world, ...more }, (system) =>
      program(
        system,
        () => runSubcommand(system),
        (inner, globals) => {
          const keep = { system: { ...system, ...inner } };
          return runClassic(inner, globals, (client, work) => keeping(keep, client, work, false));
        },
      ),
    );
  await runIn({ args: ['-R'], stdin: rules, openTransport: world.openTransport }, (system) =>
    program(system, async () => 99),
  );
  return { kernel, run, saved: async () => (await run('-Sn')).stdout };
}

test.each<[string, string, Partial<TestWorld>]>([
  ['ipvsadm', '-A -f 7 -s rr', {}],
  ['ipvsadm', `-E ${WEB} -s rr`, {}],
  ['ipvsadm', `-D ${WEB}`, {}],
  ['ipvsadm', '-C', {}],
  ['ipvsadm', `-a ${WEB} -r 10.0.0.18 -g`, {}],
  ['ipvsadm', `-e ${WEB} -r 10.0.0.17:8080 -m -w 0`, {}],
  ['ipvsadm', `-d ${WEB} -r 10.0.0.17:8080`, {}],
  ['ipvsadm', '--set 60 0 0', {}],
  ['ipvsadm', '--start-daemon master --mcast-interface lo', {}],
  ['ipvsadm', '-R', { stdin: '-C\n-A -f 9\n' }],
  ['ipvsadm', '--explain -C', {}],
  ['ipvsadm-restore', '', { stdin: '-A -f 9\n' }],
  ['/usr/sbin/ipvsadm-restore', '--strict', { stdin: '-A -f 9\n' }],
])('%s %s prints and does what it did, and is undone', async (programName, line, world) => {
  const off = await machine('off');
  const outcome = await off.run(line, { programName, ...world });
  expect(kept()).toEqual([]);
  const { run, saved } = await machine();
  const before = (await run('snapshot')).stdout;
  expect(await run(line, { programName, ...world })).toEqual(outcome);
  expect([outcome.stderr, kept()]).toEqual(['', ['1']]);
  expect(await saved()).toBe(await off.saved());
  const name = programName.replace('/usr/sbin/', '');
  const shown = [name, ...line.replace('--explain ', '').split(' ')].join(' ').trimEnd();
  expect((await run('history')).stdout.trimEnd().endsWith(`  1         1        ${shown}`)).toBe(true);
  await run('undo');
  expect((await run('snapshot')).stdout).toBe(before);
});

test.each([
  ['a refused change', `-A ${WEB}`, {}],
  ['a server that is set to what it is', `-e ${WEB} -r 10.0.0.17:8080 -m -w 3`, {}],
  ['counters', '-Z', {}],
  ['an error of the command line', '-A -t x', {}],
  ['rules that are all refused', '-R', { stdin: rules }],
  ['a file that is not valid', '--strict', { programName: 'ipvsadm-restore', stdin: '-A -f x\n' }],
])('nothing is kept for %s', async (_name, line, world) => {
  const outcome = await (await machine('off')).run(line, world);
  const { run, saved } = await machine();
  expect(await run(line, world)).toEqual(outcome);
  expect([kept(), await saved()]).toEqual([[], rules]);
});

test.each([
  ['a full disk', new OutputError(28)],
  ['a directory that is closed', new OutputError(13)],
  ['whatever else there may be', new TypeError('not a function')],
])('%s is not reported', async (_name, error) => {
  const { run, saved } = await machine();
  const fails = () => {
    throw error;
  };
  expect(await run('-C', { openRing: fails })).toEqual(silent);
  expect([kept(), await saved()]).toEqual([[], '']);
  const ring = openRing(directory, true);
  expect(await run('-A -f 7', { openRing: () => ({ ...ring, numbers: fails }) })).toEqual(silent);
  const broken = Object.assign(Object.create(ring), { remove: fails, size: fails });
  expect(await run('-A -f 8', { openRing: () => broken })).toEqual(silent);
  expect(await saved()).toBe('-A -f 7 -s wlc\n-A -f 8 -s wlc\n');
});

describe('the configuration', () => {
  /** What is read for a command line. */
  function asked(line: string, text?: string, programName = 'ipvsadm') {
    const read: string[] = [];
    const readFile = (path: string) => {
      read.push(path);
      return text;
    };
    const asks = asksToKeep({ args: line === '' ? [] : line.split(' '), programName, readFile });
    return { asks, read };
  }

  const idle = ['list', 'save', 'zero', 'help', 'version'];
  const spellings = requestCommands.flatMap(({ name, letters, long }) =>
    [...[...letters].map((letter) => `-${letter}t`), `--${long}`, `--${long}=900`].map((first) => ({
      first,
      read: idle.includes(name) ? [] : [CONFIG],
    })),
  );

  test.each(spellings)('$first reads $read', ({ first, read }) => {
    expect(asked(`${first} 192.0.2.10:80`, 'history: on')).toEqual({ asks: read.length > 0, read });
    expect(asked(`192.0.2.10:80 ${first}`)).toEqual({ asks: false, read });
  });

  test.each(['', 'list', '-', '--', '--bogus', '-x'])('the command line %j reads nothing', (line) => {
    expect(asked(line, 'history: on')).toEqual({ asks: false, read: [] });
  });

  test.each([
    ['/sbin/ipvsadm-restore', true],
    ['ipvsadm-save', false],
  ])('%s: %s', (programName, asks) => {
    expect(asked('', 'history: on', programName).asks).toBe(asks);
  });

  test.each<[string | undefined, boolean]>([
    [undefined, false],
    ['', false],
    ['history: off', false],
    ['history: yes', false],
    ['# history: on', false],
    ['names: x\nbogus\nhistory:   on # since Monday', true],
  ])('%j means %s', (text, asks) => {
    expect(asked('-C', text).asks).toBe(asks);
  });

  test('a value that is none is reported by listings for people', async () => {
    const { run } = await machine('maybe');
    expect((await run('list --pretty')).stderr).toBe(
      `ipvsadm: note: ${CONFIG}:1: history: maybe: must be on or off\n`,
    );
  });
});
