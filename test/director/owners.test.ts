/** What is ours in the table, and what is not. */

import { planChanges } from '../../src/state/plan/diff';
import type { TableState } from '../../src/state/table/table-state';
import {
  configurationOf,
  directorServer,
  directorService,
  SimulatedMachine,
  someServers,
} from '../helpers/simulated-director';
import { key, server, service } from '../helpers/table-rows';

const web = configurationOf([directorService('web', someServers(2))]);
const [one, two] = web.services[0]!.servers.map(({ server: own }) => own);
const foreign = {
  service: service({ key: key('198.51.100.1') }),
  servers: [server({ at: '10.5.5.5', weight: 3 })],
};
const FOREIGN = 'tcp:198.51.100.1:80 10.5.5.5:80=3';

function machineWith(...services: NonNullable<TableState['services']>) {
  const machine = new SimulatedMachine();
  machine.other.changes(planChanges({}, { services }).map(({ change }) => change));
  return machine;
}

test('services of others are never touched, and listed', async () => {
  const machine = machineWith(foreign);
  const { director } = machine.start(web);
  await machine.clock.run(20_000);
  expect(machine.table).toEqual(['tcp:192.0.2.10:80 10.0.0.1:80=1 10.0.0.2:80=1', FOREIGN]);
  expect(director.status().others).toEqual(['tcp:198.51.100.1:80']);
});

test('one that is equal but for weights is taken without a change, and its weights are derived anew', async () => {
  const machine = machineWith({ service: service(), servers: [{ ...one!, weight: 0 }, two!] });
  const { changes } = machine;
  machine.behaviours.set('10.0.0.1', 'refused');
  machine.start(web);
  await machine.clock.run(10_000);
  expect(machine.changes).toBe(changes);
  machine.behaviours.clear();
  await machine.clock.run(10_000);
  expect(machine.table).toEqual(['tcp:192.0.2.10:80 10.0.0.1:80=1 10.0.0.2:80=1']);
});

test.each<[string, NonNullable<TableState['services']>[0], string]>([
  [
    'another scheduler',
    { service: service({ scheduler: 'wlc' }), servers: [one!, two!] },
    "scheduler is 'wlc' in the table, 'rr' in the document",
  ],
  ['a server too few', { service: service(), servers: [one!] }, '10.0.0.2:80 is not in the table'],
  [
    'a server too many',
    { service: service(), servers: [one!, two!, server({ at: '10.3.3.3' })] },
    '10.3.3.3:80 is not in the document',
  ],
  [
    'another method',
    { service: service(), servers: [one!, { ...two!, forwarding: 0 }] },
    '10.0.0.2:80 has other settings in the table',
  ],
])(
  'a hand-made service with %s is an error at the first start, unless it is taken over',
  async (_, made, difference) => {
    const machine = machineWith(made, foreign);
    const { table, changes } = machine;
    expect(() => machine.start(web)).toThrow(
      `web: it is in the table, but not as in the document: ${difference}`,
    );
    await machine.clock.run(5000);
    expect(machine.changes).toBe(changes);
    expect(machine.table).toEqual(table);
    expect([...machine.files]).toEqual([]);
    machine.start(web, { takeOver: true });
    await machine.clock.run(12_000);
    expect(machine.table).toEqual(['tcp:192.0.2.10:80 10.0.0.1:80=1 10.0.0.2:80=1', FOREIGN]);
  },
);

test('a reload onto a service of others is a conflict, and changes nothing unless it takes over', async () => {
  const machine = machineWith(foreign);
  const daemon = machine.start(web);
  await machine.clock.run(3000);
  const { table } = machine;
  const more = machine.document(
    configurationOf([
      ...web.services,
      directorService('foreign', [directorServer('10.0.0.7')], { address: '198.51.100.1' }),
    ]),
  );
  const options = { author: 'me', name: 'more' };
  expect(await daemon.wait(daemon.director.reload(more, options))).toEqual({
    ok: false,
    kind: 'conflict',
    problem: 'foreign: it is in the table, but not as in the document: 10.0.0.7:80 is not in the table',
  });
  expect(machine.table).toEqual(table);
  expect(daemon.director.generations()).toHaveLength(1);
  expect(await daemon.wait(daemon.director.reload(more, { ...options, takeOver: true }))).toMatchObject({
    ok: true,
  });
  await machine.clock.run(12_000);
  expect(machine.table[1]).toBe('tcp:198.51.100.1:80 10.0.0.7:80=1');
});

test('a lost or damaged record of what is ours deletes nothing; the daemon goes on', async () => {
  const machine = machineWith(foreign);
  const first = machine.start(web);
  await machine.clock.run(5000);
  await first.stop();
  const { changes } = machine;
  for (const content of [
    undefined,
    '{"version":1,"epoch"',
    '{"version":1,"epoch":"boot-1 net-1","services":[]}',
    '',
  ]) {
    if (content === undefined) machine.files.delete('owned');
    else machine.files.set('owned', content);
    const next = machine.start(web);
    await machine.clock.run(20_000);
    const damaged =
      content === undefined ? [] : [expect.stringContaining("the state file 'owned' cannot be used")];
    expect(next.director.status().alarms).toEqual(damaged);
    await next.stop();
  }
  expect(machine.changes).toBe(changes);
});

test('after a lost record, what the document no longer has belongs to others', async () => {
  const both = configurationOf([
    ...web.services,
    directorService('dns', [directorServer('10.0.0.8')], { port: 53 }),
  ]);
  const machine = new SimulatedMachine();
  const first = machine.start(both);
  await machine.clock.run(5000);
  await first.stop();
  machine.files.delete('owned');
  const { director } = machine.start(web);
  await machine.clock.run(20_000);
  expect(machine.table).toHaveLength(2);
  expect(director.status().others).toEqual(['tcp:192.0.2.10:53']);
});

test('what was recorded in another boot is void', async () => {
  const machine = new SimulatedMachine();
  const first = machine.start(web);
  await machine.clock.run(5000);
  await first.stop();
  machine.epoch = 'boot-2 net-1';
  machine.kernel.entries = [];
  machine.other.changes(
    planChanges({}, { services: [{ ...foreign, service: service({ scheduler: 'lc' }) }] }).map(
      ({ change }) => change,
    ),
  );
  const { director } = machine.start(web);
  await machine.clock.run(20_000);
  expect(machine.table).toEqual(['tcp:192.0.2.10:80 10.5.5.5:80=3']);
  expect(director.status().alarms).toEqual([
    "web is left alone: another program made it, and scheduler is 'lc' in the table, 'rr' in the document",
  ]);
  director.adopt('web', 'me');
  await machine.clock.run(20_000);
  expect(machine.table).toEqual(['tcp:192.0.2.10:80 10.0.0.1:80=1 10.0.0.2:80=1']);
  expect(director.status().alarms).toEqual([]);
});

test('a service that is only reported is never changed, but its servers are checked', async () => {
  const machine = machineWith({ service: service({ scheduler: 'wlc' }), servers: [{ ...one!, weight: 4 }] });
  const { changes } = machine;
  const daemon = machine.start(
    configurationOf([directorService('web', someServers(2), { owner: 'report' })]),
  );
  machine.behaviours.set('10.0.0.1', 'refused');
  await machine.clock.run(10_000);
  expect(machine.changes).toBe(changes);
  expect(daemon.director.health()).toMatchObject([
    { state: 'down', weight: 4 },
    { state: 'up', weight: 0 },
  ]);
  expect(daemon.director.status().others).toEqual([]);
});

test('the record names what is added before the kernel is asked', async () => {
  const machine = new SimulatedMachine();
  const missing: string[] = [];
  machine.kernel.refuse = () => {
    const owned = machine.files.get('owned') ?? '';
    if (!owned.includes('tcp:192.0.2.10:80')) missing.push(owned);
    return 0;
  };
  machine.start(web);
  await machine.clock.run(5000);
  expect(missing).toEqual([]);
  expect(JSON.parse(machine.files.get('owned')!)).toEqual({
    version: 1,
    epoch: 'boot-1 net-1',
    services: { 'tcp:192.0.2.10:80': expect.arrayContaining(['10.0.0.1:80', '10.0.0.2:80']) },
  });
});

test('a restart with a file that cannot be used goes on with the document that was in use', async () => {
  const machine = new SimulatedMachine();
  const first = machine.start(web);
  await machine.clock.run(5000);
  first.kill();
  const { changes } = machine;
  const broken = configurationOf([...web.services, ...web.services]);
  const { director } = machine.start(broken);
  await machine.clock.run(20_000);
  expect(machine.changes).toBe(changes);
  expect(director.health().map(({ state }) => state)).toEqual(['up', 'up']);
  expect(director.status()).toMatchObject({
    generation: { wanted: 1, applied: 1 },
    alarms: [expect.stringContaining('director.yaml cannot be used (web: two services have this name')],
  });
});
