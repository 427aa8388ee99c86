import fc from 'fast-check';
import {
  bareDestinationAttributes,
  commandAttributes,
  destinationAttributes,
  rawCommandAttributes,
} from '../../src/ipvs/attributes';
import { required, serverFromAttributes } from '../../src/ipvs/convert';
import { bareColumns } from '../../src/ipvs/server-columns';
import { type RowServer, ServerRows } from '../../src/ipvs/server-rows';
import { AF_INET, AF_INET6, type Family } from '../../src/model/address';
import {
  decodeAttributes,
  encodeAttributes,
  nested,
  u32,
  unknownAttributes,
} from '../../src/netlink/attribute';
import { AttributeError } from '../../src/netlink/errors';
import { answerOf, type DestinationRecord, dump, usualRecord } from '../helpers/arbitrary-rows';

/** A server without statistics, with the payloads of attributes that this version does not know. */
function bareServer(payload: Uint8Array, serviceFamily: Family) {
  const { destination } = decodeAttributes(rawCommandAttributes, payload);
  const own = required(destination, 'destination');
  const attributes = decodeAttributes(bareDestinationAttributes, own);
  const unknown = unknownAttributes(destinationAttributes, own);
  return { ...serverFromAttributes(attributes, serviceFamily), unknown };
}

const newRows = () => new ServerRows({ columns: bareColumns(), complete: true });
const withUnknown = (server: RowServer) => ({ unknown: new Map(), ...server });

interface Answer {
  readonly datagram: Uint8Array;
  readonly from: number;
  readonly to: number;
}

const NEWER = 200;

const newerServer = nested({ ...destinationAttributes, newer: [NEWER, u32] } as const);
const newerReply = { destination: [commandAttributes.destination[0], newerServer] } as const;

/** The reply of a kernel with an attribute that no table of ours lists. */
function fromNewerKernel(record: DestinationRecord): Answer {
  const attributes = encodeAttributes(newerReply, { destination: { ...record, newer: 7 } });
  return {
    datagram: Uint8Array.of(...new Uint8Array(20), ...attributes),
    from: 20,
    to: 20 + attributes.length,
  };
}

/** Replies that are like those before them but for a few bytes. */
const answers = fc.array(
  fc.tuple(
    fc.oneof(
      {
        weight: 8,
        arbitrary: dump.filter((records) => records.length > 0).map(([record]) => answerOf(record!)),
      },
      { weight: 8, arbitrary: usualRecord.map(answerOf) },
      { weight: 1, arbitrary: usualRecord.map(fromNewerKernel) },
    ),
    fc.oneof(
      { weight: 6, arbitrary: fc.constant([]) },
      {
        weight: 1,
        arbitrary: fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 2 }),
      },
    ),
  ),
  { maxLength: 10 },
);

const resultOf = (work: () => unknown) => {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof AttributeError)) throw error;
    return error.message;
  }
};

test('servers are those of bareServer, whatever came before', () => {
  let unknown = 0;
  let failed = 0;
  fc.assert(
    fc.property(answers, fc.constantFrom<Family>(AF_INET, AF_INET6), (list, family) => {
      const rows = newRows();
      for (const [{ datagram, from, to }, changes] of list) {
        const changed = datagram.slice();
        for (const [at, byte] of changes) changed[from + (at % (to - from))] = byte;
        const plain = resultOf(() => bareServer(changed.subarray(from, to), family));
        const fast = resultOf(() => {
          rows.add(changed, from, to, family);
          return withUnknown(rows.server(rows.count - 1));
        });
        changed.fill(0xee); // the receive buffer is reused
        expect(fast).toEqual(plain);
        if (typeof plain === 'string') failed += 1;
        else if ((plain as ReturnType<typeof bareServer>).unknown.size > 0) unknown += 1;
      }
    }),
    { numRuns: 1500 },
  );
  expect(unknown).toBeGreaterThan(100);
  expect(failed).toBeGreaterThan(50);
});

test('a server is that of serverFromAttributes without statistics', () => {
  fc.assert(
    fc.property(dump, (records) => {
      for (const record of records) {
        const { datagram, from, to } = answerOf(record);
        const { destination } = decodeAttributes(commandAttributes, datagram.subarray(from, to));
        expect(bareServer(datagram.subarray(from, to), AF_INET)).toEqual({
          ...serverFromAttributes(destination!, AF_INET),
          statistics: undefined,
          unknown: new Map(record.newer ? [[20, record.newer]] : []),
        });
      }
    }),
  );
});

test('rows are reusable', () => {
  const [record] = fc.sample(usualRecord, { numRuns: 1, seed: 7 });
  const { datagram, from, to } = answerOf(record!);
  const rows = newRows();
  rows.add(datagram, from, to, AF_INET);
  rows.clear();
  rows.add(datagram, from, to, AF_INET);
  expect(rows.servers().map(withUnknown)).toEqual([bareServer(datagram.subarray(from, to), AF_INET)]);
});
