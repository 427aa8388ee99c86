/** What keepalived keeps of virtual servers, groups and real servers while it reads them. */
import type { Word } from '../source/collect';
import type { Checker, Timing } from './checker-model';
import type { Forwarded } from './forwarding';

export type FamilyName = 'ipv4' | 'ipv6';

/** What keepalived takes as the address of a virtual or real server, with its port. */
export interface Endpoint {
  readonly word: Word;
  readonly address: Uint8Array;
  readonly family: FamilyName;
  /** 0: none. */
  readonly port: number;
  readonly portWord: Word;
}

/** A value, and the word that gives it. */
export interface Given<T> {
  readonly value: T;
  readonly word: Word;
}

export interface Server extends Forwarded {
  readonly endpoint: Endpoint;
  /** Absent: none was given. */
  timing?: Timing;
  checkers?: Checker[];
  weight: Given<number> | undefined;
  upper: Given<number> | undefined;
  lower: Given<number> | undefined;
  inhibit: boolean | undefined;
}

/** One line of a virtual_server_group. */
export type GroupEntry = AddressEntry | MarkEntry;

export interface AddressEntry {
  readonly kind: 'address';
  readonly endpoint: Endpoint;
  /** How many addresses, of which each is the former plus one. */
  readonly count: number;
  /** How many real servers of virtual servers of each protocol are in its services. */
  readonly alive: Record<string, number>;
}

export interface MarkEntry {
  readonly kind: 'fwmark';
  readonly mark: number;
  readonly word: Word;
  readonly family: FamilyName | undefined;
  readonly alive: Record<string, number>;
}

export interface Group {
  readonly name: string;
  readonly addresses: AddressEntry[];
  readonly marks: MarkEntry[];
  ipv4: boolean;
  ipv6: boolean;
  /** Whether a mark has no family. */
  unclear: boolean;
}

export type Target =
  | { readonly kind: 'group'; readonly name: Word; group?: Group }
  | { readonly kind: 'fwmark'; readonly mark: number; readonly word: Word }
  | { readonly kind: 'address'; readonly endpoint: Endpoint };

export interface VirtualServer extends Forwarded {
  readonly word: Word;
  readonly target: Target;
  family: Given<FamilyName> | undefined;
  readonly servers: Server[];
  scheduler: Word | undefined;
  /** The words of the scheduler flags, by their bits. */
  readonly flags: Map<number, Word>;
  onePacket: Word | undefined;
  protocol: Given<string> | undefined;
  /** Seconds; the word is that of the statement that makes it persistent. */
  timeout: Given<number> | undefined;
  netmask: Given<number | string> | undefined;
  engine: Given<string> | undefined;
  weight: Given<number> | undefined;
  timing?: Timing;
  quorum: number;
  quorumWord?: Word;
  hysteresis: number;
  hysteresisWord?: Word;
  inhibit: boolean;
  sorry: Server | undefined;
  sorryInhibit: Word | undefined;
}
