import fc from 'fast-check';
import { type DiffLine, differingLines, offsetOf } from '../../../src/web/page/state/lines';

const shown = (lines: readonly DiffLine[]) => lines.map(({ sign, text }) => `${sign}${text}`);

test.each<[string, string, string, string[]]>([
  ['nothing of equal texts', 'a\nb', 'a\nb', []],
  ['a line that is new', 'a\nc', 'a\nb\nc', [' a', '+b', ' c']],
  ['a line that is gone', 'a\nb\nc', 'a\nc', [' a', '-b', ' c']],
  ['a line that differs', 'a\nb\nc', 'a\nx\nc', [' a', '-b', '+x', ' c']],
  ['all of a new text', '', 'a', ['-', '+a']],
  [
    'what is far apart, with what lies around it',
    '1\n2\n3\n4\n5\n6',
    'x\n2\n3\n4\n5\ny',
    ['-1', '+x', ' 2', '…', ' 5', '-6', '+y'],
  ],
])('shows %s', (_, before, after, expected) => {
  expect(shown(differingLines(before, after, 1))).toEqual(expected);
});

test('the lines without a sign and with - are the text before, those with + the text after', () => {
  const text = fc
    .array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 30 })
    .map((lines) => lines.join('\n'));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const lines = differingLines(before, after, 100);
      if (before === after) {
        expect(lines).toEqual([]);
        return;
      }
      const of = (other: string) =>
        lines
          .filter(({ sign }) => sign !== other)
          .map((line) => line.text)
          .join('\n');
      expect([of('+'), of('-')]).toEqual([before, after]);
    }),
  );
});

test('texts that differ everywhere are told quickly', () => {
  const many = (name: string) => Array.from({ length: 20_000 }, (_, index) => `${name} ${index}`).join('\n');
  const began = performance.now();
  expect(differingLines(many('old'), many('new'))).toHaveLength(40_000);
  expect(performance.now() - began).toBeLessThan(1500);
});

test.each<[number, number, number]>([
  [1, 1, 0],
  [2, 2, 4],
  [2, 99, 5],
  [3, 1, 6],
  [9, 1, 8],
])('line %d, column %d is at %d', (line, column, expected) => {
  expect(offsetOf('ab\ncd\nef', line, column)).toBe(expected);
});
