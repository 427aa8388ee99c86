import { readArguments } from './arguments';
import { stories } from './stories';

test.each([
  ['the classic tutorial by default', [], { name: 'dr', program: 'node' }],
  ['a story by name', ['nat'], { name: 'nat', program: 'node' }],
  ['the tutorial with the C program', ['--program', 'c'], { name: 'dr', program: 'c' }],
  ['the names', ['--list'], { list: true }],
])('reads %s', (_, argv, expected) => {
  expect(readArguments(argv)).toEqual(expected);
});

test.each([
  ['nta', `'nta' is not a story: there are ${Object.keys(stories).join(', ')}`],
  ['toString', `'toString' is not a story: there are ${Object.keys(stories).join(', ')}`],
  ['nat tun', "unexpected argument 'tun': one story is played at a time"],
  ['dr --program perl', '--program perl: must be node or c'],
  ['nat --program c', '--program c: nat has subcommands, which the C program does not know; dr has none'],
  ['--fast', expect.stringContaining("Unknown option '--fast'")],
])('refuses %s', (line, problem) => {
  expect(readArguments(line.split(' '))).toEqual({ problem });
});
