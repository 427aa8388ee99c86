/** The parts of a state document of version 2 that say nothing of the table: types.ts. */

/** What a director has beside its table: the VIPs, source NAT, who is told, failover. */
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

/** The firewall marks that checks of the forwarding path may use. */
export interface CheckMarksDocument {
  first?: number | undefined;
  count?: number | undefined;
}

/** Where the daemon serves its metrics by HTTP. */
export interface MetricsDocument {
  listen?: string | undefined;
}

/** The web page. */
export interface WebDocument {
  /** Address and port: with TLS alone one that other machines reach. */
  listen: string;
  /** Files in PEM. */
  tls?: { certificate: string; key: string } | undefined;
  /** Names by which browsers reach it, beside its address. */
  hosts?: string[] | undefined;
}

/** Failover between several directors. Which fields it may have depends on its engine. */
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

/** Who is told of events: a program, a URL, mail addresses. */
export interface NotifyDocument {
  exec?: string | undefined;
  webhook?: string | undefined;
  mail?: string[] | undefined;
}

/** The name of a check, a check, or a list of both. */
export type ChecksDocument = string | CheckDocument | (string | CheckDocument)[];

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

/** The types of records that a check of DNS asks for. */
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
