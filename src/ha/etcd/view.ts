/** One look at the store: renews the lease, then reads who leads and who is there. */
import {
  type DirectorRecord,
  type Keys,
  type LastLeader,
  readDirector,
  readLastLeader,
  readLeaderName,
} from './records';
import type { EtcdStore, Head } from './store';

/** More directors than this do not share VIPs. */
const MOST = 64;

export interface PublishedDirector extends DirectorRecord {
  readonly key: string;
  /** As it is in the store. */
  readonly text: string;
  readonly lease: string;
  readonly modified: bigint;
}

export interface Leadership {
  readonly name: string;
  readonly lease: string;
  readonly created: bigint;
}

export interface View {
  readonly head: Head;
  readonly leader?: Leadership | undefined;
  readonly last?: LastLeader | undefined;
  readonly directors: readonly PublishedDirector[];
}

export type Look =
  /** The lease lives for `seconds` from `sent` on, and the view is of after that. */
  | { readonly kind: 'seen'; readonly sent: number; readonly seconds: number; readonly view: View }
  /** There is no such lease any more. */
  | { readonly kind: 'lost' }
  /** The store changed its leader in between: nothing is known. */
  | { readonly kind: 'unsettled' }
  | { readonly kind: 'away'; readonly problem: string };

export async function look(store: EtcdStore, keys: Keys, lease: string, now: () => number): Promise<Look> {
  const sent = now();
  const renewal = await store.keepAlive(lease);
  if (!renewal.ok) return { kind: 'away', problem: renewal.problem };
  const { seconds, head } = renewal.value;
  const view = await readView(store, keys);
  if (!view.ok) return { kind: 'away', problem: view.problem };
  const { term, store: from } = view.value.head;
  if (term !== head.term || from !== head.store) return { kind: 'unsettled' };
  return seconds > 0 ? { kind: 'seen', sent, seconds, view: view.value } : { kind: 'lost' };
}

type ReadView =
  | { readonly ok: true; readonly value: View }
  | { readonly ok: false; readonly problem: string };

async function readView(store: EtcdStore, keys: Keys): Promise<ReadView> {
  const answer = await store.transact({
    conditions: [],
    operations: [
      { kind: 'read', key: keys.leader },
      { kind: 'read', key: keys.last },
      { kind: 'list', prefix: keys.directors, most: MOST },
    ],
  });
  if (!answer.ok) return answer;
  const { head, found } = answer.value;
  const [leaders = [], lasts = [], directors = []] = found;
  const [leader] = leaders;
  const [last] = lasts;
  return {
    ok: true,
    value: {
      head,
      leader: leader && {
        name: readLeaderName(leader.value) ?? 'unknown',
        lease: leader.lease,
        created: leader.created,
      },
      last: last && readLastLeader(last),
      directors: directors.flatMap(({ key, value, lease, modified }) => {
        const record = readDirector(value);
        return record ? [{ ...record, key, text: value, lease, modified }] : [];
      }),
    },
  };
}
