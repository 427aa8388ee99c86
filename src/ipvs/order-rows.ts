/** Implements `BulkRows.order`; src/engines/quickjs/rows.c does so in the native program. */
import { AF_INET } from '../model/address';
import { orderLikeC } from '../model/order';
import type { BulkRows } from '../platform/bulk-rows';
import { column, ROW_WORDS } from './server-columns';

export const orderRows: BulkRows['order'] = (rows, numbers, by) => {
  if (areReversed(rows, numbers)) {
    numbers.reverse();
    return;
  }
  const compare = comparisons[by];
  const unsorted = numbers.slice();
  const placeOf = (index: number) => unsorted[index]! * ROW_WORDS;
  const order = orderLikeC(numbers.length, (a, b) => compare(rows, placeOf(a), placeOf(b)));
  for (let index = 0; index < order.length; index++) numbers[index] = unsorted[order[index]!]!;
};

/** How the rows at two places compare. */
const comparisons = {
  /** As `compareServers` of src/model/order.ts. */
  listing(rows: Int32Array, a: number, b: number): number {
    const addressWords = rows[a + column.family] === AF_INET ? 1 : 4;
    for (let index = 0; index < addressWords; index++) {
      const difference = (rows[a + index]! - rows[b + index]!) | 0;
      if (difference !== 0) return difference;
    }
    return rows[a + column.port]! - rows[b + column.port]!;
  },
  /** As `compareServerKeys` of src/model/address-order.ts: an IPv4 address is followed by zeros. */
  document(rows: Int32Array, a: number, b: number): number {
    const families = rows[a + column.family]! - rows[b + column.family]!;
    if (families !== 0) return families;
    for (let index = 0; index < 4; index++) {
      const difference = (rows[a + index]! >>> 0) - (rows[b + index]! >>> 0);
      if (difference !== 0) return difference;
    }
    return rows[a + column.port]! - rows[b + column.port]!;
  },
};

/**
 * Whether rows of IPv4 are in descending order, as those of servers that were added in ascending
 * order: the kernel sends the newest first. The order of listings is one only if no two addresses
 * are 2^31 apart.
 */
function areReversed(rows: Int32Array, numbers: Uint32Array): boolean {
  const addressOf = (index: number) => rows[numbers[index]! * ROW_WORDS]! >>> 0;
  const keyOf = (index: number) =>
    addressOf(index) * 0x10000 + rows[numbers[index]! * ROW_WORDS + column.port]!;
  for (let index = 0; index < numbers.length; index++) {
    if (rows[numbers[index]! * ROW_WORDS + column.family] !== AF_INET) return false;
    if (index > 0 && keyOf(index - 1) <= keyOf(index)) return false;
  }
  return numbers.length > 0 && addressOf(0) - addressOf(numbers.length - 1) < 0x80000000;
}
