/**
 * The order of services and real servers in state documents: addresses compare as numbers. The
 * order of ipvsadm's listings (order.ts) is not transitive.
 */
import type { ServerKey } from './real-server';
import type { ServiceKey } from './virtual-service';

/** Compares by family, protocol (firewall marks last), address and port: below 0, 0 or above 0. */
export function compareServiceKeys(a: ServiceKey, b: ServiceKey): number {
  if (a.family !== b.family) return a.family - b.family;
  if (a.kind === 'fwmark' || b.kind === 'fwmark') {
    if (a.kind !== b.kind) return a.kind === 'fwmark' ? 1 : -1;
    return a.kind === 'fwmark' && b.kind === 'fwmark' ? a.fwmark - b.fwmark : 0;
  }
  return a.protocol - b.protocol || compareBytes(a.address, b.address) || a.port - b.port;
}

/** Compares by family, address and port: below 0, 0 or above 0. */
export function compareServerKeys(a: ServerKey, b: ServerKey): number {
  return a.family - b.family || compareBytes(a.address, b.address) || a.port - b.port;
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let at = 0; at < a.length; at++) {
    const difference = a[at]! - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
