/** Code caches are only read from places that nobody but root and the caller can write. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isTrusted, readTrusted } from '../../../src/engines/node/trusted-file';

test.each([
  ['of root', 0, 0o100644, 1000, true],
  ['of root, for root', 0, 0o100644, 0, true],
  ['of the caller', 1000, 0o100600, 1000, true],
  ['of another user', 1001, 0o100644, 1000, false],
  ['of another user, for root', 1000, 0o100644, 0, false],
  ['that the group can write', 0, 0o100664, 1000, false],
  ['that everybody can write', 1000, 0o100646, 1000, false],
  ['in a sticky directory like /tmp', 0, 0o041777, 0, false],
  ['where callers have no ids', 1000, 0o100644, undefined, false],
])('a file %s', (_name, uid, mode, caller, expected) => {
  expect(isTrusted({ uid, mode }, caller)).toBe(expected);
});

describe('a cache', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'ipvsadm-cache-'));
    writeFileSync(join(directory, 'cache'), 'content', { mode: 0o644 });
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const read = (name = 'cache') => {
    const bytes = readTrusted(directory, name);
    return bytes && Buffer.from(bytes).toString();
  };

  test('is read', () => expect(read()).toBe('content'));
  test('may be missing', () => expect(read('nothing')).toBeUndefined());
  test('that others can write is ignored', () => {
    chmodSync(join(directory, 'cache'), 0o666);
    expect(read()).toBeUndefined();
  });
  test('in a directory that others can write is ignored', () => {
    chmodSync(directory, 0o775);
    expect(read()).toBeUndefined();
  });
});
