/** Health against a model that looks at all results anew each time. */
import fc from 'fast-check';
import {
  afterResult,
  type CheckHealth,
  holdDown,
  holdDownLeft,
  initialHealth,
  MAX_HOLD_DOWN,
  nextDelay,
} from '../../src/director/health';
import { defaultTiming } from '../../src/model/check';
import { seededRandom } from '../helpers/simulated-clock';

interface Result {
  readonly at: number;
  readonly ok: boolean;
}

interface Timing {
  readonly fall: number;
  readonly rise: number;
  readonly interval: number;
}

/** The state by the words of the manual, from the whole history. */
function model(initial: 'up' | 'down' | 'unknown', results: readonly Result[], timing: Timing): string {
  let state: string = initial;
  let fallTimes: number[] = [];
  for (const [index, { at, ok }] of results.entries()) {
    let equal = 0;
    while (equal <= index && results[index - equal]!.ok === ok) equal += 1;
    if (!ok && equal >= timing.fall) {
      if (state === 'up') fallTimes = [...fallTimes.filter((time) => at - time < 600_000), at];
      state = 'down';
    }
    if (ok && state === 'unknown') state = 'up';
    if (ok && state === 'down' && equal >= timing.rise) {
      const wellFor = at - results[index - equal + 1]!.at;
      let needed = fallTimes.length > 0 ? timing.rise * timing.interval : 0;
      for (let fall = 1; fall < fallTimes.length && needed < 300_000; fall++) needed *= 2;
      if (wellFor >= Math.min(needed, 300_000)) state = 'up';
    }
  }
  return state;
}

const timing = fc.record({
  fall: fc.integer({ min: 1, max: 5 }),
  rise: fc.integer({ min: 1, max: 5 }),
  interval: fc.constantFrom(1, 500, 2000, 60_000),
});

/** Runs of equal results, so that states change. */
const history = fc
  .array(
    fc.record({
      ok: fc.boolean(),
      length: fc.integer({ min: 1, max: 12 }),
      gap: fc.constantFrom(1, 500, 2000, 30_000, 400_000),
    }),
    {
      maxLength: 30,
    },
  )
  .map((runs) => {
    let at = 5000;
    return runs.flatMap(({ ok, length, gap }) =>
      Array.from({ length }, (): Result => {
        at += gap;
        return { at, ok };
      }),
    );
  });

const initial = fc.constantFrom('up', 'down', 'unknown');

function fold(start: 'up' | 'down' | 'unknown', results: readonly Result[], own: Timing): CheckHealth {
  return results.reduce(
    (health, { at, ok }) => afterResult(health, { ok }, at, own),
    initialHealth(start, 0),
  );
}

test('after any history the state is that of the model', () => {
  fc.assert(
    fc.property(initial, history, timing, (start, results, own) => {
      expect(fold(start, results, own).state).toBe(model(start, results, own));
    }),
    { numRuns: 2000 },
  );
});

test('what it remembers is bounded, whatever happens', () => {
  fc.assert(
    fc.property(history, timing, (results, own) => {
      const health = fold('up', results, own);
      expect(health.falls.length).toBeLessThanOrEqual(20);
      expect(health.streak).toBeLessThanOrEqual(Math.max(own.fall + 2, own.rise));
      expect(holdDownLeft(health, 1e9, own)).toBeLessThanOrEqual(MAX_HOLD_DOWN);
    }),
  );
});

test('after any history, rise successes and at most five minutes make it up', () => {
  fc.assert(
    fc.property(initial, history, timing, (start, results, own) => {
      let health = fold(start, results, own);
      const begun = (results.at(-1)?.at ?? 0) + 1;
      for (let at = begun; at <= begun + MAX_HOLD_DOWN + 10_000; at += 5000) {
        health = afterResult(health, { ok: true }, at, own);
      }
      expect(health.state).toBe('up');
    }),
  );
});

test('certain states cost nothing: the same object comes back', () => {
  const up = fold(
    'unknown',
    [1, 2, 3].map((at) => ({ at, ok: true })),
    defaultTiming,
  );
  expect(afterResult(up, { ok: true }, 4, defaultTiming)).toBe(up);
});

test('hold-down: 4 s after the first fall, doubled by each, at most five minutes', () => {
  expect([0, 1, 2, 3, 7, 8, 20].map((falls) => holdDown(falls, defaultTiming))).toEqual([
    0, 4000, 8000, 16_000, 256_000, 300_000, 300_000,
  ]);
});

test.each([
  ['up', 'unknown', [true], 2000, true],
  ['a failure of a server that is up', 'up', [true, false], 500, false],
  ['unknown', 'unknown', [false], 500, false],
  ['down, but not twice more', 'up', [false, false, false], 500, false],
  ['down for certain', 'up', [false, false, false, false, false], 5000, true],
  ['a first success', 'down', [true], 500, false],
  ['well, but held down', 'up', [false, false, false, true, true], 2000, false],
] as const)('the next check: %s', (_, start, oks, delay, certain) => {
  const results = oks.map((ok, index) => ({ at: 1000 + index, ok }));
  expect(nextDelay(fold(start, results, defaultTiming), 1000 + oks.length, defaultTiming)).toEqual({
    delay,
    certain,
  });
});

test('the weight of the last success stays through failures', () => {
  let health = initialHealth('unknown', 0);
  health = afterResult(health, { ok: true, weight: 40, wish: 'drain' }, 1, defaultTiming);
  health = afterResult(health, { ok: false }, 2, defaultTiming);
  expect(health.wish).toEqual({ weight: 40, wish: 'drain' });
});

/** How many of 2,000 servers fall within five minutes, each check failing with a probability. */
function fallen(failing: number): number {
  const random = seededRandom(3);
  let count = 0;
  for (let server = 0; server < 2000; server++) {
    let health = initialHealth('up', 0);
    for (
      let at = 0;
      at < 300_000 && health.state === 'up';
      at += nextDelay(health, at, defaultTiming).delay
    ) {
      health = afterResult(health, { ok: random() >= failing }, at, defaultTiming);
    }
    if (health.state === 'down') count += 1;
  }
  return count;
}

test('the share of servers that fall in five minutes of a lossy network is the one that the manual says', () => {
  expect(Math.round((fallen(0.1) / 2000) * 100)).toBe(13);
  expect(fallen(0.01)).toBeLessThan(3);
});
