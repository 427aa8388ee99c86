/** A keepalived of somebody else: nothing is held, only heard. */
import { foreignKeepalived } from '../../../src/ha/keepalived/foreign';
import { SimulatedMachine } from './simulated-machine';

function started() {
  const machine = new SimulatedMachine();
  const engine = foreignKeepalived(
    {
      settings: { kind: 'keepalived', id: 51, priority: 100, fifo: '/run/k.fifo', instance: 'director' },
      name: 'd1',
      fifo: '/run/k.fifo',
      instance: 'director',
    },
    machine.host,
  )(machine.world, { ...machine.listener, role: (role) => machine.told.push(role) });
  return { machine, engine, clock: machine.clock };
}

test('begins with what the VIPs say, then does as the FIFO says', () => {
  const { machine, engine } = started();
  machine.world.vips.hold(100);
  engine.start();
  for (const word of ['BACKUP', 'MASTER', 'FAULT', 'MASTER']) machine.say(word);
  expect(machine.told).toEqual(['leader', 'standby', 'leader', 'unfit', 'leader']);
  expect(machine.launched).toEqual([]);
});

test('VIPs that contradict for seconds win over lines that got lost', async () => {
  const { machine, engine, clock } = started();
  engine.start();
  machine.world.vips.hold(10);
  await clock.run(2900);
  expect(machine.told).toEqual(['standby']);
  await clock.run(200);
  expect(machine.told).toEqual(['standby', 'leader']);
  machine.world.vips.release();
  await clock.run(3000);
  expect(machine.told).toEqual(['standby', 'leader', 'standby']);
});

test('a flood, and a rival', async () => {
  const { machine, engine, clock } = started();
  engine.start();
  machine.write('INSTANCE "director" MASTER 1\nINSTANCE "director" BACKUP 1\n'.repeat(50_000));
  expect(machine.told).toEqual(['standby']);
  machine.world.vips.hold(100);
  machine.say('MASTER');
  machine.rivals = [{ vip: '192.0.2.10', mac: '02:00:00:00:00:02' }];
  await clock.run(2000);
  expect(machine.alarms.get('duplicate')).toContain('192.0.2.10 is also at 02:00:00:00:00:02');
  await engine.stop({ handOver: true });
  expect([machine.held, clock.pending < 5]).toEqual([true, true]);
});

test('it cannot hand over what is not its own', async () => {
  const { engine } = started();
  expect(await engine.resign()).toMatchObject({ ok: false });
});
