import { Watching } from '../../src/ha/watching';
import { SimulatedClock } from '../helpers/simulated-clock';

function made() {
  const clock = new SimulatedClock();
  const told: string[] = [];
  const machine = {
    rivals: [] as { vip: string; mac: string }[],
    silent: [] as string[],
    slow: false,
  };
  const tell = (name: string) => (text: string | undefined) => {
    if (text !== undefined) told.push(`${name}: ${text}`);
    else if (told.at(-1)?.startsWith(`${name}: `)) told.push(`${name} is over`);
  };
  const watching = new Watching({
    world: {
      after: (milliseconds: number, then: () => void) => clock.after(milliseconds, then),
      vips: {
        rivals: async () => {
          if (machine.slow) await new Promise<void>((resolve) => clock.after(5000, resolve));
          return machine.rivals;
        },
      },
    } as unknown as ConstructorParameters<typeof Watching>[0]['world'],
    silent: async () => machine.silent,
    duplicate: tell('duplicate'),
    unseen: tell('unseen'),
  });
  return { clock, told, machine, watching };
}

test('tells of another machine at a VIP within 2 s, and that it is over', async () => {
  const { clock, told, machine, watching } = made();
  watching.begin();
  await clock.run(1000);
  machine.rivals = [{ vip: '192.0.2.10', mac: '02:00:00:00:00:02' }];
  await clock.run(2000);
  machine.rivals = [];
  await clock.run(2000);
  expect(told).toEqual([
    'duplicate: 192.0.2.10 is also at 02:00:00:00:00:02: two directors lead, or an address is used twice',
    'duplicate is over',
  ]);
});

test('one answer that is missing is nothing, two are told within 5 s', async () => {
  const { clock, told, machine, watching } = made();
  watching.begin();
  machine.silent = ['192.0.2.2'];
  await clock.run(1900);
  machine.silent = [];
  await clock.run(4000);
  expect(told).toEqual([]);
  machine.silent = ['192.0.2.2'];
  await clock.run(4000);
  expect(told.length).toBeGreaterThan(0);
  expect(told[0]).toContain('192.0.2.2: no answer');
});

test('an answer that comes when it does not lead any more counts for nothing', async () => {
  const { clock, told, machine, watching } = made();
  machine.slow = true;
  machine.rivals = [{ vip: '192.0.2.10', mac: '02:00:00:00:00:02' }];
  watching.begin();
  await clock.run(3000);
  watching.end();
  await clock.run(10_000);
  expect(told).toEqual([]);
});
