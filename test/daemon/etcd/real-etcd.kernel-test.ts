/** Debian's etcd: what is asked of one member, and directors that agree by three. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { EtcdClient } from '../../../src/daemon/etcd/client';
import { putDocument, watchDocument } from '../../../src/ha/etcd/documents';
import type { Answer } from '../../../src/ha/etcd/store';
import { etcdPrograms } from '../../lab/etcd';
import { DirectorSet, now, percentile, type RealDirector } from './directors';
import { Members, pause } from './members';

let programs: string;
const ends: (() => unknown)[] = [];

beforeAll(async () => {
  programs = await etcdPrograms();
}, 600_000);

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
}, 120_000);

async function members(count: number, options = {}): Promise<Members> {
  const all = await Members.start(programs, count, options);
  ends.push(() => all.end());
  return all;
}

function client(endpoints: readonly string[], own: Partial<EtcdClient['options']> = {}): EtcdClient {
  const made = new EtcdClient({ endpoints, tls: {}, patience: 1000, ...own });
  ends.push(() => made.close());
  return made;
}

function valueFrom<T>(answer: Answer<T>): T {
  if (!answer.ok) throw new Error(answer.problem);
  return answer.value;
}

async function until(condition: () => boolean, what: string): Promise<void> {
  for (let left = 4000; !condition(); left -= 1) {
    if (left === 0) throw new Error(`not within 40 s: ${what}`);
    await pause(10);
  }
}

const nothing = { conditions: [], operations: [] };
const put = (key: string, value: string, lease?: string) => ({
  ...nothing,
  operations: [{ kind: 'put' as const, key, value, lease }],
});
const read = (key: string) => ({ ...nothing, operations: [{ kind: 'read' as const, key }] });

describe('one member', () => {
  test('leases, transactions, watches over a compaction and a restart', async () => {
    const store = await members(1);
    const etcd = client(store.endpoints);
    let pokes = 0;
    etcd.watch('lvs/web/', () => {
      pokes += 1;
    });

    const lease = valueFrom(await etcd.grant(3));
    expect(lease).toEqual({ id: expect.stringMatching(/^\d+$/), seconds: 3 });
    // What is less than etcd's elections need is made more.
    expect(valueFrom(await etcd.grant(1)).seconds).toBe(2);
    const head = { store: expect.stringMatching(/^\d+$/), term: 2n, revision: 1n };
    expect(valueFrom(await etcd.keepAlive(lease.id))).toEqual({ head, seconds: 3 });
    expect(valueFrom(await etcd.keepAlive('4711')).seconds).toBe(0);

    const text = 'größer: 漢字 "\n\u0000';
    const leader = { key: 'lvs/web/leader', value: text, lease: lease.id };
    const taken = await etcd.transact({
      conditions: [{ key: leader.key, created: 0n }],
      operations: [
        { kind: 'read', key: leader.key },
        { kind: 'put', ...leader },
        { kind: 'read', key: leader.key },
      ],
    });
    const entry = { ...leader, created: 2n, modified: 2n };
    const after = { ...head, revision: 2n };
    expect(valueFrom(taken)).toEqual({ head: after, done: true, found: [[], [], [entry]] });
    expect(
      valueFrom(
        await etcd.transact({ ...put(leader.key, 'x'), conditions: [{ key: leader.key, created: 0n }] }),
      ),
    ).toEqual({ head: after, done: false, found: [] });
    expect(
      valueFrom(
        await etcd.transact({
          ...put(leader.key, 'y', lease.id),
          conditions: [{ key: leader.key, modified: 2n }],
        }),
      ).done,
    ).toBe(true);
    expect(await etcd.transact(put('lvs/web/x', '1', '4711'))).toEqual({
      ok: false,
      kind: 'refused',
      problem: 'etcdserver: requested lease not found',
    });
    valueFrom(await etcd.transact(put('lvs/web0', 'not below the prefix')));
    valueFrom(await etcd.transact(put('lvs/web/directors/lb1', 'lb1', lease.id)));
    const list = await etcd.transact({
      ...nothing,
      operations: [{ kind: 'list', prefix: 'lvs/web/', most: 9 }],
    });
    expect(valueFrom(list).found[0]!.map(({ key }) => key)).toEqual([
      'lvs/web/directors/lb1',
      'lvs/web/leader',
    ]);

    const { revision } = valueFrom(await etcd.transact(read('x'))).head;
    await store.ask(store.endpoints[0]!, '/v3/kv/compaction', { revision: `${revision}`, physical: true });
    let before = pokes;
    valueFrom(await etcd.revoke(lease.id));
    await until(() => pokes > before, 'the watch goes on after a compaction');
    expect(valueFrom(await etcd.transact(read(leader.key))).found).toEqual([[]]);
    expect(await etcd.revoke(lease.id)).toMatchObject({ ok: false, kind: 'refused' });

    await store.kill(0);
    expect(await etcd.transact(read('x'))).toEqual({
      ok: false,
      kind: 'unreachable',
      problem: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+: connection refused$/),
    });
    before = pokes;
    store.begin(0);
    await until(() => pokes > before, 'the watch begins again');
    before = pokes;
    valueFrom(await etcd.transact(put(leader.key, 'again')));
    await until(() => pokes > before, 'the watch tells of a change');

    await store.freeze(0);
    expect(await etcd.keepAlive(lease.id)).toMatchObject({
      kind: 'unreachable',
      problem: expect.stringMatching(/: no answer within 1s$/),
    });
    store.signal(0, 'SIGCONT');
    expect(valueFrom(await etcd.transact(read(leader.key))).done).toBe(true);
  }, 120_000);

  test('user and password: a token that is refused is renewed', async () => {
    const store = await members(1);
    const [endpoint] = store.endpoints;
    const ask = (path: string, body: object) => store.ask(endpoint!, `/v3/auth/${path}`, body);
    const range = { key: btoa('lvs/web/'), range_end: btoa('lvs/web0') };
    await ask('user/add', { name: 'root', password: 'secret' });
    await ask('user/grant', { user: 'root', role: 'root' });
    await ask('user/add', { name: 'lb', password: 'secret' });
    await ask('role/add', { name: 'directors' });
    await ask('role/grant', { name: 'directors', perm: { permType: 'READWRITE', ...range } });
    await ask('user/grant', { user: 'lb', role: 'directors' });
    await ask('enable', {});

    const user = (name: string, password: string) => ({ user: { name, password: () => password } });
    const etcd = client(store.endpoints, user('lb', 'secret'));
    let pokes = 0;
    etcd.watch('lvs/web/', () => {
      pokes += 1;
    });
    valueFrom(await etcd.transact(put('lvs/web/leader', 'lb1')));
    await until(() => pokes > 0, 'the watch has a token, too');
    const before = pokes;
    valueFrom(await etcd.transact(put('lvs/web/leader', 'lb2')));
    await until(() => pokes > before, 'the watch tells of a change');
    expect(await etcd.transact(put('lvs/mail/leader', 'lb1'))).toEqual({
      ok: false,
      kind: 'refused',
      problem: 'etcdserver: permission denied',
    });
    // The member forgets all tokens.
    await store.kill(0);
    store.begin(0);
    for (let left = 50; left > 0 && !(await etcd.transact(read('lvs/web/leader'))).ok; left -= 1)
      await pause(100);
    expect(valueFrom(await etcd.transact(read('lvs/web/leader'))).found[0]).toHaveLength(1);
    const lease = valueFrom(await etcd.grant(3));
    expect(valueFrom(await etcd.keepAlive(lease.id)).seconds).toBe(3);

    expect(await client(store.endpoints, user('lb', 'wrong')).transact(read('lvs/web/leader'))).toEqual({
      ok: false,
      kind: 'refused',
      problem: 'user lb: etcdserver: authentication failed, invalid user ID or password',
    });
    expect(await client(store.endpoints).transact(read('lvs/web/leader'))).toMatchObject({ kind: 'refused' });
  }, 120_000);

  test('TLS, with a certificate of the client', async () => {
    const certificates = join(__dirname, '../../checks/certificates');
    const file = (name: string) => join(certificates, name);
    const ca = file('ca.pem');
    const store = await members(1, { tls: { ca, certificate: file('right.pem'), key: file('right.key') } });
    const own = { ca, certificate: file('client.pem'), key: file('client.key') };
    const etcd = client(store.endpoints, { tls: own });
    expect(valueFrom(await etcd.grant(3)).seconds).toBe(3);
    let pokes = 0;
    etcd.watch('lvs/web/', () => {
      pokes += 1;
    });
    await until(() => pokes > 0, 'the watch begins');
    const without = await client(store.endpoints, { tls: { ca } }).grant(3);
    expect(without).toMatchObject({ ok: false, kind: 'unreachable' });
    expect(await client(store.endpoints, { tls: {} }).grant(3)).toMatchObject({
      problem: expect.stringMatching(/: the issuer of the member's certificate is not trusted: set ca$/),
    });
    expect(await client(store.endpoints, { tls: { ca: '/nowhere' } }).grant(3)).toMatchObject({
      problem: expect.stringMatching(/: \/nowhere: no such file$/),
    });
  }, 120_000);

  test('a snapshot is put back: a document that is older than the one applied is refused', async () => {
    const store = await members(1);
    const etcd = client(store.endpoints);
    const settings = {
      cluster: 'web',
      sha256: (text: string) => createHash('sha256').update(text).digest('hex'),
    };
    const alarms = new Map<string, string>();
    let applied: { generation: number; sha256: string; text: string } | undefined;
    ends.push(
      watchDocument(
        etcd,
        settings,
        { after: (wait, then) => cancelling(setTimeout(then, wait)) },
        {
          applied: () => applied,
          async take(document) {
            applied = document;
          },
          alarm(name, text) {
            if (text === undefined) alarms.delete(name);
            else alarms.set(name, text);
          },
        },
      ),
    );
    expect(await putDocument(etcd, settings, { text: 'one', author: 'me' })).toEqual({
      ok: true,
      generation: 1,
    });
    await until(() => applied?.text === 'one', 'the first document');
    const snapshot = await store.snapshot();
    expect(await putDocument(etcd, settings, { text: 'two', author: 'me', base: 1 })).toEqual({
      ok: true,
      generation: 2,
    });
    await until(() => applied?.text === 'two', 'the second document');
    expect(await putDocument(etcd, settings, { text: 'three', author: 'you', base: 1 })).toEqual({
      ok: false,
      problem: 'document: generation 2 is in etcd, by me, not 1: look at it first',
    });
    await store.restore(snapshot);
    await until(() => alarms.has('document'), 'the alarm');
    expect(alarms.get('document')).toBe(
      'generation 1 in etcd is older than 2, which is applied: it is refused',
    );
    expect(applied?.text).toBe('two');
  }, 120_000);
});

function cancelling(timer: NodeJS.Timeout): () => void {
  return () => clearTimeout(timer);
}

/** Sets of two directors, each of which has a leader, and another that has the connections. */
async function sets(store: Members, count: number): Promise<DirectorSet[]> {
  const all = Array.from({ length: count }, (_, index) => new DirectorSet(`set${index}`, store.endpoints));
  for (const set of all) {
    set.start('lb1');
    set.start('lb2');
    ends.push(() => set.end());
  }
  await Promise.all(all.map((set) => set.served()));
  return all;
}

/** A hand-over is so many requests, one after the other: on a busy machine each has to wait. */
const REQUESTS = 6;

function leaderOf(set: DirectorSet): RealDirector {
  return set.holder!;
}

function holderOf(set: DirectorSet): string | undefined {
  return set.holder?.name;
}

describe('three members', () => {
  test('each may die, and directors as well', async () => {
    const store = await members(3);
    const all = await sets(store, 10);
    const probe = new Probe(client(store.endpoints, { patience: 5000 }));
    ends.push(() => probe.end());
    const figures: Record<string, readonly number[]> = {};
    await pause(10_500); // they have the connections

    probe.slowest = 0;
    figures['handed over'] = await Promise.all(
      all.map(async (set, index) => {
        await pause(index * 137);
        const leader = leaderOf(set);
        const outcome = leader.engine.resign();
        const time = await set.served(leader);
        const handed = await outcome;
        if (!handed.ok && !probe.starved) throw new Error(`${handed.problem}\n${set.story}`);
        return time;
      }),
    );
    const handing = probe.slowest;
    expect(percentile(figures['handed over'], 0.95)).toBeLessThan(600 + REQUESTS * handing);

    // The leader of etcd dies: who leads the directors goes on, unless that took too long for a lease.
    const leaders = all.map(holderOf);
    const led = (await store.leader())!;
    await store.kill(led);
    figures['leader of etcd dead: without VIPs'] = await Promise.all(all.map((set) => set.unserved(4500)));
    await Promise.all(all.map((set) => set.served()));
    if (!probe.starved) expect(all.map(holderOf)).toEqual(leaders);
    store.begin(led);
    await store.ready();

    // Another one stands still, and goes on.
    const stopped = (await store.leader())!;
    await store.freeze(stopped);
    figures['leader of etcd stopped: without VIPs'] = await Promise.all(all.map((set) => set.unserved(4500)));
    store.signal(stopped, 'SIGCONT');
    await pause(2000);
    await Promise.all(all.map((set) => set.served()));
    await pause(1000);

    probe.slowest = 0;
    figures['machine dead'] = await Promise.all(
      all.map(async (set, index) => {
        await pause(index * 137);
        const leader = leaderOf(set);
        leader.die(true);
        return await set.served(leader);
      }),
    );
    const dying = probe.slowest;
    expect(percentile(figures['machine dead'], 0.95)).toBeLessThan(4000 + REQUESTS * dying);

    // etcd is gone: so are the VIPs, and the alarm is loud. Then it comes back.
    for (const index of [0, 1, 2]) await store.kill(index);
    await pause(4000);
    expect(all.map(holderOf)).toEqual(all.map(() => undefined));
    for (const { alarms, alive } of all.flatMap(({ directors }) => directors)) {
      expect(alarms.get('store')?.startsWith('etcd does not answer: ')).toBe(alive ? true : undefined);
    }
    for (const index of [0, 1, 2]) store.begin(index);
    await Promise.all(all.map((set) => set.served()));
    expect(all.flatMap(({ overlaps }) => overlaps)).toEqual([]);
    const lines = Object.entries(figures).map(
      ([what, times]) => `${what}: ${times.map(Math.round).join(' ')} ms`,
    );
    console.log([...lines, `slowest write: ${Math.round(handing)} ms, ${Math.round(dying)} ms`].join('\n'));
  }, 240_000);
});

/** Writes all the time: how slow etcd is on this machine, which may have other things to do. */
class Probe {
  slowest = 0;
  /** This process had to wait so long that leases may have ended in the meantime. */
  starved = false;
  #ended = false;

  constructor(readonly etcd: EtcdClient) {
    void this.#run();
  }

  end(): void {
    this.#ended = true;
  }

  async #run(): Promise<void> {
    while (!this.#ended) {
      const began = now();
      await this.etcd.transact(put('probe', 'x'));
      const written = now();
      this.slowest = Math.max(this.slowest, written - began);
      await pause(100);
      this.starved ||= now() - written > 400;
    }
  }
}
