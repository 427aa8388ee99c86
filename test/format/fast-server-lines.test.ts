import fc from 'fast-check';
import { newByteBuffer } from '../../src/bytes/byte-buffer';
import { toBytes, toText } from '../../src/bytes/byte-text';
import { listFormats } from '../../src/command-line/request';
import { appendServer, appendServerRule } from '../../src/format/fast-server-lines';
import { formatServerRule, formatServerRuleBeginning, savedColumns } from '../../src/format/rules';
import { formatServer, shownColumns } from '../../src/format/service-list';
import type { OptionalColumn } from '../../src/ipvs/server-columns';
import { ServerRows } from '../../src/ipvs/server-rows';
import { AF_INET, AF_INET6 } from '../../src/model/address';
import { answerOf, dump } from '../helpers/arbitrary-rows';
import { key, mark } from '../helpers/table-rows';
import { testNames } from '../helpers/test-names';

const keys = fc.constantFrom(key('192.0.2.10'), key('2001:db8::1', 443), mark(7), mark(4294967295, AF_INET6));
const names = fc.constantFrom(undefined, testNames);

/** The rows of a dump. */
function rowsOf(records: Parameters<typeof answerOf>[0][], columns: readonly OptionalColumn[]): ServerRows {
  const rows = new ServerRows(columns);
  for (const record of records) {
    const { datagram, from, to } = answerOf(record);
    rows.add(datagram, from, to, AF_INET);
  }
  return rows;
}

test.each(['plain', ...listFormats] as const)('lines of %s equal those of formatServer', (format) => {
  fc.assert(
    fc.property(dump, keys, names, fc.boolean(), (records, service, nameSource, exact) => {
      const rows = rowsOf(records, shownColumns(format));
      const options = { format, exact, names: nameSource };
      const buffer = newByteBuffer(16);
      for (let index = 0; index < rows.count; index++) appendServer(buffer, service, rows, index, options);
      const expected = records.map((_, index) => formatServer(service, rows.server(index), options)).join('');
      expect(toText(buffer.bytes.subarray(0, buffer.length))).toBe(expected);
    }),
    { numRuns: 300 },
  );
});

test('rules equal those of formatServerRule', () => {
  fc.assert(
    fc.property(dump, keys, names, (records, service, nameSource) => {
      const rows = rowsOf(records, savedColumns);
      const options = {
        beginning: toBytes(formatServerRuleBeginning(service, nameSource)),
        names: nameSource,
      };
      const buffer = newByteBuffer(16);
      for (let index = 0; index < rows.count; index++)
        appendServerRule(buffer, service, rows, index, options);
      const expected = records
        .map((_, index) => formatServerRule(service, rows.server(index), nameSource))
        .join('');
      expect(toText(buffer.bytes.subarray(0, buffer.length))).toBe(expected);
    }),
    { numRuns: 500 },
  );
});
