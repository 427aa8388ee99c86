import { execFileSync } from 'node:child_process';
import { shellAssignments, shellCommand, shellQuote } from './shell';

const words = ['', 'plain', 'two words', "it's", '$HOME `id` \\ "x"', 'line\nbreak', '*', 'ä'];

test('sh reads back what was quoted', () => {
  const command = shellCommand(['printf', '%s\\0', ...words]);
  const output = execFileSync('sh', { input: command }).toString();
  expect(output).toBe(words.map((word) => `${word}\0`).join(''));
});

test('bytes that are no UTF-8 are kept', () => {
  const bytes = Buffer.from([0xff, 0x27, 0xc3]);
  expect(shellQuote(bytes)).toEqual(Buffer.from([0x27, 0xff, 0x27, 0x5c, 0x27, 0x27, 0xc3, 0x27]));
});

test('assignments are separated as asked', () => {
  expect(shellAssignments({ A: '1', B: "it's" }, ' ')).toBe("A='1' B='it'\\''s'");
});
