/**
 * What the page asks and gets: bodies of `/v1/...` that only the page has, in JSON. Times are in
 * milliseconds since 1970, rates a second. The rest is the daemon's API (docs/daemon.md).
 */
import type { DirectorEvent, DirectorStatus, Generation, ServerHealth } from '../director/types';
import type { HaStatus } from '../ha/types';

/** Each may do what those before it may. */
export const webRoles = ['view', 'operate', 'edit'] as const;
export type WebRole = (typeof webRoles)[number];

/** `GET /v1/me`: who is logged in, and what there is. */
export interface Me {
  readonly name: string;
  readonly role: WebRole;
  readonly version: string;
  /** The machine. */
  readonly host: string;
  /** What this server has: the daemon has everything, `ipvsadm web` less. */
  readonly can: {
    /** Health, events, drain, maint, ready. */
    readonly health: boolean;
    /** A document that may be edited. */
    readonly document: boolean;
    /** Generations, rollback, confirmation windows. */
    readonly generations: boolean;
    /** Several directors. */
    readonly directors: boolean;
  };
}

/** A second. */
export interface Rates {
  readonly connections: number;
  readonly inPackets: number;
  readonly outPackets: number;
  readonly inBytes: number;
  readonly outBytes: number;
}

export interface OverviewService {
  /** `tcp:192.0.2.10:80`, `fwmark:7`. */
  readonly key: string;
  /** Of the document; the key if it has none. */
  readonly name: string;
  /** Of the document; null: none. */
  readonly comment: string | null;
  readonly scheduler: string;
  /** How many of its real servers are in which state; without checks all are unknown. */
  readonly up: number;
  readonly down: number;
  readonly unknown: number;
  /** Of all of them: drained or in maintenance. */
  readonly drained: number;
  readonly owner: 'ours' | 'contested' | 'others';
  readonly active: number;
  readonly inactive: number;
  readonly rates: Rates;
}

/** `GET /v1/overview`. */
export interface Overview {
  readonly at: number;
  readonly services: readonly OverviewService[];
  /** Without the daemon null. */
  readonly status: DirectorStatus | null;
  /** Null: VIPs are not shared. */
  readonly ha: HaStatus | null;
  /** The last fifty, newest first. */
  readonly events: readonly DirectorEvent[];
}

/** What has changed since the message before. */
export interface OverviewChange {
  readonly at: number;
  /** Those that are new or differ. */
  readonly services: readonly OverviewService[];
  /** Keys. */
  readonly gone: readonly string[];
  readonly status: DirectorStatus | null;
  readonly ha: HaStatus | null;
}

export interface ServiceServer {
  /** `10.0.0.17:80`. */
  readonly key: string;
  readonly name: string;
  readonly comment: string | null;
  readonly forwarding: string;
  /** In the kernel; null: the kernel does not have it. */
  readonly weight: number | null;
  /** Of its service's new connections or, without any, of the active ones; 0 to 1. */
  readonly share: number | null;
  /** What its weight asks for. */
  readonly meant: number | null;
  readonly active: number;
  readonly inactive: number;
  readonly rates: Rates;
  /** Null: nobody checks it. */
  readonly health: Omit<ServerHealth, 'service' | 'server' | 'comment' | 'key' | 'weight'> | null;
}

/** `GET /v1/service/KEY`. */
export interface ServiceDetail extends OverviewService {
  /** In the classic spelling: `-A -t 192.0.2.10:80 -s wrr -p 300`. */
  readonly rule: string;
  readonly servers: readonly ServiceServer[];
}

/**
 * `GET /v1/stream?service=KEY`: server-sent events. First `overview`, then `changed` every two
 * seconds, if anything has, and `happened` at once; what an event led to comes half a second later.
 * With a service also `service`, each time whole.
 */
export interface StreamMessages {
  readonly overview: Overview;
  readonly changed: OverviewChange;
  readonly happened: DirectorEvent;
  /** Null: the table has it no longer. */
  readonly service: ServiceDetail | null;
}

/** `GET /v1/rates/KEY`: the last hour of a service, oldest first; null: it was not there. */
export interface RateHistory {
  /** When the first value was taken. */
  readonly from: number;
  /** Milliseconds from one value to the next. */
  readonly step: number;
  readonly series: Readonly<
    Record<'connections' | 'inBytes' | 'outBytes' | 'active', readonly (number | null)[]>
  >;
}

/** `GET /v1/document`, with the generation as its ETag: `"7"`. */
export interface DocumentNow {
  readonly generation: number;
  /** Of the file; its ending says the format. */
  readonly name: string;
  readonly text: string;
  /** What is in it, if it is JSON or YAML. */
  readonly document: unknown;
  /** Until when it must be confirmed. */
  readonly confirmUntil: number | null;
}

/** A value to set in a document, or without `value` to take away. The last number may be one behind the end. */
export interface DocumentEdit {
  readonly path: readonly (string | number)[];
  readonly value?: unknown;
}

/** `POST /v1/preview`: reads a text, after edits that keep its comments; changes nothing. */
export interface PreviewRequest {
  readonly text: string;
  readonly name: string;
  readonly edits?: readonly DocumentEdit[] | undefined;
}

export interface Preview {
  /** The text after the edits. */
  readonly text: string;
  readonly document: unknown;
  readonly problems: readonly DocumentProblem[];
  readonly notes: readonly DocumentProblem[];
  /** What would be sent, in order and in classic spelling: `+`, `-a -t 192.0.2.10:80 -r 10.0.0.17:80 -g -w 1`. */
  readonly changes: readonly { readonly sign: '+' | '-'; readonly text: string }[];
}

export interface DocumentProblem {
  /** From 1; null: the whole text. */
  readonly line: number | null;
  readonly column: number | null;
  readonly message: string;
  readonly hint: string | null;
}

/** `GET /v1/generations/N`. */
export interface GenerationText extends Generation {
  readonly name: string;
  readonly text: string;
}

/** `GET /v1/audit`: what was done through the page or its API, newest first. */
export interface AuditEntry {
  readonly at: number;
  readonly author: string;
  readonly role: WebRole | 'nobody';
  /** Where it came from. */
  readonly from: string;
  /** `drain web/web03: disk`. */
  readonly action: string;
  /** What it led to, as told. */
  readonly outcome: string;
  readonly ok: boolean;
}

/** `GET /v1/connections?client=&service=&server=&state=`, addresses as `ipvsadm connections` takes them. */
export interface ConnectionList {
  readonly total: number;
  /** The first thousand. */
  readonly rows: readonly {
    readonly protocol: string;
    readonly client: string;
    readonly service: string;
    readonly server: string;
    readonly state: string;
    /** Seconds. */
    readonly expires: number;
  }[];
}

/** The same with `&summary=client|server|service|state&top=20`. */
export interface ConnectionSummary {
  readonly total: number;
  readonly counts: readonly { readonly what: string; readonly count: number }[];
}

/** `GET /v1/doctor`: takes some three seconds. */
export interface DoctorReport {
  readonly at: number;
  readonly findings: readonly {
    readonly id: string;
    readonly certainty: 'certain' | 'possible';
    readonly what: string;
    /** A command that shows it. */
    readonly how: string;
    /** What clients feel. */
    readonly effect: string;
    /** The line that mends it. */
    readonly remedy: string;
  }[];
}

/** `POST /v1/weight`: an override, as by `ipvsadm -e`. */
export interface WeightRequest {
  readonly service: string;
  readonly server: string;
  readonly weight: number;
  readonly reason?: string;
}

/** `POST /v1/login`: a cookie comes with the answer, which is `Me`. */
export interface LoginRequest {
  readonly token: string;
}

/** What every refusal has, with status 400, 401, 403, 404, 409, 422, 429 or 502. */
export interface Refusal {
  readonly ok: false;
  /** What was given, what is wrong, what would be right. */
  readonly problem: string;
}
