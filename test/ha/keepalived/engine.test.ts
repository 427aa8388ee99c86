/** The engine on a simulated machine: what it does with what keepalived says, and when nobody says anything. */
import fc from 'fast-check';
import { type KeepalivedOptions, keepalivedEngine } from '../../../src/ha/keepalived/engine';
import { SimulatedMachine } from './simulated-machine';

const settings = { kind: 'keepalived', id: 51, priority: 150, peers: ['192.0.2.2'] } as const;

async function started(options: Partial<KeepalivedOptions> = {}, machine = new SimulatedMachine()) {
  const engine = keepalivedEngine(
    { settings, name: 'd1', interface: 'eth0', preempt: false, ...options },
    machine.host,
  )(machine.world, machine.listener);
  engine.start();
  await machine.clock.run(500);
  return { engine, machine, clock: machine.clock };
}

async function leading(options: Partial<KeepalivedOptions> = {}) {
  const all = await started(options);
  all.machine.become('MASTER');
  await all.clock.run(100);
  return all;
}

test('begins as a standby without the VIPs, and leads when keepalived says so', async () => {
  const { engine, machine, clock } = await started();
  expect([machine.told, machine.held, machine.added]).toEqual([['standby'], false, 0]);
  machine.become('MASTER');
  expect([machine.told, machine.held]).toEqual([['standby', 'leader'], true]);
  await clock.run(60_000);
  expect([machine.held, machine.added, machine.told.length]).toEqual([true, 254 - 150, 2]);
  expect(engine.status()).toMatchObject({ role: 'leader', leader: 'd1', name: 'd1', problems: [] });
  machine.become('BACKUP');
  expect([machine.told.at(-1), machine.held, machine.added]).toEqual(['standby', false, 0]);
});

test('with preempt a leader keeps its own priority, and a director that starts is no candidate at first', async () => {
  const { machine, clock } = await leading({ preempt: true });
  expect(machine.added).toBe(3 - 150);
  await clock.run(10_000);
  expect(machine.added).toBe(0);
});

test.each([
  ['FAULT', 'unfit'],
  ['STOP', 'unfit'],
  ['DELETED', 'unfit'],
  ['BACKUP', 'standby'],
])('%s takes the VIPs away at once', async (word, role) => {
  const { machine } = await leading();
  machine.say(word);
  expect([machine.held, machine.told.at(-1)]).toEqual([false, role]);
});

test('a lead that is lost at once is not held by the answer to the question that came with it', async () => {
  const { machine, clock } = await started();
  machine.become('MASTER');
  machine.become('FAULT');
  await clock.run(3001);
  expect([machine.held, machine.told.at(-1)]).toEqual([false, 'unfit']);
});

test('keepalived dies: the VIPs go within a quarter of a second, and another one is started', async () => {
  const { machine, clock } = await leading();
  machine.frozen = true; // it says nothing
  machine.endKeepalived();
  await clock.run(250);
  expect([machine.held, machine.told.at(-1), machine.alarms.get('keepalived')]).toEqual([
    false,
    'unfit',
    'keepalived has ended',
  ]);
  await clock.run(1000);
  expect([machine.launched.length, machine.told.at(-1), machine.alarms.size]).toEqual([2, 'standby', 0]);
});

test('what does not start is tried again, ever more seldom', async () => {
  const machine = new SimulatedMachine();
  machine.refusal = 'keepalived is not installed';
  let tries = 0;
  const { launch } = machine.host;
  Object.assign(machine.host, {
    launch: (text: string) => {
      tries += 1;
      return launch(text);
    },
  });
  const { clock } = await started({}, machine);
  await clock.run(60_000);
  expect([tries, machine.alarms.get('keepalived')]).toEqual([7, 'keepalived is not installed']);
  machine.refusal = undefined;
  await clock.run(31_000);
  expect([machine.told, machine.alarms.size]).toEqual([['standby'], 0]);
});

test('a frozen leader loses VIPs and keepalived; when it moves again it takes nothing back', async () => {
  const { machine, clock } = await leading();
  await machine.freeze(3500);
  expect(machine.held).toBe(false);
  await clock.run(10);
  expect([machine.held, machine.told.at(-1)]).toEqual([false, 'unfit']);
  await clock.run(5000);
  expect([machine.held, machine.told.at(-1)]).toEqual([false, 'standby']);
});

test('old words in the FIFO put nothing on after a pause', async () => {
  const { machine, clock } = await started();
  await machine.freeze(2600, () => machine.become('MASTER'));
  expect(machine.held).toBe(false);
  await clock.run(2000);
  expect([machine.held, machine.told.includes('leader')]).toEqual([false, false]);
});

test('after a pause within the lifetime it asks before it renews', async () => {
  const { machine, clock } = await leading();
  await machine.freeze(2300);
  const before = machine.added;
  await clock.run(10);
  expect(machine.added).not.toBe(before);
  await clock.run(5000);
  expect([machine.held, machine.told]).toEqual([true, ['standby', 'leader']]);
});

test('a pause within the call that puts them on counts as well', async () => {
  const { machine, clock } = await started();
  machine.slowHold = 2600;
  machine.become('MASTER');
  expect(machine.held).toBe(false);
  machine.slowHold = 0;
  await clock.run(3000);
  expect([machine.held, machine.told.includes('leader')]).toEqual([false, false]);
});

test('a frozen keepalived is found out when another machine has the VIPs', async () => {
  const { machine, clock } = await leading();
  machine.frozen = true;
  machine.rivals = [{ vip: '192.0.2.10', mac: '02:00:00:00:00:02' }];
  await clock.run(4000);
  expect([machine.held, machine.launched.length]).toEqual([false, 2]);
});

test('a rival beside a keepalived that leads is an alarm, and the VIPs stay', async () => {
  const { machine, clock } = await leading();
  const announced = machine.announced;
  machine.rivals = [{ vip: '192.0.2.10', mac: '02:00:00:00:00:02' }];
  machine.silent = ['192.0.2.2'];
  await clock.run(5000);
  expect([machine.held, machine.announced - announced]).toEqual([true, 4]); // 0.5, 1.5, 4 s; one for the conflict
  expect([...machine.alarms.keys()]).toEqual(['duplicate', 'peers']);
  machine.rivals = machine.silent = [];
  await clock.run(2000);
  expect([...machine.alarms.keys()]).toEqual([]);
});

test('resign: the priority falls, and the VIPs stay until another director leads', async () => {
  const { engine, machine, clock } = await leading();
  const done = engine.resign();
  expect([machine.added, machine.held]).toEqual([3 - 150, true]);
  await clock.run(800);
  expect(machine.held).toBe(true);
  machine.become('BACKUP');
  await clock.run(150);
  expect([machine.held, machine.added]).toEqual([true, 1 - 150]);
  await clock.run(50);
  expect(await done).toEqual({ ok: true, text: 'another director leads' });
  expect([machine.held, machine.added]).toEqual([false, 1 - 150]);
  await clock.run(6000);
  expect(machine.added).toBe(0);
  expect(await engine.resign()).toEqual({ ok: false, problem: 'this director does not lead' });
});

test('resign without another director changes nothing', async () => {
  const { engine, machine, clock } = await leading();
  const done = engine.resign();
  await clock.run(5100);
  expect(await done).toEqual({ ok: false, problem: expect.stringContaining('no other director took over') });
  expect([machine.held, machine.added, machine.told.at(-1)]).toEqual([true, 104, 'leader']);
});

test('a leader that is not fit lowers its priority and serves on; a standby says so', async () => {
  const { engine, machine, clock } = await leading();
  engine.setFitness('web: all servers are down');
  expect([machine.added, machine.held]).toEqual([3 - 150, true]);
  machine.become('BACKUP');
  await clock.run(200);
  expect([machine.added, machine.told.at(-1)]).toEqual([1 - 150, 'unfit']);
  expect(engine.status().problems).toEqual(['web: all servers are down']);
  engine.setFitness(undefined);
  expect([machine.added, machine.told.at(-1)]).toEqual([0, 'standby']);
});

test('VIPs that cannot be put on are an alarm, and another director is let lead', async () => {
  const { machine, clock } = await started();
  machine.vipProblem = new Error('no such device');
  machine.become('MASTER');
  expect([machine.told.at(-1), machine.added, machine.alarms.get('vips')]).toEqual([
    'unfit',
    3 - 150,
    'the VIPs: no such device',
  ]);
  machine.vipProblem = undefined;
  await clock.run(4000);
  expect([machine.told.at(-1), machine.added, machine.alarms.size]).toEqual(['leader', 104, 0]);
});

test.each([
  ['the lead that comes back', 'MASTER', true],
  ['a fault', 'FAULT', false],
] as const)('%s ends the moment in which a relieved director serves on', async (_name, word, held) => {
  const { engine, machine, clock } = await leading();
  void engine.resign();
  await clock.run(800);
  machine.become('BACKUP');
  await clock.run(100);
  machine.become(word);
  expect(machine.held).toBe(held);
  await clock.run(1000);
  expect(machine.held).toBe(held);
});

test('a stop within the moment in which a relieved director serves on takes the VIPs away', async () => {
  const { engine, machine, clock } = await leading();
  void engine.resign();
  await clock.run(800);
  machine.become('BACKUP');
  await clock.run(100);
  await engine.stop({ handOver: false });
  expect(machine.held).toBe(false);
});

test('a stop with hand-over waits for the other director, releases, and leaves no keepalived', async () => {
  const { engine, machine, clock } = await leading();
  const stopped = engine.stop({ handOver: true });
  await clock.run(500);
  expect(machine.held).toBe(true);
  machine.become('BACKUP');
  await clock.run(200);
  await stopped;
  await clock.run(10_000);
  expect([machine.held, machine.guarded, machine.launched.length, clock.pending < 5]).toEqual([
    false,
    false,
    1,
    true,
  ]);
});

test('a daemon that starts again within the lifetime goes on as the leader', async () => {
  const { engine, machine, clock } = await leading();
  await engine.stop({ handOver: false });
  await clock.run(6000);
  expect([machine.held, machine.guarded]).toEqual([true, true]);
  const again = await started({}, machine);
  await clock.run(500);
  expect([machine.held, again.engine.status().role, machine.launched.length, machine.added! >= 103]).toEqual([
    true,
    'leader',
    1,
    true,
  ]);
  await clock.run(60_000);
  expect([machine.held, machine.told]).toEqual([true, ['standby', 'leader', 'leader']]);
});

test('one that starts after somebody else took over does not touch the VIPs', async () => {
  const { engine, machine, clock } = await leading();
  await engine.stop({ handOver: false });
  machine.become('BACKUP');
  machine.world.vips.release();
  await clock.run(1000);
  const again = await started({}, machine);
  expect([machine.held, again.engine.status().role, machine.launched.length]).toEqual([false, 'standby', 1]);
});

test('whatever happens, VIPs are here only while keepalived led a moment ago', async () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('say' as const), state: fc.constantFrom('MASTER', 'BACKUP', 'FAULT') }),
    fc.record({ kind: fc.constantFrom('run', 'freeze'), time: fc.integer({ min: 1, max: 4000 }) }),
    fc.record({
      kind: fc.constantFrom('kill', 'stop', 'resign', 'unfit', 'fit', 'garbage', 'slow', 'fast', 'restart'),
    }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      let { engine, machine, clock } = await started();
      /** When keepalived was last MASTER, as the network sees it. */
      let led = Number.NEGATIVE_INFINITY;
      const look = () => {
        if (machine.guarded && machine.keepalived === 'MASTER') led = clock.now;
        if (machine.held && clock.now - led > 3000 && !machine.frozen)
          throw new Error('VIPs without the lead');
      };
      for (const each of steps) {
        look();
        if (each.kind === 'say') machine.become((each as { state: 'MASTER' }).state);
        else if (each.kind === 'freeze') await machine.freeze((each as { time: number }).time);
        else if (each.kind === 'kill') machine.endKeepalived();
        else if (each.kind === 'resign') void engine.resign();
        else if (each.kind === 'unfit') engine.setFitness('x');
        else if (each.kind === 'fit') engine.setFitness(undefined);
        else if (each.kind === 'garbage') machine.write('INSTANCE "dir');
        else if (each.kind === 'slow') machine.slowHold = 900;
        else if (each.kind === 'fast') machine.slowHold = 0;
        else if (each.kind === 'restart') {
          await engine.stop({ handOver: false });
          ({ engine } = await started({}, machine));
        }
        for (let left = (each as { time?: number }).time ?? 0; each.kind === 'run' && left > 0; left -= 50) {
          await clock.run(50);
          look();
        }
      }
      machine.slowHold = 0;
      machine.write('\n');
      await clock.run(40_000);
      machine.become('MASTER');
      await clock.run(1000);
      look();
      expect(machine.held).toBe(machine.keepalived === 'MASTER');
      expect(machine.told.filter((text) => text.startsWith('but'))).toEqual([]);
    }),
    { numRuns: 150 },
  );
}, 60_000);
