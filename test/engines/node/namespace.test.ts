/** What is no network namespace, and arguments that are not UTF-8. Kernel tests enter namespaces. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNamespace, spawnable } from '../../../src/engines/node/namespace';
import { byteArguments, nodeSystem } from '../../../src/engines/node/system';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'namespace-'));
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  writeFileSync(join(folder, 'file\xe9'), '');
});
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ['a file', () => '/etc/passwd', 22],
  ['a directory', () => folder, 22],
  ['a pipe, which is not waited for', () => join(folder, 'pipe'), 22],
  ['a device', () => '/dev/null', 22],
  ['a name that is not ASCII', () => join(folder, 'file\xc3\xa9'), 22],
  ['nothing', () => join(folder, 'none'), 2],
])('%s is no network namespace', (_name, path, errno) => {
  expect(runInNamespace(path(), [], true)).toEqual({ errno });
});

test.each([
  ['words in UTF-8', ['a b', '\'"$x`\\', 'caf\xc3\xa9', '']],
  ['other bytes', ['\xff', 'plain', '\xe9\n\n', '\'$x\\\xff"', '', 'caf\xc3\xa9', '\x80%s\\n']],
  ['many words', [...Array.from({ length: 12 }, (_, index) => `word ${index}`), '\xff']],
])('%s reach a program as they are', (_name, words) => {
  const [command, ...args] = spawnable(['printf', '%s|', ...words]);
  expect(execFileSync(command!, args, { encoding: 'latin1' })).toBe(words.map((word) => `${word}|`).join(''));
});

test('an argument of bytes that cannot be found out is an error', () => {
  // The command line of this process does not end in these arguments: there are more of them.
  const many = Array.from({ length: 100_000 }, () => '\ufffd');
  expect(() => byteArguments(many)).toThrow(/^ipvsadm: an argument is not UTF-8/);
});

test('names in directories have one character per byte', () => {
  expect(nodeSystem([]).readDirectory(folder)).toContain('file\xc3\xa9');
});
