/** Which real server the kernel's hashing schedulers choose, and what share of clients a change moves. */
import { destinationHash } from './destination-hash';
import { maglev } from './maglev';
import { sourceHash } from './source-hash';
import type { Call, Choose, Predictor } from './types';

/** The schedulers whose choice depends on the table and the client alone. */
export const predictors: ReadonlyMap<string, Predictor> = new Map([
  ['sh', sourceHash],
  ['dh', destinationHash],
  ['mh', maglev],
]);

/** How many clients stand for all. */
export const SAMPLES = 20_000;

/**
 * The share of clients, 0 to 1, for which two choices differ: clients whose addresses follow each other
 * from `first`'s on, which hashing spreads evenly.
 */
export function movedShare(before: Choose, after: Choose, first: Call): number {
  let moved = 0;
  for (let index = 0; index < SAMPLES; index++) {
    const call = { ...first, source: shifted(first.source, index) };
    if (before(call)?.name !== after(call)?.name) moved += 1;
  }
  return moved / SAMPLES;
}

/** The address `by` places further, within its last four bytes. */
function shifted(address: Uint8Array, by: number): Uint8Array {
  const next = address.slice();
  const view = new DataView(next.buffer, next.length - 4);
  view.setUint32(0, (view.getUint32(0) + by) >>> 0);
  return next;
}
