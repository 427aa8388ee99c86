/**
 * The state of IPVS as one JSON document (docs/state.md). These types are public, and written by
 * hand; test/state/document/types.test.ts holds them equal to the tables of fields.
 */

import type { CheckDocument, ChecksDocument, DirectorDocument } from './director-types';

export type * from './director-types';

/** What a state document says that it is. */
export const STATE_FORMAT = 'ipvsadm-state';
/** The version of documents that hold a table alone. */
export const STATE_VERSION = 1;
/** The version of documents with what a director needs beside the table. */
export const DIRECTOR_VERSION = 2;

/** A 64-bit counter: a number up to 2^53-1, a decimal string beyond. */
export type Counter = number | string;

/**
 * Attributes of a newer kernel that this version does not know: payloads in hexadecimal by
 * attribute number.
 */
export type UnknownAttributes = Record<string, string>;

/** A table of IPVS as a document of version 1. */
export interface StateDocument {
  format: 'ipvsadm-state';
  version: 1;
  kernel?: KernelDocument | undefined;
  timeouts?: TimeoutsDocument | undefined;
  daemons?: DaemonDocument[] | undefined;
  services?: ServiceDocument[] | undefined;
}

/** A document of version 2: version 1, and what a director does beside keeping the table. */
export interface DirectorStateDocument {
  format: 'ipvsadm-state';
  version: 2;
  director?: DirectorDocument | undefined;
  checks?: Record<string, CheckDocument> | undefined;
  kernel?: KernelDocument | undefined;
  timeouts?: TimeoutsDocument | undefined;
  daemons?: DaemonDocument[] | undefined;
  services?: DirectorServiceDocument[] | undefined;
}

/** A service of a document of version 2. */
export interface DirectorServiceDocument extends Omit<ServiceDocument, 'servers'> {
  name?: string | undefined;
  comment?: string | undefined;
  check?: ChecksDocument | undefined;
  any?: boolean | undefined;
  sorry?: SorryServerDocument | undefined;
  quorum?: number | string | undefined;
  hysteresis?: number | undefined;
  whenAllDown?: 'keep' | 'drop' | 'sorry' | undefined;
  onFail?: 'weight0' | 'remove' | undefined;
  removeAfter?: string | undefined;
  slowStart?: string | undefined;
  critical?: boolean | undefined;
  owner?: 'ours' | 'shared' | 'report' | undefined;
  servers?: DirectorServerDocument[] | undefined;
}

/** A real server of a document of version 2. */
export interface DirectorServerDocument extends ServerDocument {
  name?: string | undefined;
  comment?: string | undefined;
  check?: ChecksDocument | undefined;
  any?: boolean | undefined;
  admin?: 'ready' | 'drain' | 'maint' | undefined;
}

/** The real server that gets connections while no other one can. */
export type SorryServerDocument = Omit<ServerDocument, 'connections' | 'statistics' | 'unknown'>;

/** What the kernel says of IPVS; in listings only. */
export interface KernelDocument {
  version: string;
  connectionTableSize: number;
}

/** How long connections last without packets, in seconds. */
export interface TimeoutsDocument {
  tcp: number;
  tcpFin: number;
  udp: number;
}

/** A connection sync daemon. */
export interface DaemonDocument {
  state: 'master' | 'backup';
  interface: string;
  syncId?: number | undefined;
  maxLength?: number | undefined;
  group?: string | undefined;
  port?: number | undefined;
  ttl?: number | undefined;
  unknown?: UnknownAttributes | undefined;
}

/** The family of an address. */
export type FamilyName = 'ipv4' | 'ipv6';

/** A virtual service: protocol, address and port, or a firewall mark. */
export interface ServiceDocument {
  protocol?: 'tcp' | 'udp' | 'sctp' | number | undefined;
  fwmark?: number | undefined;
  family?: FamilyName | undefined;
  address?: string | undefined;
  port?: number | undefined;
  scheduler?: string | undefined;
  flags?: string[] | undefined;
  persistence?: PersistenceDocument | undefined;
  statistics?: StatisticsDocument | undefined;
  unknown?: UnknownAttributes | undefined;
  servers?: ServerDocument[] | undefined;
}

/** How long, and by what, clients keep their real server. */
export interface PersistenceDocument {
  enabled?: boolean | undefined;
  timeout?: number | undefined;
  netmask?: string | number | undefined;
  engine?: string | undefined;
}

/** A real server of a virtual service. */
export interface ServerDocument {
  family?: FamilyName | undefined;
  address: string;
  port?: number | undefined;
  forwarding?: 'masquerading' | 'local' | 'tunneling' | 'gatewaying' | number | undefined;
  weight?: number | undefined;
  upperThreshold?: number | undefined;
  lowerThreshold?: number | undefined;
  tunnel?: TunnelDocument | undefined;
  connections?: ServerConnectionsDocument | undefined;
  statistics?: StatisticsDocument | undefined;
  unknown?: UnknownAttributes | undefined;
}

/** The encapsulation of a tunnel to a real server. */
export interface TunnelDocument {
  type?: 'ipip' | 'gue' | 'gre' | number | undefined;
  port?: number | undefined;
  flags?: string[] | undefined;
}

/** The connections that a real server has; in listings only. */
export interface ServerConnectionsDocument {
  active: number;
  inactive: number;
  persistent: number;
}

/** Totals since the last reset, and rates a second; in listings only. */
export interface StatisticsDocument {
  connections: Counter;
  inPackets: Counter;
  outPackets: Counter;
  inBytes: Counter;
  outBytes: Counter;
  connectionRate: Counter;
  inPacketRate: Counter;
  outPacketRate: Counter;
  inByteRate: Counter;
  outByteRate: Counter;
}

/** A line of `-L -c --json`. */
export interface ConnectionDocument {
  protocol: string;
  client: EndpointDocument;
  virtual: EndpointDocument;
  server: EndpointDocument;
  state: string;
  expires: number;
  persistence?: { engine: string; data: string } | undefined;
}

/** An address with a port. */
export interface EndpointDocument {
  address: string;
  port: number;
}
