/** Tables of `list --pretty` are as cli-table3 would draw them. */
import Table from 'cli-table3';
import fc from 'fast-check';
import { displayWidth, drawBox, PADDING } from '../../src/format/box';

const text = fc.string({
  unit: fc.constantFrom('a', '0', ':', '[', ' ', '-', 'é', '東', '\u0301', '😀'),
  maxLength: 12,
});

const table = fc.integer({ min: 1, max: 5 }).chain((width) =>
  fc.record({
    titles: fc.array(fc.constantFrom('Real server', 'Weight', 'X'), { minLength: width, maxLength: width }),
    aligns: fc.array(fc.constantFrom('left' as const, 'right' as const), {
      minLength: width,
      maxLength: width,
    }),
    rows: fc.array(
      fc.record({
        cells: fc.array(text, { minLength: width, maxLength: width }),
        paint: fc.constantFrom(
          (cell: string) => cell,
          (cell: string) => `\x1b[2m${cell}\x1b[22m`,
        ),
      }),
      { minLength: 1, maxLength: 9 },
    ),
  }),
);

test('the table is the one of cli-table3', () => {
  fc.assert(
    fc.property(table, ({ titles, aligns, rows }) => {
      const widths = titles.map((title, index) =>
        Math.max(...[title, ...rows.map(({ cells }) => cells[index]!)].map(displayWidth)),
      );
      const expected = new Table({
        head: titles,
        colAligns: aligns,
        colWidths: widths.map((width) => width + PADDING),
        style: { compact: true, head: [], border: [] },
      });
      for (const { cells, paint } of rows) expected.push(cells.map(paint));
      const columns = titles.map((title, index) => ({ title, align: aligns[index]!, width: widths[index]! }));
      expect(drawBox(columns, rows)).toBe(expected.toString());
    }),
    { numRuns: 300 },
  );
});
