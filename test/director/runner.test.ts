/** When checks run. */
import { Runner } from '../../src/director/runner';
import type { Check, CheckResult } from '../../src/model/check';
import { SimulatedClock, seededRandom } from '../helpers/simulated-clock';
import {
  check,
  configurationOf,
  directorServer,
  directorService,
  SimulatedMachine,
} from '../helpers/simulated-director';

const [one] = directorService('web', [directorServer('10.0.0.1')]).servers;
const target = { service: directorService('web', [one!]), server: one! };

function runnerWith(own: { delay?: number; certain?: boolean; duration?: number; most?: number } = {}) {
  const { delay = 2000, certain = true, duration = 5, most = 100 } = own;
  const clock = new SimulatedClock();
  const starts: number[] = [];
  /** How many had begun at each turn of the event loop. */
  const turns: number[] = [];
  let running = 0;
  let largest = 0;
  const runner = new Runner(
    {
      now: () => clock.now,
      wallClock: () => clock.now,
      after: (time, then) => {
        if (time > 0) return clock.after(time, then);
        return clock.after(0, () => {
          turns.push(starts.length);
          then();
        });
      },
      random: seededRandom(7),
      check: () => {
        starts.push(clock.now);
        running += 1;
        largest = Math.max(largest, running);
        return new Promise<CheckResult>((resolve) => {
          clock.after(duration, () => {
            running -= 1;
            resolve({ ok: true, stage: 'connect', duration, message: '' });
          });
        });
      },
    },
    { heard: () => {}, delayOf: () => ({ delay, certain }), lateSince: () => 0 },
    most,
  );
  const use = (count: number, own: Partial<Check> = {}) =>
    runner.use(Array.from({ length: count }, (_, index) => ({ key: `${index}`, check: check(own), target })));
  return { clock, runner, starts, turns, use, largest: () => largest };
}

const gapsOf = (starts: readonly number[]) => starts.slice(1).map((at, index) => at - starts[index]!);

test('the first checks are spread over the first second', async () => {
  const { clock, starts, use } = runnerWith({ delay: 60_000 });
  const begun = clock.now;
  use(200);
  await clock.run(1000);
  expect(starts).toHaveLength(200);
  expect(starts.filter((at) => at - begun < 500).length).toBeGreaterThan(70);
  expect(starts.filter((at) => at - begun >= 500).length).toBeGreaterThan(70);
});

test('what is due after a delay begins in turns', async () => {
  const { clock, starts, turns, use } = runnerWith({ most: 1000 });
  use(200);
  await clock.run(1500);
  const [before, turnsBefore] = [starts.length, turns.length];
  clock.stall(3000);
  await clock.run(100);
  expect(starts.length - before).toBe(200);
  expect(turns.slice(turnsBefore).map((count) => count - before)).toEqual(
    Array.from({ length: 4 }, (_, turn) => 50 * (turn + 1)),
  );
});

test('the interval counts from beginning to beginning and is shorter by up to 10 %, never longer', async () => {
  const { clock, starts, use } = runnerWith({ duration: 700 });
  use(1);
  await clock.run(200_000);
  const gaps = gapsOf(starts);
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1800);
  expect(Math.max(...gaps)).toBeLessThanOrEqual(2000);
  expect(Math.max(...gaps) - Math.min(...gaps)).toBeGreaterThan(100);
});

test('between repeated checks is a break that is never longer than asked', async () => {
  const { clock, starts, use } = runnerWith({ duration: 1000, delay: 500, certain: false });
  use(1);
  await clock.run(60_000);
  for (const gap of gapsOf(starts)) {
    expect(gap).toBeGreaterThanOrEqual(1450);
    expect(gap).toBeLessThanOrEqual(1500);
  }
});

test('a check that takes longer than its interval never runs twice at the same time', async () => {
  const { clock, runner, use, largest } = runnerWith({ duration: 5000, delay: 100 });
  use(1, { fast: 50 });
  for (let time = 0; time < 20; time++) {
    void runner.now({ key: '0', check: check(), target });
    await clock.run(700);
  }
  expect(largest()).toBe(1);
});

test('no more run at the same time than allowed, and none is forgotten', async () => {
  const { clock, starts, use, largest, runner } = runnerWith({ duration: 300, delay: 1000, most: 10 });
  use(50);
  await clock.run(20_000);
  expect(largest()).toBe(10);
  expect(starts.length).toBeGreaterThan(500);
  for (let index = 0; index < 50; index++) expect(runner.job(`${index}`)!.results.length).toBeGreaterThan(5);
});

test('what is no longer used ends; what is used still goes on', async () => {
  const { clock, starts, use, runner } = runnerWith();
  use(3);
  await clock.run(10_000);
  const results = runner.job('0')!.results;
  use(1);
  expect(runner.size).toBe(1);
  expect(runner.job('0')!.results).toBe(results);
  const before = starts.length;
  await clock.run(10_000);
  expect(starts.length - before).toBeLessThanOrEqual(6);
  runner.stop();
  await clock.run(10_000);
  expect(clock.pending).toBe(0);
});

test('twenty results are kept', async () => {
  const { clock, use, runner } = runnerWith({ delay: 10 });
  use(1, { fast: 10 });
  await clock.run(5000);
  expect(runner.job('0')!.results).toHaveLength(20);
});

describe('equal checks', () => {
  const service = (name: string, port: number, own: Partial<Check>) =>
    directorService(name, [directorServer('10.0.0.1', { checks: [check(own)] })], { port });

  test('of several services run once, and each judges by its own numbers', async () => {
    const machine = new SimulatedMachine();
    const daemon = machine.start(
      configurationOf([service('a', 1, {}), service('b', 2, {}), service('c', 3, { fall: 5 })]),
      { identity: (_, { server }) => server.name },
    );
    await machine.clock.run(20_500);
    expect(machine.checksRun).toBeLessThanOrEqual(12);
    machine.behaviours.set('10.0.0.1', 'refused');
    const fell: Record<string, number> = {};
    for (let time = 0; time < 6000; time += 50) {
      await machine.clock.run(50);
      for (const name of ['a', 'b', 'c']) {
        if (daemon.state(`${name}/10.0.0.1`) === 'down') fell[name] ??= time;
      }
    }
    expect(fell.a).toBe(fell.b);
    expect(fell.c! - fell.a!).toBeGreaterThanOrEqual(800);
  });

  test('with other intervals are others', async () => {
    const machine = new SimulatedMachine();
    machine.start(configurationOf([service('a', 1, {}), service('b', 2, { interval: 10_000 })]), {
      identity: (_, { server }) => server.name,
    });
    await machine.clock.run(20_500);
    expect(machine.checksRun).toBeGreaterThanOrEqual(12);
    expect(machine.checksRun).toBeLessThanOrEqual(15);
  });
});
