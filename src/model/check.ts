/**
 * Health checks as settings: what a director tries on a real server, how often, and how many results
 * it takes to change the server's state. Plain data; times are in milliseconds.
 */

/** When a check runs, and how many equal results in a row change the state of a server. */
export interface CheckTiming {
  /** From one check of a server to the next while its state is certain and up. */
  readonly interval: number;
  /** The same while results and state disagree. */
  readonly fast: number;
  /** The same while it is down. */
  readonly slow: number;
  /** The limit of the whole check, from resolving to the last byte. */
  readonly timeout: number;
  /** Failures in a row until an up server is down. */
  readonly fall: number;
  /** Successes in a row until a down server is up. */
  readonly rise: number;
  /** The state of a server before its first result; unknown: what the table says stays. */
  readonly initial: 'unknown' | 'up' | 'down';
}

export const defaultTiming: CheckTiming = {
  interval: 2000,
  fast: 500,
  slow: 5000,
  timeout: 1000,
  fall: 3,
  rise: 2,
  initial: 'unknown',
};

/** Where a check goes. What is absent is the real server's. */
export interface CheckPlace {
  /** An IPv4 or IPv6 address as text. */
  readonly address?: string | undefined;
  readonly port?: number | undefined;
  /** The address of this machine that it comes from. */
  readonly source?: string | undefined;
  /** The firewall mark of its packets. */
  readonly mark?: number | undefined;
  /** `path`: to the virtual service, forwarded to this server as clients' packets are. */
  readonly via: 'server' | 'path';
}

/** Whether a check needs a mark of the daemon's. With a mark of its own, its service is the user's. */
export function needsMark({ via, mark }: CheckPlace): boolean {
  return via === 'path' && mark === undefined;
}

/**
 * What an answer must contain: a text, or a regular expression (JavaScript, flag s). Like the answer,
 * it has one character per byte.
 */
export type Pattern =
  | { readonly text: string }
  | { readonly regex: string; readonly ignoreCase?: boolean | undefined };

/** A pattern as the source of a regular expression: a text stands for itself. */
export function regexSource(pattern: Pattern): string {
  return 'regex' in pattern ? pattern.regex : pattern.text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

export interface TlsSettings {
  /** Whether the certificate must be valid for `sni`. */
  readonly verify: boolean;
  /** The name sent to the server, and the one in its certificate. */
  readonly sni?: string | undefined;
  /** Files in PEM. */
  readonly ca?: string | undefined;
  readonly certificate?: string | undefined;
  readonly key?: string | undefined;
  /** A certificate that ends within so many days is worth a warning. */
  readonly warnDays: number;
}

export interface HttpExpectation {
  readonly path: string;
  readonly method: string;
  readonly version: '1.0' | '1.1';
  /** The header Host; absent: the address. */
  readonly host?: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** Ranges of statuses that are well, both ends included. */
  readonly status: readonly (readonly [from: number, to: number])[];
  /** All of these, in the first 64 KiB of the body. */
  readonly body: readonly Pattern[];
  /** None of these. */
  readonly not: readonly Pattern[];
  /** Headers of the answer, by name in lower case. */
  readonly answerHeaders: Readonly<Record<string, Pattern>>;
  /** JSON pointers (RFC 6901) and the values there. */
  readonly json: readonly { readonly pointer: string; readonly equals: unknown }[];
  /** The digest of the body is one of these; none: any. */
  readonly digest: readonly { readonly algorithm: 'sha256' | 'md5'; readonly hex: string }[];
}

/** What is tried, by `type`. Texts that are sent have one character per byte. */
export type CheckKind =
  | { readonly type: 'tcp'; readonly send?: string | undefined; readonly expect?: Pattern | undefined }
  | ({ readonly type: 'http' } & HttpExpectation)
  | ({ readonly type: 'https'; readonly tls: TlsSettings } & HttpExpectation)
  | { readonly type: 'tls'; readonly tls: TlsSettings }
  | { readonly type: 'smtp'; readonly helo: string }
  | {
      readonly type: 'dns';
      readonly query: string;
      /** A, AAAA, NS, CNAME, SOA, MX, TXT ... */
      readonly record: string;
      readonly transport: 'udp' | 'tcp';
      /** One of the answers is this; absent: any record without an error. */
      readonly answer?: string | undefined;
    }
  /** Without `expect` only an ICMP error is a failure. */
  | { readonly type: 'udp'; readonly send: string; readonly expect?: Pattern | undefined }
  | { readonly type: 'ping' }
  | {
      readonly type: 'script';
      /** The program and its arguments. */
      readonly command: readonly string[];
      readonly user?: string | undefined;
      /**
       * What its exit status means. plain: 0 is well, and `weight=N` on standard output a weight in
       * percent; keepalived: of 2 to 255, N - 2 is the weight.
       */
      readonly exit: 'plain' | 'keepalived';
    }
  | { readonly type: 'grpc'; readonly service: string; readonly tls?: TlsSettings | undefined }
  /** HAProxy's agent: a line such as `75%`, `drain` or `down #reason`. */
  | { readonly type: 'agent'; readonly send?: string | undefined }
  /** A number in a file: 0 is well; with `weight`, it is added to the weight, times that. */
  | { readonly type: 'file'; readonly path: string; readonly weight?: number | undefined };

export type CheckType = CheckKind['type'];

/** A check of a document, complete with its defaults. */
export type Check = CheckKind & CheckTiming & CheckPlace & { readonly name?: string | undefined };

/** The steps of a check, in order: the one that failed, or the last one. */
export type CheckStage = 'resolve' | 'connect' | 'tls' | 'send' | 'wait' | 'body' | 'run';

/** What a check found. */
export interface CheckResult {
  readonly ok: boolean;
  readonly stage: CheckStage;
  /** Milliseconds. */
  readonly duration: number;
  /** In words: `status 503, expected 200-299`, `connection refused`. */
  readonly message: string;
  /** The beginning of the answer, at most 200 bytes, one character per byte. */
  readonly answer?: string | undefined;
  /** A weight in percent of the configured one, from an agent or a script. */
  readonly weight?: number | undefined;
  /** A weight in place of the configured one, from a script with keepalived's exit statuses. */
  readonly absoluteWeight?: number | undefined;
  /** What a file adds to the weight; may be negative. */
  readonly addedWeight?: number | undefined;
  /** What an agent wants: it never lifts a server that another check holds down. */
  readonly wish?: 'ready' | 'drain' | 'maint' | undefined;
  /** When the server's certificate ends, in milliseconds since 1970. */
  readonly certificateEnds?: number | undefined;
  /**
   * The failure is of this machine or of its settings (no descriptors left, a helper or a file is
   * missing, a right is lacking): it says nothing about the server.
   */
  readonly ours?: true | undefined;
}

/** A step of a check as `health check -v` shows it. */
export interface CheckStep {
  /** Milliseconds since the check began. */
  readonly at: number;
  readonly stage: CheckStage;
  /** note: a sentence; sent, received: bytes, one character each, at most 4 KiB of a step. */
  readonly kind: 'note' | 'sent' | 'received';
  readonly text: string;
}

export type HearStep = (step: CheckStep) => void;
