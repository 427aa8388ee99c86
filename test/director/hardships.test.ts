/** Faults that meet each other: what is refused, taken back or late must harm nothing else. */

import { Overrides } from '../../src/director/overrides';
import { rosterOf } from '../../src/director/roster';
import { ipvsCommands } from '../../src/ipvs/commands';
import type { DirectorService } from '../../src/model/director';
import { planChanges } from '../../src/state/plan/diff';
import type { TableState } from '../../src/state/table/table-state';
import {
  configurationOf,
  directorServer,
  directorService,
  SimulatedDaemon,
  SimulatedMachine,
  someServers,
} from '../helpers/simulated-director';
import { key, server, service } from '../helpers/table-rows';

const me = { author: 'me', name: 'director.yaml' };
const sorry = server({ at: '10.9.9.9', weight: 1 });
const web = (own: Partial<DirectorService> = {}, count = 2) =>
  directorService('web', someServers(count), own);

function machineWith(...services: NonNullable<TableState['services']>) {
  const machine = new SimulatedMachine();
  machine.other.changes(planChanges({}, { services }).map(({ change }) => change));
  return machine;
}

/** What the kernel is asked to add is refused from now on. */
function refuseAdditions(machine: SimulatedMachine): void {
  machine.kernel.refuse = (command) => (command === ipvsCommands.newDest ? 12 : 0);
}

test('a dead server goes at once from a service of which the kernel refuses something', async () => {
  const machine = new SimulatedMachine();
  machine.behaviours.set('10.0.0.3', 'refused');
  machine.start(configurationOf([web({ onFail: 'remove' }, 3)]));
  await machine.clock.run(10_000);
  refuseAdditions(machine);
  machine.behaviours.set('10.0.0.3', 'up');
  await machine.clock.run(120_000);
  machine.behaviours.set('10.0.0.1', 'refused');
  await machine.clock.run(5000);
  expect(machine.table).toEqual(['tcp:192.0.2.10:80 10.0.0.2:80=1']);
});

test('servers that are well stay while the kernel refuses the sorry server', async () => {
  const machine = new SimulatedMachine();
  const options = { onFail: 'remove', whenAllDown: 'sorry', sorry, quorum: { weight: 2 } } as const;
  machine.start(configurationOf([web(options)]));
  await machine.clock.run(10_000);
  refuseAdditions(machine);
  machine.behaviours.set('10.0.0.1', 'refused');
  await machine.clock.run(60_000);
  expect(machine.table).toEqual(['tcp:192.0.2.10:80 10.0.0.2:80=1']);
});

test('a service of others that was taken stays when the document is refused or taken back', async () => {
  const others = {
    service: service({ key: key('198.51.100.1') }),
    servers: [server({ at: '10.0.0.7', weight: 1 })],
  };
  const theirs = directorService('theirs', [directorServer('10.0.0.7')], { address: '198.51.100.1' });
  const more = directorService('more', [directorServer('10.0.0.8')], { port: 81 });
  for (const refused of [true, false]) {
    const machine = machineWith(others);
    const daemon = machine.start(configurationOf([web()]));
    await machine.clock.run(5000);
    const { table } = machine;
    if (refused) machine.kernel.refuse = (command) => (command === ipvsCommands.newService ? 12 : 0);
    const text = machine.document(configurationOf([web(), theirs, more]));
    const outcome = await daemon.wait(daemon.director.reload(text, { ...me, confirm: 20_000 }));
    expect(outcome.ok).toBe(!refused);
    await machine.clock.run(400_000);
    expect(machine.table).toEqual(table);
    expect(daemon.director.status().others).toEqual(['tcp:198.51.100.1:80']);
  }
});

test('a service that was taken at the start leaves with its document', async () => {
  const machine = machineWith({ service: web().service, servers: web().servers.map((one) => one.server) });
  const dns = directorService('dns', someServers(1), { port: 53 });
  const daemon = machine.start(configurationOf([web(), dns]));
  await machine.clock.run(5000);
  await daemon.wait(daemon.director.reload(machine.document(configurationOf([dns])), me));
  await machine.clock.run(100_000);
  expect(machine.table).toEqual(['tcp:192.0.2.10:53 10.0.0.1:80=1']);
});

test('a service that is handed over with owner: report is not deleted when the document loses it', async () => {
  const machine = new SimulatedMachine();
  const daemon = machine.start(
    configurationOf([web(), directorService('dns', someServers(1), { port: 53 })]),
  );
  await machine.clock.run(5000);
  const { table } = machine;
  const dns = directorService('dns', someServers(1), { port: 53, owner: 'report' });
  for (const services of [[web(), dns], [web()]]) {
    await daemon.wait(daemon.director.reload(machine.document(configurationOf(services)), me));
    await machine.clock.run(200_000);
  }
  expect(machine.table).toEqual(table);
});

test('a document that was confirmed while it was applied is not taken back', async () => {
  const machine = new SimulatedMachine();
  const daemon = machine.start(configurationOf([web()]));
  await machine.clock.run(5000);
  const text = machine.document(configurationOf([web({ removeAfter: 7000 })]));
  const reload = daemon.director.reload(text, { ...me, confirm: 10_000 });
  await machine.clock.run(1);
  expect(daemon.director.confirm('me')).toMatchObject({ ok: true });
  await daemon.wait(reload);
  await machine.clock.run(60_000);
  expect(daemon.director.generations()[0]).toMatchObject({ number: 2 });
});

test('the sorry server does not replace servers of a service that gets a slow start', async () => {
  const own = { slowStart: 10_000, whenAllDown: 'sorry', sorry } as const;
  const machine = machineWith({ service: web().service, servers: web().servers.map((one) => one.server) });
  const tables = new Set<string>();
  machine.kernel.changed = () => tables.add(machine.table.join());
  machine.behaviours.set('10.0.0.2', () => ({
    ok: false,
    ours: true,
    stage: 'run',
    duration: 1,
    message: 'x',
  }));
  machine.start(configurationOf([web(own)]));
  await machine.clock.run(10_000);
  expect([...tables].filter((table) => table.includes('10.9.9.9'))).toEqual([]);
  expect(machine.table).toEqual(['tcp:192.0.2.10:80 10.0.0.1:80=100 10.0.0.2:80=100']);
});

test('a weight that was set by hand keeps its share when the service gets a slow start, or loses it', async () => {
  const machine = new SimulatedMachine();
  const daemon = machine.start(configurationOf([web()]));
  await machine.clock.run(5000);
  const [one] = web().servers;
  machine.other.changes([
    { kind: 'edit-server', key: web().service.key, server: { ...one!.server, weight: 3 } },
  ]);
  await machine.clock.run(10_000);
  const weights: string[] = [];
  for (const slowStart of [5000, 0]) {
    await daemon.wait(daemon.director.reload(machine.document(configurationOf([web({ slowStart })])), me));
    await machine.clock.run(10_000);
    weights.push(...machine.table);
  }
  expect(weights).toEqual([
    'tcp:192.0.2.10:80 10.0.0.1:80=300 10.0.0.2:80=100',
    'tcp:192.0.2.10:80 10.0.0.1:80=3 10.0.0.2:80=1',
  ]);
});

test('the document in use is kept however often another one is refused', async () => {
  const machine = new SimulatedMachine();
  const daemon = machine.start(configurationOf([web()]));
  await machine.clock.run(5000);
  machine.kernel.refuse = (command) => (command === ipvsCommands.newService ? 12 : 0);
  const bad = machine.document(
    configurationOf([web(), directorService('more', someServers(1), { port: 81 })]),
  );
  for (let round = 0; round < 25; round++) {
    expect(await daemon.wait(daemon.director.reload(bad, me))).toMatchObject({ ok: false });
  }
  await daemon.stop();
  machine.kernel.refuse = undefined;
  const next = new SimulatedDaemon(machine, bad, {}).director;
  expect(next.status().alarms).toEqual([expect.stringContaining('generation 1 stays in use')]);
});

test('an alarm about the document ends with the next one that is taken', async () => {
  const machine = new SimulatedMachine();
  const first = machine.start(configurationOf([web()]));
  await machine.clock.run(5000);
  await first.stop();
  const daemon = new SimulatedDaemon(machine, 'broken', {});
  expect(daemon.director.status().alarms).toHaveLength(1);
  await machine.clock.run(2000);
  const text = machine.document(configurationOf([web({ removeAfter: 5000 })]));
  expect(await daemon.wait(daemon.director.reload(text, me))).toMatchObject({ ok: true });
  expect(daemon.director.status().alarms).toEqual([]);
});

test('overrides of all servers of a large table survive a restart, those of others as far as there is room', () => {
  const world = { now: () => 0, wallClock: () => 0 };
  const servers = Array.from({ length: 12_000 }, (_, index) =>
    directorServer(`10.1.${index >> 8}.${index & 255}`),
  );
  const roster = rosterOf(configurationOf([directorService('web', servers)]));
  const ids = [...roster.values()].flatMap(({ members }) => members.map(({ id }) => id));
  const override = { admin: 'maint', author: 'me', since: 0, fileAdmin: 'ready' } as const;
  const others = Array.from({ length: 10_003 }, (_, index) => `other ${index}`);
  const saved = new Map([...ids, ...others].map((id) => [id, override]));
  const overrides = new Overrides(world, saved);
  expect(overrides.follow(roster)).toEqual(['other 0', 'other 1', 'other 2']);
  expect([...overrides.all.keys()]).toEqual([...ids, ...others.slice(3)]);
});

test('no check runs any more after the end, whatever is asked', async () => {
  const machine = new SimulatedMachine();
  const daemon = machine.start(configurationOf([web()]));
  await machine.clock.run(5000);
  const stopped = daemon.director.stop();
  await machine.clock.run(0);
  await stopped;
  daemon.director.setAdmin({ service: 'web' }, { admin: 'drain', author: 'me' });
  const { checksRun } = machine;
  await machine.clock.run(10_000);
  expect(machine.checksRun).toBe(checksRun);
});

test('a sorry server that stays has weight 0 until it is needed, and again afterwards', async () => {
  const own = { whenAllDown: 'sorry', sorry, spare: { ...sorry, weight: 0 }, hysteresis: 2 } as const;
  const servers = [...web().servers.map((one) => one.server), { ...sorry, weight: 0 }];
  const machine = machineWith({ service: web().service, servers });
  const { changes } = machine;
  const { director } = machine.start(configurationOf([web(own)]));
  await machine.clock.run(10_000);
  expect(machine.changes).toBe(changes);
  expect(director.events(0)).toEqual([]);
  const tables = [];
  for (const behaviour of ['refused', 'up'] as const) {
    for (const at of ['10.0.0.1', '10.0.0.2']) machine.behaviours.set(at, behaviour);
    await machine.clock.run(60_000);
    tables.push(...machine.table);
  }
  expect(tables).toEqual([
    'tcp:192.0.2.10:80 10.0.0.1:80=0 10.0.0.2:80=0 10.9.9.9:80=1',
    'tcp:192.0.2.10:80 10.0.0.1:80=1 10.0.0.2:80=1 10.9.9.9:80=0',
  ]);
});

test('a server that was taken in by hand while no daemon ran stays in until its checks fail', async () => {
  const machine = new SimulatedMachine();
  machine.behaviours.set('10.0.0.1', 'refused');
  const first = machine.start(configurationOf([web()]));
  await machine.clock.run(10_000);
  machine.behaviours.set('10.0.0.1', 'up');
  await machine.clock.run(60_000);
  machine.behaviours.set('10.0.0.1', 'refused');
  await machine.clock.run(10_000);
  await first.stop();
  const { service: own, servers } = web();
  machine.other.changes([{ kind: 'edit-server', key: own.key, server: servers[0]!.server }]);
  machine.behaviours.set('10.0.0.1', 'up');
  const { changes } = machine;
  const next = machine.start(configurationOf([web()]));
  await machine.clock.run(30_000);
  expect(machine.changes).toBe(changes);
  await next.stop();
  machine.behaviours.set('10.0.0.1', 'refused');
  machine.start(configurationOf([web()]));
  await machine.clock.run(5000);
  expect(machine.table).toEqual(['tcp:192.0.2.10:80 10.0.0.1:80=0 10.0.0.2:80=1']);
});

test('what a full disk refused is written once there is room', async () => {
  const machine = new SimulatedMachine();
  const first = machine.start(configurationOf([web()]));
  await machine.clock.run(5000);
  machine.diskFull = true;
  first.director.setAdmin({ service: 'web', server: '10.0.0.1' }, { admin: 'maint', author: 'me' });
  await machine.clock.run(5000);
  expect(first.director.status().alarms).not.toEqual([]);
  machine.diskFull = false;
  await machine.clock.run(2000);
  expect(first.director.status().alarms).toEqual([]);
  first.kill();
  const second = machine.start(configurationOf([web()]));
  expect(second.director.health().map(({ admin }) => admin)).toEqual(['maint', 'ready']);
});

test('a document that is being taken back cannot be confirmed any more', async () => {
  const machine = new SimulatedMachine();
  const daemon = machine.start(configurationOf([web()]));
  await machine.clock.run(5000);
  const text = machine.document(configurationOf([web({}, 3)]));
  await daemon.wait(daemon.director.reload(text, { ...me, confirm: 60_000 }));
  await machine.clock.run(59_000);
  // A pass waits for the lock while the window ends.
  machine.lock = () => ({ kind: 'held', holder: 7 });
  machine.behaviours.set('10.0.0.2', 'refused');
  const outcomes = new Set<string>();
  for (let waited = 0; waited < 10_000; waited += 50) {
    await machine.clock.run(50);
    if (waited < 2200) continue;
    const outcome = daemon.director.confirm('me');
    outcomes.add(outcome.ok ? outcome.text : outcome.problem);
  }
  expect([...outcomes]).toEqual([
    'generation 2 is being taken back: it was not confirmed in time',
    'no document waits to be confirmed',
  ]);
  expect(daemon.director.generations()[0]).toMatchObject({ number: 3, author: 'confirm window' });
});
