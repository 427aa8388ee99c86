import fc from 'fast-check';
import { type RowWindow, windowOfRows } from '../../../src/web/page/state/rows';

test.each<[string, Parameters<typeof windowOfRows>, RowWindow]>([
  ['makes the first rows at the top', [10_000, 50, 0, 800], { first: 0, end: 24, above: 0, below: 498_800 }],
  [
    'makes some rows around those that are seen',
    [10_000, 50, 5000, 800],
    { first: 92, end: 124, above: 4600, below: 493_800 },
  ],
  [
    'makes the last rows at the end',
    [10_000, 50, 499_200, 800],
    { first: 9976, end: 10_000, above: 498_800, below: 0 },
  ],
  [
    'makes a few rows of a table that is below what is seen',
    [100, 50, -2000, 800],
    { first: 0, end: 0, above: 0, below: 5000 },
  ],
  [
    'makes nothing of a table that is above what is seen',
    [10, 50, 9000, 800],
    { first: 10, end: 10, above: 500, below: 0 },
  ],
  ['makes nothing of nothing', [0, 50, 0, 800], { first: 0, end: 0, above: 0, below: 0 }],
])('%s', (_, given, expected) => {
  expect(windowOfRows(...given)).toEqual(expected);
});

test('every row that is seen is made, and the height is that of all', () => {
  const pixels = fc.integer({ min: -2000, max: 600_000 });
  fc.assert(
    fc.property(
      fc.nat(10_000),
      fc.integer({ min: 20, max: 80 }),
      pixels,
      fc.integer({ min: 1, max: 2000 }),
      (count, height, top, seen) => {
        const { first, end, above, below } = windowOfRows(count, height, top, seen);
        expect(above + (end - first) * height + below).toBe(count * height);
        expect(end - first).toBeLessThanOrEqual(Math.ceil(seen / height) + 18);
        for (const row of [Math.ceil(top / height), Math.floor((top + seen - 1) / height)]) {
          if (row >= 0 && row < count && row * height < top + seen) {
            expect(row).toBeGreaterThanOrEqual(first);
            expect(row).toBeLessThan(end);
          }
        }
      },
    ),
  );
});
