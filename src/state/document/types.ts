/**
 * The state of IPVS as one JSON document (docs/state.md). These types are public, and written by
 * hand; test/state/document/types.test.ts holds them equal to the tables of fields.
 */

export const STATE_FORMAT = 'ipvsadm-state';
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

export interface DirectorDocument {
  interface?: string | undefined;
  vips?: string[] | undefined;
  snat?: boolean | undefined;
  gateway?: string | undefined;
  notify?: NotifyDocument | undefined;
  checkMarks?: CheckMarksDocument | undefined;
  metrics?: MetricsDocument | undefined;
  web?: WebDocument | undefined;
  ha?: HaDocument | undefined;
}

export interface CheckMarksDocument {
  first?: number | undefined;
  count?: number | undefined;
}

export interface MetricsDocument {
  listen?: string | undefined;
}

export interface WebDocument {
  listen: string;
  tls?: { certificate: string; key: string } | undefined;
  hosts?: string[] | undefined;
}

export interface HaDocument {
  engine: 'keepalived' | 'etcd';
  name?: string | undefined;
  preempt?: boolean | undefined;
  sync?: { syncId: number; interface?: string | undefined } | undefined;
  id?: number | undefined;
  priority?: number | undefined;
  peers?: string[] | undefined;
  fifo?: string | undefined;
  instance?: string | undefined;
  endpoints?: string[] | undefined;
  cluster?: string | undefined;
  ttl?: string | undefined;
  user?: string | undefined;
  passwordFile?: string | undefined;
  ca?: string | undefined;
  certificate?: string | undefined;
  key?: string | undefined;
}

export interface NotifyDocument {
  exec?: string | undefined;
  webhook?: string | undefined;
  mail?: string[] | undefined;
}

/** The name of a check, a check, or a list of both. */
export type ChecksDocument = string | CheckDocument | (string | CheckDocument)[];

/** A service of a document of version 2. */
export interface DirectorServiceDocument extends Omit<ServiceDocument, 'servers'> {
  name?: string | undefined;
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
  check?: ChecksDocument | undefined;
  any?: boolean | undefined;
  admin?: 'ready' | 'drain' | 'maint' | undefined;
}

export type SorryServerDocument = Omit<ServerDocument, 'connections' | 'statistics' | 'unknown'>;

/** A health check. Which fields it may have depends on its type. Durations are texts such as 2s. */
export interface CheckDocument {
  type:
    | 'tcp'
    | 'http'
    | 'https'
    | 'tls'
    | 'smtp'
    | 'dns'
    | 'udp'
    | 'ping'
    | 'script'
    | 'grpc'
    | 'agent'
    | 'file';
  interval?: string | undefined;
  fast?: string | undefined;
  slow?: string | undefined;
  timeout?: string | undefined;
  fall?: number | undefined;
  rise?: number | undefined;
  initial?: 'unknown' | 'up' | 'down' | undefined;
  address?: string | undefined;
  port?: number | undefined;
  source?: string | undefined;
  mark?: number | undefined;
  via?: 'server' | 'path' | undefined;
  path?: string | undefined;
  method?: string | undefined;
  version?: '1.0' | '1.1' | undefined;
  host?: string | undefined;
  headers?: Record<string, string> | undefined;
  status?: string | number | undefined;
  body?: string | string[] | undefined;
  not?: string | string[] | undefined;
  answerHeaders?: Record<string, string> | undefined;
  json?: Record<string, unknown> | undefined;
  sha256?: string | string[] | undefined;
  md5?: string | string[] | undefined;
  tls?: boolean | undefined;
  verify?: boolean | undefined;
  sni?: string | undefined;
  ca?: string | undefined;
  certificate?: string | undefined;
  key?: string | undefined;
  warnDays?: number | undefined;
  send?: string | undefined;
  expect?: string | undefined;
  helo?: string | undefined;
  query?: string | undefined;
  record?: RecordType | undefined;
  transport?: 'udp' | 'tcp' | undefined;
  answer?: string | undefined;
  command?: string | string[] | undefined;
  user?: string | undefined;
  exit?: 'plain' | 'keepalived' | undefined;
  service?: string | undefined;
  file?: string | undefined;
  weight?: number | undefined;
}

export type RecordType =
  | 'A'
  | 'AAAA'
  | 'CAA'
  | 'CNAME'
  | 'DNSKEY'
  | 'DS'
  | 'HINFO'
  | 'MX'
  | 'NAPTR'
  | 'NS'
  | 'NULL'
  | 'PTR'
  | 'RP'
  | 'RRSIG'
  | 'SOA'
  | 'SRV'
  | 'SSHFP'
  | 'TLSA'
  | 'TXT';

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
