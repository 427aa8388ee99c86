/** What a director writes into the store, each under a condition: a request that comes late or twice does no harm. */
import { type Keys, type LastLeader, readLastLeader } from './records';
import type { Answer, EtcdStore, Transaction } from './store';

export type Taken =
  | { readonly kind: 'taken'; readonly created: bigint; readonly last: LastLeader | undefined }
  /** Another one was faster. */
  | { readonly kind: 'late' }
  | { readonly kind: 'unknown'; readonly problem: string };

/** Makes this director the leader if there is none. */
export async function takeLeadership(
  store: EtcdStore,
  keys: Keys,
  name: string,
  lease: string,
): Promise<Taken> {
  const answer = await store.transact({
    conditions: [{ key: keys.leader, created: 0n }],
    operations: [
      { kind: 'read', key: keys.last },
      { kind: 'put', key: keys.leader, value: JSON.stringify({ name }), lease },
      { kind: 'put', key: keys.last, value: JSON.stringify({ name, released: false }) },
    ],
  });
  if (!answer.ok) return { kind: 'unknown', problem: answer.problem };
  const { done, found, head } = answer.value;
  if (!done) return { kind: 'late' };
  const former = found[0]?.[0];
  return { kind: 'taken', created: head.revision, last: former && readLastLeader(former) };
}

/**
 * Deletes the key of the leader if it is still the one that was created in a revision. A successor does
 * not wait: the VIPs must be off, or go off by themselves in a moment (lease.ts).
 */
export async function giveUpLeadership(
  store: EtcdStore,
  keys: Keys,
  name: string,
  created: bigint,
): Promise<Answer<unknown>> {
  return await store.transact(releasing(keys, name, created));
}

function releasing(keys: Keys, name: string, created: bigint): Transaction {
  return {
    conditions: [{ key: keys.leader, created }],
    operations: [
      { kind: 'delete', key: keys.leader },
      { kind: 'put', key: keys.last, value: JSON.stringify({ name, released: true }) },
    ],
  };
}
