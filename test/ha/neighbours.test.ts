import { Alarms } from '../../src/ha/alarms';
import { Neighbours } from '../../src/ha/neighbours';
import { SimulatedClock } from '../helpers/simulated-clock';

test('a leader tells its neighbours and asks them until it leads no more, or the engine ends', async () => {
  const clock = new SimulatedClock();
  const said: string[] = [];
  let announced = 0;
  let asked = 0;
  let rivals: readonly { vip: string; mac: string }[] = [];
  const world = {
    now: () => clock.now,
    after: (wait: number, then: () => void) => clock.after(wait, then),
    vips: {
      announce: async () => {
        announced += 1;
      },
      rivals: async () => {
        asked += 1;
        return rivals;
      },
    },
  } as unknown as ConstructorParameters<typeof Neighbours>[0];
  const alarms = new Alarms({ alarm: (name, text) => said.push(`${name}: ${text ?? 'over'}`) });
  const neighbours = new Neighbours(world, alarms);
  neighbours.role('standby');
  await clock.run(10_000);
  expect([announced, asked]).toEqual([0, 0]);

  neighbours.role('leader');
  await clock.run(10_000);
  expect(announced).toBe(5);
  rivals = [{ vip: '192.0.2.10', mac: '02:00:00:00:00:01' }];
  await clock.run(2000);
  expect(announced).toBe(6);
  expect(said).toEqual([
    'duplicate: 192.0.2.10 is also at 02:00:00:00:00:01: two directors lead, or an address is used twice',
  ]);

  neighbours.role('standby');
  const before = [announced, asked];
  await clock.run(120_000);
  expect([announced, asked]).toEqual(before);
  expect(said.slice(1)).toEqual(['duplicate: over']);
  neighbours.role('leader');
  neighbours.end();
  const ended = [announced, asked];
  await clock.run(120_000);
  expect([announced, asked]).toEqual(ended);
});
