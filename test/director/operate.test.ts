/** What operators ask of a running daemon. */
import type { Director } from '../../src/director/types';
import {
  check,
  configurationOf,
  directorServer,
  directorService,
  SimulatedMachine,
  someServers,
} from '../helpers/simulated-director';

const web = configurationOf([
  directorService('web', someServers(3)),
  directorService('tls', [directorServer('10.0.0.1'), directorServer('10.0.0.9')], { port: 443 }),
]);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

async function started(configuration = web) {
  const machine = new SimulatedMachine();
  const daemon = machine.start(configuration);
  await machine.clock.run(5000);
  return { machine, daemon, director: daemon.director };
}

const author = 'anna';

test('drain keeps checking and takes no connections; it survives restarts and ends with ready', async () => {
  const { machine, daemon, director } = await started();
  expect(
    director.setAdmin({ service: 'web', server: '10.0.0.2' }, { admin: 'drain', author, reason: 'update' }),
  ).toEqual({
    ok: true,
    text: 'web/10.0.0.2: drain',
  });
  await machine.clock.run(50);
  expect(machine.table[0]).toBe('tcp:192.0.2.10:80 10.0.0.1:80=1 10.0.0.2:80=0 10.0.0.3:80=1');
  daemon.kill();
  const next = machine.start(web);
  await machine.clock.run(10_000);
  expect(machine.table[0]).toBe('tcp:192.0.2.10:80 10.0.0.1:80=1 10.0.0.2:80=0 10.0.0.3:80=1');
  const shown = next.director.health()[1]!;
  expect(shown).toMatchObject({
    state: 'up',
    admin: 'drain',
    weight: 0,
    override: { author, reason: 'update' },
  });
  expect(shown.results).toHaveLength(6);
  next.director.setAdmin({ service: 'web', server: '10.0.0.2:80' }, { admin: 'ready', author });
  await machine.clock.run(50);
  expect(machine.table[0]).toBe('tcp:192.0.2.10:80 10.0.0.1:80=1 10.0.0.2:80=1 10.0.0.3:80=1');
  expect(next.director.health()[1]!.override).toBeUndefined();
});

test('maint ends the checks; afterwards the server is unknown until it has answered', async () => {
  const { machine, daemon, director } = await started();
  director.setAdmin({ host: '10.0.0.1' }, { admin: 'maint', author });
  await machine.clock.run(50);
  expect(machine.table).toEqual([
    'tcp:192.0.2.10:80 10.0.0.1:80=0 10.0.0.2:80=1 10.0.0.3:80=1',
    'tcp:192.0.2.10:443 10.0.0.1:80=0 10.0.0.9:80=1',
  ]);
  const checked: string[] = [];
  machine.onCheck = (_, { server }) => checked.push(server.name);
  await machine.clock.run(10_000);
  expect(new Set(checked)).toEqual(new Set(['10.0.0.2', '10.0.0.3', '10.0.0.9']));
  machine.behaviours.set('10.0.0.1', 'hole');
  director.setAdmin({ host: '10.0.0.1' }, { admin: 'ready', author });
  await machine.clock.run(900);
  expect(daemon.state('web/10.0.0.1')).toBe('unknown');
  await machine.clock.run(10_000);
  expect(daemon.state('web/10.0.0.1')).toBe('down');
  expect(machine.table[0]).toBe('tcp:192.0.2.10:80 10.0.0.1:80=0 10.0.0.2:80=1 10.0.0.3:80=1');
  machine.behaviours.clear();
  await machine.clock.run(10_000);
  expect(machine.table[0]).toBe('tcp:192.0.2.10:80 10.0.0.1:80=1 10.0.0.2:80=1 10.0.0.3:80=1');
});

test('a wish ends when its time is over, however the clock is set', async () => {
  const { machine, director } = await started();
  const until = machine.clock.now + machine.clock.wallOffset + 4 * MINUTE;
  director.setAdmin({ service: 'web' }, { admin: 'drain', author, until });
  await machine.clock.run(1000);
  machine.clock.wallOffset += 3 * HOUR;
  await machine.clock.run(2 * MINUTE);
  expect(machine.table[0]).toBe('tcp:192.0.2.10:80 10.0.0.1:80=0 10.0.0.2:80=0 10.0.0.3:80=0');
  await machine.clock.run(2 * MINUTE);
  expect(machine.table[0]).toBe('tcp:192.0.2.10:80 10.0.0.1:80=1 10.0.0.2:80=1 10.0.0.3:80=1');
});

test('what the file says wins once it says something else', async () => {
  const { machine, daemon, director } = await started();
  director.setAdmin({ service: 'web', server: '10.0.0.1' }, { admin: 'drain', author });
  const draining = (admin: 'ready' | 'drain') =>
    configurationOf([
      directorService('web', [directorServer('10.0.0.1', { admin }), directorServer('10.0.0.2')]),
      web.services[1]!,
    ]);
  await daemon.wait(director.reload(machine.document(draining('ready')), { author, name: 'a' }));
  expect(director.health()[0]!.admin).toBe('drain');
  await daemon.wait(director.reload(machine.document(draining('drain')), { author, name: 'b' }));
  expect(director.health()[0]).toMatchObject({ admin: 'drain', override: undefined });
  await daemon.wait(director.reload(machine.document(draining('ready')), { author, name: 'c' }));
  expect(director.health()[0]).toMatchObject({ admin: 'ready', weight: 1 });
});

test.each<[string, Parameters<Director['setAdmin']>[0], string]>([
  ['service', { service: 'wbe' }, 'wbe: there is no such service: there are web, tls'],
  [
    'server',
    { service: 'tls', server: 'x\x1b' },
    'x\\x1b: tls has no such server: there are 10.0.0.1, 10.0.0.9',
  ],
  ['host', { host: '10.1.1.1' }, '10.1.1.1: no real server has this address'],
  ['host that is none', { host: 'web03' }, 'web03: no real server has this address'],
])('an unknown %s is reported', async (_, selector, problem) => {
  const { director } = await started();
  expect(director.setAdmin(selector, { admin: 'drain', author })).toEqual({
    ok: false,
    kind: 'unknown',
    problem,
  });
});

test('a time that has passed is refused', async () => {
  const { director } = await started();
  expect(director.setAdmin({ service: 'web' }, { admin: 'drain', author, until: 5 })).toMatchObject({
    kind: 'invalid',
  });
});

test('checkNow runs the checks of a server and changes nothing', async () => {
  const { machine, daemon, director } = await started();
  machine.behaviours.set('10.0.0.1', 'refused');
  for (let time = 0; time < 10; time++) {
    const results = await daemon.wait(director.checkNow('web', '10.0.0.1')!);
    expect(results).toMatchObject([{ ok: false, message: 'connection refused', check: 'tcp' }]);
  }
  expect(daemon.state('web/10.0.0.1')).toBe('up');
  expect(await director.checkNow('web', 'nobody')).toBeUndefined();
  machine.behaviours.set('10.0.0.1', 'hole');
  const both = Promise.all([director.checkNow('web', '10.0.0.2'), director.checkNow('web', '10.0.0.2')]);
  expect((await daemon.wait(both))[0]).toMatchObject([{ ok: true }]);
});

test('events are told to hearers, even if one of them fails, and numbered without a gap over restarts', async () => {
  const { machine, daemon, director } = await started();
  const heard: string[] = [];
  director.subscribe(() => {
    throw new Error('no');
  });
  const end = director.subscribe(({ kind }) => heard.push(kind));
  director.setAdmin({ service: 'web' }, { admin: 'drain', author });
  end();
  director.setAdmin({ service: 'web' }, { admin: 'ready', author });
  expect(heard).toEqual(['override', 'override', 'override']);
  await daemon.stop();
  const next = machine.start(web);
  next.director.setAdmin({ service: 'tls' }, { admin: 'drain', author: 'x\n\x1b[31m' });
  const ids = next.director.events(0).map(({ id }) => id);
  expect(ids).toEqual(ids.map((_, index) => ids.length - index));
  expect(next.events[0]).toContain('x\\x0a\\x1b[31m');
  expect(machine.notified).toHaveLength(ids.length);
});

test('a certificate that ends soon is told of once', async () => {
  const machine = new SimulatedMachine();
  const tls = { verify: false, warnDays: 14 };
  const own = check({ type: 'tls', tls } as object);
  machine.behaviours.set('10.0.0.1', (_, now) => ({
    ...{ ok: true, stage: 'tls', duration: 1, message: 'ok' },
    certificateEnds: 1_700_000_000_000 + 1_000_000 + 3 * 24 * HOUR + (now > 1e9 ? 1 : 0),
  }));
  const daemon = machine.start(
    configurationOf([directorService('web', [directorServer('10.0.0.1', { checks: [own] })])]),
  );
  await machine.clock.run(60_000);
  expect(daemon.events.filter((text) => text.startsWith('certificate'))).toEqual([
    'certificate: web/10.0.0.1: its certificate ends in 2 days',
  ]);
  expect(daemon.director.health()[0]!.certificateEnds).toBe(1_700_000_000_000 + 1_000_000 + 3 * 24 * HOUR);
});
