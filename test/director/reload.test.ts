/** New documents: by difference, with a way back. */

import { ipvsCommands } from '../../src/ipvs/commands';
import type { DirectorService } from '../../src/model/director';
import {
  configurationOf,
  directorServer,
  directorService,
  SimulatedMachine,
  someServers,
} from '../helpers/simulated-director';

const services = (weight = 1, own: Partial<DirectorService> = {}) => [
  directorService('web', someServers(2, { weight }), own),
];
const dns = directorService('dns', [directorServer('10.0.0.8')], { port: 53, protocol: 17 });
const web = configurationOf(services());
const me = { author: 'me', name: 'director.yaml' };

async function started(configuration = web) {
  const machine = new SimulatedMachine();
  const daemon = machine.start(configuration);
  await machine.clock.run(6000);
  const reload = (next: typeof web, more = {}) =>
    daemon.wait(daemon.director.reload(machine.document(next), { ...me, ...more }));
  return { machine, daemon, director: daemon.director, reload };
}

/** The connections of 10.0.0.2. */
function setConnections(machine: SimulatedMachine, activeConnections: number): void {
  const { destinations } = machine.kernel.entries[0]!;
  const index = destinations.findIndex(({ address }) => address![3] === 2);
  destinations[index] = { ...destinations[index]!, activeConnections };
}

test('a changed weight is one change, in effect when the answer comes', async () => {
  const { machine, director, reload } = await started();
  const { changes } = machine;
  const next = configurationOf([
    directorService('web', [directorServer('10.0.0.1', { weight: 5 }), directorServer('10.0.0.2')]),
  ]);
  expect(await reload(next)).toEqual({ ok: true, text: 'generation 2 is in effect' });
  expect(machine.table).toEqual(['tcp:192.0.2.10:80 10.0.0.1:80=5 10.0.0.2:80=1']);
  expect(machine.changes).toBe(changes + 1);
  expect(director.health()[0]!.state).toBe('up');
  expect(director.status().generation).toEqual({ wanted: 2, applied: 2 });
});

test('other names, checks and comments change nothing in the kernel', async () => {
  const { machine, daemon, reload } = await started();
  const { changes } = machine;
  const renamed = services().map((service) => ({
    ...service,
    name: 'shop',
    servers: service.servers.map((server, index) => ({ ...server, name: `shop${index}` })),
  }));
  expect(await reload(configurationOf(renamed))).toMatchObject({ ok: true });
  await machine.clock.run(10_000);
  expect(machine.changes).toBe(changes);
  expect(daemon.state('shop/shop0')).toBe('up');
});

test('a changed comment alone is told, and sends nothing', async () => {
  const commented = (text?: string) =>
    configurationOf([
      directorService('web', [directorServer('10.0.0.1', { comment: text }), directorServer('10.0.0.2')], {
        comment: text,
      }),
    ]);
  const { machine, director, reload } = await started(commented('old'));
  const { changes } = machine;
  const told = () => [director.services(), director.health('web').map(({ comment }) => comment)];
  const key = 'tcp:192.0.2.10:80';
  expect(told()).toEqual([[{ key, name: 'web', comment: 'old' }], ['old', undefined]]);
  expect(await reload(commented('new'))).toEqual({ ok: true, text: 'generation 2 is in effect' });
  expect(told()).toEqual([[{ key, name: 'web', comment: 'new' }], ['new', undefined]]);
  await reload(commented());
  expect(told()).toEqual([[{ key, name: 'web' }], [undefined, undefined]]);
  await machine.clock.run(10_000);
  expect(machine.changes).toBe(changes);
});

test('a server that leaves is drained while it has connections, and then removed', async () => {
  const { machine, reload } = await started();
  setConnections(machine, 3);
  await reload(configurationOf([directorService('web', someServers(1))]));
  await machine.clock.run(30_000);
  expect(machine.table).toEqual(['tcp:192.0.2.10:80 10.0.0.1:80=1 10.0.0.2:80=0']);
  setConnections(machine, 0);
  await machine.clock.run(5100);
  expect(machine.table).toEqual(['tcp:192.0.2.10:80 10.0.0.1:80=1']);
});

test('one whose connections do not end is removed when its time is over', async () => {
  const { machine, reload } = await started(configurationOf(services(1, { removeAfter: 20_000 })));
  setConnections(machine, 3);
  await reload(configurationOf([directorService('web', someServers(1), { removeAfter: 20_000 })]));
  await machine.clock.run(18_000);
  expect(machine.table[0]).toContain('10.0.0.2:80=0');
  await machine.clock.run(4000);
  expect(machine.table[0]).not.toContain('10.0.0.2');
});

test('a service that leaves goes after its servers were drained; of UDP at once', async () => {
  const { machine, reload } = await started(configurationOf([...services(), dns]));
  expect(machine.table).toHaveLength(2);
  await reload(web);
  await machine.clock.run(100);
  expect(machine.table).toEqual(['tcp:192.0.2.10:80 10.0.0.1:80=1 10.0.0.2:80=1']);
  expect(JSON.parse(machine.files.get('owned')!).services).toEqual({
    'tcp:192.0.2.10:80': expect.arrayContaining(['10.0.0.1:80', '10.0.0.2:80']),
  });
});

test('a service with another key is added before the old one goes: the table is never empty', async () => {
  const { machine, reload } = await started();
  const order: number[] = [];
  machine.kernel.refuse = (command) => {
    order.push(command);
    return 0;
  };
  await reload(configurationOf([directorService('web', someServers(2), { port: 8080 })]));
  await machine.clock.run(10_000);
  expect(machine.table).toEqual(['tcp:192.0.2.10:8080 10.0.0.1:80=1 10.0.0.2:80=1']);
  expect(order.indexOf(ipvsCommands.newService)).toBeLessThan(order.indexOf(ipvsCommands.delService));
  expect(machine.emptied).toBe(0);
});

test('the last service stays, drained, and an alarm says so', async () => {
  const { machine, director, reload } = await started();
  expect(await reload(configurationOf([]))).toMatchObject({ ok: true });
  await machine.clock.run(120_000);
  expect(machine.table).toHaveLength(1);
  expect(machine.table[0]).toMatch(/^tcp:192\.0\.2\.10:80( 10\.0\.0\.\d:80=0)*$/);
  expect(director.status().alarms).toEqual([expect.stringContaining('is no longer wanted, but stays')]);
  await reload(web);
  await machine.clock.run(3000);
  expect(machine.table).toEqual(['tcp:192.0.2.10:80 10.0.0.1:80=1 10.0.0.2:80=1']);
  await machine.clock.run(3000);
  expect(machine.emptied).toBe(0);
});

test.each([
  ['unreadable', 'rubbish', 'rubbish: what is this?'],
  [
    'impossible',
    configurationOf(
      services(1, { slowStart: 1000, service: { ...services()[0]!.service, scheduler: 'sh' } }),
    ),
    'web: a slow start moves clients with the scheduler sh: use another scheduler, or no slowStart',
  ],
  [
    'twice the same',
    configurationOf([...services(), ...services()]),
    'web: two services have this name\nweb: another service is tcp:192.0.2.10:80, too',
  ],
])('an %s document is refused, and nothing changes', async (_, document, problem) => {
  const { machine, daemon, director } = await started();
  const { changes } = machine;
  const text = typeof document === 'string' ? document : machine.document(document);
  expect(await daemon.wait(director.reload(text, me))).toEqual({ ok: false, kind: 'invalid', problem });
  expect(machine.changes).toBe(changes);
  expect(director.generations()).toHaveLength(1);
});

test('what the kernel refuses is taken back', async () => {
  const { machine, daemon, director, reload } = await started();
  const { table } = machine;
  const broken = directorService('dns', [], { port: 53 });
  const next = [
    directorService('web', someServers(3)),
    { ...broken, service: { ...broken.service, scheduler: 'none-such' } },
  ];
  expect(await reload(configurationOf(next))).toEqual({
    ok: false,
    kind: 'refused',
    problem: 'dns: add-service: No such file or directory',
  });
  await machine.clock.run(10_000);
  expect(machine.table).toEqual(table);
  expect(director.status()).toMatchObject({ generation: { wanted: 2, applied: 1 }, alarms: [] });
  expect(daemon.events[0]).toContain('rolled-back: generation 2 was refused, the former one is back');
});

test('what is not confirmed in time is taken back, and a restart does not take it again', async () => {
  const { machine, daemon, director, reload } = await started();
  const risky = configurationOf(services(9));
  expect(await reload(risky, { confirm: 60_000 })).toMatchObject({ ok: true });
  expect(await reload(web)).toEqual({
    ok: false,
    kind: 'conflict',
    problem: 'generation 2 waits to be confirmed: confirm it or roll back first',
  });
  machine.clock.wallOffset += 3 * 3_600_000;
  await machine.clock.run(50_000);
  expect(machine.table[0]).toContain('=9');
  await machine.clock.run(12_000);
  expect(machine.table).toEqual(['tcp:192.0.2.10:80 10.0.0.1:80=1 10.0.0.2:80=1']);
  expect(director.status().generation).toEqual({ wanted: 3, applied: 3 });
  expect(daemon.events[0]).toBe(
    'rolled-back: generation 1 is in effect again, as generation 3: confirm window',
  );
  daemon.kill();
  const next = machine.start(risky);
  await machine.clock.run(5000);
  expect(machine.table[0]).toContain('=1');
  expect(next.director.status().alarms).toEqual([
    'director.yaml holds a document that was taken back: generation 3 stays in use',
  ]);
  expect(await next.wait(next.director.reload(machine.document(risky), me))).toMatchObject({ ok: true });
});

test('a confirmation window goes on after a restart', async () => {
  const { machine, daemon, reload } = await started();
  const risky = configurationOf(services(9));
  await reload(risky, { confirm: 60_000 });
  await machine.clock.run(30_000);
  daemon.kill();
  machine.start(risky);
  await machine.clock.run(20_000);
  expect(machine.table[0]).toContain('=9');
  await machine.clock.run(15_000);
  expect(machine.table[0]).toContain('=1');
});

test('what is confirmed stays', async () => {
  const { machine, director, reload } = await started();
  await reload(configurationOf(services(9)), { confirm: 60_000 });
  expect(director.confirm('me')).toEqual({ ok: true, text: 'generation 2 is confirmed' });
  expect(director.confirm('me')).toMatchObject({ kind: 'conflict' });
  await machine.clock.run(120_000);
  expect(machine.table[0]).toContain('=9');
});

test('rollback goes to an earlier generation, and back again', async () => {
  const { machine, daemon, director, reload } = await started();
  for (const weight of [2, 3]) await reload(configurationOf(services(weight)));
  const rollback = (generation?: number) => daemon.wait(director.rollback(generation, 'me'));
  expect(await rollback()).toEqual({ ok: true, text: 'generation 2 is in effect again, as generation 4' });
  expect(machine.table[0]).toContain('10.0.0.1:80=2');
  await rollback();
  expect(machine.table[0]).toContain('10.0.0.1:80=3');
  await rollback(1);
  expect(machine.table[0]).toContain('10.0.0.1:80=1');
  expect(await rollback(99)).toMatchObject({ ok: false, kind: 'unknown' });
});

test('twenty generations are kept', async () => {
  const { machine, daemon, director, reload } = await started();
  for (let weight = 2; weight <= 25; weight++) await reload(configurationOf(services(weight)));
  expect(director.generations().map(({ number }) => number)).toEqual(
    Array.from({ length: 20 }, (_, index) => 25 - index),
  );
  expect([...machine.files.keys()].filter((name) => name.startsWith('generation-'))).toHaveLength(20);
  expect(await daemon.wait(director.rollback(5, 'me'))).toMatchObject({ kind: 'unknown' });
  machine.files.set('generation-20', '{"version":1,"name":"x","text":"another"}');
  expect(await daemon.wait(director.rollback(20, 'me'))).toMatchObject({
    problem: 'generation 20: its document is lost',
  });
});

test('reloads at the same time come one after the other', async () => {
  const { machine, daemon, director } = await started();
  const all = [2, 3, 4].map((weight) =>
    director.reload(machine.document(configurationOf(services(weight))), me),
  );
  expect(await daemon.wait(Promise.all(all))).toMatchObject([{ ok: true }, { ok: true }, { ok: true }]);
  expect(machine.table[0]).toContain('10.0.0.1:80=4');
});

test('time-outs of the document are set, and repaired', async () => {
  const { machine } = await started(
    configurationOf(services(), { timeouts: { tcp: 60, tcpFin: 0, udp: 30 } }),
  );
  expect(machine.kernel.timeouts).toEqual({ timeoutTcp: 60, timeoutTcpFin: 120, timeoutUdp: 30 });
  machine.other.setTimeouts({ tcp: 5, tcpFin: 5, udp: 0 });
  await machine.clock.run(5100);
  expect(machine.kernel.timeouts).toEqual({ timeoutTcp: 60, timeoutTcpFin: 5, timeoutUdp: 30 });
});

test('reading a large document makes the loop late, and takes no server out', async () => {
  const machine = new SimulatedMachine();
  const configuration = configurationOf([directorService('web', someServers(4), { whenAllDown: 'drop' })]);
  const daemon = machine.start(configuration);
  await machine.clock.run(6000);
  const { changes } = machine;
  machine.onRead = () => machine.clock.stall(1000);
  for (let time = 0; time < 20; time++) {
    // What is asked just before the reading is answered meanwhile, and heard after its limit.
    for (const { name } of configuration.services[0]!.servers) machine.behaviours.set(name, 'hole');
    await machine.clock.run(600);
    const reload = daemon.director.reload(machine.document(configuration), { author: 'me', name: 'x' });
    machine.behaviours.clear();
    expect(await daemon.wait(reload)).toMatchObject({ ok: true });
  }
  const { lateResults } = daemon.director.status();
  expect(lateResults).toBeGreaterThan(20);
  expect(machine.changes).toBe(changes);
  expect(daemon.director.health().map(({ state }) => state)).toEqual(['up', 'up', 'up', 'up']);
});
