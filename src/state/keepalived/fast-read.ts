/**
 * Fast path of `parsePlainly` for files of many real servers: reads services of IPv4 in the usual
 * form directly as a document. Whatever needs a warning or more than one look, such as groups,
 * firewall marks and sorry servers, is left to `parsePlainly`, and so is finding places.
 * test/state/keepalived/fast-read.test.ts holds the two equal.
 */

import { dottedQuadWord, ipv4FromWord } from '../../model/address';
import { addressVerdict } from '../../model/kernel-rules';
import { limits } from '../../model/limits';
import type { Diagnostics } from '../source/collect';
import { FastBlocks } from './fast-blocks';
import { CheckTexts, FastChecks } from './fast-checks';
import { FastLines, Unusual } from './fast-lines';
import { type Draft, type FastServer, type FastService, newDraft, policiesOf } from './fast-service';
import { defaultMethod, forwardingNames, type Method } from './forwarding';
import type { Found } from './found';
import { type Keywords, realServerKeywords, schedulers, virtualServerKeywords } from './keywords';
import { truth } from './truth';

export interface FastFile {
  readonly services: readonly FastService[];
  /** Where each service begins. */
  readonly starts: readonly number[];
  /** Whether any server has a check. */
  readonly checked: boolean;
}

/**
 * Returns the services that the text from `from` on describes; undefined if `parsePlainly` has to
 * read it.
 * @param context what the text before has for checks.
 */
export function fastServices(
  text: string,
  from: number,
  diagnostics: Diagnostics,
  context: Pick<Found, 'files' | 'tls'>,
): FastFile | undefined {
  try {
    return new FastReader(new FastLines(text, from), diagnostics).read(context);
  } catch (error) {
    if (error instanceof Unusual) return undefined;
    throw error;
  }
}

/** What is taken for the method of a server that has none yet; such a server gets the service's last. */
const NONE = '';

const MAX_PORT = limits.destinationPort.max;
const MAX_WEIGHT = limits.weight.max;
const SPACE_FOR_PORT = 0x10000;

class FastReader {
  readonly #lines: FastLines;
  readonly #blocks: FastBlocks;
  readonly #checks = new FastChecks();
  readonly #diagnostics: Diagnostics;
  /** Addresses and ports of the servers of a service, as numbers. */
  readonly #endpoints = new Set<number>();
  #checked = false;

  constructor(lines: FastLines, diagnostics: Diagnostics) {
    this.#lines = lines;
    this.#diagnostics = diagnostics;
    this.#blocks = new FastBlocks(lines, diagnostics);
  }

  read(context: Pick<Found, 'files' | 'tls'>): FastFile {
    const services: FastService[] = [];
    const starts: number[] = [];
    const names = new Set<string>();
    for (let kind = this.#lines.next(); kind !== 'end'; kind = this.#lines.next()) {
      if (kind !== 'words' || this.#lines.word(0) !== 'virtual_server') throw new Unusual();
      starts.push(this.#lines.starts[0]!);
      const service = this.#service();
      const name = `${service.protocol} ${service.address} ${service.port}`;
      if (names.has(name)) throw new Unusual();
      names.add(name);
      services.push(service);
    }
    this.#checks.finish(context, this.#diagnostics);
    return { services, starts, checked: this.#checked };
  }

  #service(): FastService {
    const { address, port } = this.#endpoint();
    const draft = newDraft();
    this.#endpoints.clear();
    this.#lines.opens();
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
      ...(this.#addChecks(draft) ? policiesOf(draft) : {}),
      servers,
    };
  }

  /** @returns whether any server has a check. */
  #addChecks({ texts, servers, serverTexts }: Draft): boolean {
    const service = this.#checks.service(texts);
    let checked = false;
    for (const [index, own] of serverTexts.entries()) {
      if (!own) continue;
      this.#checks.server(servers[index]!, own, service);
      checked ||= own.checked;
    }
    this.#checked ||= checked;
    return checked;
  }

  #serviceStatement(draft: Draft): void {
    const name = this.#lines.word(0);
    switch (name) {
      case 'real_server':
        this.#server(draft);
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
      case 'quorum':
        draft.quorum = this.#number(MAX_WEIGHT);
        if (draft.quorum === 0) throw new Unusual();
        return;
      case 'hysteresis':
        draft.hysteresis = this.#number(MAX_WEIGHT);
        return;
      case 'inhibit_on_failure':
        draft.inhibit = true;
        return;
      default:
        this.#other(name, virtualServerKeywords, draft.texts);
    }
  }

  #server({ method, servers, inhibits, serverTexts }: Draft): void {
    const { address, port, word } = this.#endpoint();
    if (addressVerdict(ipv4FromWord(word)) === 'refused') throw new Unusual();
    const endpoint = word * SPACE_FOR_PORT + port;
    if (this.#endpoints.has(endpoint)) throw new Unusual();
    this.#endpoints.add(endpoint);
    const server: FastServer = { address, port, forwarding: method ? forwardingNames[method] : NONE };
    const texts = new CheckTexts();
    let inhibit: boolean | undefined;
    this.#lines.opens();
    for (let kind = this.#lines.next(); kind !== 'close'; kind = this.#lines.next()) {
      if (kind !== 'words') throw new Unusual();
      if (this.#lines.word(0) === 'inhibit_on_failure') inhibit = this.#truth();
      else this.#serverStatement(server, texts);
    }
    const { upperThreshold = 0, lowerThreshold = 0 } = server;
    if (lowerThreshold > upperThreshold || upperThreshold > limits.threshold.max) throw new Unusual();
    servers.push(server);
    inhibits.push(inhibit);
    serverTexts.push(texts);
  }

  #serverStatement(server: FastServer, texts: CheckTexts): void {
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
        this.#other(name, realServerKeywords, texts);
    }
  }

  /** A statement that is ignored, or is about checks. */
  #other(name: string, keywords: Keywords, texts: CheckTexts): void {
    const offset = this.#lines.starts[0]!;
    const text = this.#blocks.pass(name, keywords);
    if (text) texts.add(text, offset);
  }

  /** The only argument of a statement that needs none. */
  #truth(): boolean {
    const { count } = this.#lines;
    const value = count === 1 ? true : truth({ text: this.#argument() });
    if (value === undefined) throw new Unusual();
    return value;
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
