/** What others change in the table while the daemon runs. */
import { driftOf } from '../../src/director/drift';
import type { IpvsClient } from '../../src/ipvs/client';
import {
  configurationOf,
  directorServer,
  directorService,
  SimulatedMachine,
  someServers,
} from '../helpers/simulated-director';
import { key, server, service } from '../helpers/table-rows';

const web = configurationOf([
  directorService('web', someServers(3)),
  directorService('dns', [directorServer('10.0.0.8')], { port: 53 }),
]);
const WEB = key('192.0.2.10');
const full = 'tcp:192.0.2.10:80 10.0.0.1:80=1 10.0.0.2:80=1 10.0.0.3:80=1';

async function started(configuration = web) {
  const machine = new SimulatedMachine();
  const daemon = machine.start(configuration);
  await machine.clock.run(6000);
  const one = configuration.services[0]!.servers[0]!.server;
  return { machine, daemon, director: daemon.director, one, other: machine.other };
}

const kinds = (events: readonly string[]) => events.map((text) => text.split(':')[0]);

test('a weight that is set by hand stays, is shown, and ends with ready', async () => {
  const { machine, daemon, director, one, other } = await started();
  other.editServer(WEB, { ...one, weight: 7 });
  await machine.clock.run(60_000);
  expect(machine.table[1]).toBe('tcp:192.0.2.10:80 10.0.0.1:80=7 10.0.0.2:80=1 10.0.0.3:80=1');
  expect(director.health()[0]).toMatchObject({
    weight: 7,
    override: { author: 'by hand', admin: 'ready', weight: 7 },
  });
  expect(daemon.events[0]).toBe(
    'override: web/10.0.0.1: the weight of 10.0.0.1:80 was changed from 1 to 7 by hand: it stays so',
  );
  daemon.kill();
  const next = machine.start(web);
  await machine.clock.run(60_000);
  expect(machine.table[1]).toContain('10.0.0.1:80=7');
  next.director.setAdmin({ service: 'web', server: '10.0.0.1' }, { admin: 'ready', author: 'me' });
  await machine.clock.run(100);
  expect(machine.table[1]).toBe(full);
});

test('weight 0 by hand is a drain; the usual weight by hand ends it', async () => {
  const { machine, director, one, other } = await started();
  other.editServer(WEB, { ...one, weight: 0 });
  await machine.clock.run(5100);
  expect(director.health()[0]).toMatchObject({ admin: 'drain', override: { author: 'by hand' } });
  other.editServer(WEB, one);
  await machine.clock.run(5100);
  expect(director.health()[0]).toMatchObject({ admin: 'ready', override: undefined, weight: 1 });
});

test('a weight by hand does not bring a dead server back', async () => {
  const { machine, daemon, one, other } = await started();
  machine.behaviours.set('10.0.0.1', 'refused');
  await machine.clock.run(4000);
  other.editServer(WEB, { ...one, weight: 5 });
  await machine.clock.run(5100);
  expect(machine.table[1]).toBe('tcp:192.0.2.10:80 10.0.0.1:80=0 10.0.0.2:80=1 10.0.0.3:80=1');
  expect(daemon.events[0]).toBe('repaired: web: the weight of 10.0.0.1:80 was changed from 0 to 5: repaired');
});

test.each<[string, (other: IpvsClient, machine: SimulatedMachine) => void]>([
  ['a deleted server', (other, { table: _ }) => other.deleteServer(WEB, server({ at: '10.0.0.2' }))],
  ['another scheduler', (other) => other.editService(service({ scheduler: 'wlc' }))],
  ['another method', (other) => other.editServer(WEB, server({ at: '10.0.0.2', forwarding: 2 }))],
  ['a deleted service', (other) => other.deleteService(WEB)],
  ['a cleared table', (other) => other.flush()],
])('%s is repaired within 5 s', async (_, disturb) => {
  const { machine, daemon, other } = await started();
  const before = machine.kernel.entries.map(({ service: own }) => own.scheduler);
  disturb(other, machine);
  await machine.clock.run(5100);
  expect([...machine.table].sort()).toEqual(['tcp:192.0.2.10:53 10.0.0.8:80=1', full]);
  expect(machine.kernel.entries.map(({ service: own }) => own.scheduler)).toEqual(before);
  expect(kinds(daemon.events)).toContain('repaired');
  expect(daemon.director.status().contested).toEqual([]);
});

test('a repair is told at most once a minute', async () => {
  const { machine, daemon, other } = await started();
  for (let time = 0; time < 3; time++) {
    other.deleteServer(WEB, server({ at: '10.0.0.2' }));
    await machine.clock.run(15_000);
  }
  expect(kinds(daemon.events).filter((kind) => kind === 'repaired')).toHaveLength(1);
});

test('a server that somebody adds goes after a while; where the service is shared, it stays', async () => {
  for (const owner of ['ours', 'shared'] as const) {
    const shared = configurationOf([directorService('web', someServers(2), { owner })]);
    const { machine, daemon, other } = await started(shared);
    other.addServer(WEB, server({ at: '10.7.7.7', weight: 9 }));
    await machine.clock.run(4000);
    expect(machine.table[0]).toContain('10.7.7.7:80=9');
    await machine.clock.run(16_000);
    expect(machine.table[0]!.includes('10.7.7.7:80=9')).toBe(owner === 'shared');
    expect(kinds(daemon.events).includes('repaired')).toBe(owner === 'ours');
  }
});

test('another writer that fights is recognised within 60 s, left alone, and told of', async () => {
  const { machine, daemon, director, other } = await started();
  let fights = true;
  const fight = () => {
    if (!fights) return;
    other.changes([{ kind: 'delete-server', key: WEB, server: server({ at: '10.0.0.2' }) }]);
    machine.clock.after(100, fight);
  };
  fight();
  await machine.clock.run(20_000);
  expect(director.status().contested).toEqual(['web']);
  expect(director.status().alarms).toEqual(['web is contested: see who else changes it, then reload']);
  expect(kinds(daemon.events).filter((kind) => kind === 'contested')).toHaveLength(1);
  const { changesSent } = director.status();
  machine.behaviours.set('10.0.0.8', 'refused');
  await machine.clock.run(60_000);
  expect(director.status().changesSent).toBe(changesSent);
  fights = false;
  expect(director.adopt('web', 'me')).toMatchObject({ ok: true });
  await machine.clock.run(1000);
  expect(machine.table).toContain(full);
  expect(director.status()).toMatchObject({ contested: [], alarms: [] });
  expect(director.adopt('web', 'me')).toMatchObject({ kind: 'conflict' });
  expect(director.adopt('wbe', 'me')).toMatchObject({ kind: 'unknown' });
});

test('a pass without differences sends nothing, for ten minutes', async () => {
  const { machine } = await started();
  const { changes } = machine;
  await machine.clock.run(600_000);
  expect(machine.changes).toBe(changes);
});

test('drift is named', () => {
  const was = { service: service(), servers: [server({ at: '10.0.0.1' }), server({ at: '10.0.0.2' })] };
  expect(driftOf('web', undefined, was)).toEqual([]);
  expect(driftOf('web', was, was)).toEqual([]);
  expect(driftOf('web', was, undefined)).toMatchObject([{ field: 'service' }]);
  const now = {
    service: service({ scheduler: 'wlc' }),
    servers: [server({ at: '10.0.0.1', weight: 5 }), server({ at: '10.0.0.3' })],
  };
  expect(driftOf('web', was, now)).toMatchObject([
    { kind: 'other', field: 'settings' },
    { kind: 'weight', server: '10.0.0.1:80', weight: 5, was: 1 },
    { kind: 'other', field: 'server 10.0.0.2:80' },
    { kind: 'added', server: '10.0.0.3:80' },
  ]);
});
