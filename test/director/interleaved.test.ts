/** Any interleaving of results, commands, reloads, kills and time ends where it should. */
import fc from 'fast-check';
import type { AdminState, Configuration, DirectorServer } from '../../src/model/director';
import { planChanges } from '../../src/state/plan/diff';
import { serverName } from '../../src/state/table/table-state';
import {
  type Behaviour,
  check,
  configurationOf,
  directorServer,
  directorService,
  type SimulatedDaemon,
  SimulatedMachine,
} from '../helpers/simulated-director';
import { key, server, service } from '../helpers/table-rows';

const addresses = ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'];
const foreign = {
  service: service({ key: key('198.51.100.1') }),
  servers: [server({ at: '10.5.5.5', weight: 3 })],
};
const sorry = server({ at: '10.9.9.9' });
/** A service that left the document just after others had put a server into it is theirs. */
const leftToOthers = 'tcp:192.0.2.10:443 10.8.8.8:80=4';

const some = (names: readonly string[], weight: number) =>
  names.map((name, index) => directorServer(name, { weight: weight + index }));

const throughPath = (servers: readonly DirectorServer[]) =>
  servers.map((one) => ({ ...one, checks: [check({ via: 'path' })] }));

/** Documents between which the daemon goes to and fro. */
const documents: readonly Configuration[] = [
  configurationOf([
    directorService('web', some(addresses, 1), { whenAllDown: 'drop' }),
    directorService('mail', throughPath(some(addresses.slice(0, 2), 2)), {
      port: 25,
      sorry,
      quorum: { weight: 3 },
    }),
  ]),
  configurationOf([
    directorService('web', throughPath(some(addresses.slice(1), 5)), {
      whenAllDown: 'drop',
      onFail: 'remove',
    }),
    directorService('dns', some(addresses.slice(0, 2), 1), { port: 53, protocol: 17, whenAllDown: 'drop' }),
  ]),
  configurationOf(
    [
      directorService('tls', some(addresses, 1), { port: 443, slowStart: 10_000, whenAllDown: 'drop' }),
      directorService('web', some(addresses.slice(0, 3), 1), { whenAllDown: 'drop', removeAfter: 3000 }),
    ],
    { gateway: '10.0.0.254' },
  ),
];

type Step =
  | { readonly kind: 'time'; readonly milliseconds: number }
  | { readonly kind: 'behave'; readonly server: string; readonly as: Behaviour }
  | { readonly kind: 'admin'; readonly server: string; readonly admin: AdminState }
  | { readonly kind: 'reload'; readonly document: number }
  | { readonly kind: 'restart'; readonly how: 'stop' | 'kill' | 'mid-pass' }
  | { readonly kind: 'disturb'; readonly server: string }
  | { readonly kind: 'refuse'; readonly errno: number }
  | { readonly kind: 'link'; readonly down: boolean }
  | { readonly kind: 'disk'; readonly full: boolean };

const pick = fc.constantFrom;
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: pick('time'), milliseconds: pick(5, 30, 700, 3000, 15_000) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: pick('behave'),
      server: pick(...addresses),
      as: pick<Behaviour>('up', 'up', 'refused', 'hole'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: pick('admin'),
      server: pick(...addresses),
      admin: pick<AdminState>('ready', 'drain', 'maint'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: pick('reload'), document: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.record({ kind: pick('restart'), how: pick('stop', 'kill', 'mid-pass') }) },
  { weight: 1, arbitrary: fc.record({ kind: pick('disturb'), server: pick(...addresses) }) },
  { weight: 1, arbitrary: fc.record({ kind: pick('refuse'), errno: pick(12, 17, 2) }) },
  { weight: 1, arbitrary: fc.record({ kind: pick('link'), down: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: pick('disk'), full: fc.boolean() }) },
) as fc.Arbitrary<Step>;

class Run {
  readonly machine = new SimulatedMachine();
  readonly admins = new Map<string, AdminState>();
  document = documents[0]!;
  daemon: SimulatedDaemon;

  constructor() {
    this.machine.other.changes(planChanges({}, { services: [foreign] }).map(({ change }) => change));
    this.daemon = this.machine.start(this.document);
  }

  async take(own: Step): Promise<void> {
    const { machine } = this;
    switch (own.kind) {
      case 'time':
        return await machine.clock.run(own.milliseconds);
      case 'behave':
        machine.behaviours.set(own.server, own.as);
        return;
      case 'admin':
        if (this.daemon.director.setAdmin({ host: own.server }, { admin: own.admin, author: 'me' }).ok) {
          for (const { services } of [this.document]) {
            for (const { name, servers } of services) {
              if (servers.some((one) => one.name === own.server))
                this.admins.set(`${name}/${own.server}`, own.admin);
            }
          }
        }
        return;
      case 'reload': {
        const next = documents[own.document]!;
        const outcome = await this.daemon.wait(
          this.daemon.director.reload(machine.document(next), { author: 'me', name: 'x' }),
        );
        if (outcome.ok) this.document = next;
        return;
      }
      case 'restart':
        return await this.restart(own.how);
      case 'disturb':
        machine.other.changes([
          { kind: 'delete-server', key: key('192.0.2.10'), server: server({ at: own.server }) },
          { kind: 'add-server', key: key('192.0.2.10', 443), server: server({ at: '10.8.8.8', weight: 4 }) },
        ]);
        return;
      case 'refuse': {
        let left = 3;
        machine.kernel.refuse = () => (left-- > 0 ? own.errno : 0);
        return;
      }
      case 'link':
        machine.linkDown = own.down;
        return;
      case 'disk':
        machine.diskFull = own.full;
    }
  }

  async restart(how: 'stop' | 'kill' | 'mid-pass'): Promise<void> {
    const { machine, daemon } = this;
    // Wishes that could not be saved are lost with the process. Whose the table is must be known again.
    if (how !== 'stop' && this.lacksRecord) {
      machine.diskFull = false;
      await machine.clock.run(1100);
    }
    if (how === 'mid-pass') {
      machine.diskFull = false;
      daemon.killAtChange(2);
      machine.behaviours.set(addresses[0]!, 'refused');
      await machine.clock.run(6000);
      machine.kernel.refuse = undefined;
    }
    machine.diskFull = false;
    if (how === 'stop') await daemon.stop();
    daemon.kill();
    this.daemon = machine.start(this.document);
  }

  /** What is ours, or which document is in use, could not be saved. */
  get lacksRecord(): boolean {
    const { alarms } = this.daemon.director.status();
    return alarms.some((alarm) => /state file '(?:owned|generation)/.test(alarm));
  }

  /** All faults end. Nothing else happens for longer than the longest hold-down. */
  async calm(): Promise<void> {
    const { machine } = this;
    Object.assign(machine, { linkDown: false, diskFull: false });
    machine.kernel.refuse = undefined;
    // Who changes the table before a daemon without its records has seen it owns what he changed.
    await machine.clock.run(2000);
    for (const { name } of this.document.services) this.daemon.director.adopt(name, 'me');
    await machine.clock.run(400_000);
  }

  /** The table as the manual says it. */
  expected(): string[] {
    const lines = this.document.services.map((one) => {
      const scale = one.slowStart > 0 ? 100 : 1;
      const well = (name: string) => (this.machine.behaviours.get(name) ?? 'up') === 'up';
      const admin = (name: string) =>
        this.daemon.director.health().find((shown) => shown.service === one.name && shown.server === name)!
          .admin;
      const serving = one.servers.filter(({ name }) => well(name) && admin(name) === 'ready');
      const sum = serving.reduce((all, { server: { weight } }) => all + weight, 0);
      const needed = 'weight' in one.quorum ? one.quorum.weight : 0;
      const isSorry = one.sorry !== undefined && sum < needed;
      const servers = one.servers.flatMap((own) => {
        const {
          name,
          server: { weight },
        } = own;
        if (serving.includes(own)) return [`${name}:80=${isSorry ? 0 : weight * scale}`];
        if (admin(name) === 'maint' || (admin(name) === 'drain' && well(name))) return [`${name}:80=0`];
        return one.onFail === 'remove' || one.removeAfter !== undefined ? [] : [`${name}:80=0`];
      });
      const { port, protocol } = one.service.key as { port: number; protocol: number };
      const own = [...servers, ...(isSorry ? ['10.9.9.9:80=1'] : [])].sort();
      return [`${protocol === 17 ? 'udp' : 'tcp'}:192.0.2.10:${port}`, ...own].join(' ');
    });
    const paths = this.document.services.flatMap(({ servers }) =>
      servers
        .filter(({ checks }) => checks[0]!.via === 'path')
        .map(({ server: own }) => `fwmark ${serverName(own)}=1`),
    );
    return [...lines, ...paths, 'tcp:198.51.100.1:80 10.5.5.5:80=3'].sort();
  }

  /** The table; which marks checks have is of no importance. */
  get table(): string[] {
    return this.machine.table
      .filter((line) => line !== leftToOthers)
      .map((line) => line.replace(/^fwmark:\d+/, 'fwmark'))
      .sort();
  }
}

async function holds(steps: readonly Step[]): Promise<void> {
  const run = new Run();
  for (const own of steps) await run.take(own);
  await run.calm();
  const { machine, daemon } = run;
  expect(run.table).toEqual(run.expected());
  const { changes } = machine;
  await machine.clock.run(30_000);
  expect(machine.changes).toBe(changes);
  expect(machine.emptied).toBe(0);
  expect(daemon.director.status()).toMatchObject({
    blind: false,
    contested: [],
    changesRefused: expect.any(Number),
  });
  daemon.kill();
}

test('ends where the function says, sends nothing then, and was never without a service', async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 25 }), holds), {
    numRuns: Number(process.env.IPVSADM_DIRECTOR_RUNS ?? 8),
  });
}, 240_000);

const reload = (document: number): Step => ({ kind: 'reload', document });
const restart = (how: 'stop' | 'kill' | 'mid-pass'): Step => ({ kind: 'restart', how });
const disk = (full: boolean): Step => ({ kind: 'disk', full });

/** What the property has found. */
test.each<[string, Step[]]>([
  ['a disk that has room again when it stops', [disk(true), reload(0), reload(1), restart('stop')]],
  [
    'a server that others put into a service just before it leaves the document',
    [reload(2), { kind: 'disturb', server: '10.0.0.1' }, reload(0)],
  ],
  ['a disk that is full when it is killed', [disk(true), reload(0), reload(1), restart('kill')]],
])('so it is with %s', (_name, steps) => holds(steps));
