/** Which file is replaced, which is written in place, and what is kept. */
import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { replaceFile, targetOf } from '../../../src/engines/node/replace-file';
import { OutputError } from '../../../src/platform/system';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'replace-file-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const bytes = (...texts: string[]) => texts.map((text) => new TextEncoder().encode(text));

describe('a descriptor is written where it is', () => {
  test.each([
    ['by /dev/fd', (fd: number) => `/dev/fd/${fd}`],
    ['by /proc/self', (fd: number) => `/proc/self/fd/${fd}`],
    ['by its process', (fd: number) => `/proc/${process.pid}/fd/${fd}`],
    ['with slashes', (fd: number) => `/dev//fd/./${fd}`],
    [
      'behind a link, as /dev/stdout is',
      (fd: number) => {
        symlinkSync(`/proc/self/fd/${fd}`, join(folder, 'stdout'));
        return join(folder, 'stdout');
      },
    ],
  ])('%s', async (_name, path) => {
    const file = join(folder, 'out');
    const descriptor = openSync(file, 'w');
    writeSync(descriptor, 'a\n');
    await replaceFile(path(descriptor), bytes('table', '\n'));
    writeSync(descriptor, 'b\n');
    closeSync(descriptor);
    expect(readFileSync(file, 'utf8')).toBe('a\ntable\nb\n');
  });

  test('whether or not /dev has links', () => {
    expect([targetOf('/dev/stdout'), targetOf('/dev/stderr')]).toEqual([
      { descriptor: 1 },
      { descriptor: 2 },
    ]);
  });

  test('of another process', async () => {
    const file = join(folder, 'out');
    writeFileSync(file, 'a\n');
    const descriptor = openSync(file, 'a');
    const other = spawn('sleep', ['60'], { stdio: [descriptor, 'ignore', 'ignore'] });
    await replaceFile(`/proc/${other.pid}/fd/0`, bytes('b\n'));
    other.kill();
    closeSync(descriptor);
    expect(readFileSync(file, 'utf8')).toBe('a\nb\n');
  });
});

describe('symbolic links', () => {
  test('that lead to nothing are written through', async () => {
    mkdirSync(join(folder, 'there'));
    symlinkSync('there/second', join(folder, 'first'));
    symlinkSync('table', join(folder, 'there', 'second'));
    await replaceFile(join(folder, 'first'), bytes('text'));
    expect([
      lstatSync(join(folder, 'first')).isSymbolicLink(),
      lstatSync(join(folder, 'there', 'second')).isSymbolicLink(),
      readFileSync(join(folder, 'there', 'table'), 'utf8'),
    ]).toEqual([true, true, 'text']);
  });

  test('that lead to themselves are an error', async () => {
    symlinkSync('loop', join(folder, 'loop'));
    await expect(replaceFile(join(folder, 'loop'), bytes('x'))).rejects.toThrow(new OutputError(40));
  });

  test('are followed to their target', () => {
    symlinkSync('\xe9.json', join(folder, 'link'));
    const target = targetOf(join(folder, 'link'));
    expect(target).toEqual({ path: join(folder, '\xc3\xa9.json'), inPlace: false });
  });
});

test('owner, group and all of the mode are kept', async () => {
  const file = join(folder, 'table');
  writeFileSync(file, 'former');
  // Root alone can give files away, and the test runs as anybody.
  const root = process.getuid!() === 0;
  if (root) chownSync(file, 65534, 65533);
  chmodSync(file, 0o2664);
  const { uid, gid, mode } = statSync(file);
  await replaceFile(file, bytes('new'));
  const now = statSync(file);
  expect({ uid: now.uid, gid: now.gid, mode: now.mode.toString(8) }).toEqual({
    uid,
    gid,
    mode: mode.toString(8),
  });
});

test('a new file has the mode that the umask leaves', async () => {
  const former = process.umask(0o027);
  await replaceFile(join(folder, 'new'), bytes('x'));
  process.umask(former);
  expect((statSync(join(folder, 'new')).mode & 0o777).toString(8)).toBe('640');
});

test('files of others are left alone, whatever their names', async () => {
  const file = join(folder, 'table');
  const others = [`table.${process.pid}.tmp`, 'table.tmp', '.table.tmp'];
  for (const name of others) writeFileSync(join(folder, name), name);
  await replaceFile(file, bytes('x'));
  expect(readdirSync(folder).sort()).toEqual([...others, 'table'].sort());
  for (const name of others) expect(readFileSync(join(folder, name), 'utf8')).toBe(name);
});

test('the longest name that there is can be written', async () => {
  const file = join(folder, 'n'.repeat(255));
  await replaceFile(file, bytes('x'));
  expect(readFileSync(file, 'utf8')).toBe('x');
});

test('a file that cannot be looked at is an error', async () => {
  writeFileSync(join(folder, 'file'), '');
  linkSync(join(folder, 'file'), join(folder, 'other'));
  await expect(replaceFile(join(folder, 'file', 'inside'), bytes('x'))).rejects.toThrow(new OutputError(20));
  await expect(replaceFile(folder, bytes('x'))).rejects.toThrow(new OutputError(21));
});

describe('a signal in the middle', () => {
  const helper = join(__dirname, '../../helpers/replace-slowly.ts');
  const start = (file: string): ChildProcess =>
    spawn(process.execPath, ['--import', 'tsx', helper, file], { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = (child: ChildProcess) =>
    new Promise((resolve) => {
      child.on('exit', (status, signal) => resolve(signal ?? status));
    });

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s leaves the former file, and no other',
    async (signal) => {
      const file = join(folder, 'table');
      writeFileSync(file, 'former');
      const child = start(file);
      child.stderr!.on('data', () => child.kill(signal));
      expect(await ended(child)).toBe(signal);
      expect([readdirSync(folder), readFileSync(file, 'utf8')]).toEqual([['table'], 'former']);
    },
    30_000,
  );
});
