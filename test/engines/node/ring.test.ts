/** A ring of files: two writers, a full disk, what a killed process has left. */
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toBytes } from '../../../src/bytes/byte-text';
import { openRing } from '../../../src/engines/node/ring';
import { OutputError } from '../../../src/platform/system';

let folder: string;
let directory: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ring-'));
  directory = `${folder}/lib/history`;
});
afterEach(() => rmSync(folder, { recursive: true }));

const errnoOf = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    return error instanceof OutputError ? error.errno : error;
  }
  return undefined;
};

test('files and the directory are for the owner alone', () => {
  openRing(directory, true).create(1, [toBytes('one'), toBytes(' text')]);
  expect([directory, `${directory}/1`].map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o600]);
  expect(readdirSync(directory)).toEqual(['1']);
});

test('a file is read up to a limit; one that is not there is undefined', () => {
  const ring = openRing(directory, true);
  ring.create(7, [toBytes('caf\xe9 table')]);
  expect([ring.read(7, 4), ring.read(7, 100), ring.read(8, 100)]).toEqual([
    'caf\xe9',
    'caf\xe9 table',
    undefined,
  ]);
  expect([ring.size(7), ring.size(8)]).toEqual([10, 0]);
});

test('of two writers, one gets a number', () => {
  const [first, second] = [openRing(directory, true), openRing(directory, true)];
  expect([first.create(5, [toBytes('a')]), second.create(5, [toBytes('b')])]).toEqual([true, false]);
  expect([first.read(5, 9), readdirSync(directory)]).toEqual(['a', ['5']]);
});

test('a writer that is in the middle is not seen', () => {
  const [first, second] = [openRing(directory, true), openRing(directory, true)];
  function* slow() {
    yield toBytes('half');
    expect([second.numbers(), second.create(5, [toBytes('b')])]).toEqual([[], true]);
    yield toBytes('done');
  }
  expect(first.create(5, slow())).toBe(false);
  expect([first.read(5, 9), readdirSync(directory)]).toEqual(['b', ['5']]);
});

test('a full disk leaves nothing behind', () => {
  const ENOSPC = 28;
  const ring = openRing(directory, true, () => {
    throw new OutputError(ENOSPC);
  });
  expect(errnoOf(() => ring.create(1, [toBytes('x')]))).toBe(ENOSPC);
  expect(readdirSync(directory)).toEqual([]);
});

test('names that are no numbers are left alone, and numbers come in order', () => {
  const ring = openRing(directory, true);
  for (const number of [10, 9, 100]) ring.create(number, []);
  for (const name of ['007', 'README', '0']) writeFileSync(`${directory}/${name}`, '');
  ring.remove(9);
  ring.remove(11);
  expect([ring.numbers(), readdirSync(directory).sort()]).toEqual([
    [10, 100],
    ['0', '007', '10', '100', 'README'],
  ]);
});

test('what a killed process has left goes after an hour', () => {
  const ring = openRing(directory, true);
  for (const [name, age] of [
    ['.new-old', 7200],
    ['.new-young', 60],
  ] as const) {
    writeFileSync(`${directory}/${name}`, '');
    const then = Date.now() / 1000 - age;
    utimesSync(`${directory}/${name}`, then, then);
  }
  ring.remove(1);
  expect(readdirSync(directory)).toEqual(['.new-young']);
});

test('a directory that is not there, or that is a file, is an error', () => {
  const [ENOENT, ENOTDIR] = [2, 20];
  expect(errnoOf(() => openRing(directory, false))).toBe(ENOENT);
  writeFileSync(`${folder}/lib`, '');
  chmodSync(`${folder}/lib`, 0o600);
  expect(errnoOf(() => openRing(directory, true))).toBe(ENOTDIR);
});
