/** What the daemon makes of an engine's role. The engine is a fake; the director runs on a simulated machine. */
import { type OpenedEngine, Sharing, wishesOf } from '../../src/daemon/sharing';
import { eventsFormat } from '../../src/director/state-files';
import type { Director } from '../../src/director/types';
import type { HaListener } from '../../src/ha/types';
import type { SharedVips } from '../../src/model/director';
import type { Role } from '../../src/model/ha';
import {
  configurationOf,
  directorService,
  SimulatedMachine,
  someServers,
} from '../helpers/simulated-director';

const shared: SharedVips = {
  vips: ['192.0.2.10'],
  settings: {
    preempt: false,
    sync: { syncId: 7, interface: 'lo' },
    engine: { kind: 'keepalived', id: 51, priority: 100 },
  },
};

const noDocuments = { use: () => {} };

interface Opened {
  readonly shared: SharedVips;
  readonly listener: HaListener;
  readonly said: string[];
}

/** What the fake engines do: `fit` is whether another director can take over. */
const fakes = { problem: '', role: 'standby' as Role, fit: true };

/** A sharing whose engines are recorded. */
function sharingOf({ problem, role = 'standby', fit = true }: Partial<typeof fakes> = {}): {
  readonly sharing: Sharing;
  readonly opened: Opened[];
} {
  const opened: Opened[] = [];
  const sharing = new Sharing((given, listener): OpenedEngine => {
    if (problem !== undefined) throw new Error(problem);
    const said: string[] = [];
    opened.push({ shared: given, listener, said });
    return {
      interface: 'eth0',
      engine: {
        status: () => ({ engine: 'keepalived', name: 'lb03', role, since: 0, problems: [] }),
        start: () => void said.push('start'),
        resign: async () => {
          said.push('resign');
          return fit ? { ok: true, text: 'lb04 leads' } : { ok: false, problem: 'nobody took over' };
        },
        setFitness: (reason) => void said.push(`fitness ${reason}`),
        stop: async ({ handOver }) => void said.push(`stop ${handOver}`),
      },
      close: () => void said.push('close'),
    };
  }, noDocuments);
  return { sharing, opened };
}

/** A director whose machine has run for a moment. */
async function started(): Promise<{ readonly machine: SimulatedMachine; readonly director: Director }> {
  const machine = new SimulatedMachine();
  const configuration = { ...configurationOf([directorService('web', someServers(1))]), ha: shared };
  const { director } = machine.start(configuration);
  await machine.clock.run(3000);
  return { machine, director };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('an engine runs from the start of the director to its end', async () => {
  const { director } = await started();
  const { sharing, opened } = sharingOf();
  sharing.use(shared);
  expect(opened).toEqual([]);
  sharing.begin(director);
  await settled();
  expect(sharing.status).toMatchObject({ role: 'standby', vips: ['192.0.2.10'], interface: 'eth0' });
  expect(await sharing.resign()).toEqual({ ok: true, text: 'lb04 leads' });
  await sharing.leave();
  expect(opened[0]!.said).toEqual(['start', 'resign', 'stop true', 'close']);
});

test.each([
  ['a leader lets another director take over before it ends', 'leader', true, ['resign', 'stop true']],
  ['a leader that is alone leaves the VIPs to its restart', 'leader', false, ['resign', 'stop false']],
  ['a standby just ends', 'standby', true, ['stop true']],
] as const)('%s', async (_name, role, fit, said) => {
  const { director } = await started();
  const { sharing, opened } = sharingOf({ role, fit });
  sharing.use(shared);
  sharing.begin(director);
  await sharing.leave();
  expect(opened[0]!.said).toEqual(['start', ...said, 'close']);
});

test('a stop waits until the table is as the last role asks', async () => {
  const { machine, director } = await started();
  const { sharing, opened } = sharingOf({ role: 'leader' });
  sharing.use(shared);
  sharing.begin(director);
  await settled();
  opened[0]!.listener.role('leader', 'nobody else is there');
  await machine.clock.run(100);
  opened[0]!.listener.role('standby', 'lb04 leads');
  let left = false;
  void sharing.leave().then(() => {
    left = true;
  });
  await settled();
  expect([left, machine.kernel.daemons.length]).toEqual([false, 2]);
  await machine.clock.run(100);
  await settled();
  expect([left, machine.kernel.daemons.map(({ state }) => state)]).toEqual([true, [2]]);
});

test('another document with the same settings leaves the engine alone, others get a new one', async () => {
  const { director } = await started();
  const { sharing, opened } = sharingOf();
  sharing.use(shared);
  sharing.begin(director);
  sharing.use(structuredClone(shared));
  await settled();
  expect(opened).toHaveLength(1);
  sharing.use({ ...shared, vips: ['192.0.2.11'] });
  await sharing.leave();
  expect(opened.map(({ said }) => said)).toEqual([
    ['start', 'stop true', 'close'],
    ['start', 'stop true', 'close'],
  ]);
});

test('with etcd, other VIPs are no reason to hand over; another cluster is', async () => {
  const { director } = await started();
  const { sharing, opened } = sharingOf();
  const engine = { kind: 'etcd', endpoints: ['http://192.0.2.30:2379'], cluster: 'web', ttl: 3000 } as const;
  const first: SharedVips = { vips: ['192.0.2.10'], settings: { preempt: false, engine } };
  sharing.use(first);
  sharing.begin(director);
  sharing.use({ ...first, vips: ['192.0.2.10', '192.0.2.11'] });
  sharing.use({ ...first, settings: { preempt: false, engine: { ...engine, cluster: 'mail' } } });
  await sharing.leave();
  expect(opened.map(({ said }) => said[1])).toEqual(['stop false', 'stop true', 'stop true']);
});

test('an engine that cannot be opened is an alarm, until a document has what it needs', async () => {
  const { director } = await started();
  const { sharing } = sharingOf({ problem: 'no interface has 192.0.2.10' });
  sharing.use(shared);
  sharing.begin(director);
  await settled();
  expect(director.status().alarms).toEqual(['no interface has 192.0.2.10']);
  expect(await sharing.resign()).toMatchObject({ ok: false });
  await sharing.leave();
});

test('the leader has both sync daemons, the others the backup', () => {
  const master = { state: 1, interface: 'eth0', syncId: 7 };
  const backup = { state: 2, interface: 'eth0', syncId: 7 };
  expect(wishesOf('leader', { syncId: 7 }, 'eth0')).toEqual({ tells: true, daemons: [master, backup] });
  expect(wishesOf('standby', { syncId: 7 }, 'eth0')).toEqual({ tells: false, daemons: [backup] });
  expect(wishesOf('unfit', { syncId: 7, interface: 'eth1' }, 'eth0')).toEqual({
    tells: false,
    daemons: [{ ...backup, interface: 'eth1' }],
  });
  expect(wishesOf('leader', undefined, 'eth0')).toEqual({ tells: true });
});

test('roles change the sync daemons of the table, and who tells of events', async () => {
  const { machine, director } = await started();
  const { sharing, opened } = sharingOf();
  sharing.use(shared);
  sharing.begin(director);
  await settled();
  const { listener } = opened[0]!;
  const states = () => machine.kernel.daemons.map(({ state }) => state).sort();
  expect(machine.notified).toEqual([]);
  listener.role('leader', 'nobody else is there');
  await machine.clock.run(100);
  expect(states()).toEqual([1, 2]);
  expect(machine.notified.map((event) => event.text)).toEqual(['this director leads: nobody else is there']);
  listener.role('standby', 'lb04 leads');
  await machine.clock.run(100);
  expect(states()).toEqual([2]);
  expect(machine.notified.map((event) => event.text).at(-1)).toBe('this director stands by: lb04 leads');
  // A restart knows of it.
  await machine.clock.run(2000);
  expect(eventsFormat.read(machine.files.get('events')!, machine.epoch)?.list.at(-1)?.kind).toBe('role');
  await sharing.leave();
});
