/** One document for several directors: simulated machines, a simulated etcd. */
import { createHash } from 'node:crypto';
import { type Cluster, type Shared, SharedDocument } from '../../src/daemon/shared-document';
import type { Configuration } from '../../src/director/types';
import type { Facts } from '../../src/ha/etcd/publishing';
import type { SharedVips } from '../../src/model/director';
import { Connection, SimulatedStore } from '../ha/etcd/simulated-store';
import { SimulatedClock, seededRandom } from '../helpers/simulated-clock';
import {
  configurationOf,
  directorService,
  type SimulatedDaemon,
  SimulatedMachine,
  someServers,
} from '../helpers/simulated-director';

const shared: SharedVips = {
  vips: ['192.0.2.10'],
  settings: {
    preempt: false,
    engine: { kind: 'etcd', endpoints: ['http://192.0.2.30:2379'], cluster: 'web', ttl: 3000 },
  },
};

function configuration(servers: number, ha?: SharedVips): Configuration {
  return { ...configurationOf([directorService('web', someServers(servers))]), ...(ha ? { ha } : {}) };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Directors with one store, each on a machine of its own, and with a document of one server. */
class Ground {
  readonly clock = new SimulatedClock();
  readonly store = new SimulatedStore(this.clock, seededRandom(1));

  async start(): Promise<Machine> {
    const machine = new Machine(this);
    machine.run();
    await this.clock.run(3000);
    return machine;
  }

  async wait<T>(work: Promise<T>): Promise<T> {
    await this.clock.run(5000);
    return await work;
  }
}

class Machine {
  readonly machine = new SimulatedMachine();
  /** With one server, with two, with three; without directors; of other ones. */
  readonly texts: readonly string[];
  daemon!: SimulatedDaemon;
  documents!: SharedDocument;
  published: Facts | undefined;

  constructor(readonly ground: Ground) {
    (this.machine as { clock: SimulatedClock }).clock = ground.clock;
    const named = { ...shared, settings: { ...shared.settings, name: 'lb1' } };
    this.texts = [
      ...[1, 2, 3].map((servers) => configuration(servers, shared)),
      configuration(1),
      configuration(1, named),
    ].map((each) => this.machine.document(each));
  }

  run(given = configuration(1, shared)): void {
    const { clock, store } = this.ground;
    this.daemon = this.machine.start(given);
    const world = this.machine.world({ alive: true });
    this.documents = new SharedDocument({
      world: {
        now: () => clock.now,
        after: (...timer) => clock.after(...timer),
        sha256: (text) => world.sha256(text),
      },
      prepare: async () => {},
      tableDigest: async () => this.table,
    });
    const cluster: Cluster = {
      name: 'web',
      store: new Connection(store, (work) => work()),
      directors: () => [],
      publish: (facts) => {
        this.published = facts;
      },
    };
    this.documents.use(cluster, this.daemon.director);
  }

  get table(): string {
    return this.machine.table.join();
  }

  get servers(): number {
    return this.table.split('10.0.0.').length - 1;
  }

  get alarms(): readonly string[] {
    return this.daemon.director.status().alarms;
  }

  put(text: string): Promise<Shared> {
    return this.ground.wait(this.documents.put({ text, name: 'lvs.json', author: 'me' }));
  }
}

async function pair(): Promise<{ ground: Ground; one: Machine; other: Machine }> {
  const ground = new Ground();
  const one = await ground.start();
  const other = await ground.start();
  return { ground, one, other };
}

test('what one director puts into etcd, all apply, under one number', async () => {
  const { one, other } = await pair();
  expect(one.published).toEqual({ generation: 0, table: one.table, refused: undefined });
  expect(await one.put(one.texts[1]!)).toEqual({
    ok: true,
    generation: 2,
    text: 'generation 2 is in etcd for all directors, and in effect here',
  });
  for (const each of [one, other]) {
    expect([each.servers, each.documents.generation, each.daemon.director.current()?.number]).toEqual([
      2, 2, 2,
    ]);
    expect(each.published).toEqual({ generation: 2, table: each.table, refused: undefined });
  }
  expect(other.daemon.events[0]).toBe('reloaded: generation 2 of me is in effect');
});

test('a restart goes on with the last document from disk, also without etcd; a file of nobody else wins', async () => {
  const { ground, one, other } = await pair();
  await one.put(one.texts[2]!);
  other.daemon.kill();
  ground.store.down = true;
  const before = other.machine.changes;
  other.run(configuration(1, shared));
  await ground.clock.run(10_000);
  expect([other.servers, other.documents.generation, other.machine.changes]).toEqual([3, 2, before]);
  expect(other.alarms).toEqual([expect.stringMatching(/^the document cannot be read, the last one stays: /)]);
  other.daemon.kill();
  other.run(configuration(2));
  await ground.clock.run(3000);
  expect([other.servers, other.documents.generation]).toEqual([2, undefined]);
});

test.each([
  ['is none', 'nonsense', 'what is this?'],
  ['is of no directors', 3, 'it takes the directors of web apart'],
  ['names one of them', 4, "leave 'name' out"],
] as const)(
  'a document that %s is not put into etcd, and not taken from there',
  async (_, which, problem) => {
    const { ground, one, other } = await pair();
    const text = typeof which === 'number' ? one.texts[which]! : which;
    expect(await one.put(text)).toMatchObject({ ok: false, problem: expect.stringContaining(problem) });
    const value = JSON.stringify({ generation: 9, text, author: 'you', sha256: sha256(text) });
    const operation = { kind: 'put', key: 'lvs/web/document', value } as const;
    ground.store.transact({ conditions: [], operations: [operation] });
    await ground.clock.run(15_000);
    expect([other.servers, other.documents.generation]).toEqual([1, undefined]);
    expect(other.alarms).toEqual([expect.stringContaining(problem)]);
    expect(other.published?.refused).toContain(problem);
    expect([...other.alarms, other.published?.refused].join('')).not.toContain('\n');
    await one.put(one.texts[1]!);
    expect([other.servers, other.documents.generation, other.alarms]).toEqual([2, 10, []]);
  },
);

test('an older generation is refused: the table stays', async () => {
  const { ground, one, other } = await pair();
  await one.put(one.texts[1]!);
  const [old] = ground.store.transact({
    conditions: [],
    operations: [{ kind: 'read', key: 'lvs/web/document' }],
  }).found[0]!;
  await one.put(one.texts[2]!);
  const operation = { kind: 'put', key: 'lvs/web/document', value: old!.value } as const;
  ground.store.transact({ conditions: [], operations: [operation] });
  await ground.clock.run(15_000);
  expect([one.servers, other.servers]).toEqual([3, 3]);
  expect(other.alarms).toEqual(['generation 2 in etcd is older than 3, which is applied: it is refused']);
});
