/** What an engine of failover is to the daemon: it says who leads, and holds the VIPs accordingly. */
import type { Role } from '../model/ha';
import type { HaWorld } from './world';

export type { Role } from '../model/ha';

export interface HaStatus {
  readonly engine: 'keepalived' | 'etcd';
  /** This director's name. */
  readonly name: string;
  readonly role: Role;
  /** Since when, in milliseconds of the world's monotonic clock. */
  readonly since: number;
  /** Who leads, if it is known. */
  readonly leader?: string | undefined;
  /** Whether another machine answers for a VIP of this leader; absent: that is not looked for. */
  readonly duplicate?: boolean | undefined;
  /** What wants somebody's attention, in words. */
  readonly problems: readonly string[];
}

/** What an engine tells the daemon. Never throws. */
export interface HaListener {
  /** Comes after the VIPs are there (leader), or are gone. @param reason in words. */
  role(role: Role, reason: string): void;
  /** @param text undefined: it is over. */
  alarm(name: string, text: string | undefined): void;
}

export type HaOutcome =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly problem: string };

export interface HaEngine {
  status(): HaStatus;
  start(): void;
  /** Hands the VIPs over to another director, and does not want them for a while. */
  resign(): Promise<HaOutcome>;
  /** Whether this director is fit to lead; a leader that is not lets another one that is take over. */
  setFitness(problem: string | undefined): void;
  /**
   * Ends it. handOver: another director takes over at once. Otherwise a daemon that starts within the
   * lifetime of the VIPs goes on as the leader that it was.
   */
  stop(options: { readonly handOver: boolean }): Promise<void>;
}

export type NewEngine = (world: HaWorld, listener: HaListener) => HaEngine;
