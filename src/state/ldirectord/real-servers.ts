/**
 * real = HOST[->HOST][:PORT] gate | masq | ipip [WEIGHT] ["REQUEST", "RECEIVE"] [l:LOWER]
 * [u:UPPER]. ldirectord(8). What its patterns pass over is ignored.
 */
import { bytesFromUnicode } from '../../bytes/unicode';
import { parseAddress } from '../../model/address';
import { addressVerdict, thresholdsInOrder } from '../../model/kernel-rules';
import { isWithin, limits } from '../../model/limits';
import type { Diagnostics, Word } from '../source/collect';
import { hostText, type Lookup, portOf, rangeOf } from './endpoints';
import { blank, partOf, warnOfIgnored } from './lines';

export const forwardingNames = {
  gate: 'gatewaying',
  masq: 'masquerading',
  ipip: 'tunneling',
} as const;

export type Forwarding = keyof typeof forwardingNames;

/** Whether a word is a forwarding method of ldirectord. */
export function isForwarding(word: string): word is Forwarding {
  return Object.hasOwn(forwardingNames, word);
}

/** One line: several servers if it has an address range. */
export interface RealLine {
  /** HOST[->HOST][:PORT] */
  readonly where: Word;
  readonly host: Word;
  readonly last?: Word | undefined;
  readonly port?: Word | undefined;
  readonly forwarding: Word;
  readonly options: Options;
}

/** A real server as ldirectord keeps it. */
export interface Server {
  readonly line: RealLine;
  readonly address: string;
  /** As ldirectord writes it: `0` if there is none, and with leading zeros that it is given. */
  readonly port: string;
  readonly forwarding: Forwarding;
  readonly weight: number;
  readonly lower: number;
  readonly upper: number;
  /** Servers of one identity are checked once, and added together to all their services. */
  readonly id: string;
  /** Why neither ipvsadm nor the kernel accepts it. */
  readonly refused: string | undefined;
}

/**
 * Returns the real servers of a line. Reports an error when ldirectord refuses it.
 * @param idOf returns the identity of a server.
 */
export function serversOf(
  value: Word,
  lookup: Lookup,
  idOf: (endpoint: string, line: RealLine) => string,
): Server[] {
  const line = realLine(value, lookup.diagnostics);
  if (!line) return [];
  const port = line.port ? portOf(line.port, undefined, lookup) : '0';
  const addresses = rangeOf(line.host, line.last, lookup);
  if (port === undefined) return [];
  const { weight, lower, upper } = line.options;
  const numbers = {
    weight: Number(weight?.text ?? 1),
    lower: Number(lower?.text ?? 0),
    upper: Number(upper?.text ?? 0),
  };
  const forwarding = line.forwarding.text as Forwarding;
  return addresses.map((address) => ({
    line,
    address,
    port,
    forwarding,
    ...numbers,
    id: idOf(`${hostText(address)}:${port}`, line),
    refused: refusal(address, numbers),
  }));
}

/** Returns why ipvsadm or the kernel refuses a real server, or undefined. */
function refusal(
  address: string,
  { weight, lower, upper }: { weight: number; lower: number; upper: number },
): string | undefined {
  if (!isWithin(weight, limits.weight)) return 'the weight is too large';
  if (!isWithin(lower, limits.threshold) || !isWithin(upper, limits.threshold))
    return 'a threshold is too large';
  if (!thresholdsInOrder({ lowerThreshold: lower, upperThreshold: upper }))
    return 'the lower threshold is above the upper one';
  if (addressVerdict(parseAddress(address)!) === 'refused') return 'the address is not a unicast address';
  return undefined;
}

const quad = String.raw`[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+`;
const name = '[A-Za-z0-9.-]';
/** The range A-f is ldirectord's own. */
const bracketed = String.raw`\[[0-9A-fa-f:]{1,99}\]`;
const host = `${quad}|${name}+|${bracketed}`;
// A match from the middle of a name would have been possible from its start.
const place = new RegExp(
  `((?<!${name})(?:${quad}|${name}+)|${bracketed})(->(${host}))?(:([A-Za-z0-9_-]+))?${blank}+(.*)`,
  's',
);

function realLine(value: Word, diagnostics: Diagnostics): RealLine | undefined {
  const match = place.exec(value.text);
  const method = match && /\w+/.exec(match[6]!);
  if (!match || !method) {
    diagnostics.error(
      value,
      'missing address or forwarding method',
      'ADDRESS:PORT gate | masq | ipip [WEIGHT]; an IPv6 address needs brackets',
    );
    return undefined;
  }
  const [all, first = '', arrow = '', last, colon = '', port, rest = ''] = match;
  const before = match.index + first.length;
  const restAt = match.index + all.length - rest.length;
  const forwarding = partOf(value, restAt + method.index, method[0].length);
  if (!isForwarding(method[0])) {
    diagnostics.error(forwarding, `unknown forwarding method '${method[0]}'`, 'gate, masq or ipip');
    return undefined;
  }
  const tailAt = restAt + method.index + method[0].length;
  const tail = partOf(value, tailAt, value.text.length - tailAt);
  warnOfIgnored(partOf(value, 0, match.index), diagnostics);
  warnOfIgnored(partOf(value, restAt, method.index), diagnostics);
  return {
    where: partOf(value, match.index, first.length + arrow.length + colon.length),
    host: partOf(value, match.index, first.length),
    last: last === undefined ? undefined : partOf(value, before + 2, last.length),
    port: port === undefined ? undefined : partOf(value, before + arrow.length + 1, port.length),
    forwarding,
    options: optionsOf({ ...tail, text: tail.text }, diagnostics),
  };
}

export interface Options {
  readonly weight?: Word;
  readonly lower?: Word;
  readonly upper?: Word;
  /** "REQUEST", "RECEIVE" */
  readonly check?: readonly [string, string];
  readonly checkWord?: Word;
}

const options: readonly { readonly name: keyof Options; readonly pattern: RegExp }[] = [
  { name: 'weight', pattern: new RegExp(`${blank}([0-9]+)`) },
  { name: 'check', pattern: new RegExp(`${blank}"(.*)"[, ]${blank}*"(.*)"`, 's') },
  { name: 'lower', pattern: new RegExp(`${blank}l:([0-9]+)`) },
  { name: 'upper', pattern: new RegExp(`${blank}u:([0-9]+)`) },
];

/** Converts what follows the forwarding method. Each option is looked for behind the one before. */
function optionsOf(tail: Word, diagnostics: Diagnostics): Options {
  const found: Record<string, unknown> = {};
  let at = 0;
  for (const { name, pattern } of options) {
    const match = pattern.exec(tail.text.slice(at));
    if (!match) continue;
    warnOfIgnored(partOf(tail, at, match.index), diagnostics);
    const end = at + match.index + match[0].length;
    const own = partOf(tail, at + match.index + 1, match[0].length - 1);
    if (name === 'check') {
      found[name] = [bytesFromUnicode(match[1]!), bytesFromUnicode(match[2]!)];
      found.checkWord = own;
    } else found[name] = { ...own, text: match[1]! };
    at = end;
  }
  const rest = partOf(tail, at, tail.text.length - at);
  if (/[^ \t\v\f\r]/.test(rest.text)) {
    const start = rest.text.search(/[^ \t\v\f\r]/);
    const text = rest.text.slice(start).trimEnd();
    diagnostics.error(
      partOf(rest, start, text.length),
      `unexpected argument '${text}'`,
      '[WEIGHT] ["REQUEST", "RECEIVE"] [l:LOWER] [u:UPPER]',
    );
  }
  return found as Options;
}
