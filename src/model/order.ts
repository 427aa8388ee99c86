import { AF_INET6, addressWord } from './address';
import type { RealServer } from './real-server';
import type { ServiceKey, VirtualService } from './virtual-service';

/**
 * The order in which ipvsadm lists services and real servers.
 *
 * ipvsadm subtracts unsigned 32-bit numbers and reads the wrapped difference as signed. That
 * relation is not transitive, so the result depends on the sorting algorithm: `sortLikeC` merges as
 * qsort of the GNU C library does.
 */

/** Compares two services: below 0, 0 or above 0. */
export function compareServices(a: VirtualService, b: VirtualService): number {
  return compareServiceKeys(a.key, b.key);
}

function compareServiceKeys(a: ServiceKey, b: ServiceKey): number {
  return (
    wrapped(fwmarkOf(a), fwmarkOf(b)) ||
    a.family - b.family ||
    protocolOf(a) - protocolOf(b) ||
    compareAddresses(addressOf(a), addressOf(b), a.family === AF_INET6) ||
    portOf(a) - portOf(b)
  );
}

/**
 * Compares two real servers: below 0, 0 or above 0. The family of `a` determines how many words
 * count.
 */
export function compareServers(a: RealServer, b: RealServer): number {
  return compareAddresses(a.address, b.address, a.family === AF_INET6) || a.port - b.port;
}

/** Sorts as qsort of the GNU C library does, into a new array. */
export function sortLikeC<T>(items: readonly T[], compare: (a: T, b: T) => number): T[] {
  const order = orderLikeC(items.length, (a, b) => compare(items[a]!, items[b]!));
  return Array.from(order, (index) => items[index]!);
}

/**
 * The indexes 0..count-1 in the order that qsort of the GNU C library gives the elements: a
 * top-down merge sort whose left half has floor(n/2) elements and comes first among equals.
 * @param compare compares the elements at two indexes.
 */
export function orderLikeC(count: number, compare: (a: number, b: number) => number): Uint32Array {
  const order = new Uint32Array(count);
  for (let index = 0; index < count; index++) order[index] = index;
  mergeSort(order, new Uint32Array(count), 0, count, compare);
  return order;
}

function mergeSort(
  order: Uint32Array,
  scratch: Uint32Array,
  from: number,
  to: number,
  compare: (a: number, b: number) => number,
): void {
  if (to - from < 2) return;
  const middle = from + ((to - from) >> 1);
  mergeSort(order, scratch, from, middle, compare);
  mergeSort(order, scratch, middle, to, compare);
  for (let index = from; index < middle; index++) scratch[index] = order[index]!;
  // The left half is in scratch, so writing never overtakes the elements of the right half not yet
  // merged.
  let left = from;
  let right = middle;
  let at = from;
  while (left < middle && right < to) {
    order[at++] = compare(scratch[left]!, order[right]!) <= 0 ? scratch[left++]! : order[right++]!;
  }
  while (left < middle) order[at++] = scratch[left++]!;
}

/** The difference of two unsigned 32-bit numbers, wrapped and read as signed. */
function wrapped(a: number, b: number): number {
  return (a - b) | 0;
}

function compareAddresses(a: Uint8Array, b: Uint8Array, allWords: boolean): number {
  for (let offset = 0; offset < (allWords ? 16 : 4); offset += 4) {
    const difference = wrapped(addressWord(a, offset), addressWord(b, offset));
    if (difference !== 0) return difference;
  }
  return 0;
}

const noAddress = new Uint8Array(0);

function fwmarkOf(key: ServiceKey): number {
  return key.kind === 'fwmark' ? key.fwmark : 0;
}

function protocolOf(key: ServiceKey): number {
  return key.kind === 'address' ? key.protocol : 0;
}

function addressOf(key: ServiceKey): Uint8Array {
  return key.kind === 'address' ? key.address : noAddress;
}

function portOf(key: ServiceKey): number {
  return key.kind === 'address' ? key.port : 0;
}
