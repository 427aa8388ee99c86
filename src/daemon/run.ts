/** The director daemon from its start to its end: files, lock, kernel, socket, signals. */
import { bytesFromUnicode } from '../bytes/unicode';
import { checkIdentity } from '../checks';
import { startDirector } from '../director/daemon';
import type { Director } from '../director/types';
import { exitStatus } from '../errors/exit-status';
import { usageError } from '../errors/ipvsadm-error';
import { connect } from '../operations/connect';
import type { DirectorRun, DirectorSystem } from '../platform/director-system';
import type { InteractiveSystem, LockAttempt } from '../platform/interactive-system';
import { parseListenAddress } from '../state/document/listen-address';
import { apiServer } from './api';
import { CheckCounts } from './check-counts';
import { readDocumentFile, toUnicodePath } from './document-file';
import { exposition } from './exposition';
import { wholeHealth } from './in-turns';
import { isAnswered, listenAt, removeSocket } from './listen';
import { readLiveTable, tableText } from './live-table';
import { Log } from './log';
import { metricsOf } from './metrics';
import { MetricsListener } from './metrics-listener';
import { Notifier } from './notify';
import { engineOpener } from './open-engine';
import { runOwnProgram } from './own-program';
import { ConfigurationReader } from './read-configuration';
import { reloadFile } from './reload-file';
import { reopening } from './reopening';
import { rivals } from './rivals';
import type { ApiContext } from './route';
import { ServiceManager } from './service-manager';
import { SharedDocument } from './shared-document';
import { Sharing, whatStays } from './sharing';
import { StateDirectory } from './state-directory';
import { WebListener } from './web-listener';
import { NodeWorld } from './world';

/** A stop takes no longer, whatever hangs. */
export const STOP_WITHIN = 800;
/** Where VIPs are shared another director takes them first: the engines give up after 5 s. */
export const HAND_OVER_WITHIN = 6000;
const STDERR = 2;

/** Runs the daemon until a signal or a request stops it. @returns the exit status. @throws IpvsadmError. */
export async function runDaemon(system: DirectorSystem, run: DirectorRun): Promise<number> {
  const log = new Log(STDERR, system.environment('JOURNAL_STREAM') === undefined);
  // An error that nobody has thought of must not end what tends the table: systemd's watchdog does if
  // it hangs.
  process.on('uncaughtException', (error) => log.say(`internal error: ${error.stack ?? error}`));
  process.on('unhandledRejection', (error) => log.say(`internal error: ${(error as Error)?.stack ?? error}`));
  const manager = new ServiceManager();
  const state = stateDirectory(run, log);
  const lock = onlyDaemon(system.lockTable(run.runDirectory), log);
  const socket = toUnicodePath(run.socket);
  if (await isAnswered(socket))
    throw refused(`${socket}: another daemon answers there: stop it, or give --socket`);
  for (const rival of rivals(system)) {
    log.say(`warning: ${rival} tends the table, too: what each does, the other one undoes`);
  }
  const tableLock = system.openTableLock();
  const { client } = connect({ ...system, openTransport: () => reopening(() => system.openTransport()) });
  const reader = new ConfigurationReader(system, run);
  const notifier = new Notifier((text) => log.say(`notify: ${text}`));
  const counts = new CheckCounts();
  const world = new NodeWorld({ system, client, tableLock, state, reader, notifier, counts });
  const documents = new SharedDocument({
    world,
    prepare: (text, name) => reader.prepare(text, name),
    tableDigest: async () => world.sha256(tableText(await readLiveTable(client))),
  });
  const sharing = new Sharing(engineOpener(system, toUnicodePath(run.runDirectory)), documents);
  const document = readDocumentFile(system, run.file);
  if ('problem' in document) throw refused(document.problem);
  await reader.prepare(document.text, document.name);
  const director = startDirector(world, document.text, document.name, {
    identity: checkIdentity,
    takeOver: run.takeOver,
    using: ({ ha }) => sharing.use(ha),
  });
  if ('problems' in director) throw refused(director.problems);
  // Those of its start were before anybody could subscribe.
  for (const event of director
    .events(0)
    .filter(({ at }) => at >= world.began)
    .toReversed()) {
    log.say(`${event.kind}: ${event.text}`);
  }
  director.subscribe(({ kind, text }) => log.say(`${kind}: ${text}`));
  const life = new Life({
    ...{ system, run, log, director, sharing, documents, reader, world, counts, manager, socket },
  });
  await life.live();
  client.close();
  tableLock.close();
  lock?.release();
  await log.flush(100);
  return exitStatus.ok;
}

interface Parts {
  readonly system: InteractiveSystem;
  readonly run: DirectorRun;
  readonly log: Log;
  readonly director: Director;
  readonly sharing: Sharing;
  readonly documents: SharedDocument;
  readonly reader: ConfigurationReader;
  readonly world: NodeWorld;
  readonly counts: CheckCounts;
  readonly manager: ServiceManager;
  readonly socket: string;
}

class Life {
  #stop: () => void = () => {};
  readonly #stopped = new Promise<void>((resolve) => {
    this.#stop = resolve;
  });

  constructor(readonly parts: Parts) {}

  async live(): Promise<void> {
    const { log, director, sharing, run, socket } = this.parts;
    const context = this.#context();
    const api = apiServer(context);
    // Without a socket nobody can ask, but the table is tended.
    await listenAt(api, socket, run.group).catch(({ message }) => log.say(`alarm: no socket: ${message}`));
    api.on('error', ({ message }) => log.say(`socket: ${message}`));
    const metrics = await this.#metrics(context);
    const web = await this.#web(context);
    this.#hearSignals(context);
    const beat = this.parts.manager.watchdog;
    const watchdog = beat === undefined ? undefined : setInterval(() => this.parts.manager.beat(), beat);
    sharing.begin(director);
    const { generation } = director.status();
    log.say(`the daemon runs: generation ${generation.wanted}, socket ${socket}`);
    this.parts.manager.say('READY=1');
    await this.#stopped;
    this.parts.manager.say('STOPPING=1');
    const stays = whatStays(sharing.status);
    api.close();
    metrics.close();
    web.close();
    await atMost(HAND_OVER_WITHIN, sharing.leave());
    await atMost(STOP_WITHIN, director.stop());
    clearInterval(watchdog);
    api.closeAllConnections();
    try {
      removeSocket(socket);
    } catch {
      // It stays: nobody answers there.
    }
    log.say(`the daemon has stopped: ${stays}`);
  }

  #context(): ApiContext {
    const { director, sharing, documents, world, reader, counts, system, run } = this.parts;
    return {
      ...{ director, sharing, documents },
      namespace: system.networkNamespace,
      metrics: async (by, format) => {
        const health = await wholeHealth(director);
        counts.keep(new Set(health.map(({ service, server }) => `${service}/${server}`)));
        const table = await readLiveTable(world.client);
        return exposition(
          metricsOf({ status: director.status(), health, table, counts, share: sharing.status }, by),
          format,
        );
      },
      hear: (step) => {
        world.hear = step;
      },
      readFile: async () => readDocumentFile(system, run.file),
      prepare: ({ text, name }) => reader.prepare(text, name),
      inspect: ({ text, name }) => reader.inspect(text, name),
      runOwn: runOwnProgram,
      // The answer goes first.
      stop: () => setTimeout(() => this.#stop(), 50),
    };
  }

  /** Serves metrics where the command line says, or the document that is in use. */
  async #metrics(context: ApiContext): Promise<MetricsListener> {
    const { director, run, log } = this.parts;
    const listener = new MetricsListener(context, log);
    const use = () => {
      const { listen } = director.configuration().metrics ?? {};
      return listener.use(run.metrics ?? (listen === undefined ? undefined : parseListenAddress(listen)));
    };
    await use();
    onDocument(director, use);
    return listener;
  }

  /** Serves the page where the document that is in use says. */
  async #web(context: ApiContext): Promise<WebListener> {
    const { director, run, log, world } = this.parts;
    const stateDirectory = toUnicodePath(run.stateDirectory);
    const readTable = () => readLiveTable(world.client);
    const listener = new WebListener({ context, log, stateDirectory, readTable });
    const use = () => listener.use(director.configuration().web);
    await use();
    onDocument(director, use);
    return listener;
  }

  #hearSignals(context: ApiContext): void {
    const { log } = this.parts;
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        log.say(`${signal}: the daemon stops`);
        this.#stop();
      });
    }
    process.on('SIGHUP', () => {
      const microseconds = process.hrtime.bigint() / 1000n;
      this.parts.manager.say('RELOADING=1', `MONOTONIC_USEC=${microseconds}`);
      void reload(context).then((said) => {
        log.say(`SIGHUP: ${said}`);
        this.parts.manager.say('READY=1');
      });
    });
  }
}

/** Does something whenever another document is in use. */
function onDocument(director: Director, use: () => unknown): void {
  director.subscribe(({ kind }) => {
    if (kind === 'reloaded' || kind === 'rolled-back') use();
  });
}

/** Takes the file again. @returns what came of it. */
async function reload(context: ApiContext): Promise<string> {
  try {
    const outcome = await reloadFile(context, { author: 'SIGHUP' });
    return outcome.ok ? outcome.text : outcome.problem;
  } catch (error) {
    return `it failed: ${error}`;
  }
}

function stateDirectory(run: DirectorRun, log: Log): StateDirectory {
  try {
    const state = new StateDirectory(toUnicodePath(run.runDirectory), toUnicodePath(run.stateDirectory));
    for (const problem of state.problems) log.say(`alarm: ${problem}: a restart will know less`);
    return state;
  } catch (error) {
    throw refused((error as Error).message);
  }
}

/** @throws IpvsadmError if another daemon has the lock. */
function onlyDaemon(attempt: LockAttempt, log: Log): { release(): void } | undefined {
  if (attempt.kind === 'taken') return attempt;
  if (attempt.kind === 'unavailable') {
    log.say(`alarm: ${attempt.reason}: nothing keeps a second daemon from starting`);
    return undefined;
  }
  const who = attempt.holder === undefined ? '' : ` (process ${attempt.holder})`;
  throw refused(
    `another director daemon${who} tends the table of this network namespace: 'ipvsadm director stop' ends it`,
  );
}

function refused(problem: string) {
  return usageError(bytesFromUnicode(`ipvsadm: director run: ${problem}`));
}

async function atMost(milliseconds: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([work.catch(() => {}), limit]);
  clearTimeout(timer);
}
