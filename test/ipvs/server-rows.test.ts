import fc from 'fast-check';
import { commandAttributes } from '../../src/ipvs/attributes';
import { serverFromAttributes } from '../../src/ipvs/convert';
import { optionalColumns } from '../../src/ipvs/server-columns';
import { AF_INET } from '../../src/model/address';
import { compareServerKeys } from '../../src/model/address-order';
import { compareServers, sortLikeC } from '../../src/model/order';
import type { ServerKey } from '../../src/model/real-server';
import { noStatistics } from '../../src/model/statistics';
import { decodeAttributes } from '../../src/netlink/attribute';
import { AttributeError } from '../../src/netlink/errors';
import {
  answerOf,
  type DestinationRecord,
  dump,
  newerRecord,
  similarDump,
  unusualRecord,
  usualRecord,
} from '../helpers/arbitrary-rows';
import { rowsOf as columnsOf } from '../helpers/lines-of-rows';

function plain(record: DestinationRecord) {
  const { datagram, from, to } = answerOf(record);
  const { destination } = decodeAttributes(commandAttributes, datagram.subarray(from, to));
  return serverFromAttributes(destination!, AF_INET);
}

function rowsOf(records: readonly DestinationRecord[], withStatistics: boolean) {
  return columnsOf(
    records,
    optionalColumns().filter((name) => withStatistics || name !== 'statistics'),
  );
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

test.each([
  ['listing', compareServers],
  ['document', compareServerKeys],
] as const)('rows are ordered as in a %s', (by, compare) => {
  fc.assert(
    fc.property(similarDump, (records) => {
      const rows = rowsOf(records, false);
      const ordered = Array.from(rows.order(by), (index) => plainKey(rows.server(index)));
      expect(ordered).toEqual(sortLikeC(records.map(plain), compare).map(plainKey));
    }),
    { numRuns: 500 },
  );
});

const unknownOf = ({ newer }: DestinationRecord) => new Map(newer ? [[20, newer]] : []);

const plainKey = ({ family, address, port }: ServerKey) => ({ family, address, port });

test('complete rows keep what columns do not describe', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(usualRecord, unusualRecord, newerRecord), { maxLength: 12 }), (records) => {
      const rows = columnsOf(records, optionalColumns(), true);
      const servers = records.map((_, index) => rows.server(index));
      expect(servers.map((server) => ({ unknown: new Map(), ...server }))).toEqual(
        records.map((record) => ({ ...plain(record), unknown: unknownOf(record) })),
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
