/**
 * What doctor looks at. Everything is collected once (collect.ts); the tables of findings are pure
 * functions of it. Addresses are bytes in network order.
 */
import type { HostAddress, Link, Neighbour, Route } from '../host/types';
import { formatAddress } from '../model/address';
import type { ListedServer } from '../model/real-server';
import type { SyncDaemon } from '../model/sync-daemon';
import type { IpvsInfo } from '../model/table';
import type { ListedService } from '../model/virtual-service';

export interface Facts {
  readonly links: readonly Link[];
  readonly addresses: readonly HostAddress[];
  /** The unicast routes of the main table. */
  readonly routes: readonly Route[];
  /** After the connections to real servers were tried. */
  readonly neighbours: readonly Neighbour[];
  /** How this machine reaches an address, by its text; undefined: not at all. */
  readonly routesTo: ReadonlyMap<string, Route | undefined>;
  /** Values below /proc/sys, by path: net/ipv4/ip_forward. */
  readonly sysctls: ReadonlyMap<string, string>;
  /** Undefined if the kernel has no IPVS. */
  readonly table: Table | undefined;
  readonly connections: readonly ConnectionGroup[];
  readonly listeners: readonly Listener[];
  /** By how much the counters of /proc/net/snmp and netstat grew between the looks: IpInAddrErrors. */
  readonly growth: ReadonlyMap<string, number>;
  /** Uses by module, of those that are loaded. */
  readonly modules: ReadonlyMap<string, number>;
  /** Programs of this namespace that change the table, by the names of their processes. */
  readonly managers: readonly string[];
  /** Whether director up of this program has set up this machine. */
  readonly directorUp: boolean;
  /** Of the director daemon; undefined if none runs, or if it shares no VIPs. */
  readonly sharing: SharingFacts | undefined;
  /** As uname -r prints it. */
  readonly release: string;
  /** What TCP connections to real servers came to, by the text of `connectKey`. */
  readonly attempts: ReadonlyMap<string, ConnectionAttempt>;
  /** MAC addresses of machines that have an address of this machine too, by its text. */
  readonly otherOwners: ReadonlyMap<string, Uint8Array>;
  /** The syncids of the messages that came while a backup daemon runs. */
  readonly heardSyncIds: readonly number[];
  /** What the user says of a real server. */
  readonly realServer: RealServerFacts | undefined;
}

/** How this director shares its VIPs with others. */
export interface SharingFacts {
  readonly engine: string;
  /** leader, standby or unfit. */
  readonly role: string;
}

/** The part of a real server: undefined parts are not known. */
export interface RealServerFacts {
  /** As given; else the addresses of lo and of tunnels that are no loopback addresses. */
  readonly vips: readonly Uint8Array[];
  /** Whether the VIPs were given, and not found. */
  readonly given: boolean;
  /** Ports that have to be listened on. */
  readonly ports: readonly number[];
}

export interface Table {
  readonly info: IpvsInfo;
  readonly daemons: readonly SyncDaemon[];
  /** Those that clients use. */
  readonly services: readonly ObservedService[];
  /** Those of the director daemon's checks through the forwarding path, of one real server each. */
  readonly checkPaths: readonly ObservedService[];
}

export interface ObservedService {
  readonly service: ListedService;
  readonly servers: readonly ObservedServer[];
}

export interface ObservedServer {
  readonly server: ListedServer;
  /** Connections and packets since the counters were last reset. */
  readonly total: Traffic;
  /** Between the looks. */
  readonly recent: Traffic;
}

export interface Traffic {
  readonly connections: number;
  readonly inPackets: number;
  readonly outPackets: number;
}

/** What came of a TCP connection: 'unreachable' is no route, or a neighbour that does not answer. */
export type ConnectionAttempt = 'open' | 'refused' | 'unreachable' | 'timeout' | 'failed';

export interface Place {
  readonly address: Uint8Array;
  readonly port: number;
}

/** The entries of the connection table with the same protocol, virtual address and real server. */
export interface ConnectionGroup {
  /** The kernel's name: TCP, UDP, SCTP, IP. */
  readonly protocol: string;
  readonly virtual: Place;
  readonly destination: Place;
  /** TCP: those whose handshake has not ended (SYN_RECV). */
  readonly halfOpen: number;
  readonly established: number;
  /** In any other state. */
  readonly others: number;
  /** Persistence templates: the client's port is 0. */
  readonly templates: number;
  /** Some of the clients of half-open connections. */
  readonly waitingClients: readonly Uint8Array[];
}

/** A TCP socket that accepts connections. */
export type Listener = Place;

/** Identifies a real server among the attempts. */
export function connectKey({ address, port }: Place): string {
  return `${formatAddress(address)} ${port}`;
}

/** The value of a sysctl as a number; undefined if there is none. */
export function numberOf(facts: Pick<Facts, 'sysctls'>, name: string): number | undefined {
  const text = facts.sysctls.get(name);
  return text === undefined || !/^-?\d+$/.test(text) ? undefined : Number(text);
}

/** The larger of the values for all interfaces and for one, which is the one that counts. */
export function effective(facts: Pick<Facts, 'sysctls'>, link: string, name: string): number {
  return Math.max(...['all', link].map((each) => numberOf(facts, `net/ipv4/conf/${each}/${name}`) ?? 0));
}

/** Whether the kernel is at least of a version. */
export function atLeast(release: string, major: number, minor: number): boolean {
  const [, one = '0', two = '0'] = /^(\d+)\.(\d+)/.exec(release) ?? [];
  return Number(one) > major || (Number(one) === major && Number(two) >= minor);
}

export function grown(facts: Facts, counter: string): number {
  return facts.growth.get(counter) ?? 0;
}

export function linkName(facts: Facts, index: number | undefined): string {
  return facts.links.find((link) => link.index === index)?.name ?? 'INTERFACE';
}
