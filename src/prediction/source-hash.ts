/** sh: 256 buckets, dealt to the real servers in the kernel's order, as many in a row as the weight. */
import { folded, hash32 } from './hash';
import { type Candidate, isAvailable, type Predictor } from './types';

/** CONFIG_IP_VS_SH_TAB_BITS, as distributions leave it. */
const BITS = 8;
const BUCKETS = 1 << BITS;

export const sourceHash: Predictor = (servers, { withPort, fallback }) => {
  const buckets = deal(servers);
  return ({ source, port }) => {
    const hash = hash32((folded(source) + (withPort ? port : 0)) >>> 0, BITS);
    const first = buckets[hash];
    if (!first || isAvailable(first)) return first;
    if (!fallback) return undefined;
    // The kernel adds the bucket to the hash once more.
    for (let offset = 0; offset < BUCKETS; offset++) {
      const next = buckets[(2 * hash + offset) % BUCKETS]!;
      if (isAvailable(next)) return next;
    }
    return undefined;
  };
};

function deal(servers: readonly Candidate[]): readonly Candidate[] {
  const buckets: Candidate[] = [];
  while (servers.length > 0 && buckets.length < BUCKETS) {
    for (const server of servers) {
      // A server of weight 0 keeps one bucket: its clients are refused, or fall back.
      for (let turn = 0; turn < Math.max(server.weight, 1) && buckets.length < BUCKETS; turn++) {
        buckets.push(server);
      }
    }
  }
  return buckets;
}
