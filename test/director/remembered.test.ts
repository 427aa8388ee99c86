/** What has to outlive a restart or other files: documents that refer, services on trial, fights. */
import {
  configurationOf,
  directorServer,
  directorService,
  SimulatedMachine,
  someServers,
} from '../helpers/simulated-director';
import { key, server, service } from '../helpers/table-rows';

const me = { author: 'me', name: 'director.yaml' };
const web = (weight = 1) => directorService('web', someServers(2, { weight }));

test('a document that refers to names is rolled back to as it was read then', async () => {
  const machine = new SimulatedMachine();
  const named = configurationOf([web(5)], { refers: true });
  const daemon = machine.start(named);
  await machine.clock.run(5000);
  const next = machine.document(configurationOf([web()]));
  await daemon.wait(daemon.director.reload(next, me));
  // The names are gone.
  machine.documents.delete(daemon.text);
  expect(await daemon.wait(daemon.director.rollback(undefined, 'me'))).toMatchObject({ ok: true });
  await machine.clock.run(5000);
  expect(machine.table).toEqual(['tcp:192.0.2.10:80 10.0.0.1:80=5 10.0.0.2:80=5']);
});

test('so it stays in use when the daemon starts while its names are gone', async () => {
  const machine = new SimulatedMachine();
  const named = configurationOf([web(5)], { refers: true });
  const daemon = machine.start(named);
  await machine.clock.run(5000);
  const { changes } = machine;
  daemon.kill();
  machine.document = () => daemon.text;
  machine.documents.delete(daemon.text);
  const last = machine.start(named);
  await machine.clock.run(10_000);
  expect(last.director.status().alarms).toEqual([expect.stringContaining('generation 1 stays in use')]);
  expect([machine.changes, last.director.generations().length]).toEqual([changes, 1]);
});

test('a service of others that was taken on trial is given back after a restart, too', async () => {
  const machine = new SimulatedMachine();
  const { other } = machine;
  other.addService(service({ key: key('198.51.100.1') }));
  other.addServer(key('198.51.100.1'), server({ at: '10.0.0.7' }));
  const theirs = directorService('theirs', [directorServer('10.0.0.7')], { address: '198.51.100.1' });
  const daemon = machine.start(configurationOf([web()]));
  await machine.clock.run(5000);
  const { table } = machine;
  const text = machine.document(configurationOf([web(), theirs]));
  await daemon.wait(daemon.director.reload(text, { ...me, confirm: 60_000 }));
  daemon.kill();
  const again = machine.start(configurationOf([web(), theirs]));
  await machine.clock.run(300_000);
  expect(again.director.generations()[0]).toMatchObject({ author: 'confirm window' });
  expect(machine.table).toEqual(table);
  expect(again.director.status().others).toEqual(['tcp:198.51.100.1:80']);
});

describe('timeouts and sync daemons', () => {
  const timeouts = { tcp: 300, tcpFin: 60, udp: 30 };
  const daemons = [{ state: 1, interface: 'lo', syncId: 7 }];

  test.each([
    ['timeouts', { timeouts }],
    ['daemons', { daemons }],
  ] as const)('a fight for the %s is recognised, and ended', async (part, settings) => {
    const machine = new SimulatedMachine();
    const { director, events } = machine.start(configurationOf([web()], settings));
    await machine.clock.run(5000);
    expect([events, director.status().contested]).toEqual([[], []]);
    let fights = true;
    const fight = () => {
      if (!fights) return;
      if (part === 'timeouts') machine.other.setTimeouts({ tcp: 900, tcpFin: 0, udp: 0 });
      else if (machine.kernel.daemons.length > 0) machine.other.stopDaemon(1);
      machine.clock.after(100, fight);
    };
    fight();
    await machine.clock.run(30_000);
    expect(director.status().contested).toEqual([part]);
    const { changesSent } = director.status();
    await machine.clock.run(60_000);
    expect(director.status()).toMatchObject({ changesSent, alarms: [expect.stringContaining('contested')] });
    fights = false;
    expect(director.adopt(part, 'me')).toMatchObject({ ok: true });
    await machine.clock.run(2000);
    expect(director.status()).toMatchObject({ contested: [], alarms: [] });
    expect(machine.kernel.timeouts.timeoutTcp === 300 || machine.kernel.daemons.length === 1).toBe(true);
  });

  test('one change is repaired and told, and is no fight', async () => {
    const machine = new SimulatedMachine();
    const daemon = machine.start(configurationOf([web()], { timeouts }));
    await machine.clock.run(5000);
    machine.other.setTimeouts({ tcp: 900, tcpFin: 0, udp: 0 });
    await machine.clock.run(6000);
    expect(machine.kernel.timeouts.timeoutTcp).toBe(300);
    expect(daemon.events).toEqual(['repaired: the timeouts were changed: repaired']);
    expect(daemon.director.status().contested).toEqual([]);
  });
});
