import { visible, visibleUnicode, visibleUnicodeWord, visibly } from '../../src/bytes/visible';

test.each([
  ['plain text, newlines and tabs stay', 'a b\tc\n', 'a b\tc\n'],
  ['other scripts stay', 'caf\u00e9 \u65e5\u672c \u{1f600}', 'caf\u00e9 \u65e5\u672c \u{1f600}'],
  ['control characters', '\x1b]0;title\x07\x00\r\x7f', '\\x1b]0;title\\x07\\x00\\x0d\\x7f'],
  ['control characters of C1', '\u009b31m', '\\x9b31m'],
  ['controls of bidirectional text', '\u202eabc\u2066\u200f', '\\u202eabc\\u2066\\u200f'],
  ['line separators', 'a\u2028b', 'a\\u2028b'],
  ['bytes that are not UTF-8', 'x\udcff\udc9b', 'x\\xff\\x9b'],
])('%s', (_name, text, expected) => {
  expect(visibleUnicode(text)).toBe(expected);
});

test('a word is one line', () => {
  expect(visibleUnicodeWord('a\nb\tc')).toBe('a\\x0ab\\x09c');
});

test.each([
  ['plain text', 'a\n', 'a\n'],
  ['UTF-8', 'caf\xc3\xa9', 'caf\xc3\xa9'],
  ['a control character of C1 in UTF-8', '\xc2\x9b', '\\x9b'],
  ['U+202E in UTF-8', '\xe2\x80\xae', '\\u202e'],
  ['a byte of C1 alone, and one that is too long', '\x9b\xc0\x9b', '\\x9b\\xc0\\x9b'],
])('bytes: %s', (_name, text, expected) => {
  expect(visible(text)).toBe(expected);
  const block = Uint8Array.from(text, (character) => character.charCodeAt(0));
  expect(Buffer.from(visibly.block(block)).toString('latin1')).toBe(expected);
});
