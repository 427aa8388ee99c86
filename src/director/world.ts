/**
 * Everything that the daemon's core needs of the outside. Tests give it a simulated one, in which an
 * hour takes a second; src/engines/node has the real one.
 */
import type { IpvsClient } from '../ipvs/client';
import type { Check, CheckResult } from '../model/check';
import type { CheckTarget } from '../model/director';
import type { LockAttempt } from '../platform/interactive-system';
import type { Configuration, DirectorEvent } from './types';

export interface World {
  /** Monotonic milliseconds since this boot (a process that starts later goes on from there). */
  now(): number;
  /** Milliseconds since 1970, of a clock that may be set. */
  wallClock(): number;
  /** Calls `then` once, after some milliseconds; the result cancels it. */
  after(milliseconds: number, then: () => void): () => void;
  /** 0 to 1. */
  random(): number;
  /** Runs a check once. Never rejects; ends within the check's time limit. */
  check(check: Check, target: CheckTarget): Promise<CheckResult>;
  /** Sends the gateway a ping. */
  pingGateway(address: string): Promise<GatewayAnswer>;
  /** The gateway of the default route; undefined if there is none. */
  defaultGateway(): string | undefined;
  /** The kernel's table. @throws netlink failures. */
  readonly client: IpvsClient;
  /** Tries to take the lock that subcommands take while they change the table. Does not wait. */
  lockTable(): LockAttempt | Promise<LockAttempt>;
  /** Identifies this boot and this network namespace: what was recorded in another is void. */
  readonly epoch: string;
  /**
   * Reads a document.
   * @param form resolved: it is a state document whatever its name.
   * @returns its problems in place of a configuration if it has errors.
   */
  readConfiguration(
    text: string,
    name: string,
    form: 'given' | 'resolved',
  ): Configuration | { readonly problems: string };
  /** A small file of the daemon's state: undefined if there is none; problems are thrown. */
  readState(name: StateFile): string | undefined;
  /** Replaces it by rename. @throws when the disk refuses. */
  writeState(name: StateFile, text: string): void;
  /** Removes it, if it is there. @throws when the disk refuses. */
  removeState(name: StateFile): void;
  /** The SHA-256 of a text in UTF-8, in hexadecimal digits. */
  sha256(text: string): string;
  /** Tells programs, webhooks and mail of an event; in order, and never blocks. */
  notify(event: DirectorEvent, configuration: Configuration): void;
}

/** `cannot`: it could not be asked, which says nothing about it. */
export type GatewayAnswer =
  | { readonly kind: 'answered' | 'silent' }
  | { readonly kind: 'cannot'; readonly reason: string };

/** `owned` and `health` end with the machine (/run); the others stay (/var/lib). */
export type StateFile = 'owned' | 'health' | 'overrides' | 'generations' | 'events' | `generation-${number}`;

export type { CheckTarget };
