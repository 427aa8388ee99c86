/** What subcommands need of the director daemon: to run it, and to ask the one that runs. */
import type { InteractiveSystem, LockAttempt } from './interactive-system';

/** What the daemon itself needs. */
export interface DirectorSystem extends InteractiveSystem {
  /** Prepares for taking the lock of the table again and again: to be called while the process is small. */
  openTableLock(directory?: string): HeldTableLock;
}

/** The lock of the table for a process that goes on. */
export interface HeldTableLock {
  /** Tries to take it. Waits for nobody, and keeps the event loop from nothing. Never rejects. */
  take(): Promise<LockAttempt>;
  /** Ends the lock, and what it needs. */
  close(): void;
}

/** Where a daemon is asked if nothing else is said. */
export const DIRECTOR_SOCKET = '/run/ipvsadm/director.sock';

/** How a daemon is run. Paths have one character per byte. */
export interface DirectorRun {
  readonly file: string;
  /** The format of the file; undefined: by its name or first line. */
  readonly format?: string | undefined;
  /** Of keepalived.conf: the configuration id. */
  readonly configId?: string | undefined;
  readonly socket: string;
  /** The group whose members may use the socket, by name or number; undefined: root's. */
  readonly group?: string | undefined;
  /** For what ends with the machine. */
  readonly runDirectory: string;
  /** For what stays. */
  readonly stateDirectory: string;
  /** Where metrics are served over HTTP. */
  readonly metrics?: { readonly host: string; readonly port: number } | undefined;
  /** Services of others that the file has become ours. */
  readonly takeOver: boolean;
}

/** The exit status of a daemon; the message if it did not start, one character per byte. */
export interface DirectorEnd {
  readonly status: number;
  readonly message?: string | undefined;
}

/** A request to the daemon. */
export interface DirectorQuestion {
  /** The path of its socket. */
  readonly socket: string;
  readonly method: 'GET' | 'POST';
  /** From the first slash, with its query. */
  readonly path: string;
  readonly body?: unknown;
  /** Milliseconds until it is given up; undefined: never. */
  readonly timeout?: number | undefined;
  /** Hears each line of the answer, which is not collected then. */
  readonly line?: ((line: string) => void) | undefined;
  /** Called with what ends the request early. */
  readonly endable?: ((end: () => void) => void) | undefined;
}

/** The daemon's answer, or the errno's name, such as ENOENT, if there is none. */
export type DirectorAnswer =
  | { readonly status: number; readonly text: string }
  | { readonly failure: string };
