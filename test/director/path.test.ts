/** Checks through the forwarding path: the services of one server that the daemon makes for them. */
import { assignMarks } from '../../src/director/marks';
import { nothingOwned } from '../../src/director/owned-record';
import { pathService } from '../../src/director/path';
import type { Configuration, DirectorService } from '../../src/model/director';
import { defaultCheckMarks } from '../../src/model/director';
import { forwardingMethods } from '../../src/model/real-server';
import { protocols, serviceFlags } from '../../src/model/virtual-service';
import { planChanges } from '../../src/state/plan/diff';
import {
  check,
  configurationOf,
  directorServer,
  directorService,
  SimulatedMachine,
  someServers,
} from '../helpers/simulated-director';
import { server, service } from '../helpers/table-rows';

const { first } = defaultCheckMarks;
const throughPath = { checks: [check({ via: 'path' })] };
const web = (count = 2, own: Partial<DirectorService> = {}) =>
  directorService('web', someServers(count, throughPath), own);
const both = [
  'tcp:192.0.2.10:80 10.0.0.1:80=1 10.0.0.2:80=1',
  `fwmark:${first} 10.0.0.1:80=1`,
  `fwmark:${first + 1} 10.0.0.2:80=1`,
];

function markService(mark: number, at: string) {
  const key = { kind: 'fwmark', fwmark: mark, family: 2 } as const;
  return { service: service({ key, flags: 0 }), servers: [server({ at, weight: 1 })] };
}

function addByOthers(machine: SimulatedMachine, ...services: ReturnType<typeof markService>[]): void {
  machine.other.changes(planChanges({}, { services }).map(({ change }) => change));
}

async function running(configuration: Configuration, machine = new SimulatedMachine()) {
  const daemon = machine.start(configuration);
  await machine.clock.run(10_000);
  return { machine, daemon, director: daemon.director };
}

test('each server has a service of its own before its first check, which has its mark', async () => {
  const machine = new SimulatedMachine();
  const seen: string[] = [];
  machine.onCheck = ({ mark }, target) => {
    seen.push(
      `${target.server.name} ${mark! - first} ${machine.table.includes(`fwmark:${mark} ${target.server.name}:80=1`)}`,
    );
  };
  const { director } = await running(configurationOf([web()]), machine);
  expect(machine.table).toEqual(both);
  expect([...new Set(seen)].sort()).toEqual(['10.0.0.1 0 true', '10.0.0.2 1 true']);
  expect(director.health().map(({ server: name, state, path }) => [name, state, path])).toEqual([
    ['10.0.0.1', 'up', `fwmark:${first}`],
    ['10.0.0.2', 'up', `fwmark:${first + 1}`],
  ]);
  expect(director.status()).toMatchObject({ others: [], alarms: [], contested: [] });
});

test('a server keeps it while it is down, drained or in maintenance', async () => {
  const { machine, director } = await running(configurationOf([web(3, { onFail: 'remove' })]));
  machine.behaviours.set('10.0.0.1', 'refused');
  director.setAdmin({ service: 'web', server: '10.0.0.2:80' }, { admin: 'maint', author: 'me' });
  await machine.clock.run(10_000);
  expect(machine.table).toEqual([
    'tcp:192.0.2.10:80 10.0.0.2:80=0 10.0.0.3:80=1',
    `fwmark:${first} 10.0.0.1:80=1`,
    `fwmark:${first + 1} 10.0.0.2:80=1`,
    `fwmark:${first + 2} 10.0.0.3:80=1`,
  ]);
  machine.behaviours.delete('10.0.0.1');
  await machine.clock.run(20_000);
  expect(machine.table[0]).toContain('10.0.0.1:80=1');
});

describe('a restart', () => {
  test.each(['stop', 'kill'] as const)('after a %s sends nothing', async (end) => {
    const { machine, daemon } = await running(configurationOf([web()]));
    await daemon[end]();
    const before = machine.changes;
    const { director } = await running(configurationOf([web()]), machine);
    expect(machine.changes).toBe(before);
    expect(director.health().map(({ state }) => state)).toEqual(['up', 'up']);
  });

  test('without its record takes over what is as it should be', async () => {
    const { machine, daemon } = await running(configurationOf([web()]));
    daemon.kill();
    const { services: _, ...rest } = JSON.parse(machine.files.get('owned')!);
    machine.files.set('owned', JSON.stringify({ ...rest, services: {} }));
    const before = machine.changes;
    const { director } = await running(configurationOf([web()]), machine);
    expect([machine.changes, machine.table, director.status().others]).toEqual([before, both, []]);
  });

  test('without any record finds its services again', async () => {
    const { machine, daemon } = await running(configurationOf([web()]));
    daemon.kill();
    machine.files.delete('owned');
    addByOthers(machine, markService(first + 2, '10.0.0.9'));
    const before = machine.changes;
    const { director } = await running(configurationOf([web()]), machine);
    expect([machine.changes, machine.table.slice(0, 3)]).toEqual([before, both]);
    expect(director.status().others).toEqual([`fwmark:${first + 2}`]);
  });

  test('on another document takes away what is left of the former one', async () => {
    const { machine, daemon } = await running(configurationOf([web()]));
    await daemon.stop();
    await running(configurationOf([directorService('web', someServers(2))]), machine);
    expect(machine.table).toEqual(both.slice(0, 1));
  });
});

test('a server that leaves loses it at once, others keep theirs, and a used mark is given to nobody', async () => {
  const { machine, daemon, director } = await running(configurationOf([web(3)]));
  const [, second, third] = someServers(3, throughPath);
  const fourth = directorServer('10.0.0.4', throughPath);
  const next = machine.document(configurationOf([directorService('web', [second!, third!, fourth])]));
  await daemon.wait(director.reload(next, { author: 'me', name: 'next' }));
  await machine.clock.run(1000);
  expect(machine.table.slice(1)).toEqual([
    `fwmark:${first + 1} 10.0.0.2:80=1`,
    `fwmark:${first + 2} 10.0.0.3:80=1`,
    `fwmark:${first + 3} 10.0.0.4:80=1`,
  ]);
});

test('services of marks that others made, or that the document has, are left alone', async () => {
  const machine = new SimulatedMachine();
  addByOthers(machine, markService(first, '10.9.9.9'), markService(7, '10.0.0.1'));
  const own = directorService('marked', [], {
    service: service({ key: { kind: 'fwmark', fwmark: first + 1, family: 2 }, flags: 0 }),
  });
  const { director } = await running(configurationOf([web(), own]), machine);
  expect(machine.table).toEqual([
    both[0],
    'fwmark:7 10.0.0.1:80=1',
    `fwmark:${first} 10.9.9.9:80=1`,
    `fwmark:${first + 1}`,
    `fwmark:${first + 2} 10.0.0.1:80=1`,
    `fwmark:${first + 3} 10.0.0.2:80=1`,
  ]);
  expect(director.status().others).toEqual([`fwmark:${first}`, 'fwmark:7']);
});

test('without its service a check says nothing about the server; the service is back within 5 s', async () => {
  const machine = new SimulatedMachine();
  const { director } = await running(configurationOf([web()]), machine);
  // As without the service: nothing answers.
  machine.behaviours.set('10.0.0.1', (_, now) =>
    machine.table.includes(both[1]!)
      ? { ok: true, stage: 'connect', duration: 1, message: `connected at ${now}` }
      : { ok: false, stage: 'connect', duration: 1, message: 'no connection' },
  );
  machine.other.deleteService({ kind: 'fwmark', fwmark: first, family: 2 });
  machine.kernel.refuse = () => 12;
  await machine.clock.run(60_000);
  expect(director.status().alarms).toEqual(
    expect.arrayContaining([
      expect.stringContaining('web/10.0.0.1 cannot be checked, and so stays as it is'),
    ]),
  );
  expect([machine.table.length, director.health()[0]?.state]).toEqual([2, 'up']);
  machine.kernel.refuse = undefined;
  await machine.clock.run(60_000);
  expect(machine.table).toEqual(both);
  expect(director.status().alarms).toEqual([]);
});

test('a weight that is set in it by hand is put back', async () => {
  const { machine, director } = await running(configurationOf([web()]));
  const {
    servers: [own],
  } = markService(first, '10.0.0.1');
  machine.other.editServer({ kind: 'fwmark', fwmark: first, family: 2 }, { ...own!, weight: 0 });
  await machine.clock.run(6000);
  expect(machine.table).toEqual(both);
  expect(director.health().every(({ override }) => override === undefined)).toBe(true);
});

test('the last service that clients have stays, those of checks go', async () => {
  const { machine, daemon, director } = await running(configurationOf([web()]));
  await daemon.wait(director.reload(machine.document(configurationOf([])), { author: 'me', name: 'none' }));
  await machine.clock.run(120_000);
  expect([machine.table, machine.emptied]).toEqual([['tcp:192.0.2.10:80 10.0.0.1:80=0 10.0.0.2:80=0'], 0]);
});

test('without a mark a server is not checked, and an alarm says so', async () => {
  const configuration = configurationOf([web(3)], { checkMarks: { first: 9, count: 2 } });
  const { machine, director } = await running(configuration);
  expect(director.health().map(({ state }) => state)).toEqual(['up', 'up', 'unknown']);
  expect(director.status().alarms).toEqual([
    expect.stringContaining('1 servers cannot be checked through the forwarding path'),
    expect.stringContaining('web/10.0.0.3 cannot be checked'),
  ]);
  expect(machine.table.slice(1)).toEqual(['fwmark:9 10.0.0.1:80=1', 'fwmark:10 10.0.0.2:80=1']);
});

test('nobody can name it', async () => {
  const { director } = await running(configurationOf([web()]));
  const wish = { admin: 'maint', author: 'me' } as const;
  for (const name of [`fwmark:${first}`, 'path of web/10.0.0.1:80']) {
    expect(director.setAdmin({ service: name }, wish)).toMatchObject({ ok: false, kind: 'unknown' });
    expect(director.adopt(name, 'me')).toMatchObject({ ok: false, kind: 'unknown' });
  }
  expect(director.setAdmin({ host: '10.0.0.1' }, wish)).toMatchObject({
    ok: true,
    text: 'web/10.0.0.1: maint',
  });
});

describe('the service of one server', () => {
  const of = (protocol: number, forwarding: number) => {
    const one = directorServer('10.0.0.1', throughPath);
    const real = { ...one.server, forwarding, weight: 9, upperThreshold: 5, lowerThreshold: 2 };
    return pathService(directorService('web', [], { protocol }), { ...one, server: real }, 7);
  };

  test('forwards as clients are forwarded, whatever the weight and the limits of the server', () => {
    const { service: own, servers } = of(protocols.tcp, forwardingMethods.tunneling);
    expect(own).toMatchObject({ key: { kind: 'fwmark', fwmark: 7, family: 2 }, scheduler: 'rr', flags: 0 });
    expect(servers[0]!.server).toMatchObject({
      forwarding: 2,
      weight: 1,
      upperThreshold: 0,
      lowerThreshold: 0,
      port: 80,
    });
  });

  test('keeps no connections of UDP, unless answers of NAT need them', () => {
    const flags = [forwardingMethods.gatewaying, forwardingMethods.masquerading].map(
      (method) => of(protocols.udp, method).service.flags,
    );
    expect(flags).toEqual([serviceFlags.onePacket, 0]);
  });
});

test('a table that cannot be read takes no marks away', () => {
  const configuration = configurationOf([web()]);
  const paths = new Map([[`fwmark:${first + 5}`, 'tcp:192.0.2.10:80/10.0.0.2:80']]);
  const table = { service: () => undefined, keys: () => [] };
  const { marks } = assignMarks(configuration, { ...nothingOwned, paths }, table);
  expect(marks).toEqual(
    new Map([
      ['tcp:192.0.2.10:80/10.0.0.1:80', first],
      ['tcp:192.0.2.10:80/10.0.0.2:80', first + 5],
    ]),
  );
});
