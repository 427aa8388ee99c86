import { execFileSync } from 'node:child_process';
import { shellAssignments, shellCommand, shellQuote } from './shell';

const values = ['', 'plain', 'two words', "it's", '$HOME `id` \\ "x"', 'line\nbreak', '*', 'ä'];

test('sh reads quoted arguments unchanged', () => {
  const command = shellCommand(['printf', '%s\\0', ...values]);
  const output = execFileSync('sh', { input: command }).toString();
  expect(output).toBe(values.map((value) => `${value}\0`).join(''));
});

test('bytes that are not UTF-8 are kept', () => {
  const bytes = Buffer.from([0xff, 0x27, 0xc3]);
  expect(shellQuote(bytes)).toEqual(Buffer.from([0x27, 0xff, 0x27, 0x5c, 0x27, 0x27, 0xc3, 0x27]));
});

test('assignments have the given separator', () => {
  expect(shellAssignments({ A: '1', B: "it's" }, ' ')).toBe("A='1' B='it'\\''s'");
});
