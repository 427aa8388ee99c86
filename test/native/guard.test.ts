/** The helper that ends a program when nobody moves (src/engines/quickjs/guard.c), with sanitizers. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildNative, root } from '../../scripts/native/build';

const program = join(root, 'node_modules/.cache/ipvsadm-test/guard');
/** The exit status that a sanitizer sets. */
const ALARM = 99;

let folder: string;
let fifo: string;

beforeAll(async () => {
  await buildNative({ entry: 'test/native/fuzz/calls.ts', executable: program, sanitized: true });
  folder = mkdtempSync(join(tmpdir(), 'ipvsadm-guard-'));
  fifo = join(folder, 'beats');
  execFileSync('mkfifo', [fifo]);
}, 600_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function guard(limit: number | string, ...words: string[]): ChildProcess {
  return spawn(program, ['guard', fifo, `${limit}`, ...words], {
    argv0: 'ipvsadm-packets',
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ASAN_OPTIONS: `detect_leaks=0:exitcode=${ALARM}`,
      UBSAN_OPTIONS: `halt_on_error=1:exitcode=${ALARM}`,
      PATH: process.env.PATH,
    },
  });
}

/** @returns whether somebody reads. */
function beat(text = '.'): boolean {
  try {
    const file = openSync(fifo, constants.O_WRONLY | constants.O_NONBLOCK);
    writeSync(file, text);
    closeSync(file);
    return true;
  } catch {
    return false;
  }
}

async function until(what: () => boolean): Promise<void> {
  while (!what()) await new Promise((resolve) => setTimeout(resolve, 20));
}

async function end(child: ChildProcess) {
  let said = '';
  child.stderr!.on('data', (bytes) => {
    said += bytes;
  });
  const [code] = await once(child, 'close');
  expect(said).not.toMatch(/Sanitizer|runtime error/);
  return code;
}

function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}

const pidFile = () => join(folder, 'pid');
const pid = () => Number(readFileSync(pidFile(), 'latin1'));
const sleeper = ['/bin/sh', '-c', 'echo $$ >"$0"; exec sleep 1000'];
/** One that goes on in spite of SIGTERM; the file has the number of its child. */
const stubborn = ['/bin/sh', '-c', 'trap "" TERM; sleep 1000 & echo $! >"$0"; wait; sleep 1000'];

function started(limit: number, words = sleeper) {
  writeFileSync(pidFile(), '');
  const child = guard(limit, ...words, pidFile());
  return { child, ended: end(child) };
}

test('ends the program when no byte comes, and has no reader any more', async () => {
  const { ended } = started(1500);
  await until(() => beat());
  await until(() => pid() > 0);
  expect(await ended).toBe(1);
  expect([isRunning(pid()), beat()]).toEqual([false, false]);
});

test('goes on as long as bytes come; the end of a writer is no end', async () => {
  const { child, ended } = started(600);
  for (let times = 0; times < 20; times++) {
    await until(() => beat());
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect([child.exitCode, isRunning(pid())]).toEqual([null, true]);
  beat('q');
  expect(await ended).toBe(1);
});

test('is patient once when asked', async () => {
  const { child, ended } = started(500);
  await until(() => beat('w'));
  await new Promise((resolve) => setTimeout(resolve, 1200));
  expect(child.exitCode).toBe(null);
  const start = performance.now();
  beat();
  await ended;
  expect(performance.now() - start).toBeLessThan(1500);
});

test.each(['SIGTERM', 'SIGINT'] as const)('%s ends both, even with bytes waiting', async (signal) => {
  const { child, ended } = started(60_000);
  await until(() => pid() > 0 && beat());
  child.kill('SIGSTOP');
  for (let times = 0; times < 100; times++) beat();
  child.kill(signal);
  child.kill('SIGCONT');
  expect(await ended).toBe(1);
  expect(isRunning(pid())).toBe(false);
});

test('what does not end by itself is killed, with its children', async () => {
  const { ended } = started(60_000, stubborn);
  await until(() => pid() > 0 && beat('q'));
  expect(await ended).toBe(1);
  await until(() => !isRunning(pid()));
});

test('the program ends when the guard is killed', async () => {
  const { child } = started(60_000);
  await until(() => pid() > 0);
  child.kill('SIGKILL');
  await until(() => !isRunning(pid()));
});

test('has the exit status of the program', async () => {
  expect(await end(guard(5000, '/bin/sh', '-c', 'exit 7'))).toBe(7);
  expect(await end(guard(5000, '/nowhere'))).toBe(1);
});

test.each([
  ['no words', ['guard'], 2],
  ['no program', ['guard', '/dev/null', '10'], 2],
  ['a limit that is no number', ['guard', '/dev/null', 'x', '/bin/true'], 2],
  ['a limit below 1', ['guard', '/dev/null', '-1', '/bin/true'], 2],
  ['a limit above an hour', ['guard', '/dev/null', '99999999999999999999', '/bin/true'], 2],
  ['a device for a FIFO', ['guard', '/dev/null', '10', '/bin/true'], 1],
  ['no FIFO', ['guard', '/nowhere', '10', '/bin/true'], 1],
  ['nothing to ask', ['ask'], 2],
  ['no time to ask', ['ask', 'lo', '0', '192.0.2.1'], 2],
  ['a time that is no number', ['ask', 'lo', '10x', '192.0.2.1'], 2],
  ['half an address', ['ask', 'lo', '10', '192.0.2'], 2],
  ['more than 1024 addresses', ['ask', 'lo', '10', ...Array<string>(1025).fill('192.0.2.1')], 2],
  ['no such interface', ['ask', 'nowhere', '10', '192.0.2.1', '2001:db8::1'], 1],
])('%s: it says so', async (_, words, status) => {
  const child = spawn(program, words, {
    argv0: 'ipvsadm-packets',
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ASAN_OPTIONS: `detect_leaks=0:exitcode=${ALARM}`,
      UBSAN_OPTIONS: `halt_on_error=1:exitcode=${ALARM}`,
    },
  });
  expect(await end(child)).toBe(status);
});
