import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StateDirectory } from '../../src/daemon/state-directory';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ipvsadm-state-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const open = () => new StateDirectory(join(root, 'run/director'), join(root, 'lib/director'));
const mode = (path: string) => (statSync(join(root, path)).mode & 0o777).toString(8);

test('files are for their owner alone, each in its directory, and nothing else is left', () => {
  const state = open();
  state.write('owned', 'a');
  state.write('owned', 'b');
  state.write('generation-7', 'ü');
  expect([state.read('owned'), state.read('generation-7'), state.read('health')]).toEqual([
    'b',
    'ü',
    undefined,
  ]);
  expect(readdirSync(join(root, 'run/director'))).toEqual(['owned.json']);
  expect(readdirSync(join(root, 'lib/director'))).toEqual(['generation-7.json']);
  expect(['run/director', 'run/director/owned.json', 'lib/director/generation-7.json'].map(mode)).toEqual([
    '700',
    '600',
    '600',
  ]);
  state.remove('generation-7');
  state.remove('generation-7');
  expect(state.read('generation-7')).toBeUndefined();
});

test('a directory that others could write is closed to them', () => {
  mkdirSync(join(root, 'run/director'), { recursive: true });
  chmodSync(join(root, 'run/director'), 0o777);
  expect(open().problems).toEqual([]);
  expect(mode('run/director')).toBe('700');
});

test('a file in place of a directory is an error; one that cannot be made a problem', () => {
  mkdirSync(join(root, 'run'));
  symlinkSync('/tmp', join(root, 'run/director'));
  expect(open).toThrow(`${root}/run/director: it is no directory`);
  rmSync(join(root, 'run'), { recursive: true });
  writeFileSync(join(root, 'run'), '');
  expect(open().problems).toEqual([expect.stringMatching(/run\/director cannot be made: /)]);
});

test('no symbolic link is followed', () => {
  const state = open();
  writeFileSync(join(root, 'secret'), 'secret');
  symlinkSync(join(root, 'secret'), join(root, 'lib/director/events.json'));
  expect(() => state.read('events')).toThrow(/ELOOP/);
});
