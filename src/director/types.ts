/** What the parts of the director daemon exchange. Times are in milliseconds. */
import type { CheckResult } from '../model/check';
import type { AdminState, Configuration } from '../model/director';
import type { SyncDaemon } from '../model/sync-daemon';

export type { Configuration } from '../model/director';

export type ServerState = 'up' | 'down' | 'unknown';

/** The author of an override that was found in the kernel. */
export const BY_HAND = 'by hand';

/** What an operator said about a server: wins over the file until the file's value changes. */
export interface Override {
  readonly admin: AdminState;
  /** A weight that somebody set in the kernel, in the terms of the file; absent: that of the file. */
  readonly weight?: number | undefined;
  readonly author: string;
  readonly reason?: string | undefined;
  /** Wall-clock milliseconds since 1970. */
  readonly since: number;
  readonly until?: number | undefined;
  /** The file's `admin` when it was made. */
  readonly fileAdmin: AdminState;
}

/** A result with the check that it is of, and when it came (wall clock). */
export interface TimedResult extends CheckResult {
  readonly check: string;
  readonly at: number;
}

/** The health of a server as it is shown. */
export interface ServerHealth {
  readonly service: string;
  readonly server: string;
  /** Of the server, in the document. */
  readonly comment?: string | undefined;
  /** Both as the table knows them: `tcp:192.0.2.1:80`, `10.0.0.1:80`. */
  readonly key: { readonly service: string; readonly server: string };
  /** The virtual service that its checks through the forwarding path have: `fwmark:1229979648`. */
  readonly path?: string | undefined;
  readonly state: ServerState;
  /** Wall clock. */
  readonly since: number;
  readonly admin: AdminState;
  readonly override?: Override | undefined;
  /** The weight in the kernel. */
  readonly weight: number;
  /** The last 20, newest first. */
  readonly results: readonly TimedResult[];
  /** Milliseconds until the next check. */
  readonly nextCheck?: number | undefined;
  /** Milliseconds for which it must still be well, and how often it fell in ten minutes. */
  readonly holdDown?: { readonly remaining: number; readonly falls: number } | undefined;
  readonly certificateEnds?: number | undefined;
}

/** Something that happened, for monitor, notify and history. */
export interface DirectorEvent {
  /** Grows by one each. */
  readonly id: number;
  /** Wall clock. */
  readonly at: number;
  readonly kind:
    | 'server-up'
    | 'server-down'
    | 'quorum-gained'
    | 'quorum-lost'
    | 'override'
    | 'repaired'
    | 'contested'
    | 'refused'
    | 'blind'
    | 'sighted'
    | 'reloaded'
    | 'rolled-back'
    | 'certificate'
    | 'role'
    | 'note'
    | 'alarm';
  readonly service?: string | undefined;
  readonly server?: string | undefined;
  /** A sentence. */
  readonly text: string;
}

/** A document that was accepted. */
export interface Generation {
  readonly number: number;
  readonly sha256: string;
  /** Wall clock. */
  readonly at: number;
  readonly author: string;
  readonly applied: boolean;
  /** Until when it must be confirmed, wall clock. */
  readonly confirmUntil?: number | undefined;
  /** Its number among those of all directors. */
  readonly shared?: number | undefined;
}

/** What a request to the daemon led to; `problem` has what was given, what is wrong, what is right. */
export type Outcome = { readonly ok: true; readonly text: string } | Problem;

export interface Problem {
  readonly ok: false;
  readonly kind: 'unknown' | 'invalid' | 'conflict' | 'refused';
  readonly problem: string;
}

/** The servers that a request is about: a service and a server by name or key, or an address. */
export type Selector =
  | { readonly service: string; readonly server?: string | undefined }
  | { readonly host: string };

export interface DirectorStatus {
  readonly generation: { readonly wanted: number; readonly applied: number };
  /** Milliseconds since it started. */
  readonly uptime: number;
  readonly blind: boolean;
  /** What is asked before everything that fails at once is believed; why nothing can be. */
  readonly sight: { readonly gateway?: string | undefined; readonly problem?: string | undefined };
  readonly changesSent: number;
  readonly changesRefused: number;
  /** The largest delay of the event loop in the last minute, but for that of the start. */
  readonly lag: number;
  /** Failures that say nothing, because they came while the event loop was late. */
  readonly lateResults: number;
  /** Milliseconds that the last pass over the whole table took, with what else was done meanwhile. */
  readonly passDuration: number;
  readonly contested: readonly string[];
  /** Services in the table that are not of the document. */
  readonly others: readonly string[];
  readonly alarms: readonly string[];
}

/** What the role of this director among several asks for. */
export interface RoleWishes {
  /** Sync daemons in place of those of the document; undefined: those of the document. */
  readonly daemons?: readonly SyncDaemon[] | undefined;
  /** Whether it tells people of events. */
  readonly tells: boolean;
}

/** A service of the document, for people. */
export interface NamedService {
  readonly key: string;
  readonly name: string;
  readonly comment?: string | undefined;
}

/** The daemon as its socket, commands and page see it. */
export interface Director {
  /** The document in use. */
  configuration(): Configuration;
  status(): DirectorStatus;
  /** The services of the document. */
  services(): readonly NamedService[];
  /** The keys of those that it keeps as they should be. */
  tended(): readonly string[];
  /** Of all real servers, of a service, or of one of its servers, by names or keys. */
  health(service?: string, server?: string): readonly ServerHealth[];
  /** Of a service by its key, one of each real server: less than `health`, and quick. */
  states(service: string): readonly { readonly state: ServerState; readonly admin: AdminState }[];
  /** Newest first. */
  events(since: number): readonly DirectorEvent[];
  generations(): readonly Generation[];
  /** The one in use. */
  current(): Generation | undefined;
  /** The document of a generation, or of the one before that in use. */
  document(generation: number | undefined): { readonly text: string; readonly name: string } | Problem;
  /** Reads a document, and changes nothing. */
  read(text: string, name: string): Configuration | Problem;
  subscribe(hear: (event: DirectorEvent) => void): () => void;
  setAdmin(
    selector: Selector,
    wish: {
      readonly admin: AdminState;
      readonly author: string;
      readonly reason?: string | undefined;
      readonly until?: number | undefined;
    },
  ): Outcome;
  /** Sets the weight of a server until it is made ready again. */
  setWeight(
    selector: { readonly service: string; readonly server: string },
    wish: { readonly weight: number; readonly author: string; readonly reason?: string | undefined },
  ): Outcome;
  /** Takes a new document (its text), applies it by difference, and answers when it is in effect. */
  reload(
    text: string,
    options: {
      readonly author: string;
      readonly name: string;
      /** Milliseconds after which it is taken back unless it is confirmed. */
      readonly confirm?: number | undefined;
      /** Services of the document that others made may differ from it: they become ours. */
      readonly takeOver?: boolean | undefined;
      /** Its number among those of all directors. */
      readonly shared?: number | undefined;
    },
  ): Promise<Outcome>;
  confirm(author: string): Outcome;
  rollback(generation: number | undefined, author: string): Promise<Outcome>;
  /** Takes over a service that others made or that others fight for, by its name or key. */
  adopt(service: string, author: string): Outcome;
  /** Runs the checks of a server now; changes nothing. */
  checkNow(service: string, server: string): Promise<readonly TimedResult[] | undefined>;
  /** Resolves when the table is as the role asks. @param text what has changed, for the events. */
  setRole(wishes: RoleWishes, text: string): Promise<void>;
  /** Why this director should not lead; undefined: it may. */
  unfitness(): string | undefined;
  /** An alarm of the parts around it. @param text undefined: it is over. */
  alarm(name: string, text: string | undefined): void;
  /** Ends checks and loop, writes the state; leaves table and VIPs. */
  stop(): Promise<void>;
}
