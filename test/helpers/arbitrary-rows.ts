/**
 * fast-check arbitraries for real servers of every kind, and GET_DEST replies that contain them.
 */

import fc from 'fast-check';
import { destinationAttributes } from '../../src/ipvs/attributes';
import { ipvsCommands } from '../../src/ipvs/commands';
import { AF_INET, AF_INET6 } from '../../src/model/address';
import { noStatistics, type Statistics } from '../../src/model/statistics';
import { type Attributes, bytes, encodeAttributes, nested } from '../../src/netlink/attribute';
import { encodeGenlMessage, GENL_PAYLOAD } from '../../src/netlink/message';

const NLM_F_MULTI = 2;

/** A destination of a newer kernel, with an attribute that this version does not know. */
const newerAttributes = { ...destinationAttributes, newer: [20, bytes] } as const;
const newerCommandAttributes = { destination: [2, nested(newerAttributes)] } as const;

export type DestinationRecord = Attributes<typeof newerAttributes>;

const u32 = fc.oneof(fc.nat(20), fc.integer({ min: 0, max: 0xffffffff }));
const u16 = fc.nat(0xffff);

/** Counters near the limits of their columns and of 32 bits. */
const counter = fc.oneof(
  fc.bigInt({ min: 0n, max: 20n }),
  fc.constantFrom(99_999_999n, 100_000_000n, 0xffffffffn, 0x100000000n, 0xffffffffffffffffn),
  fc.constantFrom(999_999_999n, 10n ** 9n, 10n ** 11n - 1n, 10n ** 11n, 10n ** 14n - 1n, 10n ** 14n),
  fc.constantFrom(2n ** 53n - 1n, 2n ** 53n),
  fc.bigInt({ min: 0n, max: 0xffffffffffffffffn }),
);
const statistics: fc.Arbitrary<Statistics> = fc.record(
  Object.fromEntries(Object.keys(noStatistics).map((name) => [name, counter])) as Record<
    keyof Statistics,
    fc.Arbitrary<bigint>
  >,
);
const statistics32 = statistics.map(
  (counters) =>
    Object.fromEntries(
      Object.entries(counters).map(([name, value]) => [name, value & 0xffffffffn]),
    ) as unknown as Statistics,
);

/** Addresses of both families, many with groups of zeros. */
const address = fc.oneof(
  fc.uint8Array({ minLength: 16, maxLength: 16 }),
  fc
    .array(fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(0xffff), fc.constantFrom(1, 0xffff)), {
      minLength: 8,
      maxLength: 8,
    })
    .map((groups) => Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 255]))),
);

/** A server as current kernels send it: with all attributes, in a fixed order. */
export const usualRecord: fc.Arbitrary<DestinationRecord> = fc.record({
  address,
  port: u16,
  forwarding: fc.oneof(fc.nat(7), u32),
  weight: fc.oneof(fc.nat(9), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
  tunnelType: fc.nat(4),
  tunnelPort: u16,
  tunnelFlags: fc.nat(4),
  upperThreshold: fc.oneof(fc.constant(0), u32),
  lowerThreshold: fc.oneof(fc.constant(0), u32),
  activeConnections: u32,
  inactiveConnections: u32,
  persistentConnections: u32,
  family: fc.constantFrom(AF_INET, AF_INET6),
  stats: statistics32,
  stats64: statistics,
});

/** The attributes that a kernel may omit. */
const optional = ['family', 'tunnelType', 'tunnelPort', 'tunnelFlags', 'stats', 'stats64'] as const;

/** Likewise, with attributes omitted or in a different order. */
export const unusualRecord: fc.Arbitrary<DestinationRecord> = fc
  .tuple(usualRecord, fc.subarray([...optional]), fc.shuffledSubarray(['port', 'weight', 'address']))
  .map(([record, omitted, first]) => {
    const ordered = Object.fromEntries([
      ...first.map((name) => [name, record[name as keyof DestinationRecord]]),
      ...Object.entries(record),
    ]) as DestinationRecord;
    for (const name of omitted) delete ordered[name];
    return ordered;
  });

/** A server with an attribute that this version does not know. */
export const newerRecord: fc.Arbitrary<DestinationRecord> = fc
  .tuple(usualRecord, fc.uint8Array({ maxLength: 8 }))
  .map(([record, newer]) => ({ ...record, newer }));

/** A dump: most of its replies are similar, as from the kernel, but some are unusual. */
export const dump = fc.array(
  fc.oneof(
    { weight: 10, arbitrary: usualRecord },
    { weight: 2, arbitrary: unusualRecord },
    { weight: 1, arbitrary: newerRecord },
  ),
  { maxLength: 12 },
);

/** How many replies a datagram holds. */
const MESSAGES = 5;

/** Returns the datagrams of the replies to a dump. */
export function answersOf(records: readonly DestinationRecord[], sequence: number): Uint8Array[] {
  const family = { id: 31, version: 1 };
  const messages = records.map((destination) => {
    const attributes = encodeAttributes(newerCommandAttributes, { destination });
    return encodeGenlMessage(family, { command: ipvsCommands.newDest, attributes }, NLM_F_MULTI, sequence);
  });
  const datagrams = [];
  for (let at = 0; at < messages.length; at += MESSAGES) {
    datagrams.push(new Uint8Array(Buffer.concat(messages.slice(at, at + MESSAGES))));
  }
  return datagrams;
}

/** Returns a datagram with the attributes of one reply. */
export function answerOf(record: DestinationRecord): { datagram: Uint8Array; from: number; to: number } {
  const [datagram] = answersOf([record], 1);
  return { datagram: datagram!, from: GENL_PAYLOAD, to: datagram!.length };
}

/** A dump of few addresses and ports, so that many servers are equal or nearly so. */
export const similarDump = fc.array(
  fc
    .tuple(
      usualRecord,
      fc.array(fc.constantFrom(0, 1, 0x7f, 0x80, 0xff), { minLength: 16, maxLength: 16 }),
      fc.constantFrom(80, 443),
    )
    .map(([record, address, port]) => ({ ...record, address: Uint8Array.from(address), port })),
  { maxLength: 24 },
);
