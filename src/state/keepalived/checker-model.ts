/** What keepalived keeps of the health checkers of a real server. */
import type { Word } from '../source/collect';
import type { Given } from './model';

/** Settings that a checker takes from its real server, and that from its virtual server. */
export interface Timing {
  /** Milliseconds, as all times. */
  delayLoop?: Given<number>;
  connectTimeout?: Given<number>;
  delayBeforeRetry?: Given<number>;
  retry?: Given<number>;
  alpha?: Given<boolean>;
  virtualhost?: Given<string>;
}

/** Where a checker connects to, and from where. */
export interface Connection {
  address?: Given<string>;
  port?: Given<number>;
  source?: Given<string>;
  mark?: Given<number>;
  connectTimeout?: Given<number>;
}

export interface Url {
  readonly word: Word;
  path?: Given<string>;
  virtualhost?: Given<string>;
  digest?: Given<string>;
  readonly status: [from: number, to: number][];
  statusWord?: Word;
  regex?: Given<string>;
  noMatch?: boolean;
  readonly options: Word[];
}

/** One checker block. */
export interface Checker extends Timing, Connection {
  /** TCP_CHECK and the like. */
  readonly word: Word;
  /** Fields of the document that are set as they are, by name. */
  readonly fields: Record<string, Given<unknown>>;
  readonly urls: Url[];
  /** Of the old host blocks of SMTP_CHECK. */
  readonly hosts: Connection[];
  sni?: boolean;
  misc?: {
    command?: Given<readonly string[]>;
    timeout?: Given<number>;
    user?: Given<string>;
    dynamic?: Word;
  };
  udp?: {
    payload?: Given<string>;
    reply?: Given<{ readonly bytes: readonly (number | undefined)[] }>;
    minimum: number;
    maximum: number;
  };
  file?: { name?: Word; weight?: Given<number> };
}

/** A track_file block, for FILE_CHECK. */
export interface TrackFile {
  readonly name: string;
  path?: Given<string>;
  weight: number;
}

/** The SSL block: what SSL_GET presents. */
export interface ClientTls {
  ca?: Given<string>;
  certificate?: Given<string>;
  key?: Given<string>;
}
