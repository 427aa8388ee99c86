import fc from 'fast-check';
import { toBytes } from '../../src/bytes/byte-text';
import { listFormats } from '../../src/command-line/request';
import { serverLines, serverRules } from '../../src/format/fast-server-lines';
import { beginningWith } from '../../src/format/line-steps';
import { formatServerRule, formatServerRuleBeginning, savedColumns } from '../../src/format/rules';
import { formatServer, shownColumns } from '../../src/format/service-list';
import { AF_INET6 } from '../../src/model/address';
import { dump, usualRecord } from '../helpers/arbitrary-rows';
import { linesOfRows, rowsOf } from '../helpers/lines-of-rows';
import { key, mark } from '../helpers/table-rows';

const keys = fc.constantFrom(key('192.0.2.10'), key('2001:db8::1', 443), mark(7), mark(4294967295, AF_INET6));

test.each(['plain', ...listFormats] as const)('lines of %s equal those of formatServer', (format) => {
  fc.assert(
    fc.property(dump, keys, fc.boolean(), (records, service, exact) => {
      const rows = rowsOf(records, shownColumns(format));
      const options = { format, exact, names: undefined };
      const expected = records.map((_, index) => formatServer(service, rows.server(index), options)).join('');
      const { text, plainLines } = linesOfRows(rows, serverLines(options), () => '');
      expect({ text, plainLines }).toEqual({ text: expected, plainLines: 0 });
    }),
    { numRuns: 300 },
  );
});

test('rules equal those of formatServerRule', () => {
  fc.assert(
    fc.property(dump, keys, (records, service) => {
      const rows = rowsOf(records, savedColumns);
      const beginning = toBytes(formatServerRuleBeginning(service, undefined));
      const expected = records
        .map((_, index) => formatServerRule(service, rows.server(index), undefined))
        .join('');
      const { text, plainLines } = linesOfRows(rows, beginningWith(beginning, serverRules()), () => '');
      expect({ text, plainLines }).toEqual({ text: expected, plainLines: 0 });
    }),
    { numRuns: 500 },
  );
});

test('more lines than the buffer holds are written in blocks', () => {
  const [record] = fc.sample(usualRecord, { numRuns: 1, seed: 7 });
  const rows = rowsOf(
    Array.from({ length: 3000 }, (_, port) => ({ ...record!, port })),
    shownColumns('plain'),
  );
  const options = { format: 'plain', exact: false, names: undefined } as const;
  const plain = Array.from({ length: 3000 }, (_, index) =>
    formatServer(key('192.0.2.10'), rows.server(index), options),
  );
  expect(linesOfRows(rows, serverLines(options), () => '').text).toBe(plain.join(''));
});
