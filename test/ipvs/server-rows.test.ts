import fc from 'fast-check';
import { commandAttributes } from '../../src/ipvs/attributes';
import { serverFromAttributes } from '../../src/ipvs/convert';
import { ServerRows } from '../../src/ipvs/server-rows';
import { AF_INET } from '../../src/model/address';
import { compareServers } from '../../src/model/order';
import { noStatistics } from '../../src/model/statistics';
import { decodeAttributes } from '../../src/netlink/attribute';
import { AttributeError } from '../../src/netlink/errors';
import {
  answerOf,
  type DestinationRecord,
  dump,
  optionalColumns,
  usualRecord,
} from '../helpers/arbitrary-rows';

function plain(record: DestinationRecord) {
  const { datagram, from, to } = answerOf(record);
  const { destination } = decodeAttributes(commandAttributes, datagram.subarray(from, to));
  return serverFromAttributes(destination!, AF_INET);
}

function rowsOf(records: readonly DestinationRecord[], withStatistics: boolean): ServerRows {
  const rows = new ServerRows(optionalColumns.filter((name) => withStatistics || name !== 'statistics'));
  for (const record of records) {
    const { datagram, from, to } = answerOf(record);
    rows.add(datagram, from, to, AF_INET);
    datagram.fill(0xee); // the receive buffer is reused
  }
  return rows;
}

test.each([true, false])(
  'rows equal the servers of serverFromAttributes; with statistics: %p',
  (withStatistics) => {
    fc.assert(
      fc.property(dump, (records) => {
        const rows = rowsOf(records, withStatistics);
        const servers = records.map((_, index) => rows.server(index));
        expect(servers).toEqual(
          records.map(plain).map((server) => ({
            ...server,
            statistics: withStatistics ? (server.statistics ?? noStatistics) : undefined,
          })),
        );
      }),
      { numRuns: 500 },
    );
  },
);

test('rows compare as compareServers does', () => {
  fc.assert(
    fc.property(dump, (records) => {
      const rows = rowsOf(records, false);
      const servers = records.map(plain);
      const signs = (compare: (a: number, b: number) => number) =>
        records.flatMap((_, a) => records.map((_other, b) => Math.sign(compare(a, b))));
      expect(signs((a, b) => rows.compare(a, b))).toEqual(
        signs((a, b) => compareServers(servers[a]!, servers[b]!)),
      );
    }),
    { numRuns: 300 },
  );
});

test('rows are reusable', () => {
  const [record] = fc.sample(usualRecord, { numRuns: 1, seed: 7 });
  const rows = rowsOf([record!, record!], true);
  rows.clear();
  const { datagram, from, to } = answerOf(record!);
  rows.add(datagram, from, to, AF_INET);
  expect({ count: rows.count, server: rows.server(0) }).toEqual({ count: 1, server: plain(record!) });
});

test('a server without a mandatory attribute is rejected, also after others', () => {
  const [record] = fc.sample(usualRecord, { numRuns: 1, seed: 7 });
  const { weight: _weight, ...without } = record!;
  expect(() => rowsOf([record!, record!, without], true)).toThrow(AttributeError);
});

// The layout copies the 0; serverFromAttributes takes the family of the service.
test('a server of family 0 has the family of its service, also after others', () => {
  const [record] = fc.sample(usualRecord, { numRuns: 1, seed: 7 });
  const familyless = { ...record!, family: 0 };
  expect(rowsOf([{ ...record!, family: AF_INET }, familyless], false).server(1).family).toBe(AF_INET);
});
