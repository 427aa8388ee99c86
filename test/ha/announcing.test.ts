import { Announcing } from '../../src/ha/announcing';
import { SimulatedClock } from '../helpers/simulated-clock';

function made() {
  const clock = new SimulatedClock();
  const start = clock.now;
  const times: number[] = [];
  const announcing = new Announcing({
    now: () => clock.now,
    after: (milliseconds, then) => clock.after(milliseconds, then),
    vips: { announce: async () => void times.push(clock.now - start) },
  });
  return { clock, times, announcing };
}

test('five times within ten seconds, then every minute; nothing after the end', async () => {
  const { clock, times, announcing } = made();
  announcing.begin();
  await clock.run(130_000);
  expect(times).toEqual([0, 300, 800, 3000, 9000, 69_000, 129_000]);
  announcing.end();
  await clock.run(200_000);
  expect(times).toHaveLength(7);
});

test('a conflict is answered at once, and at most every ten seconds', async () => {
  const { clock, times, announcing } = made();
  announcing.conflict();
  expect(times).toEqual([]);
  announcing.begin();
  await clock.run(10_000);
  times.length = 0;
  for (let second = 0; second < 25; second++) {
    announcing.conflict();
    await clock.run(1000);
  }
  expect(times).toEqual([10_000, 20_000, 30_000]);
});
