/**
 * etcd through its JSON gateway: no client library, no connection that anything hangs on. A member
 * that does not answer, or has no leader, is left for the next one.
 */
import { visibleUnicode } from '../../bytes/visible';
import type { Answer, EtcdStore, Lease, Renewal, Transacted, Transaction } from '../../ha/etcd/store';
import {
  failureOf,
  type Json,
  NotEtcd,
  parseAnswer,
  rangeOf,
  readLease,
  readRenewal,
  readTransacted,
  transactionMessage,
} from './messages';
import { type TlsFiles, Transport } from './transport';
import { Watch } from './watch';

export interface EtcdClientOptions {
  /** URLs of the members. */
  readonly endpoints: readonly string[];
  readonly tls: TlsFiles;
  readonly user?: { readonly name: string; password(): string } | undefined;
  /** Milliseconds that one member has for an answer. */
  readonly patience: number;
}

/** A request that writes waits for disks. */
const WRITING = 2;

/** gRPC's codes for what another member, or a moment later, may do. */
const passing: ReadonlySet<number> = new Set([1, 4, 8, 13, 14]);
const UNAUTHENTICATED = 16;
/** Of etcd: they come with various codes. */
const staleToken = /invalid auth token|revision of auth store is old|token is not provided/;

type Attempt<T> = Answer<T> | { readonly ok: false; readonly kind: 'stale'; readonly problem: string };

export class EtcdClient implements EtcdStore {
  readonly #members: readonly Transport[];
  readonly #watches = new Set<Watch>();
  #current = 0;
  #token: string | undefined;

  constructor(readonly options: EtcdClientOptions) {
    this.#members = options.endpoints.map((endpoint) => new Transport(endpoint, options.tls));
  }

  transact(transaction: Transaction): Promise<Answer<Transacted>> {
    const writes = transaction.operations.some(({ kind }) => kind === 'put' || kind === 'delete');
    return this.#ask('/v3/kv/txn', transactionMessage(transaction), readTransacted, writes ? WRITING : 1);
  }

  grant(seconds: number): Promise<Answer<Lease>> {
    return this.#ask('/v3/lease/grant', { TTL: `${seconds}` }, readLease, WRITING);
  }

  keepAlive(lease: string): Promise<Answer<Renewal>> {
    return this.#ask('/v3/lease/keepalive', { ID: lease }, readRenewal, 1);
  }

  revoke(lease: string): Promise<Answer<undefined>> {
    return this.#ask('/v3/lease/revoke', { ID: lease }, () => undefined, WRITING);
  }

  watch(prefix: string, poke: () => void): () => void {
    const body = JSON.stringify({ create_request: rangeOf(prefix) });
    const watch = new Watch(
      (hear, end) =>
        this.#members[this.#current]!.stream({ path: '/v3/watch', body, token: this.#token }, hear, end),
      poke,
    );
    this.#watches.add(watch);
    return () => {
      this.#watches.delete(watch);
      watch.end();
    };
  }

  /** Ends all connections. */
  close(): void {
    for (const watch of this.#watches) watch.end();
    this.#watches.clear();
    for (const member of this.#members) member.close();
  }

  /** Asks one member after the other. */
  async #ask<T>(path: string, body: Json, read: (answer: Json) => T, times: number): Promise<Answer<T>> {
    const problems: string[] = [];
    for (let left = this.#members.length; left > 0; left -= 1) {
      const at = this.#current;
      const answer = await this.#authorized(at, path, body, read, this.options.patience * times);
      if (answer.ok || answer.kind === 'refused') return answer;
      problems.push(`${this.options.endpoints[at]}: ${answer.problem}`);
      this.#leave(at);
    }
    return { ok: false, kind: 'unreachable', problem: problems.join('; ') };
  }

  async #authorized<T>(
    at: number,
    path: string,
    body: Json,
    read: (answer: Json) => T,
    limit: number,
  ): Promise<Answer<T>> {
    const { user } = this.options;
    if (user && this.#token === undefined) {
      const problem = await this.#authenticate(at, user);
      if (problem) return problem;
    }
    const first = await this.#once(at, path, body, read, limit);
    if (first.ok || first.kind !== 'stale') return first;
    if (!user) return { ok: false, kind: 'refused', problem: `${first.problem}: set user and passwordFile` };
    this.#token = undefined;
    const problem = await this.#authenticate(at, user);
    if (problem) return problem;
    const second = await this.#once(at, path, body, read, limit);
    return !second.ok && second.kind === 'stale' ? { ...second, kind: 'refused' } : second;
  }

  async #authenticate(
    at: number,
    user: { readonly name: string; password(): string },
  ): Promise<Exclude<Answer<never>, { ok: true }> | undefined> {
    let password: string;
    try {
      password = user.password();
    } catch (error) {
      return { ok: false, kind: 'refused', problem: (error as Error).message };
    }
    const { name } = user;
    const limit = this.options.patience * WRITING;
    const answer = await this.#once(at, '/v3/auth/authenticate', { name, password }, tokenOf, limit);
    if (!answer.ok) {
      const problem = `user ${name}: ${answer.problem}`;
      return { ok: false, kind: answer.kind === 'stale' ? 'refused' : answer.kind, problem };
    }
    this.#token = answer.value;
    // What began without it was refused, or will be.
    for (const watch of this.#watches) watch.restart();
    return undefined;
  }

  async #once<T>(
    at: number,
    path: string,
    body: Json,
    read: (answer: Json) => T,
    limit: number,
  ): Promise<Attempt<T>> {
    const ask = { path, body: JSON.stringify(body), token: this.#token };
    const reply = await this.#members[at]!.post(ask, limit);
    if (!reply.ok) return { ok: false, kind: 'unreachable', problem: reply.problem };
    try {
      const answer = parseAnswer(reply.text);
      if (reply.status === 200 && answer.error === undefined) return { ok: true, value: read(answer) };
      const { code, message } = failureOf(answer);
      const problem = visibleUnicode(message).slice(0, 300);
      if (code === UNAUTHENTICATED || staleToken.test(message)) return { ok: false, kind: 'stale', problem };
      return { ok: false, kind: passing.has(code) ? 'unreachable' : 'refused', problem };
    } catch (error) {
      if (!(error instanceof NotEtcd)) throw error;
      return { ok: false, kind: 'unreachable', problem: error.message };
    }
  }

  /** The next member has the next request, unless it has it already. */
  #leave(at: number): void {
    if (at !== this.#current || this.#members.length === 1) return;
    this.#current = (at + 1) % this.#members.length;
    for (const watch of this.#watches) watch.restart();
  }
}

function tokenOf({ token }: Json): string {
  if (typeof token !== 'string' || !/^[\x21-\x7e]{1,8192}$/.test(token)) {
    throw new NotEtcd('the answer has no token');
  }
  return token;
}

/** What one member of several has for an answer: the others must have their turn within a lease. */
export function patienceOf(members: number, ttl: number): number {
  return Math.round(ttl / (members > 1 ? 6 : 3));
}
