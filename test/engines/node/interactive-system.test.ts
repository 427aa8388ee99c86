import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeInteractiveSystem } from '../../../src/engines/node/interactive-system';
import { nodeSystem } from '../../../src/engines/node/system';
import { OutputError } from '../../../src/platform/system';

const system = nodeInteractiveSystem(nodeSystem([]));
const folder = mkdtempSync(join(tmpdir(), 'interactive-system-'));
afterAll(() => rmSync(folder, { recursive: true }));

const bytes = (...texts: string[]) => texts.map((text) => new TextEncoder().encode(text));

test('a file is replaced whole: a new inode, the same mode, behind a link too', async () => {
  const file = join(folder, 'table');
  const link = join(folder, 'link');
  writeFileSync(file, 'former', { mode: 0o640 });
  symlinkSync('table', link);
  const { ino } = statSync(file);
  await system.replaceFile(link, bytes('new ', 'text'));
  const now = statSync(file);
  expect({
    text: readFileSync(file, 'utf8'),
    mode: now.mode & 0o777,
    replaced: now.ino !== ino,
    files: readdirSync(folder).sort(),
  }).toEqual({ text: 'new text', mode: 0o640, replaced: true, files: ['link', 'table'] });
});

test('what fails half-way leaves the former file, and no other', async () => {
  const file = join(folder, 'kept');
  writeFileSync(file, 'former');
  function* broken(): Generator<Uint8Array, void> {
    yield* bytes('half');
    throw Object.assign(new Error('no space'), { errno: -28 });
  }
  await expect(system.replaceFile(file, broken())).rejects.toThrow(new OutputError(28));
  expect(readFileSync(file, 'utf8')).toBe('former');
  expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

test('a folder that is not there is an error', async () => {
  await expect(system.replaceFile(join(folder, 'none', 'file'), bytes('x'))).rejects.toThrow(
    new OutputError(2),
  );
});

test('a device is written to', async () => {
  await system.replaceFile('/dev/null', bytes('x'));
  expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
});

test('what keeps a file from being read is told', () => {
  const failures: number[] = [];
  const read = (path: string) =>
    [...system.fileBlocks(path, (code) => failures.push(code))].map((block) =>
      new TextDecoder().decode(block),
    );
  writeFileSync(join(folder, 'plain'), 'text');
  expect([read(join(folder, 'plain')), read(join(folder, 'missing')), read(folder)]).toEqual([
    ['text'],
    [],
    [],
  ]);
  expect(failures).toEqual([2, 21]); // ENOENT, EISDIR
});
