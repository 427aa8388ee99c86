/**
 * A simulated machine for the director: a fake kernel, real servers that are up or not, files, a lock,
 * a clock. Daemons are started on it, killed and started again.
 */
import { createHash } from 'node:crypto';
import { type DirectorOptions, startDirector } from '../../src/director/daemon';
import type { Configuration, Director, DirectorEvent } from '../../src/director/types';
import type { CheckTarget, StateFile, World } from '../../src/director/world';
import { IpvsClient } from '../../src/ipvs/client';
import { ipvsCommands } from '../../src/ipvs/commands';
import { formatAddress } from '../../src/model/address';
import { type Check, type CheckResult, defaultTiming } from '../../src/model/check';
import type { DirectorServer, DirectorService } from '../../src/model/director';
import { NotSentError } from '../../src/netlink/errors';
import type { Transport } from '../../src/netlink/transport';
import type { LockAttempt } from '../../src/platform/interactive-system';
import { readDocument } from '../../src/state/document/read';
import { parseJson } from '../../src/state/source/parse-json';
import { readLive } from '../../src/state/table/live';
import { serverName, serviceName } from '../../src/state/table/table-state';
import { keptAttributes } from '../../src/testing/messages';
import { FakeKernel } from './fake-kernel';
import { SimulatedClock, seededRandom } from './simulated-clock';
import { key, server, service } from './table-rows';

/** What a real server does: a result, or one of the usual ones. */
export type Behaviour = 'up' | 'refused' | 'hole' | ((check: Check, now: number) => CheckResult);

const reads: ReadonlySet<number> = new Set([
  ipvsCommands.getService,
  ipvsCommands.getDest,
  ipvsCommands.getDaemon,
  ipvsCommands.getConfig,
  ipvsCommands.getInfo,
]);

/** The process was killed: nothing that it does has an effect any more. */
export class Killed extends Error {}

export class SimulatedMachine {
  readonly clock = new SimulatedClock();
  readonly kernel = new FakeKernel();
  readonly files = new Map<StateFile, string>();
  readonly documents = new Map<string, Configuration>();
  /** By address. */
  readonly behaviours = new Map<string, Behaviour>();
  gatewayAnswers = true;
  defaultGateway: string | undefined;
  /** Why ping cannot be run. */
  pingFault: string | undefined;
  pings = 0;
  /** Everything fails, the gateway included. */
  linkDown = false;
  diskFull = false;
  /** Netlink does not work. */
  kernelAway = false;
  epoch = 'boot-1 net-1';
  lock: () => LockAttempt = () => ({ kind: 'taken', release: () => {} });
  readonly notified: DirectorEvent[] = [];
  /** How often the table lost its last service. */
  emptied = 0;
  checksRun = 0;
  /** Called before each check. */
  onCheck: (check: Check, target: CheckTarget) => void = () => {};
  /** Called when a document is read. */
  onRead: () => void = () => {};
  readonly #random: () => number;

  constructor(seed = 1) {
    this.#random = seededRandom(seed);
    this.kernel.dumped = keptAttributes;
    let had = false;
    this.kernel.changed = () => {
      const has = this.kernel.entries.length > 0;
      if (had && !has) this.emptied += 1;
      had = has;
    };
  }

  /** Starts a daemon on a document. */
  start(configuration: Configuration, options: Partial<DirectorOptions> = {}): SimulatedDaemon {
    return new SimulatedDaemon(this, this.document(configuration), options);
  }

  /** A text that stands for a document. */
  document(configuration: Configuration): string {
    const text = `document ${textOf(configuration)}`;
    this.documents.set(text, configuration);
    return text;
  }

  /** Another program's view of the table. */
  get other(): IpvsClient {
    return new IpvsClient(this.kernel.open());
  }

  /** `tcp:192.0.2.10:80 10.0.0.1:80=1 10.0.0.2:80=0`, a line for each service. */
  get table(): string[] {
    return readLive(this.other).services.map(({ service: own, servers }) =>
      [serviceName(own.key), ...servers.map((one) => `${serverName(one)}=${one.weight}`).sort()].join(' '),
    );
  }

  /** The changes that the kernel was asked for so far. */
  get changes(): number {
    return this.kernel.requests.filter(({ command }) => !reads.has(command)).length;
  }

  world(process: { alive: boolean }): World {
    const { clock, files } = this;
    const guard = () => {
      if (!process.alive) throw new Killed();
    };
    return {
      now: () => clock.now,
      wallClock: () => clock.now + clock.wallOffset,
      after: (milliseconds, then) =>
        clock.after(milliseconds, () => {
          if (process.alive) then();
        }),
      random: this.#random,
      check: (check, target) => this.#check(check, target),
      pingGateway: () => {
        this.pings += 1;
        const { pingFault: reason } = this;
        if (reason !== undefined) return this.#later({ kind: 'cannot', reason }, 1);
        const answers = this.gatewayAnswers && !this.linkDown;
        return this.#later({ kind: answers ? 'answered' : 'silent' }, this.linkDown ? 500 : 1);
      },
      defaultGateway: () => this.defaultGateway,
      client: new IpvsClient(this.#transport()),
      lockTable: () => this.lock(),
      epoch: this.epoch,
      readConfiguration: (text, _, form) => {
        this.onRead();
        const known = form === 'given' ? this.documents.get(text) : undefined;
        const configuration =
          known ?? (form === 'resolved' ? readDocument(parseJson(text)).configuration : known);
        return configuration ?? { problems: `${text}: what is this?` };
      },
      readState: (name) => files.get(name),
      writeState: (name, text) => {
        guard();
        if (this.diskFull) throw new Error('no space left on device');
        files.set(name, text);
      },
      removeState: (name) => {
        guard();
        files.delete(name);
      },
      sha256: (text) => createHash('sha256').update(text).digest('hex'),
      notify: (event) => {
        if (process.alive) this.notified.push(event);
      },
    };
  }

  #transport(): Transport {
    const transport = this.kernel.open();
    return {
      ...transport,
      send: (datagram) => {
        if (this.kernelAway) throw new NotSentError('netlink does not work', 12);
        transport.send(datagram);
      },
    };
  }

  async #check(check: Check, target: CheckTarget): Promise<CheckResult> {
    this.checksRun += 1;
    this.onCheck(check, target);
    const behaviour = this.behaviours.get(formatAddress(target.server.server.address)) ?? 'up';
    const result = this.linkDown ? resultOf('hole', check, 0) : resultOf(behaviour, check, this.clock.now);
    return await this.#later(result, result.duration);
  }

  #later<T>(value: T, milliseconds: number): Promise<T> {
    return new Promise((resolve) => {
      this.clock.after(milliseconds, () => resolve(value));
    });
  }
}

function resultOf(behaviour: Behaviour, check: Check, now: number): CheckResult {
  if (typeof behaviour === 'function') return behaviour(check, now);
  if (behaviour === 'up') return { ok: true, stage: 'connect', duration: 2, message: 'connected' };
  if (behaviour === 'refused') {
    return { ok: false, stage: 'connect', duration: 1, message: 'connection refused' };
  }
  return { ok: false, stage: 'connect', duration: check.timeout, message: 'no answer in time' };
}

/** A daemon on a simulated machine. */
export class SimulatedDaemon {
  readonly #process = { alive: true };
  readonly director: Director;

  constructor(
    readonly machine: SimulatedMachine,
    readonly text: string,
    options: Partial<DirectorOptions>,
  ) {
    const started = startDirector(machine.world(this.#process), text, 'director.yaml', {
      identity: (check, { server: { server: own } }) => `${JSON.stringify(check)} ${serverName(own)}`,
      ...options,
    });
    if ('problems' in started) throw new Error(started.problems);
    this.director = started;
  }

  /** kill -9. */
  kill(): void {
    this.#process.alive = false;
  }

  /** kill -9 in the middle of a datagram: before its n-th change from now, counted from 0. */
  killAtChange(n: number): void {
    let count = 0;
    this.machine.kernel.refuse = () => {
      if (count++ < n) return 0;
      this.machine.kernel.refuse = undefined;
      this.kill();
      throw new Killed();
    };
  }

  get isAlive(): boolean {
    return this.#process.alive;
  }

  async stop(): Promise<void> {
    const stopped = this.director.stop();
    await this.machine.clock.run(0);
    await stopped;
    this.kill();
  }

  /** Waits for something that takes simulated time. */
  async wait<T>(promise: Promise<T>, longest = 10_000): Promise<T> {
    let done = false;
    void promise.finally(() => {
      done = true;
    });
    for (let waited = 0; !done && waited < longest; waited += 5) await this.machine.clock.run(5);
    return await promise;
  }

  get events(): string[] {
    return this.director.events(0).map(({ kind, text }) => `${kind}: ${text}`);
  }

  state(name: string): string | undefined {
    return this.director.health().find((one) => `${one.service}/${one.server}` === name)?.state;
  }
}

/** A document that maps like a configuration, whatever its fields. */
function textOf(configuration: Configuration): string {
  return JSON.stringify(configuration, (_, value) => (value instanceof Uint8Array ? [...value] : value));
}

export function check(own: Partial<Check> = {}): Check {
  return { type: 'tcp', via: 'server', ...defaultTiming, ...own } as Check;
}

export function directorServer(
  at: string,
  own: Partial<DirectorServer> & { weight?: number } = {},
): DirectorServer {
  const { weight = 1, ...rest } = own;
  const {
    activeConnections: _a,
    inactiveConnections: _i,
    persistentConnections: _p,
    ...plain
  } = server({ at, weight });
  return { name: at, server: plain, checks: [check()], any: false, admin: 'ready', ...rest };
}

export function directorService(
  name: string,
  servers: readonly DirectorServer[],
  own: Partial<DirectorService> & { address?: string; port?: number; protocol?: number } = {},
): DirectorService {
  const { address = '192.0.2.10', port = 80, protocol = 6, ...rest } = own;
  return {
    name,
    service: service({ key: key(address, port, protocol), flags: 0 }),
    servers,
    quorum: { weight: 1 },
    hysteresis: 0,
    whenAllDown: 'keep',
    onFail: 'weight0',
    slowStart: 0,
    critical: false,
    owner: 'ours',
    ...rest,
  };
}

export function configurationOf(
  services: readonly DirectorService[],
  own: Partial<Configuration> = {},
): Configuration {
  return { services, notify: {}, ...own };
}

/** Some servers, `10.0.0.1` and so on. */
export function someServers(count: number, own: Parameters<typeof directorServer>[1] = {}): DirectorServer[] {
  return Array.from({ length: count }, (_, index) => directorServer(`10.0.0.${index + 1}`, own));
}
