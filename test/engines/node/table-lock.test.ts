import { spawn, spawnSync } from 'node:child_process';
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTableLock } from '../../../src/engines/node/held-table-lock';
import { lockTable } from '../../../src/engines/node/table-lock';
import type { HeldTableLock } from '../../../src/platform/director-system';
import type { LockAttempt } from '../../../src/platform/interactive-system';

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'lock-'));
});
const open: HeldTableLock[] = [];
afterEach(() => {
  for (const lock of open.splice(0)) lock.close();
  rmSync(place, { recursive: true });
});

function held(directory = place): HeldTableLock {
  const lock = openTableLock(directory);
  open.push(lock);
  return lock;
}

/** The lock as soon as nobody has it. */
async function eventually(lock: () => LockAttempt | Promise<LockAttempt>) {
  for (;;) {
    const attempt = await lock();
    if (attempt.kind === 'taken') return attempt;
    if (attempt.kind === 'unavailable') throw new Error(attempt.reason);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** The processes with a file of the place open, but for this one. */
function others(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .filter((pid) => {
      try {
        const files = readdirSync(`/proc/${pid}/fd`).map((file) => readlinkSync(`/proc/${pid}/fd/${file}`));
        return files.some((file) => file.startsWith(place));
      } catch {
        return false;
      }
    })
    .map(Number);
}

describe.each([
  ['once', async (directory: string) => lockTable(directory)],
  ['for a daemon', (directory: string) => held(directory).take()],
] as const)('%s', (_way, lock) => {
  async function taken(directory: string) {
    const attempt = await lock(directory);
    if (attempt.kind !== 'taken') throw new Error(JSON.stringify(attempt));
    return attempt;
  }

  test('is taken once, and by the next when it is released', async () => {
    const first = await taken(place);
    expect(await lock(place)).toEqual({ kind: 'held', holder: process.pid });
    first.release();
    (await eventually(() => lock(place))).release();
  });

  test('is a file for this network namespace, for root alone, with the id of its process', async () => {
    const directory = join(place, 'ipvsadm');
    const { release } = await taken(directory);
    const [name] = readdirSync(directory);
    const inode = spawnSync('readlink', ['/proc/self/ns/net'], { encoding: 'utf8' }).stdout.replace(
      /\D/g,
      '',
    );
    expect({
      name,
      modes: [directory, join(directory, name!)].map((path) => statSync(path).mode & 0o777),
      text: readFileSync(join(directory, name!), 'utf8'),
    }).toEqual({ name: `net-${inode}.lock`, modes: [0o700, 0o600], text: `${process.pid}\n` });
    release();
  });

  test('ends with its process, even if that is killed', async () => {
    (await taken(place)).release();
    (await eventually(() => lock(place))).release();
    const [name] = readdirSync(place);
    const holder = spawn('flock', [join(place, name!), 'sh', '-c', 'echo; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    expect((await lock(place)).kind).toBe('held');
    process.kill(-holder.pid!, 'SIGKILL');
    await new Promise((resolve) => holder.once('close', resolve));
    (await eventually(() => lock(place))).release();
  });

  test.each<[string, () => string, RegExp]>([
    ['a directory that cannot be made', () => join(place, 'a', 'b'), /a\/b: No such file or directory$/],
    [
      'a file in place of the directory',
      () => {
        writeFileSync(join(place, 'file'), '');
        return join(place, 'file');
      },
      /net-\d+\.lock: Not a directory$/,
    ],
  ])('is unavailable with %s', async (_name, directory, reason) => {
    expect(await lock(directory())).toEqual({ kind: 'unavailable', reason: expect.stringMatching(reason) });
  });
});

/** Waits for what takes no time on a machine that has some. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('of a daemon', () => {
  test('is taken again and again, by one small process that ends with it', async () => {
    const lock = held();
    for (let time = 0; time < 3; time++) {
      const attempt = await eventually(() => lock.take());
      expect(others()).toHaveLength(1);
      expect(lockTable(place)).toEqual({ kind: 'held', holder: process.pid });
      attempt.release();
    }
    (await eventually(() => lockTable(place))).release();
    lock.close();
    await until(() => others().length === 0);
  });

  test('stays with the daemon when the small process dies, which is replaced', async () => {
    const lock = held();
    const first = await eventually(() => lock.take());
    const [helper] = others();
    process.kill(helper!, 'SIGKILL');
    await until(() => others().length === 0);
    expect(lockTable(place)).toEqual({ kind: 'held', holder: process.pid });
    first.release();
    (await eventually(() => lockTable(place))).release();
    const second = await eventually(() => lock.take());
    expect(others()).toHaveLength(1);
    second.release();
    first.release();
    expect(others()).not.toContain(helper);
  });

  test('is not held up by a small process that is stopped', async () => {
    const lock = held();
    (await eventually(() => lock.take())).release();
    const [helper] = others();
    process.kill(helper!, 'SIGSTOP');
    const attempt = await lock.take();
    expect(attempt.kind).toBe('taken');
    expect(others()).not.toContain(helper);
  });

  test('is that of the file that others find, when it was replaced', async () => {
    const lock = held();
    (await eventually(() => lock.take())).release();
    const [name] = readdirSync(place);
    rmSync(join(place, name!));
    const other = await eventually(() => lockTable(place));
    expect(await lock.take()).toEqual({ kind: 'held', holder: process.pid });
    other.release();
    (await eventually(() => lock.take())).release();
  });

  test('is free when the daemon is killed', async () => {
    const program = `const { openTableLock } = require(${JSON.stringify(join(__dirname, '../../../src/engines/node/held-table-lock.ts'))});
      void openTableLock(${JSON.stringify(place)}).take().then(({ kind }) => console.log(kind));
      setInterval(() => {}, 1000);`;
    const daemon = spawn(process.execPath, ['--import', 'tsx', '--eval', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    expect(String(await new Promise((resolve) => daemon.stdout.once('data', resolve)))).toBe('taken\n');
    expect(lockTable(place)).toEqual({ kind: 'held', holder: daemon.pid });
    daemon.kill('SIGKILL');
    (await eventually(() => lockTable(place))).release();
    await until(() => others().length === 0);
  });
});
