/**
 * fast-check arbitraries for real servers of every kind, and GET_DEST replies that contain them.
 */

import fc from 'fast-check';
import { commandAttributes, type destinationAttributes } from '../../src/ipvs/attributes';
import { column, type OptionalColumn } from '../../src/ipvs/server-columns';
import { AF_INET, AF_INET6 } from '../../src/model/address';
import { noStatistics, type Statistics } from '../../src/model/statistics';
import { type Attributes, encodeAttributes } from '../../src/netlink/attribute';

export type DestinationRecord = Attributes<typeof destinationAttributes>;

const u32 = fc.oneof(fc.nat(20), fc.integer({ min: 0, max: 0xffffffff }));
const u16 = fc.nat(0xffff);

/** Counters near the limits of their columns and of 32 bits. */
const counter = fc.oneof(
  fc.bigInt({ min: 0n, max: 20n }),
  fc.constantFrom(99_999_999n, 100_000_000n, 0xffffffffn, 0x100000000n, 0xffffffffffffffffn),
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

/** A server as current kernels send it: with all attributes, in a fixed order. */
export const usualRecord: fc.Arbitrary<DestinationRecord> = fc.record({
  address: fc.uint8Array({ minLength: 16, maxLength: 16 }),
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

/** A dump: most of its replies are similar, as from the kernel, but some are unusual. */
export const dump = fc.array(
  fc.oneof({ weight: 5, arbitrary: usualRecord }, { weight: 1, arbitrary: unusualRecord }),
  { maxLength: 12 },
);

/** Returns a datagram with the attributes of a reply at an offset that is aligned to 32 bits. */
export function answerOf(record: DestinationRecord): { datagram: Uint8Array; from: number; to: number } {
  const attributes = encodeAttributes(commandAttributes, { destination: record });
  const datagram = new Uint8Array(20 + attributes.length);
  datagram.set(attributes, 20);
  return { datagram, from: 20, to: datagram.length };
}

/** The columns that a listing may omit. */
export const optionalColumns = Object.keys(column).filter(
  (name) => !['address', 'family', 'port'].includes(name),
) as OptionalColumn[];
