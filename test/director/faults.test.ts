/** Faults of the kernel, of the disk, of the clock, of this machine's network. */
import { Lag } from '../../src/director/lag';
import { errno } from '../../src/errors/errno';
import { ipvsCommands } from '../../src/ipvs/commands';
import { formatAddress } from '../../src/model/address';
import { SimulatedClock } from '../helpers/simulated-clock';
import {
  check,
  configurationOf,
  directorServer,
  directorService,
  SimulatedMachine,
  someServers,
} from '../helpers/simulated-director';
import { key, server } from '../helpers/table-rows';

const web = configurationOf([
  directorService('web', someServers(3)),
  directorService('dns', [directorServer('10.0.0.8'), directorServer('10.0.0.9')], { port: 53 }),
]);
const full = [
  'tcp:192.0.2.10:53 10.0.0.8:80=1 10.0.0.9:80=1',
  'tcp:192.0.2.10:80 10.0.0.1:80=1 10.0.0.2:80=1 10.0.0.3:80=1',
];

async function started(own: Partial<typeof web> = {}) {
  const machine = new SimulatedMachine();
  const configuration = { ...web, ...own };
  const daemon = machine.start(configuration);
  await machine.clock.run(6000);
  return { machine, daemon, director: daemon.director, configuration };
}

describe('the kernel', () => {
  test('refuses: 1, 2, 4 .. 30 s pass between attempts, and other services go on', async () => {
    const { machine, daemon, director } = await started();
    machine.other.deleteServer(key('192.0.2.10'), server({ at: '10.0.0.2' }));
    const attempts: number[] = [];
    machine.kernel.refuse = (command) => {
      if (command !== ipvsCommands.newDest) return 0;
      attempts.push(machine.clock.now);
      return errno.ENOMEM;
    };
    await machine.clock.run(20_000);
    machine.behaviours.set('10.0.0.8', 'refused');
    await machine.clock.run(5000);
    expect(machine.table[0]).toBe('tcp:192.0.2.10:53 10.0.0.8:80=0 10.0.0.9:80=1');
    await machine.clock.run(100_000);
    const gaps = attempts.slice(1).map((at, index) => Math.round((at - attempts[index]!) / 1000));
    expect(gaps.slice(0, 7)).toEqual([1, 2, 4, 8, 16, 30, 30].map((gap) => expect.closeTo(gap, -0.5)));
    expect(director.status().alarms).toEqual(['web: the kernel refuses changes']);
    expect(daemon.events).toContain(
      'refused: web: the kernel refused a change: add-server: Cannot allocate memory',
    );
    machine.kernel.refuse = undefined;
    machine.behaviours.clear();
    await machine.clock.run(40_000);
    expect(machine.table).toEqual(full);
    expect(director.status().alarms).toEqual([]);
  });

  test.each([
    [
      'EEXIST: it is there already',
      (at: string) =>
        ({ kind: 'add-server', key: key('192.0.2.10'), server: server({ at, weight: 1 }) }) as const,
    ],
  ])('%s', async (_, change) => {
    const machine = new SimulatedMachine();
    const other = machine.other;
    let done = false;
    machine.kernel.refuse = (command) => {
      if (command !== ipvsCommands.newDest || done) return 0;
      done = true;
      other.change(change('10.0.0.2'));
      return 0;
    };
    const { director } = machine.start(web);
    await machine.clock.run(6000);
    expect(machine.table).toEqual(full);
    expect(director.status().alarms).toEqual([]);
  });

  test('ENOENT: what is to be changed is gone', async () => {
    const { machine, director } = await started();
    const other = machine.other;
    machine.kernel.refuse = (command) => {
      if (command !== ipvsCommands.setDest) return 0;
      machine.kernel.refuse = undefined;
      other.deleteServer(key('192.0.2.10'), server({ at: '10.0.0.1' }));
      return 0;
    };
    machine.behaviours.set('10.0.0.1', 'refused');
    await machine.clock.run(10_000);
    expect(machine.table[1]).toBe('tcp:192.0.2.10:80 10.0.0.1:80=0 10.0.0.2:80=1 10.0.0.3:80=1');
    expect(director.status().alarms).toEqual([]);
  });

  test('does not answer: an alarm, and all is well afterwards', async () => {
    const { machine, director } = await started();
    machine.kernelAway = true;
    machine.behaviours.set('10.0.0.1', 'refused');
    await machine.clock.run(30_000);
    expect(director.status().alarms).toEqual([
      expect.stringContaining('the table cannot be read or changed'),
    ]);
    machine.kernelAway = false;
    await machine.clock.run(1200);
    expect(director.status().alarms).toEqual([]);
    expect(machine.table[1]).toContain('10.0.0.1:80=0');
  });

  test('does not answer at the start: the daemon does not start', () => {
    const machine = new SimulatedMachine();
    machine.kernel.familyMissing = true;
    expect(() => machine.start(web)).toThrow();
  });

  test('loses replies: what was carried out is found out', async () => {
    const { machine, director } = await started();
    machine.kernel.lostReplies = 3;
    machine.behaviours.set('10.0.0.1', 'refused');
    await machine.clock.run(20_000);
    expect(machine.table[1]).toContain('10.0.0.1:80=0');
    expect(director.status()).toMatchObject({ alarms: [], contested: [] });
    expect(director.health()[0]!.override).toBeUndefined();
  });
});

describe('the disk', () => {
  test('is full: the daemon goes on and says so, until it is not', async () => {
    const { machine, director } = await started();
    machine.diskFull = true;
    machine.behaviours.set('10.0.0.1', 'refused');
    director.setAdmin({ service: 'dns', server: '10.0.0.8' }, { admin: 'drain', author: 'me' });
    await machine.clock.run(10_000);
    expect(machine.table).toEqual([
      'tcp:192.0.2.10:53 10.0.0.8:80=0 10.0.0.9:80=1',
      'tcp:192.0.2.10:80 10.0.0.1:80=0 10.0.0.2:80=1 10.0.0.3:80=1',
    ]);
    expect(director.status().alarms.join()).toContain("the state file 'overrides' cannot be written");
    machine.diskFull = false;
    director.setAdmin({ service: 'dns', server: '10.0.0.8' }, { admin: 'ready', author: 'me' });
    await machine.clock.run(70_000);
    expect(director.status().alarms).toEqual([]);
  });

  test.each(['health', 'overrides', 'generations', 'events', 'owned'] as const)(
    'a damaged file %s is an alarm, and no change',
    async (name) => {
      const { machine, daemon, configuration } = await started();
      await daemon.stop();
      const { changes } = machine;
      machine.files.set(name, machine.files.get(name)?.slice(0, -20) ?? '{"version":1,');
      const next = machine.start(configuration);
      await machine.clock.run(20_000);
      expect(next.director.status().alarms).toEqual([
        expect.stringContaining(`the state file '${name}' cannot be used (it is damaged`),
      ]);
      expect(machine.changes).toBe(changes);
      expect(next.director.health().map(({ state }) => state)).toEqual(Array(5).fill('up'));
    },
  );
});

test.each([3, -3])('the clock is set by %d h: nothing happens', async (hours) => {
  const { machine, daemon, director } = await started();
  director.setAdmin(
    { service: 'dns', server: '10.0.0.8' },
    { admin: 'drain', author: 'me', until: machine.clock.now + machine.clock.wallOffset + 3_600_000 },
  );
  machine.behaviours.set('10.0.0.1', 'refused');
  await machine.clock.run(20_000);
  const { changes, table } = machine;
  const events = daemon.events.length;
  machine.clock.wallOffset += hours * 3_600_000;
  await machine.clock.run(60_000);
  expect(machine.changes).toBe(changes);
  expect(machine.table).toEqual(table);
  expect(daemon.events).toHaveLength(events);
});

describe('the network', () => {
  const gateway = '10.0.0.254';

  test('is away: states freeze, an alarm is raised, and it sees again within 3 s', async () => {
    const { machine, daemon, director } = await started({ gateway });
    const { changes } = machine;
    machine.linkDown = true;
    await machine.clock.run(60_000);
    expect(director.status()).toMatchObject({ blind: true, alarms: [expect.stringContaining('gateway')] });
    expect(machine.changes).toBe(changes);
    expect(director.health().map(({ state }) => state)).toEqual(Array(5).fill('up'));
    machine.linkDown = false;
    await machine.clock.run(3000);
    expect(director.status()).toMatchObject({ blind: false, alarms: [] });
    await machine.clock.run(20_000);
    expect(machine.changes).toBe(changes);
    expect(daemon.events.map((text) => text.split(':')[0])).toEqual(['sighted', 'alarm', 'blind']);
  });

  test('is there, but all servers are dead: they are taken out', async () => {
    const { machine, director } = await started({ gateway });
    for (const { servers } of web.services)
      for (const { name } of servers) machine.behaviours.set(name, 'refused');
    await machine.clock.run(12_000);
    expect(director.health().map(({ state }) => state)).toEqual(Array(5).fill('down'));
    expect(director.status().blind).toBe(false);
  });

  test('the gateway is silent, but servers answer: nobody is blind', async () => {
    const { machine, director } = await started({ gateway });
    machine.gatewayAnswers = false;
    machine.behaviours.set('10.0.0.1', 'hole');
    await machine.clock.run(20_000);
    expect(director.status().blind).toBe(false);
    expect(machine.table[1]).toContain('10.0.0.1:80=0');
  });

  test('one dead server of one goes as fast as without a gateway', async () => {
    const machine = new SimulatedMachine();
    machine.start(
      configurationOf([directorService('web', someServers(1), { whenAllDown: 'drop' })], { gateway }),
    );
    await machine.clock.run(6000);
    machine.behaviours.set('10.0.0.1', 'refused');
    await machine.clock.run(3300);
    expect(machine.table).toEqual(['tcp:192.0.2.10:80 10.0.0.1:80=0']);
  });
});

describe('the loop', () => {
  test('lateness is measured, and forgotten after a minute', async () => {
    const clock = new SimulatedClock();
    const lag = new Lag({ now: () => clock.now, after: (time, then) => clock.after(time, then) });
    await clock.run(1000);
    const begun = clock.now;
    expect(lag.since(0)).toBe(0);
    clock.stall(700);
    expect(lag.since(begun)).toBeGreaterThanOrEqual(650);
    await clock.run(1000);
    expect(lag.since(begun)).toBeGreaterThanOrEqual(650);
    expect(lag.since(clock.now - 200)).toBe(0);
    await clock.run(61_000);
    expect(lag.since(0)).toBe(0);
  });

  test('the start is no lateness, but a failure that came meanwhile is late', async () => {
    const clock = new SimulatedClock();
    const lag = new Lag({ now: () => clock.now, after: (time, then) => clock.after(time, then) });
    clock.stall(700);
    await clock.run(1000);
    expect(lag.since(0)).toBeGreaterThanOrEqual(650);
    expect(lag.lately()).toBe(0);
    clock.stall(300);
    await clock.run(1000);
    expect(lag.lately()).toBeGreaterThanOrEqual(250);
    await clock.run(61_000);
    expect(lag.lately()).toBe(0);
  });

  test('failures that came while it was late do not count, successes do', async () => {
    const { machine, director } = await started();
    const { changes } = machine;
    for (let time = 0; time < 30; time++) {
      machine.behaviours.set('10.0.0.1', 'hole');
      await machine.clock.run(400);
      machine.clock.stall(900);
      await machine.clock.run(10);
    }
    expect(director.health()[0]!.state).toBe('up');
    expect(machine.changes).toBe(changes);
    expect(director.status().lag).toBeGreaterThan(800);
    const { lateResults } = director.status();
    expect(lateResults).toBeGreaterThan(0);
    expect(director.status().alarms).toEqual([expect.stringMatching(/^this machine is too slow/)]);
    await machine.clock.run(10_000);
    expect(director.health()[0]!.state).toBe('down');
    // One may have been on its way.
    expect(director.status().lateResults).toBeLessThanOrEqual(lateResults + 1);
    await machine.clock.run(10_000);
    expect(director.status().alarms).toEqual([]);
  });

  test('what was thrown away once is tried again soon, as after a failure', async () => {
    const { machine, director } = await started();
    machine.behaviours.set('10.0.0.1', 'hole');
    const tried: number[] = [];
    let stalls = 1;
    machine.onCheck = ({ timeout }, target) => {
      if (formatAddress(target.server.server.address) !== '10.0.0.1') return;
      tried.push(machine.clock.now);
      if (stalls-- > 0) machine.clock.after(timeout - 500, () => machine.clock.stall(400));
    };
    await machine.clock.run(15_000);
    expect(director.status().lateResults).toBe(1);
    expect(director.health()[0]!.state).toBe('down');
    const { timeout, fast } = check({});
    const [first, second] = tried;
    expect(second! - first! - timeout).toBeLessThanOrEqual(fast + 10);
  });

  test('a refusal counts while it is late', async () => {
    const { machine, director } = await started();
    machine.behaviours.set('10.0.0.1', 'refused');
    machine.onCheck = () => machine.clock.after(0, () => machine.clock.stall(400));
    await machine.clock.run(15_000);
    expect(director.health()[0]!.state).toBe('down');
    expect(director.status().lateResults).toBe(0);
  });

  test("a fault of this machine's own says nothing about a server", async () => {
    const { machine, director } = await started();
    machine.behaviours.set('10.0.0.1', () => ({
      ...{ ok: false, stage: 'run', duration: 0, message: 'too many open files' },
      ours: true as const,
    }));
    await machine.clock.run(30_000);
    expect(director.health()[0]).toMatchObject({ state: 'up', weight: 1 });
  });
});

describe('the lock of the table', () => {
  test('is waited for while a subcommand has it', async () => {
    const { machine, director } = await started();
    machine.behaviours.set('10.0.0.1', 'refused');
    machine.lock = () => ({ kind: 'held', holder: 77 });
    await machine.clock.run(2500);
    machine.lock = () => ({ kind: 'taken', release: () => {} });
    await machine.clock.run(1000);
    expect(machine.table[1]).toContain('10.0.0.1:80=0');
    expect(director.status().alarms).toEqual([]);
  });

  test('does not keep a dead server in when it is never released', async () => {
    const { machine, director } = await started();
    machine.behaviours.set('10.0.0.1', 'refused');
    machine.lock = () => ({ kind: 'held', holder: 77 });
    await machine.clock.run(5500);
    expect(machine.table[1]).toContain('10.0.0.1:80=0');
    expect(director.status().alarms).toEqual([
      'another ipvsadm (process 77) keeps the table locked: going on without the lock',
    ]);
  });

  test('is released after each pass', async () => {
    const machine = new SimulatedMachine();
    let held = 0;
    machine.lock = () => {
      held += 1;
      return {
        kind: 'taken',
        release: () => {
          held -= 1;
        },
      };
    };
    machine.start(web);
    await machine.clock.run(6000);
    expect(held).toBe(0);
    expect(machine.table).toEqual(full);
  });
});

test('a check that never ends is given up, and runs again', async () => {
  const machine = new SimulatedMachine();
  let runs = 0;
  machine.behaviours.set('10.0.0.1', () => {
    runs += 1;
    return { ok: true, stage: 'connect', duration: runs < 5 ? 1 : 1e9, message: '' };
  });
  machine.start(
    configurationOf([directorService('web', [directorServer('10.0.0.1', { checks: [check()] })])]),
  );
  await machine.clock.run(60_000);
  expect(runs).toBeGreaterThan(6);
});
