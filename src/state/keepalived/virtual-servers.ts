/** virtual_server blocks of keepalived.conf(5) (check_parser.c). */
import { parseInetAton } from '../../command-line/values';
import { formatIpv4 } from '../../model/address';
import { defaults, limits, U32_MAX } from '../../model/limits';
import { schedulerFlagBit, schedulerOfFlag } from '../../model/scheduler-flags';
import type { Diagnostics, Word } from '../source/collect';
import type { BlockReader, Handlers } from './blocks';
import { endpointOf, warnOfExtra, warnOfRange } from './endpoints';
import { setForwarding } from './forwarding';
import { schedulers, virtualServerKeywords } from './keywords';
import type { FamilyName, Target, VirtualServer } from './model';
import { readUnsigned, unsignedOf } from './numbers';
import { beginServer, fits, newServer, realServerHandlers } from './real-servers';
import { timingStatements, virtualhost } from './timing';
import type { Words } from './words';

const families: Readonly<Record<string, FamilyName>> = { inet: 'ipv4', inet6: 'ipv6' };
const protocolNames: readonly string[] = ['tcp', 'udp', 'sctp'];

/** Bytes of a name of a persistence engine; keepalived cuts longer ones. */
const ENGINE_LENGTH = 15;

/** Adds a virtual server to the list; without a target, keepalived skips its block. */
export function beginVirtualServer(
  words: Words,
  list: VirtualServer[],
  reader: BlockReader,
  diagnostics: Diagnostics,
): void {
  const target = targetOf(words, diagnostics);
  if (!target) {
    reader.skipBlock();
    return;
  }
  list.push({
    word: words[0],
    target,
    family:
      target.kind === 'address' ? { value: target.endpoint.family, word: target.endpoint.word } : undefined,
    servers: [],
    scheduler: undefined,
    flags: new Map(),
    onePacket: undefined,
    protocol: undefined,
    forwarding: undefined,
    tunnel: undefined,
    timeout: undefined,
    netmask: undefined,
    engine: undefined,
    weight: undefined,
    quorum: 1,
    hysteresis: 0,
    inhibit: false,
    sorry: undefined,
    sorryInhibit: undefined,
  });
}

function targetOf(words: Words, diagnostics: Diagnostics): Target | undefined {
  const [, first, second] = words as readonly [Word, Word, Word?];
  warnOfExtra(words, 2, diagnostics);
  if (first.text === 'group' || first.text === 'fwmark') {
    if (!second) {
      diagnostics.error(first, `missing argument after '${first.text}'`);
      return undefined;
    }
    if (first.text === 'group') return { kind: 'group', name: second };
    const mark = unsignedOf(second, { min: 0, max: U32_MAX }, true, diagnostics);
    return mark === undefined ? undefined : { kind: 'fwmark', mark, word: second };
  }
  const endpoint = endpointOf(first, second, 'the virtual_server', diagnostics);
  if (!endpoint) return undefined;
  warnOfRange(endpoint, diagnostics);
  return { kind: 'address', endpoint };
}

export function virtualServerHandlers(list: readonly VirtualServer[], diagnostics: Diagnostics): Handlers {
  const last = () => list.at(-1);
  const statements: Record<string, Handlers['statements'][string]> = {};
  for (const [keyword, change] of Object.entries(changes)) {
    statements[keyword] = (words, reader) => {
      const own = last();
      if (own) change(own, words, diagnostics, reader);
      else diagnostics.error(words[0], 'keepalived has no virtual server to which this applies');
    };
  }
  return {
    statements,
    blocks: { real_server: realServerHandlers(last, diagnostics) },
    end: () => endVirtualServer(last(), diagnostics),
  };
}

type Change = (own: VirtualServer, words: Words, diagnostics: Diagnostics, reader: BlockReader) => void;

const changes: Readonly<Record<string, Change>> = {
  lvs_sched: setScheduler,
  lb_algo: setScheduler,
  lvs_method: (own, words, diagnostics) => setForwarding(own, words, diagnostics),
  lb_kind: (own, words, diagnostics) => setForwarding(own, words, diagnostics),
  protocol: (own, words, diagnostics) => {
    const value = oneOf(words, protocolNames, (text) => text.toLowerCase(), diagnostics);
    if (value !== undefined) own.protocol = { value, word: words[1]! };
  },
  ip_family: setFamily,
  persistence_timeout: setPersistence,
  persistence_granularity: setNetmask,
  persistence_engine: (own, words, diagnostics) => {
    const word = words[1]!;
    if (word.text.length > ENGINE_LENGTH)
      diagnostics.warn(word, `keepalived cuts '${word.text}' after ${ENGINE_LENGTH} characters`);
    own.engine = { value: word.text.slice(0, ENGINE_LENGTH), word };
  },
  weight: (own, words, diagnostics) => {
    const value = unsignedOf(words[1]!, { min: 1, max: limits.weight.max }, true, diagnostics);
    if (value !== undefined) own.weight = { value, word: words[1]! };
  },
  quorum: (own, words, diagnostics) => {
    own.quorumWord = words[1]!;
    own.quorum = unsignedOf(words[1]!, { min: 1, max: U32_MAX }, true, diagnostics) ?? 1;
  },
  hysteresis: (own, words, diagnostics) => {
    own.hysteresisWord = words[1]!;
    const range = { min: 0, max: U32_MAX };
    own.hysteresis = unsignedOf(words[1]!, range, true, diagnostics) ?? own.hysteresis;
  },
  inhibit_on_failure: (own) => {
    own.inhibit = true;
  },
  ...Object.fromEntries(
    Object.entries({ ...timingStatements('server'), virtualhost }).map(([name, set]): [string, Change] => [
      name,
      (own, words, diagnostics) => {
        own.timing ??= {};
        set(own.timing, words, diagnostics);
      },
    ]),
  ),
  real_server: (own, words, diagnostics, reader) => beginServer(words, own, reader, diagnostics),
  sorry_server: (own, words, diagnostics) => {
    const server = newServer(words, own, diagnostics);
    if (!server) return;
    own.sorry = server;
    own.sorryInhibit = undefined;
  },
  sorry_server_inhibit: (own, [word], diagnostics) => {
    if (own.sorry) own.sorryInhibit = word;
    else withoutSorry(word, diagnostics);
  },
  sorry_server_lvs_method: (own, words, diagnostics) => {
    if (own.sorry) setForwarding(own.sorry, words, diagnostics);
    else withoutSorry(words[0], diagnostics);
  },
  ...Object.fromEntries(
    Object.entries(virtualServerKeywords)
      .filter(([, { field }]) => field === 'flags')
      .map(([name]) => [name, setFlag]),
  ),
};

function withoutSorry(word: Word, diagnostics: Diagnostics): void {
  diagnostics.warn(word, `keepalived ignores '${word.text}': no sorry_server precedes it`);
}

/** Returns the argument if it is known; keepalived ignores another one. */
function oneOf(
  [keyword, word, ...more]: Words,
  known: readonly string[],
  fold: (text: string) => string,
  diagnostics: Diagnostics,
): string | undefined {
  warnOfExtra([keyword, word!, ...more], 1, diagnostics);
  const text = fold(word!.text);
  if (known.includes(text)) return text;
  diagnostics.warn(
    word!,
    `unknown ${keyword.text} '${word!.text}': keepalived ignores it`,
    `one of ${known.join(', ')}`,
  );
  return undefined;
}

function setScheduler(own: VirtualServer, words: Words, diagnostics: Diagnostics): void {
  const word = words[1]!;
  warnOfExtra(words, 1, diagnostics);
  if (schedulers.includes(word.text)) {
    own.scheduler = word;
    return;
  }
  diagnostics.warn(
    word,
    `keepalived does not support the scheduler '${word.text}', and uses ${own.scheduler?.text ?? 'wlc'} unless another one follows`,
    `one of ${schedulers.join(', ')}`,
  );
}

function setFamily(own: VirtualServer, words: Words, diagnostics: Diagnostics): void {
  const name = oneOf(words, Object.keys(families), (text) => text, diagnostics);
  if (name === undefined) return;
  const value = families[name]!;
  own.family ??= { value, word: words[1]! };
  if (own.family.value !== value)
    diagnostics.warn(
      words[1]!,
      `keepalived ignores '${name}': the virtual server is of the other address family`,
    );
}

function setPersistence(own: VirtualServer, words: Words, diagnostics: Diagnostics): void {
  const [keyword, seconds] = words;
  if (!seconds) {
    own.timeout = { value: defaults.persistenceTimeout, word: keyword };
    return;
  }
  warnOfExtra(words, 1, diagnostics);
  const value = readUnsigned(seconds.text, limits.persistenceTimeout, false, (what) =>
    diagnostics.warn(
      seconds,
      `'${seconds.text}' ${what}: keepalived ignores '${keyword.text}'`,
      'seconds; without it the service is not persistent',
    ),
  );
  if (value !== undefined) own.timeout = { value, word: seconds };
}

/** A netmask also makes the service persistent, and decides its address family. */
function setNetmask(own: VirtualServer, words: Words, diagnostics: Diagnostics): void {
  const [keyword, word] = words as readonly [Word, Word];
  warnOfExtra(words, 1, diagnostics);
  const family = own.family?.value ?? (word.text.includes('.') ? 'ipv4' : 'ipv6');
  const value = family === 'ipv4' ? maskOf(word.text) : prefixOf(word.text);
  if (value === undefined) {
    const right = family === 'ipv4' ? 'a mask such as 255.255.255.0' : 'a number from 1 to 128';
    diagnostics.warn(word, `'${word.text}' is no netmask: keepalived ignores '${keyword.text}'`, right);
    return;
  }
  if (family === 'ipv4' && /^[0-9]+$/.test(word.text)) {
    diagnostics.warn(
      word,
      `'${word.text}' is the mask ${value}, not a prefix length`,
      'such as 255.255.255.0',
    );
  }
  own.netmask = { value, word };
  own.family ??= { value: family, word };
  own.timeout ??= { value: defaults.persistenceTimeout, word: keyword };
}

/** getaddrinfo(3) with AI_NUMERICHOST takes what inet_aton takes. */
function maskOf(text: string): string | undefined {
  const mask = /[ \t\n\v\f\r]/.test(text) ? undefined : parseInetAton(text);
  return mask && formatIpv4(mask);
}

function prefixOf(text: string): number | undefined {
  return readUnsigned(text, limits.prefixLength, false, () => {});
}

/** sh-port and the like count only after the lvs_sched of their scheduler. */
function setFlag(own: VirtualServer, [word]: Words, diagnostics: Diagnostics): void {
  if (word.text === 'ops') {
    own.onePacket = word;
    return;
  }
  const bit = schedulerFlagBit(word.text, own.scheduler?.text ?? '');
  if (bit !== undefined) own.flags.set(bit, own.flags.get(bit) ?? word);
  else
    diagnostics.warn(
      word,
      `keepalived ignores '${word.text}': no 'lvs_sched ${schedulerOfFlag(word.text)}' precedes it`,
    );
}

function endVirtualServer(own: VirtualServer | undefined, diagnostics: Diagnostics): void {
  if (!own) return;
  const { sorry } = own;
  if (sorry && sorry.forwarding?.method !== 'TUN' && !fits(own, sorry)) {
    diagnostics.warn(
      sorry.endpoint.word,
      `'${sorry.endpoint.word.text}' is of another address family than its virtual server: keepalived ignores it`,
      'only tunneling crosses address families',
    );
    own.sorry = undefined;
    own.sorryInhibit = undefined;
  }
  if (own.family || own.target.kind === 'group') return;
  // Only tunneled servers are left, which may be of both families.
  const servers = own.sorry ? [own.sorry, ...own.servers] : own.servers;
  const ipv6 = servers.length > 0 && servers.every(({ endpoint }) => endpoint.family === 'ipv6');
  own.family = { value: ipv6 ? 'ipv6' : 'ipv4', word: servers[0]?.endpoint.word ?? own.word };
}
