/** kill -9 between any two netlink messages: the next start comes to what is wanted. */
import { planChanges } from '../../src/state/plan/diff';
import {
  check,
  configurationOf,
  directorServer,
  directorService,
  SimulatedMachine,
  someServers,
} from '../helpers/simulated-director';
import { key, server, service } from '../helpers/table-rows';

const foreign = {
  service: service({ key: key('198.51.100.1') }),
  servers: [server({ at: '10.5.5.5', weight: 3 })],
};
const FOREIGN = 'tcp:198.51.100.1:80 10.5.5.5:80=3';
const sorry = server({ at: '10.9.9.9' });

const throughPath = { checks: [check({ via: 'path' })] };

const before = configurationOf([
  directorService('web', someServers(3, throughPath)),
  directorService('old', someServers(2), { port: 81 }),
  directorService('mail', someServers(2, { weight: 2 }), { port: 25, sorry }),
]);
const after = configurationOf([
  directorService('web', [
    ...someServers(2, { weight: 5, ...throughPath }),
    directorServer('10.0.0.7', throughPath),
  ]),
  directorService('new', someServers(3), { port: 82, slowStart: 5000 }),
  directorService('mail', someServers(2, { weight: 2 }), {
    port: 25,
    sorry,
    service: service({ key: key('192.0.2.10', 25), flags: 0, scheduler: 'wlc' }),
  }),
]);
const wanted = [
  'tcp:192.0.2.10:25 10.0.0.1:80=2 10.0.0.2:80=2',
  'tcp:192.0.2.10:80 10.0.0.1:80=5 10.0.0.2:80=5 10.0.0.7:80=1',
  'tcp:192.0.2.10:82 10.0.0.1:80=100 10.0.0.2:80=100 10.0.0.3:80=100',
  'fwmark 10.0.0.1:80=1',
  'fwmark 10.0.0.2:80=1',
  'fwmark 10.0.0.7:80=1',
  FOREIGN,
].sort();

/** Which marks checks have is of no importance. */
function tableOf(machine: SimulatedMachine): string[] {
  return machine.table.map((line) => line.replace(/^fwmark:\d+/, 'fwmark')).sort();
}

function machineWithForeign(): SimulatedMachine {
  const machine = new SimulatedMachine();
  machine.other.changes(planChanges({}, { services: [foreign] }).map(({ change }) => change));
  return machine;
}

/** Runs a daemon from nothing to `before` and then to `after`, killed before its n-th change. */
async function killedAt(n: number): Promise<{ machine: SimulatedMachine; died: boolean }> {
  const machine = machineWithForeign();
  const first = machine.start(before);
  first.killAtChange(n);
  await machine.clock.run(8000);
  if (first.isAlive) {
    void first.director.reload(machine.document(after), { author: 'me', name: 'after' });
    await machine.clock.run(8000);
  }
  machine.kernel.refuse = undefined;
  return { machine, died: !first.isAlive };
}

test('killed before its n-th change for every n, the next start gets there, and others lose nothing', async () => {
  let n = 0;
  for (let died = true; died; n++) {
    const { machine, died: killed } = await killedAt(n);
    died = killed;
    if (!died) {
      expect(tableOf(machine)).toEqual(wanted);
      break;
    }
    const second = machine.start(after);
    await machine.clock.run(12_000);
    expect({ n, table: tableOf(machine) }).toEqual({ n, table: wanted });
    expect(second.director.status()).toMatchObject({
      others: ['tcp:198.51.100.1:80'],
      contested: [],
      alarms: [],
    });
    expect(machine.emptied).toBe(0);
    const { changes } = machine;
    second.kill();
    machine.start(after);
    await machine.clock.run(12_000);
    expect({ n, changes: machine.changes }).toEqual({ n, changes });
  }
  expect(n).toBeGreaterThan(20);
}, 120_000);
