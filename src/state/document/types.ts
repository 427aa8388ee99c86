/**
 * The state of IPVS as one JSON document (docs/state.md). These types are public, and written by
 * hand; test/state/document/types.test.ts holds them equal to the tables of fields.
 */

export const STATE_FORMAT = 'ipvsadm-state';
export const STATE_VERSION = 1;
/** The version of documents with a part for director up. */
export const DIRECTOR_VERSION = 2;

/** A 64-bit counter: a number up to 2^53-1, a decimal string beyond. */
export type Counter = number | string;

/**
 * Attributes of a newer kernel that this version does not know: payloads in hexadecimal by
 * attribute number.
 */
export type UnknownAttributes = Record<string, string>;

export interface StateDocument {
  format: 'ipvsadm-state';
  version: 1;
  kernel?: KernelDocument | undefined;
  timeouts?: TimeoutsDocument | undefined;
  daemons?: DaemonDocument[] | undefined;
  services?: ServiceDocument[] | undefined;
}

/** A document of version 2: version 1, and a part that director up alone uses. */
export interface DirectorStateDocument {
  format: 'ipvsadm-state';
  version: 2;
  director?: DirectorDocument | undefined;
  kernel?: KernelDocument | undefined;
  timeouts?: TimeoutsDocument | undefined;
  daemons?: DaemonDocument[] | undefined;
  services?: ServiceDocument[] | undefined;
}

export interface DirectorDocument {
  interface?: string | undefined;
  vips?: string[] | undefined;
  snat?: boolean | undefined;
}

export interface KernelDocument {
  version: string;
  connectionTableSize: number;
}

export interface TimeoutsDocument {
  tcp: number;
  tcpFin: number;
  udp: number;
}

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

export type FamilyName = 'ipv4' | 'ipv6';

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

export interface PersistenceDocument {
  enabled?: boolean | undefined;
  timeout?: number | undefined;
  netmask?: string | number | undefined;
  engine?: string | undefined;
}

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

export interface TunnelDocument {
  type?: 'ipip' | 'gue' | 'gre' | number | undefined;
  port?: number | undefined;
  flags?: string[] | undefined;
}

export interface ServerConnectionsDocument {
  active: number;
  inactive: number;
  persistent: number;
}

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

export interface EndpointDocument {
  address: string;
  port: number;
}
