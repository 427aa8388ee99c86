import { AF_INET6, addressWord } from './address';
import type { RealServer } from './real-server';
import type { ServiceKey, VirtualService } from './virtual-service';

/**
 * The order in which ipvsadm lists services and real servers.
 *
 * Its comparisons subtract unsigned 32-bit numbers and read the wrapped difference as signed, so the
 * relation is not transitive and the sorting algorithm shows: `sortLikeC` merges as glibc's qsort does.
 */

/** Below 0, 0 or above 0 as service `a` stands before, level with or behind `b`. */
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

/** The same for two real servers. The family of the first one says how many words are compared. */
export function compareServers(a: RealServer, b: RealServer): number {
  return compareAddresses(a.address, b.address, a.family === AF_INET6) || a.port - b.port;
}

/** Top-down merge sort of glibc's qsort: halves of floor(n/2) and the rest, the left one first when level. */
export function sortLikeC<T>(items: readonly T[], compare: (a: T, b: T) => number): T[] {
  if (items.length < 2) return [...items];
  const middle = items.length >> 1;
  const left = sortLikeC(items.slice(0, middle), compare);
  const right = sortLikeC(items.slice(middle), compare);
  const merged: T[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length && j < right.length) {
    merged.push(compare(left[i]!, right[j]!) <= 0 ? left[i++]! : right[j++]!);
  }
  while (i < left.length) merged.push(left[i++]!);
  while (j < right.length) merged.push(right[j++]!);
  return merged;
}

/** Difference of two unsigned 32-bit numbers, wrapped and read as signed. */
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
