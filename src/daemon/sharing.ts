/** This director among several with the same VIPs: the engine of its document, and what follows from its role. */
import type { Director, RoleWishes } from '../director/types';
import type { HaEngine, HaListener, HaOutcome, HaStatus } from '../ha/types';
import type { SharedVips } from '../model/director';
import type { Role, SyncSettings } from '../model/ha';
import { daemonStates, type SyncDaemon } from '../model/sync-daemon';
import type { Cluster, SharedDocument } from './shared-document';

const FITNESS_EVERY = 1000;

/** The VIPs of a document on this machine. @throws Error in words if they have no interface here. */
export type OpenEngine = (shared: SharedVips, listener: HaListener) => OpenedEngine;

export interface OpenedEngine {
  readonly engine: HaEngine;
  /** The interface that has the VIPs. */
  readonly interface: string;
  /** The directors, if they can have a document in common. */
  readonly cluster?: Cluster | undefined;
  close(): void;
}

export interface ShareStatus extends HaStatus {
  readonly vips: readonly string[];
  readonly interface: string;
}

export class Sharing {
  #director: Director | undefined;
  #shared: SharedVips | undefined;
  #opened: OpenedEngine | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** The table is as the last role asks. */
  #applied: Promise<void> = Promise.resolve();
  /** What is being started or ended, one after the other. */
  #work: Promise<void> = Promise.resolve();

  constructor(
    readonly open: OpenEngine,
    readonly documents: Pick<SharedDocument, 'use'>,
  ) {}

  /** The director whose role it is. */
  begin(director: Director): void {
    this.#director = director;
    this.#enqueue(() => this.#start());
  }

  /** Another document is in use: an engine with the same settings goes on. */
  use(shared: SharedVips | undefined): void {
    if (JSON.stringify(shared) === JSON.stringify(this.#shared)) return;
    const isFirst = this.#director === undefined;
    const goesOn = leaseOf(shared) !== undefined && leaseOf(shared) === leaseOf(this.#shared);
    this.#shared = shared;
    if (isFirst) return;
    this.#enqueue(async () => {
      await this.#end(!goesOn);
      this.#start();
    });
  }

  get status(): ShareStatus | undefined {
    const shared = this.#shared;
    if (!shared || !this.#opened) return undefined;
    return { ...this.#opened.engine.status(), vips: shared.vips, interface: this.#opened.interface };
  }

  async resign(): Promise<HaOutcome> {
    const opened = this.#opened;
    if (opened) return opened.engine.resign();
    return { ok: false, problem: "the VIPs are not shared: the document has no 'director: { ha: … }'" };
  }

  /**
   * The daemon ends: another director that is fit takes the VIPs, while this one serves. If there is none,
   * they stay for so long that a restart finds them.
   */
  leave(): Promise<void> {
    this.#enqueue(async () => {
      const engine = this.#opened?.engine;
      const stays = engine?.status().role === 'leader' && !(await engine.resign()).ok;
      await this.#end(!stays);
      await this.#applied;
    });
    return this.#work;
  }

  #enqueue(work: () => void | Promise<void>): void {
    this.#work = this.#work.then(work).catch((error: Error) => this.#alarm(error.message));
  }

  #alarm(text: string | undefined): void {
    this.#director?.alarm('ha', text);
  }

  #start(): void {
    const [director, shared] = [this.#director!, this.#shared];
    if (!shared) return;
    const { settings } = shared;
    const opened = this.open(shared, {
      role: (role, reason) => {
        this.#applied = director.setRole(wishesOf(role, settings.sync, opened.interface), said(role, reason));
      },
      alarm: (name, text) => director.alarm(`ha ${name}`, text),
    });
    this.#opened = opened;
    this.#alarm(undefined);
    opened.engine.start();
    this.documents.use(opened.cluster, director);
    this.#timer = setInterval(() => opened.engine.setFitness(director.unfitness()), FITNESS_EVERY);
  }

  async #end(handOver: boolean): Promise<void> {
    clearInterval(this.#timer);
    const opened = this.#opened;
    if (!opened) return;
    this.documents.use(undefined, this.#director!);
    await opened.engine.stop({ handOver });
    opened.close();
    this.#opened = undefined;
    // A document without partners: this director tells people of events again.
    if (!this.#shared) await this.#director!.setRole({ tells: true }, 'the VIPs are not shared any more');
  }
}

/** What is there after a stop, in words. */
export function whatStays(status: ShareStatus | undefined): string {
  return status ? 'the table stays, and a director that is fit has the VIPs' : 'table and VIPs stay';
}

/** Whose lease in etcd it is: with other VIPs or members, its director goes on as after a restart. */
function leaseOf(shared: SharedVips | undefined): string | undefined {
  const { name = '', engine } = shared?.settings ?? {};
  return engine?.kind === 'etcd' ? `${engine.cluster} ${name}` : undefined;
}

/** Backup always: whoever takes the VIPs over has the connections then. */
export function wishesOf(role: Role, sync: SyncSettings | undefined, link: string): RoleWishes {
  const tells = role === 'leader';
  if (!sync) return { tells };
  const daemon = (state: number): SyncDaemon => ({
    ...{ state, interface: sync.interface ?? link, syncId: sync.syncId },
  });
  const { backup, master } = daemonStates;
  return { tells, daemons: tells ? [daemon(master), daemon(backup)] : [daemon(backup)] };
}

const words: Readonly<Record<Role, string>> = {
  leader: 'this director leads',
  standby: 'this director stands by',
  unfit: 'this director cannot lead',
};

function said(role: Role, reason: string): string {
  return `${words[role]}: ${reason}`;
}
