/** What routes of the API are made of. */
import type { ZodType } from 'zod';
import type { Director, DirectorEvent, Outcome, Problem } from '../director/types';
import type { HearStep } from '../model/check';
import type { ReadState } from '../state/files/read';
import type { WebRole } from '../web/contract';
import type { MetricFormat } from './exposition';
import type { MetricsBy } from './metrics';
import type { SharedDocument } from './shared-document';
import type { Sharing } from './sharing';

/** What the routes do it with. */
export interface ApiContext {
  readonly director: Director;
  readonly sharing: Pick<Sharing, 'status' | 'resign'>;
  readonly documents: Pick<SharedDocument, 'active' | 'generation' | 'directors' | 'put'>;
  /** The network namespace of the table; undefined if it is not known. */
  readonly namespace: string | undefined;
  /** @throws netlink failures. */
  metrics(by: MetricsBy, format: MetricFormat): Promise<Iterable<string>>;
  /** Sets who hears the conversation of checks that begin now. */
  hear(step: HearStep | undefined): void;
  /** Reads the daemon's file again. */
  readFile(): Promise<DocumentText>;
  /** Reads a document for its problems, and keeps nothing of it. */
  inspect(document: { readonly text: string; readonly name: string }): Promise<ReadState>;
  /** Runs a subcommand of this program in a process of its own. @param line hears each line; never rejects. */
  runOwn(args: readonly string[], line: (line: string) => void): Promise<OwnEnd>;
  /** Looks up the names in a document before it is read. */
  prepare(document: { readonly text: string; readonly name: string }): Promise<void>;
  stop(): void;
}

/** How a process of this program has ended. */
export interface OwnEnd {
  /** -1: it could not be run, or took too long. */
  readonly status: number;
  /** What it said on standard error. */
  readonly text: string;
}

export type DocumentText = { readonly text: string; readonly name: string } | { readonly problem: string };

export interface ApiRequest<B> {
  /** The part of the path that is a parameter, decoded. */
  readonly parameters: readonly string[];
  readonly query: URLSearchParams;
  readonly body: B;
  /** Undefined: whoever may use the socket. */
  readonly caller?: { readonly role: WebRole } | undefined;
}

export interface JsonAnswer {
  readonly status?: number;
  readonly json: unknown;
  /** Its ETag: the generation that it shows. */
  readonly tag?: number | undefined;
}

export type ApiAnswer =
  | JsonAnswer
  /** A text that is made while it is sent. */
  | { readonly type: string; readonly pieces: Iterable<string> }
  /** Lines of JSON: what there is, then what comes, if it is wanted. */
  | { readonly events: readonly DirectorEvent[]; readonly wants: (event: DirectorEvent) => boolean };

/** @typeParam C what it does it with: all of the daemon, or less. */
export interface Route<B = unknown, C = ApiContext> {
  readonly method: 'GET' | 'POST';
  /** Its groups are the parameters. */
  readonly path: RegExp;
  /** The path as people write it, and what it is for. */
  readonly what: readonly [path: string, summary: string];
  /** What the page's callers must be; `socket`: nobody but those who may use the socket. */
  readonly role: WebRole | 'socket';
  /** Of POST. */
  readonly body?: ZodType<B>;
  /** Whether the body may be a document. */
  readonly large?: true;
  /** What it does, for the audit log; absent: it changes nothing. */
  readonly action?: (body: B) => string;
  answer(context: C, request: ApiRequest<B>): ApiAnswer | Promise<ApiAnswer>;
}

/** The body is checked before `answer` gets it. */
export function route<B, C = ApiContext>(given: Route<B, C>): Route<unknown, C> {
  return given as unknown as Route<unknown, C>;
}

const statuses = { unknown: 404, invalid: 422, conflict: 409, refused: 502 } as const;

export function outcomeAnswer(outcome: Outcome): JsonAnswer {
  return outcome.ok ? { json: outcome } : { status: statuses[outcome.kind], json: outcome };
}

export function problem(kind: Problem['kind'], text: string): JsonAnswer {
  return outcomeAnswer(problemOutcome(kind, text));
}

export function problemOutcome(kind: Problem['kind'], text: string): Problem {
  return { ok: false, kind, problem: text };
}
