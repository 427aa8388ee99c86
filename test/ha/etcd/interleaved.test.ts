/** Whatever happens to directors, store and network: never two have the VIPs, and in the end one has. */
import fc from 'fast-check';
import { Ground } from './simulated-directors';
import { fair, LATEST, type Weather } from './simulated-store';

type Step =
  | { readonly kind: 'time'; readonly milliseconds: number }
  | { readonly kind: 'weather'; readonly weather: Weather }
  | { readonly kind: 'cut'; readonly machine: number; readonly cut: boolean }
  | { readonly kind: 'freeze'; readonly machine: number; readonly milliseconds: number }
  | {
      readonly kind: 'kill';
      readonly machine: number;
      readonly how: 'process' | 'machine' | 'stop' | 'hand over';
    }
  | { readonly kind: 'start'; readonly machine: number }
  | { readonly kind: 'unfit'; readonly machine: number; readonly problem: string | undefined }
  | { readonly kind: 'netlink'; readonly machine: number; readonly broken: boolean }
  | { readonly kind: 'resign'; readonly machine: number }
  | { readonly kind: 'election'; readonly milliseconds: number; readonly stale: number }
  | { readonly kind: 'away'; readonly milliseconds: number }
  | { readonly kind: 'snapshot' }
  | { readonly kind: 'restore' };

const pick = fc.constantFrom;
const machine = fc.nat(2);
const storms: readonly Weather[] = [
  fair,
  { lost: 0.3, doubled: 0, slow: 0 },
  { lost: 0.1, doubled: 0.3, slow: 0.2 },
  { lost: 0, doubled: 0.5, slow: 0.7 },
];

const one = <T>(weight: number, arbitrary: fc.Arbitrary<T>) => ({ weight, arbitrary });
const step: fc.Arbitrary<Step> = fc.oneof(
  one(6, fc.record({ kind: pick('time'), milliseconds: pick(3, 40, 300, 900, 1500, 3100, 7000) })),
  one(2, fc.record({ kind: pick('weather'), weather: pick(...storms) })),
  one(3, fc.record({ kind: pick('cut'), machine, cut: fc.boolean() })),
  one(3, fc.record({ kind: pick('freeze'), machine, milliseconds: fc.integer({ min: 1, max: 9000 }) })),
  one(3, fc.record({ kind: pick('kill'), machine, how: pick('process', 'machine', 'stop', 'hand over') })),
  one(4, fc.record({ kind: pick('start'), machine })),
  one(
    2,
    fc.record({ kind: pick('unfit'), machine, problem: pick('the gateway does not answer', undefined) }),
  ),
  one(1, fc.record({ kind: pick('netlink'), machine, broken: fc.boolean() })),
  one(3, fc.record({ kind: pick('resign'), machine })),
  one(2, fc.record({ kind: pick('election'), milliseconds: pick(5, 1200, 2500), stale: machine })),
  one(1, fc.record({ kind: pick('away'), milliseconds: pick(500, 2000, 6000) })),
  one(1, fc.record({ kind: pick('snapshot') })),
  one(1, fc.record({ kind: pick('restore') })),
) as fc.Arbitrary<Step>;

class Run {
  readonly ground: Ground;
  snapshot: ReturnType<Ground['store']['snapshot']>;

  constructor(count: number, seed: number) {
    this.ground = new Ground(count, seed);
    this.snapshot = this.ground.store.snapshot();
    for (const each of this.ground.machines) each.start();
  }

  async take(own: Step): Promise<void> {
    const { ground } = this;
    const { clock, store, machines } = ground;
    const its = machines['machine' in own ? own.machine % machines.length : 0]!;
    switch (own.kind) {
      case 'time':
        return await clock.run(own.milliseconds);
      case 'weather':
        return ground.weather(own.weather);
      case 'cut':
        its.cut = own.cut;
        return its.apply();
      case 'freeze': {
        const { process } = its;
        process?.freeze();
        clock.after(own.milliseconds, () => process?.thaw());
        return;
      }
      case 'kill':
        if (own.how === 'machine') its.die();
        else if (own.how === 'process') its.process?.kill();
        else void its.process?.engine.stop({ handOver: own.how === 'hand over' });
        return;
      case 'start':
        its.start();
        return;
      case 'unfit':
        its.unfit = own.problem;
        return its.apply();
      case 'netlink':
        its.vips.broken = own.broken;
        return;
      case 'resign':
        void its.process?.engine.resign();
        return;
      case 'election':
        return await this.elect(own.milliseconds, own.stale % machines.length);
      case 'away':
        return this.away(own.milliseconds, () => store.changeLeader());
      case 'snapshot':
        this.snapshot = store.snapshot();
        return;
      case 'restore':
        // Nobody restores a store in less time than its leases live.
        return this.away(5000, () => store.restore(this.snapshot));
    }
  }

  /** One director is connected to the former leader of etcd, which does not know of the new one. */
  async elect(milliseconds: number, stale: number): Promise<void> {
    const { clock, store, machines } = this.ground;
    const connected = machines[stale]!;
    connected.stale = store.term;
    connected.apply();
    clock.after(3000, () => {
      connected.stale = undefined;
      connected.apply();
    });
    this.away(milliseconds, () => store.changeLeader());
  }

  away(milliseconds: number, then: () => void): void {
    const { clock, store } = this.ground;
    if (store.down) return;
    store.down = true;
    clock.after(milliseconds, () => {
      store.down = false;
      then();
    });
  }

  /** All faults end, and what is still under way comes in. */
  async calm(): Promise<void> {
    const { ground } = this;
    ground.weather(fair);
    for (const each of ground.machines) {
      Object.assign(each, { cut: false, unfit: undefined, stale: undefined });
      each.vips.broken = false;
      each.start();
    }
    await ground.clock.run(Math.max(LATEST, 6001));
  }
}

const options = { numRuns: Number(process.env.IPVSADM_HA_RUNS ?? 60) };

const moment = (max: number) => fc.integer({ min: 0, max });

test('the worst moment: a leader that is cut off, then stands still', async () => {
  const scene = fc.record({
    weather: pick<Weather>(
      fair,
      { lost: 0, doubled: 0, slow: 1, latest: 240 },
      { lost: 0.4, doubled: 0, slow: 0 },
    ),
    before: moment(1000),
    stale: fc.boolean(),
    connected: moment(4500),
    cut: fc.boolean(),
    running: moment(2900),
    seed: fc.integer(),
  });
  await fc.assert(
    fc.asyncProperty(scene, async ({ weather, before, stale, connected, cut, running, seed }) => {
      const ground = new Ground(2, seed);
      const { clock, store } = ground;
      for (const each of ground.machines) each.start();
      await ground.untilServed(2000);
      await clock.run(before);
      const { leader } = ground;
      const other = ground.machines.find((machine) => machine !== leader)!;
      leader.weather = weather;
      if (stale) leader.stale = store.term;
      leader.apply();
      if (stale) store.changeLeader();
      await clock.run(connected);
      leader.cut = cut;
      leader.apply();
      if (cut) await clock.run(running);
      leader.process!.freeze();
      await clock.run(8000);
      expect(ground.overlaps).toEqual([]);
      expect(ground.holders).toEqual([other.name]);
    }),
    { numRuns: 2 * options.numRuns },
  );
}, 240_000);

test.each([2, 3])(
  '%i directors',
  async (count) => {
    const seed = fc.integer();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), seed, async (steps, number) => {
        const run = new Run(count, number);
        const { ground } = run;
        await ground.clock.run(2000);
        for (const own of steps) await run.take(own);
        await run.calm();
        await ground.untilServed(5500);
        const samples: string[] = [];
        for (let sample = 0; sample < 200; sample += 1) {
          samples.push(ground.holders.join(' and '));
          await ground.clock.run(50);
        }
        expect(ground.overlaps).toEqual([]);
        expect(new Set(samples)).toEqual(new Set([ground.leader.name]));
        for (const { process } of ground.machines) {
          expect([...process!.alarms.keys()].filter((name) => name !== 'history')).toEqual([]);
        }
      }),
      options,
    );
  },
  240_000,
);
