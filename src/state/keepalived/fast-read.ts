/**
 * Fast path of `parsePlainly` for files of many real servers: reads services of IPv4 in the usual
 * form directly as a document. Whatever needs a warning or more than one look, such as groups,
 * firewall marks, sorry servers and health checks, is left to `parsePlainly`, and so is finding places.
 * test/state/keepalived/fast-read.test.ts holds the two equal.
 */

import { dottedQuadWord, ipv4FromWord } from '../../model/address';
import { addressVerdict } from '../../model/kernel-rules';
import { limits } from '../../model/limits';
import type { Diagnostics } from '../source/collect';
import { FastLines, Unusual } from './fast-lines';
import { defaultMethod, forwardingNames, type Method } from './forwarding';
import {
  type Keyword,
  type Keywords,
  realServerKeywords,
  schedulers,
  virtualServerKeywords,
} from './keywords';

export interface FastServer {
  readonly address: string;
  readonly port: number;
  forwarding: string;
  weight?: number;
  upperThreshold?: number;
  lowerThreshold?: number;
}

export interface FastService {
  readonly protocol: string;
  readonly address: string;
  readonly port: number;
  readonly scheduler?: string;
  readonly persistence?: { readonly timeout: number };
  readonly servers: readonly FastServer[];
}

/**
 * Returns the services that the text from `from` on describes; undefined if `parsePlainly` has to
 * read it.
 */
export function fastServices(
  text: string,
  from: number,
  diagnostics: Diagnostics,
): FastService[] | undefined {
  try {
    return new FastReader(new FastLines(text, from), diagnostics).services();
  } catch (error) {
    if (error instanceof Unusual) return undefined;
    throw error;
  }
}

/** A keyword of a block, and the message of its note. */
interface Known {
  readonly keyword: Keyword;
  readonly note: string | undefined;
}

const tables = new WeakMap<Keywords, ReadonlyMap<string, Known>>();

function tableOf(keywords: Keywords): ReadonlyMap<string, Known> {
  const known = tables.get(keywords);
  if (known) return known;
  const table = new Map(
    Object.entries(keywords).map(([name, keyword]): [string, Known] => [
      name,
      {
        keyword,
        note: keyword.ignored === undefined ? undefined : `'${name}' is ignored: ${keyword.ignored}`,
      },
    ]),
  );
  tables.set(keywords, table);
  return table;
}

/** A service while its block is read. */
interface Draft {
  protocol: string | undefined;
  scheduler: string | undefined;
  method: Method | undefined;
  timeout: number | undefined;
  readonly servers: FastServer[];
}

/** What is taken for the method of a server that has none yet; such a server gets the service's last. */
const NONE = '';

const MAX_PORT = limits.destinationPort.max;
const MAX_WEIGHT = limits.weight.max;
const SPACE_FOR_PORT = 0x10000;

class FastReader {
  readonly #lines: FastLines;
  readonly #diagnostics: Diagnostics;
  /** Addresses and ports of the servers of a service, as numbers. */
  readonly #endpoints = new Set<number>();

  constructor(lines: FastLines, diagnostics: Diagnostics) {
    this.#lines = lines;
    this.#diagnostics = diagnostics;
  }

  services(): FastService[] {
    const services: FastService[] = [];
    const names = new Set<string>();
    for (let kind = this.#lines.next(); kind !== 'end'; kind = this.#lines.next()) {
      if (kind !== 'words' || this.#lines.word(0) !== 'virtual_server') throw new Unusual();
      const service = this.#service();
      const name = `${service.protocol} ${service.address} ${service.port}`;
      if (names.has(name)) throw new Unusual();
      names.add(name);
      services.push(service);
    }
    return services;
  }

  #service(): FastService {
    const { address, port } = this.#endpoint();
    const draft: Draft = {
      protocol: undefined,
      scheduler: undefined,
      method: undefined,
      timeout: undefined,
      servers: [],
    };
    this.#endpoints.clear();
    this.#opens();
    for (let kind = this.#lines.next(); kind !== 'close'; kind = this.#lines.next()) {
      if (kind !== 'words') throw new Unusual();
      this.#serviceStatement(draft);
    }
    const { protocol, scheduler, method = defaultMethod, timeout, servers } = draft;
    if (protocol === undefined || servers.length === 0) throw new Unusual();
    for (const server of servers) {
      if (server.forwarding === NONE) server.forwarding = forwardingNames[method];
      // Only NAT can change the port.
      if (server.forwarding !== forwardingNames.NAT && server.port !== port) throw new Unusual();
    }
    return {
      protocol,
      address,
      port,
      ...(scheduler === undefined ? {} : { scheduler }),
      ...(timeout === undefined ? {} : { persistence: { timeout } }),
      servers,
    };
  }

  #serviceStatement(draft: Draft): void {
    const name = this.#lines.word(0);
    switch (name) {
      case 'real_server':
        draft.servers.push(this.#server(draft.method));
        return;
      case 'protocol':
        draft.protocol = oneOf(this.#argument().toLowerCase(), protocols);
        return;
      case 'lvs_sched':
      case 'lb_algo':
        draft.scheduler = oneOf(this.#argument(), schedulers);
        return;
      case 'lvs_method':
      case 'lb_kind':
        draft.method = this.#method();
        return;
      case 'persistence_timeout':
        draft.timeout = this.#number(limits.persistenceTimeout.max);
        if (draft.timeout < limits.persistenceTimeout.min) throw new Unusual();
        return;
      default:
        if (timing.has(name) && this.#number(MAX_WEIGHT) > 0) return;
        this.#ignored(name, virtualServerKeywords, false);
    }
  }

  #server(method: Method | undefined): FastServer {
    const { address, port, word } = this.#endpoint();
    if (addressVerdict(ipv4FromWord(word)) === 'refused') throw new Unusual();
    const endpoint = word * SPACE_FOR_PORT + port;
    if (this.#endpoints.has(endpoint)) throw new Unusual();
    this.#endpoints.add(endpoint);
    const server: FastServer = { address, port, forwarding: method ? forwardingNames[method] : NONE };
    this.#opens();
    for (let kind = this.#lines.next(); kind !== 'close'; kind = this.#lines.next()) {
      if (kind !== 'words') throw new Unusual();
      this.#serverStatement(server);
    }
    const { upperThreshold = 0, lowerThreshold = 0 } = server;
    if (lowerThreshold > upperThreshold || upperThreshold > limits.threshold.max) throw new Unusual();
    return server;
  }

  #serverStatement(server: FastServer): void {
    const name = this.#lines.word(0);
    switch (name) {
      case 'weight':
        server.weight = this.#number(MAX_WEIGHT);
        return;
      case 'uthreshold':
        server.upperThreshold = this.#number(MAX_WEIGHT);
        return;
      case 'lthreshold':
        server.lowerThreshold = this.#number(MAX_WEIGHT);
        return;
      case 'lvs_method':
        server.forwarding = forwardingNames[this.#method()];
        return;
      default:
        if (timing.has(name) && this.#number(MAX_WEIGHT) > 0) return;
        this.#ignored(name, realServerKeywords, false);
    }
  }

  /** @param quiet whether the block is ignored as a whole, with the keywords that are not known. */
  #ignored(name: string, keywords: Keywords, quiet: boolean): void {
    const lines = this.#lines;
    const known = tableOf(keywords).get(name);
    if (!known) {
      if (!quiet || name.startsWith('include')) throw new Unusual();
      return;
    }
    const { keyword, note } = known;
    if (keyword.skipped || keyword.block === 'values' || lines.count <= (keyword.needs ?? 0))
      throw new Unusual();
    if (!quiet && note === undefined) throw new Unusual();
    if (note !== undefined) {
      const offset = lines.starts[0]!;
      this.#diagnostics.note({ offset, length: lines.ends[0]! - offset }, note);
    }
    if (!keyword.block) return;
    this.#opens();
    for (let kind = lines.next(); kind !== 'close'; kind = lines.next()) {
      if (kind !== 'words') throw new Unusual();
      this.#ignored(lines.word(0), keyword.block, true);
    }
  }

  #opens(): void {
    if (this.#lines.next() !== 'open') throw new Unusual();
  }

  /** The only argument of a statement. */
  #argument(): string {
    if (this.#lines.count !== 2) throw new Unusual();
    return this.#lines.word(1);
  }

  #method(): Method {
    const method = this.#argument();
    if (!Object.hasOwn(forwardingNames, method)) throw new Unusual();
    return method as Method;
  }

  #number(max: number): number {
    if (this.#lines.count !== 2) throw new Unusual();
    return this.#digits(1, max);
  }

  /** The number that a word of one to nine digits is. */
  #digits(index: number, max: number): number {
    const { text, starts, ends } = this.#lines;
    const end = ends[index]!;
    if (end - starts[index]! > 9) throw new Unusual();
    let number = 0;
    for (let at = starts[index]!; at < end; at++) {
      const digit = text.charCodeAt(at) - 0x30;
      if (!(digit >= 0 && digit <= 9)) throw new Unusual();
      number = number * 10 + digit;
    }
    if (number > max) throw new Unusual();
    return number;
  }

  #endpoint(): { readonly address: string; readonly port: number; readonly word: number } {
    if (this.#lines.count !== 3) throw new Unusual();
    const address = this.#lines.word(1);
    const word = dottedQuadWord(address);
    const port = this.#digits(2, MAX_PORT);
    if (word === undefined || port === 0) throw new Unusual();
    return { address, port, word };
  }
}

const protocols: readonly string[] = ['tcp', 'udp', 'sctp'];

function oneOf(text: string, known: readonly string[]): string {
  if (!known.includes(text)) throw new Unusual();
  return text;
}

/** The times of health checks: without a check, which is left to `parsePlainly`, they change nothing. */
const timing: ReadonlySet<string> = new Set(['delay_loop', 'connect_timeout', 'delay_before_retry', 'retry']);
