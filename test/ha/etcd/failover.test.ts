/** Who has the VIPs, and when: one fault at a time, in simulated time. */
import { SERVE_ON, UNTIL_TOLD } from '../../../src/ha/etcd/leadership';
import { SKEW } from '../../../src/ha/etcd/lease';
import { Ground, type Machine } from './simulated-directors';

// Simulated time is fast, unless the machine has other things to do.
jest.setTimeout(120_000);

/** Directors of which one leads, and the others have the connections. */
async function running(count = 2, seed = 1): Promise<Ground> {
  const ground = new Ground(count, seed);
  for (const machine of ground.machines) machine.start();
  await ground.clock.run(12_000);
  return ground;
}

function others(ground: Ground): readonly Machine[] {
  return ground.machines.filter((machine) => machine !== ground.leader);
}

/** Runs for a time. @returns who had the VIPs: each change, sampled every 5 ms. */
async function watched(ground: Ground, milliseconds: number): Promise<string[]> {
  const seen: string[] = [];
  for (let left = milliseconds; left > 0; left -= 5) {
    const holders = ground.holders.join(' and ') || 'nobody';
    if (seen.at(-1) !== holders) seen.push(holders);
    await ground.clock.run(5);
  }
  return seen;
}

function percentile(values: readonly number[], part: number): number {
  return [...values].sort((a, b) => a - b)[Math.ceil(values.length * part) - 1]!;
}

test('one leads, the others stand by, and all say so', async () => {
  const ground = await running(3);
  const { leader } = ground;
  for (const { name, process } of ground.machines) {
    const leads = name === leader.name;
    expect(process!.engine.status()).toEqual({
      engine: 'etcd',
      name,
      role: leads ? 'leader' : 'standby',
      since: expect.any(Number),
      leader: leader.name,
      duplicate: false,
      problems: [],
    });
    process!.engine.publish({ generation: 7, table: 'abc' });
  }
  await ground.clock.run(1000);
  const said = ground.machines.map(({ name }) => ({
    name,
    role: name === leader.name ? 'leader' : 'standby',
    ready: name !== leader.name,
    generation: 7,
    table: 'abc',
  }));
  const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
  expect([...leader.process!.engine.directors()].sort(byName)).toMatchObject(said);
});

describe('the machine of the leader dies', () => {
  test('served again within 4 s', async () => {
    const times: number[] = [];
    for (let seed = 0; seed < 40; seed += 1) {
      const ground = await running(2, seed);
      await ground.clock.run(Math.floor(ground.random() * 1000));
      ground.leader.die();
      times.push(await ground.untilServed(6000));
    }
    expect(percentile(times, 0.95)).toBeLessThan(4000);
    expect(Math.max(...times)).toBeLessThan(4000);
    expect(Math.min(...times)).toBeGreaterThan(2000);
  });

  test('what comes back does not take the VIPs again, and leads at once if nobody else does', async () => {
    const ground = await running();
    const first = ground.leader;
    first.die();
    await ground.untilServed(5000);
    const second = ground.leader;
    first.start();
    expect(await watched(ground, 30_000)).toEqual([second.name]);
    first.die();
    second.die();
    await ground.clock.run(5000);
    second.start();
    expect(await ground.untilServed(2000)).toBeLessThan(1000);
  });

  test('one that has just come leaves the VIPs to one that has the connections', async () => {
    const ground = await running(3);
    const { leader } = ground;
    const [fresh, settled] = others(ground);
    fresh!.start();
    await ground.clock.run(5000);
    leader.die();
    await ground.untilServed(6000);
    expect(ground.holders).toEqual([settled!.name]);
  });
});

describe('the daemon alone', () => {
  test('killed: its kernel takes the VIPs off before another director has them', async () => {
    const ground = await running();
    const { leader } = ground;
    const [other] = others(ground);
    leader.process!.kill();
    expect(await watched(ground, 5000)).toEqual([leader.name, 'nobody', other!.name]);
    expect(ground.overlaps).toEqual([]);
  });

  test('frozen for long: nothing that it learnt before counts when it goes on', async () => {
    const ground = await running();
    const { leader } = ground;
    const [other] = others(ground);
    const { process } = leader;
    process!.freeze();
    await ground.clock.run(10_000);
    process!.thaw();
    expect(await watched(ground, 5000)).toEqual([other!.name]);
    expect(process!.roles.at(-1)).toBe('standby: the lease may have ended');
  });

  test('started again at once: goes on as the leader that it was', async () => {
    const ground = await running();
    const { leader, store } = ground;
    const created = store.get('lvs/web/leader')!.created;
    await leader.process!.engine.stop({ handOver: false });
    await ground.clock.run(700);
    const { roles } = leader.start();
    expect(await watched(ground, 10_000)).toEqual([leader.name]);
    expect(roles).toEqual(['leader: this director has the key in etcd']);
    expect(store.get('lvs/web/leader')!.created).toBe(created);
  });

  test('started again too late: has to win the VIPs like any other', async () => {
    const ground = await running();
    const { leader } = ground;
    const [other] = others(ground);
    leader.process!.kill();
    await ground.clock.run(3100);
    leader.start();
    await ground.clock.run(5000);
    expect(ground.holders).toEqual([other!.name]);
    expect(ground.overlaps).toEqual([]);
  });

  test.each(['', '{', '{"version":1,"cluster":"web","name":"lb1"}', '[1]', '{"version":2}'])(
    'a state of %j is as none',
    async (state) => {
      const ground = new Ground(1, 1);
      ground.machines[0]!.state = state;
      ground.machines[0]!.start();
      expect(await ground.untilServed(1000)).toBeLessThan(1000);
    },
  );
});

describe('orderly', () => {
  test('resign: the VIPs are on another director within 0.1 s, and nowhere at no moment', async () => {
    const ground = await running();
    const { leader, clock } = ground;
    const [other] = others(ground);
    const outcome = leader.process!.engine.resign();
    const began = clock.now;
    while (!ground.holders.includes(other!.name)) await clock.run(1);
    expect(clock.now - began).toBeLessThan(100);
    expect(ground.holders).toContain(leader.name);
    await clock.run(UNTIL_TOLD + 50);
    expect(await outcome).toEqual({ ok: true, text: `${other!.name} leads` });
    expect(await watched(ground, 20_000)).toEqual([other!.name]);
    expect(ground.overlaps).toEqual([]);
  });

  test('resign: whoever stands still in that moment loses the VIPs by its kernel', async () => {
    const ground = await running();
    const { leader, clock } = ground;
    const [other] = others(ground);
    void leader.process!.engine.resign();
    while (!ground.holders.includes(other!.name)) await clock.run(1);
    leader.process!.freeze();
    await clock.run(1250);
    expect(await watched(ground, 5000)).toEqual([other!.name]);
    leader.process!.thaw();
    expect(await watched(ground, 5000)).toEqual([other!.name]);
    expect(ground.overlaps).toEqual([]);
  });

  test('resign: nobody serves on for long if the other one does not come', async () => {
    const ground = await running();
    const { leader } = ground;
    void leader.process!.engine.resign();
    others(ground)[0]!.die();
    expect(await watched(ground, SERVE_ON + 50)).toEqual([leader.name, 'nobody']);
  });

  test('resign: refused without another director that is ready, and by one that does not lead', async () => {
    const ground = await running();
    const { leader } = ground;
    const [other] = others(ground);
    expect(await other!.process!.engine.resign()).toEqual({
      ok: false,
      problem: `resign: this director does not lead, ${leader.name} does`,
    });
    other!.start();
    await ground.clock.run(5000);
    expect(await leader.process!.engine.resign()).toEqual({
      ok: false,
      problem:
        'resign: no other director is ready to take over: start one, or wait until it has the connections',
    });
    expect(ground.holders).toEqual([leader.name]);
  });

  test('resign: the VIPs come back if nobody takes them', async () => {
    const ground = await running();
    const { leader } = ground;
    const outcome = leader.process!.engine.resign();
    others(ground)[0]!.die();
    await ground.clock.run(7000);
    expect(await outcome).toEqual({ ok: false, problem: 'resign: nobody took over' });
    expect(ground.holders).toEqual([leader.name]);
  });

  test('resign: a restart does not put the VIPs on again while the request may be under way', async () => {
    const ground = await running();
    const { leader, clock, store } = ground;
    const [other] = others(ground);
    const { connection, engine } = leader.process!;
    const transact = connection.transact.bind(connection);
    connection.transact = (transaction) => {
      if (!transaction.operations.some(({ kind }) => kind === 'delete')) return transact(transaction);
      clock.after(1500, () => store.transact(transaction));
      return new Promise(() => {});
    };
    void engine.resign();
    await clock.run(200);
    leader.start();
    await clock.run(1000);
    leader.process!.connection.transact = () => new Promise(() => {});
    await clock.run(4000);
    expect(ground.overlaps).toEqual([]);
    expect(ground.holders).toEqual([other!.name]);
  });

  test('the end of the daemon hands over', async () => {
    const ground = await running();
    const { leader } = ground;
    const [other] = others(ground);
    await Promise.all([leader.process!.engine.stop({ handOver: true }), ground.clock.run(SERVE_ON + 100)]);
    leader.process!.kill();
    expect(ground.holders).toEqual([other!.name]);
    expect([...ground.store.contents.leases]).toHaveLength(1);
  });

  test('a leader that is not fit leaves the VIPs to one that is, and only then', async () => {
    const ground = await running();
    const { leader } = ground;
    const [other] = others(ground);
    other!.unfit = 'the gateway does not answer';
    other!.apply();
    await ground.clock.run(100);
    leader.unfit = 'the gateway does not answer';
    leader.apply();
    await ground.clock.run(5000);
    expect(ground.holders).toEqual([leader.name]);
    expect(other!.process!.engine.status().role).toBe('unfit');
    other!.unfit = undefined;
    other!.apply();
    await ground.clock.run(UNTIL_TOLD + 100);
    expect(ground.holders).toEqual([other!.name]);
    expect(leader.process!.roles.at(-1)).toBe('unfit: the gateway does not answer');
  });

  test('nobody leads if nobody is fit, and that is an alarm', async () => {
    const ground = new Ground(1, 1);
    ground.machines[0]!.unfit = 'the gateway does not answer';
    const { alarms } = ground.machines[0]!.start();
    await ground.clock.run(7000);
    expect(ground.holders).toEqual([]);
    expect([...alarms.values()]).toEqual(['nobody has the VIPs: no director is fit to lead']);
  });
});

describe('the VIPs', () => {
  test('that cannot be put on: another director leads', async () => {
    const ground = await running();
    const { leader } = ground;
    const [other] = others(ground);
    leader.vips.broken = true;
    expect(await watched(ground, 8000)).toEqual([leader.name, 'nobody', other!.name]);
    expect(ground.overlaps).toEqual([]);
    expect(leader.process!.roles.at(-1)).toMatch(/: no buffer space available$/);
  });

  test('that cannot be taken off: the key stays until the kernel has done it', async () => {
    const ground = await running();
    const { leader } = ground;
    const [other] = others(ground);
    const outcome = leader.process!.engine.resign();
    leader.vips.broken = true;
    await ground.clock.run(5000);
    expect(await outcome).toMatchObject({ ok: true });
    expect(ground.holders).toEqual([other!.name]);
    expect(ground.overlaps).toEqual([]);
  });
});

describe('etcd', () => {
  test('gone: the leader keeps the VIPs while its lease may live, and has them again afterwards', async () => {
    const ground = await running();
    const { leader, store } = ground;
    const other = others(ground)[0]!;
    store.down = true;
    const began = ground.clock.now;
    while (ground.holders.length > 0) await ground.clock.run(5);
    expect(ground.clock.now - began).toBeGreaterThan(1900);
    expect(ground.clock.now - began).toBeLessThan(3000);
    await ground.clock.run(60_000);
    for (const { alarms } of [leader.process!, other.process!]) {
      expect([...alarms.values()]).toEqual(['etcd does not answer: no answer within 0.5s']);
    }
    store.down = false;
    store.changeLeader();
    expect(await ground.untilServed(3000)).toBeLessThan(2000);
    expect(ground.holders).toEqual([leader.name]);
    await ground.clock.run(2000);
    expect(leader.process!.alarms.size).toBe(0);
  });

  test('changes its leader within 1.4 s: the VIPs are never off', async () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const ground = await running(2, seed);
      const { leader, store } = ground;
      await ground.clock.run(Math.floor(ground.random() * 1000));
      store.down = true;
      ground.clock.after(1400, () => {
        store.down = false;
        store.changeLeader();
      });
      expect(await watched(ground, 6000)).toEqual([leader.name]);
    }
  });

  test('a member that leads no more and does not know it renews nothing', async () => {
    const ground = await running();
    const { leader, store } = ground;
    const [other] = others(ground);
    leader.stale = store.term;
    leader.apply();
    store.changeLeader();
    expect(await watched(ground, 9000)).toEqual([leader.name, 'nobody', other!.name]);
    expect(ground.overlaps).toEqual([]);
  });

  test('ends a lease too early: the leader lets go before the other director has the VIPs', async () => {
    const ground = await running();
    const { leader, store } = ground;
    store.revoke(store.get('lvs/web/leader')!.lease);
    const before = ground.clock.now;
    while (ground.holders.length > 0) await ground.clock.run(1);
    expect(ground.clock.now - before).toBeLessThan(SKEW / 4);
    await ground.clock.run(2000);
    expect(ground.overlaps).toEqual([]);
    expect(leader.process!.roles).toContain('standby: the lease of this director has ended in the store');
  });

  test('the key is deleted by hand: the VIPs go, and come to one of them', async () => {
    const ground = await running();
    ground.store.transact({ conditions: [], operations: [{ kind: 'delete', key: 'lvs/web/leader' }] });
    await ground.clock.run(50);
    expect(ground.holders).toEqual([]);
    expect(await ground.untilServed(1000)).toBeLessThan(500);
    expect(ground.overlaps).toEqual([]);
  });

  test('put back from a snapshot: told, and nobody takes the VIPs by what it says', async () => {
    const ground = await running();
    const snapshot = ground.store.snapshot();
    const { leader } = ground;
    await Promise.all([leader.process!.engine.resign(), ground.clock.run(500)]);
    const second = ground.leader;
    expect(second).not.toBe(leader);
    // It does not hear of it, and has the VIPs while its lease may live.
    second.cut = true;
    second.apply();
    ground.store.restore(snapshot);
    await ground.clock.run(3000);
    expect(ground.overlaps).toEqual([]);
    await ground.clock.run(6000);
    expect(ground.holders).toEqual([leader.name]);
    expect([...leader.process!.alarms.values()]).toEqual([
      expect.stringMatching(
        /^the store went back from revision \d+ to \d+: was it restored from a snapshot$/,
      ),
    ]);
  });
});

test('two directors of one name: told', async () => {
  const ground = await running();
  const [machine] = others(ground);
  const twin = new Ground(1, 1);
  Object.assign(twin, { clock: ground.clock, store: ground.store });
  Object.assign(twin.machines[0]!, { name: machine!.name });
  const { alarms } = twin.machines[0]!.start();
  await ground.clock.run(8000);
  expect([...alarms.values()]).toEqual([
    `another director is called ${machine!.name}, too: each needs a name of its own`,
  ]);
});
