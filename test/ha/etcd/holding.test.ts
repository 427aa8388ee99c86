/** The VIPs live for whole seconds that end before the lease can, wherever the process stands still. */
import { Holding } from '../../../src/ha/etcd/holding';
import { Tenure } from '../../../src/ha/etcd/lease';

/** @param stalls milliseconds for which the process stands still in each call of `hold`. */
function ground({ stalls = [], refuses = false }: { stalls?: number[]; refuses?: boolean } = {}) {
  let now = 10_000;
  const calls: string[] = [];
  const world = {
    now: () => now,
    after: (milliseconds: number) => {
      calls.push(`timer ${milliseconds}`);
      return () => {};
    },
    vips: {
      hold(seconds: number) {
        now += stalls.shift() ?? 0;
        if (refuses) throw new Error('no such device');
        calls.push(`hold ${seconds}`);
      },
      release: () => void calls.push('release'),
      held: () => true,
      announce: async () => {},
      rivals: async () => [],
    },
  };
  const tenure = new Tenure();
  const holding = new Holding(world, tenure, { extend() {}, expire() {} });
  const pass = (milliseconds: number) => {
    now += milliseconds;
  };
  return { tenure, holding, calls, pass };
}

test.each([
  ['a renewal counts from when it was sent', 0, ['hold 3', 'timer 1900', 'timer 2950'], 'on'],
  ['seconds are rounded down', 10, ['hold 2', 'timer 1890', 'timer 2940'], 'on'],
  ['late', 1200, ['hold 1', 'timer 700', 'timer 1750'], 'on'],
  ['in the last second there is no timer to extend', 1950, ['hold 1', 'timer 1000'], 'on'],
  ['less than a second is nothing', 2001, [], 'late'],
  ['nor is it when the lease has ended', 9000, [], 'late'],
])('%s', (_, since, expected, kind) => {
  const { tenure, holding, calls, pass } = ground();
  tenure.renewed(10_000, 3);
  pass(since);
  expect(holding.hold()).toEqual({ kind });
  expect(calls).toEqual(expected);
});

test('standing still while they are put on: for less time, or not at all', () => {
  const shorter = ground({ stalls: [1500] });
  shorter.tenure.renewed(10_000, 3);
  expect(shorter.holding.hold()).toEqual({ kind: 'on' });
  expect(shorter.calls).toEqual(['hold 3', 'hold 1', 'timer 400', 'timer 1450']);

  const over = ground({ stalls: [60_000] });
  over.tenure.renewed(10_000, 3);
  expect(over.holding.hold()).toEqual({ kind: 'late' });
  expect(over.calls).toEqual(['hold 3', 'release']);
  expect(over.holding.on).toBe(false);
});

test('nothing is known before the first renewal, and nothing after the lease was lost', () => {
  const { tenure, holding, calls } = ground();
  expect(holding.hold()).toEqual({ kind: 'late' });
  tenure.renewed(10_000, 3);
  tenure.ended();
  expect(holding.hold()).toEqual({ kind: 'late' });
  expect(calls).toEqual([]);
});

test('what is refused may be on in part: off for sure a second after its end', () => {
  const { tenure, holding, pass } = ground({ refuses: true });
  tenure.renewed(10_000, 3);
  expect(holding.hold()).toEqual({ kind: 'failed', problem: 'no such device' });
  expect(holding.on).toBe(false);
  expect(holding.offBy).toBe(14_000);
  pass(1);
  expect(holding.release()).toBeUndefined();
  expect(holding.offBy).toBe(Number.NEGATIVE_INFINITY);
});
