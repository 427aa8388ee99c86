/** The life of the daemon on a simulated machine. */
import {
  configurationOf,
  directorService,
  SimulatedMachine,
  someServers,
} from '../helpers/simulated-director';

const web = configurationOf([directorService('web', someServers(3))]);

test('fills an empty table as soon as the servers have answered', async () => {
  const machine = new SimulatedMachine();
  const { director } = machine.start(web);
  await machine.clock.run(1100);
  expect(machine.table).toEqual(['tcp:192.0.2.10:80 10.0.0.1:80=1 10.0.0.2:80=1 10.0.0.3:80=1']);
  expect(director.status()).toMatchObject({ generation: { wanted: 1, applied: 1 }, alarms: [], others: [] });
});

test('takes a refused server out within 3 s and a black hole within 6 s, and back again', async () => {
  const machine = new SimulatedMachine();
  const daemon = machine.start(web);
  await machine.clock.run(10_000);
  machine.behaviours.set('10.0.0.1', 'refused');
  await machine.clock.run(3300);
  expect(machine.table).toEqual(['tcp:192.0.2.10:80 10.0.0.1:80=0 10.0.0.2:80=1 10.0.0.3:80=1']);
  machine.behaviours.set('10.0.0.2', 'hole');
  await machine.clock.run(6300);
  expect(machine.table).toEqual(['tcp:192.0.2.10:80 10.0.0.1:80=0 10.0.0.2:80=0 10.0.0.3:80=1']);
  machine.behaviours.clear();
  await machine.clock.run(12_000);
  expect(machine.table).toEqual(['tcp:192.0.2.10:80 10.0.0.1:80=1 10.0.0.2:80=1 10.0.0.3:80=1']);
  expect(daemon.events.map((line) => line.split(':')[0])).toEqual(
    ['server-up', 'server-up', 'server-down', 'server-down', 'reloaded'].slice(0, 4),
  );
});

test('a restart with unchanged everything sends no change, after SIGTERM and after kill -9', async () => {
  const machine = new SimulatedMachine();
  const first = machine.start(web);
  machine.behaviours.set('10.0.0.3', 'refused');
  await machine.clock.run(20_000);
  const table = machine.table;
  const { changes } = machine;
  await first.stop();
  const second = machine.start(web);
  await machine.clock.run(20_000);
  second.kill();
  const third = machine.start(web);
  await machine.clock.run(20_000);
  expect(machine.changes).toBe(changes);
  expect(machine.table).toEqual(table);
  expect(third.state('web/10.0.0.3')).toBe('down');
});
