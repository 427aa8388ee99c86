/**
 * The steps of which a set-up of a director or real server consists, as plain data: they are also
 * what the journal keeps. Addresses are texts.
 */
import type { HostClient } from '../host/client';
import type { Tunnel } from '../host/types';

/** A kernel setting below /proc/sys, such as net/ipv4/conf/all/arp_ignore. */
export interface SysctlStep {
  readonly kind: 'sysctl';
  readonly name: string;
  readonly value: number;
  /** Other values that will do. */
  readonly orElse?: readonly number[];
}

export interface AddressStep {
  readonly kind: 'address';
  readonly link: string;
  readonly address: string;
  readonly prefix: number;
}

export interface TunnelStep {
  readonly kind: 'tunnel';
  readonly type: Tunnel['kind'];
  readonly link: string;
  readonly local: string;
  readonly remote?: string;
  readonly checksum?: boolean;
}

export interface LinkUpStep {
  readonly kind: 'link-up';
  readonly link: string;
}

/** A UDP port whose packets are unpacked as GUE. */
export interface GueStep {
  readonly kind: 'gue';
  readonly port: number;
  readonly ipv6: boolean;
}

/** A kernel module, loaded unless it is there. It stays. */
export interface ModuleStep {
  readonly kind: 'module';
  readonly name: string;
}

/** A real server and port to which connections get this machine as their source. */
export interface NatTarget {
  readonly protocol: 'tcp' | 'udp' | 'sctp';
  readonly address: string;
  readonly port: number;
}

/** The nftables table that does that, for one family. */
export interface SourceNatStep {
  readonly kind: 'source-nat';
  readonly ipv6: boolean;
  readonly targets: readonly NatTarget[];
}

export type Step = SysctlStep | AddressStep | TunnelStep | LinkUpStep | GueStep | ModuleStep | SourceNatStep;

/** What steps read and change of this machine. */
export interface Machine {
  readonly host: HostClient;
  /** The trimmed text of a file below /proc/sys; undefined if there is none. */
  readSysctl(name: string): string | undefined;
  /** @throws OutputError. */
  writeSysctl(name: string, value: string): void;
  hasModule(name: string): boolean;
  /** Runs modprobe. @returns its message if it fails. */
  loadModule(name: string): string | undefined;
  /** The ports that are unpacked as GUE. @throws NetlinkError ENOENT without the module fou. */
  guePorts(ipv6: boolean): readonly number[];
  addGuePort(port: number, ipv6: boolean): void;
  deleteGuePort(port: number, ipv6: boolean): void;
  /**
   * Gives commands to nft(8) as JSON (libnftables-json(5)).
   * @returns what nft printed, or its message if it fails.
   */
  nft(commands: readonly object[]): NftResult;
}

export type NftResult = { readonly output: string } | { readonly failure: string };

/** What was there before a step; null: nothing. */
export type Former = string | null;

/** What a kind of step does. All functions throw NetlinkError, TransportError, OutputError, SetupError. */
export interface StepKind<S extends Step> {
  /** Set if the step is never taken back. */
  readonly stays?: true;
  /** What is there instead of what the step wants; undefined if it is as wanted. */
  former(step: S, machine: Machine): Former | undefined;
  make(step: S, machine: Machine): void;
  /** Puts back what was there, unless somebody else has changed it since: then returns why not. */
  undo(step: S, former: Former, machine: Machine): string | undefined;
  /** The step in a message: 'address 192.0.2.10/32 on lo'. */
  describe(step: S): string;
  /** The lines of a POSIX shell with iproute2 or busybox that make it, and that take it back. */
  shell(step: S): { readonly make: string; readonly undo: string };
}

/** A step that cannot be made on this machine. The message says why, and what would help. */
export class SetupError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SetupError';
  }
}
