/** Damages texts of one character per byte, as editors, networks and attackers do. */
import type { Random } from './random';

const utf8 = (text: string) => Buffer.from(text).toString('latin1');

/** What is put between two characters. */
const insertions = [
  ...[
    '\0',
    '\x07',
    '\x0b',
    '\x0c',
    '\x1b[31m',
    '\x1b]0;title\x07',
    '\x7f',
    '\x85',
    '\x9b31m',
    '\r',
    '\r\n',
    '\n\n',
  ],
  // Not UTF-8: a lone byte, an overlong slash, a surrogate, a cut character, a character beyond Unicode.
  ...['\xff', '\x80', '\xc0\xaf', '\xed\xa0\x80', '\xed\xb2\x80', '\xe2\x82', '\xf4\x90\x80\x80', '\xf0\x9f'],
  ...[
    '\ufeff',
    '\u00a0',
    '\u3000',
    '\u2028',
    '\u2029',
    '\u202e',
    '\u2066',
    '\u200b',
    'é',
    '漢',
    '😀',
    'ı',
    'ſ',
    '１',
  ].map(utf8),
  ...[
    '"',
    "'",
    '\\',
    '`',
    '#',
    '!',
    '{',
    '}',
    '[',
    ']',
    ':',
    ',',
    '=',
    '&',
    '*',
    '|',
    '>',
    '%',
    '@',
    '~',
    '$',
    '<',
    ';',
    '/',
  ],
  ...[
    '%s%n',
    '$(id)',
    '../../etc/passwd',
    '__proto__',
    'constructor',
    'toString',
    '\\u0000',
    '\\ud800',
    '\\x1b',
    '&#0;',
  ],
];

const nesting = ['[', '{', '{"a":', '- ', '((', '"', '{\n', '[[{', 'a: ', '? ', '!!', '&a ', '\\'];
const numbers = [
  '0',
  '-1',
  '65536',
  '2147483648',
  '4294967296',
  '1e400',
  '18446744073709551616',
  '9'.repeat(5000),
];

type Mutation = (text: string, random: Random, words: readonly string[]) => string;

const at = (text: string, random: Random) => random.below(text.length + 1);
const put = (text: string, where: number, what: string, over = 0) =>
  text.slice(0, where) + what + text.slice(where + over);

/** Calls `change` with the lines and the number of one of them. */
function lines(text: string, random: Random, change: (all: string[], index: number) => void): string {
  const all = text.split('\n');
  change(all, random.below(all.length));
  return all.join('\n');
}

const mutations: readonly Mutation[] = [
  (text, random) => put(text, at(text, random), random.pick(insertions)),
  (text, random) => put(text, at(text, random), random.pick(insertions), 1),
  (text, random) => put(text, at(text, random), String.fromCharCode(random.below(256)), random.below(2)),
  (text, random, words) => put(text, at(text, random), random.pick(words)),
  (text, random) => put(text, at(text, random), '', 1 + random.below(12)),
  (text, random) => text.slice(0, at(text, random)),
  (text, random) => random.pick(insertions) + text,
  (text, random) => text + random.pick(insertions),
  (text, random) => lines(text, random, (all, index) => all.splice(index, 1)),
  (text, random) => lines(text, random, (all, index) => all.splice(index, 0, all[index]!)),
  (text, random) =>
    lines(text, random, (all, index) => all.splice(at(text, random) % all.length, 0, all[index]!)),
  (text, random) => lines(text, random, (all, index) => all.splice(index, 1, ` ${all[index]}`)),
  (text, random) => lines(text, random, (all, index) => all.splice(index, 1, `\t${all[index]!.trim()}`)),
  // A word becomes another one.
  (text, random, words) => {
    const found = [...text.matchAll(/[\w.:-]+/g)];
    if (found.length === 0) return random.pick(words);
    const word = random.pick(found);
    return put(text, word.index, random.pick(words), word[0].length);
  },
  (text, random) => {
    const found = [...text.matchAll(/[0-9]+/g)];
    if (found.length === 0) return random.pick(numbers);
    const word = random.pick(found);
    return put(text, word.index, random.pick(numbers), word[0].length);
  },
  (text) => text.replaceAll('\n', '\r\n'),
  (text) => text.replaceAll('\n', '\r'),
];

/** Damages that make a text large: done once to a text at most. */
const enlargements: readonly Mutation[] = [
  (text, random) =>
    put(text, at(text, random), random.pick(nesting).repeat(random.pick([40, 500, 5000, 30_000]))),
  (text, random) =>
    put(
      text,
      at(text, random),
      random
        .pick(['x', '9', ' ', '\t', '\n', '#', '\xe9', '"', '\\ '])
        .repeat(random.pick([300, 5000, 70_000])),
    ),
  (text, random) => put(text, at(text, random), '\\\n'.repeat(random.pick([10, 100, 3000]))),
  (text, random) => {
    const from = at(text, random);
    const part = text.slice(from, from + 1 + random.below(200));
    return put(text, from, part.repeat(random.pick([10, 100, 300])));
  },
];

/** @param words those of the format, of which some are put in. */
export function mutated(text: string, words: readonly string[], random: Random): string {
  if (random.calm && !random.once(4)) return text;
  let result = text;
  if (random.once(25)) result = random.pick(enlargements)(result, random, words);
  for (let left = random.pick([0, 0, 0, 0, 1, 1, 1, 2, 3, 8]); left > 0; left--) {
    result = random.pick(mutations)(result, random, words);
  }
  return result;
}
