/**
 * mh: a lookup table of Maglev hashing (Eisenbud and others, 2016, section 3.4). Each real server visits
 * the slots in an order of its own; they take turns, as many in a row as the weight.
 */
import { folded, sipHash13 } from './hash';
import { type Candidate, isAvailable, type Predictor } from './types';

/** CONFIG_IP_VS_MH_TAB_INDEX 12, as distributions leave it: a prime, and half the index. */
const SLOTS = 4093;
const TURN_BITS = 6;

/** The fixed keys of the two hash functions; both halves are equal. */
const KEY = 2654435761n;
const SKIP_KEY = 2654446892n;

export const maglev: Predictor = (servers, { withPort, fallback }) => {
  const slots = fill(servers);
  return ({ source, port }) => {
    const number = (folded(source) + (withPort ? port : 0)) >>> 0;
    const slot = sipHash13(number, KEY) % SLOTS;
    const first = slots[slot];
    if (!first || isAvailable(first)) return first;
    if (!fallback) return undefined;
    for (let offset = 0; offset < SLOTS; offset++) {
      const next = slots[sipHash13((number + ((offset + slot) % SLOTS)) >>> 0, KEY) % SLOTS]!;
      if (isAvailable(next)) return next;
    }
    return undefined;
  };
};

interface Turner {
  readonly server: Candidate;
  readonly turns: number;
  readonly skip: number;
  position: number;
}

function fill(servers: readonly Candidate[]): readonly (Candidate | undefined)[] {
  const weights = servers.map(({ weight, lastWeight }) => (weight > 0 ? weight : (lastWeight ?? 0)));
  const divisor = weights.reduce(gcd, 0) || 1;
  const shift = Math.max(bitLength(Math.floor(Math.max(0, ...weights) / divisor)) - TURN_BITS, 0);
  const turners = servers.map((server, index): Turner => {
    const number = (folded(server.address) + server.port) >>> 0;
    const turns = (weights[index]! / divisor) >>> shift || Number(weights[index] !== 0);
    const position = sipHash13(number, KEY) % SLOTS;
    return { server, turns, position, skip: (sipHash13(number, SKIP_KEY) % (SLOTS - 1)) + 1 };
  });
  const slots = new Array<Candidate | undefined>(SLOTS);
  const active = turners.filter(({ turns }) => turns > 0);
  for (let filled = 0; active.length > 0; ) {
    for (const turner of active) {
      for (let turn = 0; turn < turner.turns; turn++) {
        while (slots[turner.position]) turner.position = (turner.position + turner.skip) % SLOTS;
        slots[turner.position] = turner.server;
        filled += 1;
        if (filled === SLOTS) return slots;
      }
    }
  }
  return slots;
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

/** The number of bits of a number: the kernel's fls. */
function bitLength(value: number): number {
  return 32 - Math.clz32(value);
}
