/**
 * What is asked of etcd. src/daemon/etcd/ asks a real one; tests simulate one. Nothing rejects: what
 * fails is an answer in words, and comes within a time limit.
 */

export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false;
      /** unreachable: whether it was carried out is unknown. refused: it was not. */
      readonly kind: 'unreachable' | 'refused';
      readonly problem: string;
    };

/** What an answer says about the store. */
export interface Head {
  /** Of the cluster of members; a store that is built anew may have another one. */
  readonly store: string;
  /** The term of Raft in which the member that answered has carried out its last request. */
  readonly term: bigint;
  readonly revision: bigint;
}

export interface Entry {
  readonly key: string;
  readonly value: string;
  readonly created: bigint;
  readonly modified: bigint;
  /** '0': none. */
  readonly lease: string;
}

/** A condition: the revision in which a key was created or last modified; 0: it is not there. */
export type Compare =
  | { readonly key: string; readonly created: bigint }
  | { readonly key: string; readonly modified: bigint };

export type Operation =
  | {
      readonly kind: 'put';
      readonly key: string;
      readonly value: string;
      readonly lease?: string | undefined;
    }
  | { readonly kind: 'delete'; readonly key: string }
  | { readonly kind: 'read'; readonly key: string }
  /** All keys that begin so, at most `most`. */
  | { readonly kind: 'list'; readonly prefix: string; readonly most: number };

export interface Transaction {
  /** All of them must hold; none: always. */
  readonly conditions: readonly Compare[];
  readonly operations: readonly Operation[];
}

export interface Transacted {
  readonly head: Head;
  /** Whether the conditions held; if not, nothing was done. */
  readonly done: boolean;
  /** What each operation read; nothing of those that write. */
  readonly found: readonly (readonly Entry[])[];
}

export interface Lease {
  readonly id: string;
  /** What was granted, which may be more than was asked for. */
  readonly seconds: number;
}

export interface Renewal {
  /** As it was before the lease was renewed. */
  readonly head: Head;
  /** 0: there is no such lease any more. */
  readonly seconds: number;
}

export interface EtcdStore {
  /** Goes by the majority of the members (linearizable), also when it only reads. */
  transact(transaction: Transaction): Promise<Answer<Transacted>>;
  grant(seconds: number): Promise<Answer<Lease>>;
  /** Does not go by the majority: see lease.ts. */
  keepAlive(lease: string): Promise<Answer<Renewal>>;
  revoke(lease: string): Promise<Answer<undefined>>;
  /**
   * Calls `poke` when something below the prefix may have changed, and whenever the watch begins
   * again. It may miss changes: who watches also reads from time to time.
   */
  watch(prefix: string, poke: () => void): () => void;
}
