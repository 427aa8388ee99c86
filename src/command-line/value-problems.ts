/**
 * What is wrong with the value of an option in a subcommand, and what would be right. The classic
 * syntax has the C program's messages instead (settings.ts).
 */
import {
  AF_INET6,
  type Family,
  formatAddress,
  formatIpv4,
  ipv4FromWord,
  parseAddress,
  parseIpv6,
} from '../model/address';
import { isMulticast } from '../model/kernel-rules';
import { defaults, limits, MAX_TIMEOUT, nameLengths, type Range } from '../model/limits';
import { tunnelTypes } from '../model/real-server';
import { protocols } from '../model/virtual-service';
import type { NameSource } from '../platform/names';
import { endpointProblem } from './endpoint-problem';
import type { OptionLong } from './options';
import { parseInetAton, parseNumber } from './values';

/** What the check of one value needs to know of the rest of the command line. */
export interface ValueContext {
  readonly names: NameSource;
  /** The IP protocol of the service. */
  readonly protocol: number;
  /** The address family of the service; undefined if it is not known. */
  readonly family: Family | undefined;
}

/** The values of a command line, as given, by the long option. */
export type GivenValues = { readonly [long in OptionLong]?: string | undefined };

/** The context in which the values of a command line are checked. */
export function valueContext(
  given: GivenValues & { readonly ipv6?: unknown },
  names: NameSource,
): ValueContext {
  const services = ['tcp-service', 'udp-service', 'sctp-service'] as const;
  const long = services.find((name) => given[name] !== undefined);
  const protocol = long
    ? protocols[long.slice(0, -'-service'.length) as keyof typeof protocols]
    : protocols.tcp;
  if (long === undefined) return { names, protocol, family: given.ipv6 ? AF_INET6 : 2 };
  const inner = given[long]!.replace(/^\[([^\]]*)\].*$/s, '$1');
  return { names, protocol, family: parseIpv6(inner) ? AF_INET6 : 2 };
}

/**
 * The problem of a value as `fault: remedy`; undefined if there is none.
 * @throws NameNeeded.
 */
export function valueProblem(long: OptionLong, text: string, context: ValueContext): string | undefined {
  return checks[long]?.(text, context);
}

/** The problem of a timeout of `set-timeouts`. */
export function timeoutProblem(text: string): string | undefined {
  return numberProblem(text, { min: 0, max: MAX_TIMEOUT }, 'give seconds from 0 (keep the present timeout)');
}

type Check = (text: string, context: ValueContext) => string | undefined;

const service =
  (protocol: number): Check =>
  (text, { names }) =>
    endpointProblem(text, protocol, names);

const number =
  (range: Range, remedy: string): Check =>
  (text) =>
    numberProblem(text, range, remedy);

const name =
  (length: number, what: string): Check =>
  (text) => {
    if (text === '') return `is empty: give ${what}, or leave the option out`;
    return text.length > length ? `is too long: ${what} has at most ${length} bytes` : undefined;
  };

const connections = 'give a number of connections from 0 (no threshold)';

/** The check of each option that takes a value. */
const checks: { readonly [long in OptionLong]?: Check } = {
  'tcp-service': service(protocols.tcp),
  'udp-service': service(protocols.udp),
  'sctp-service': service(protocols.sctp),
  'fwmark-service': number(limits.fwmark, `give a firewall mark from ${limits.fwmark.min}`),
  scheduler: name(nameLengths.scheduler, 'the name of a scheduler'),
  persistent: number(limits.persistenceTimeout, `give seconds from ${limits.persistenceTimeout.min}`),
  netmask: (text, { family }) => (family === AF_INET6 ? prefixProblem(text) : netmaskProblem(text)),
  pe: name(nameLengths.persistenceEngine, 'the name of a persistence engine'),
  'sched-flags': name(nameLengths.schedulerFlags, 'a list of flags'),
  'real-server': (text, { protocol, names }) => endpointProblem(text, protocol, names),
  weight: number(limits.weight, 'give a weight from 0 (no new connections)'),
  'u-threshold': number(limits.threshold, connections),
  'l-threshold': number(limits.threshold, connections),
  'tun-type': (text) =>
    Object.hasOwn(tunnelTypes, text)
      ? undefined
      : `is not a tunnel type: give ${Object.keys(tunnelTypes).join(', ')}`,
  'tun-port': number(limits.destinationPort, 'give a port from 1'),
  syncid: number(limits.syncId, `give a sync ID from ${limits.syncId.min}`),
  'sync-maxlen': number(limits.syncMaxLength, `give a length in bytes from ${limits.syncMaxLength.min}`),
  'mcast-interface': name(nameLengths.interface, 'the name of an interface'),
  'mcast-group': groupProblem,
  'mcast-port': number(limits.destinationPort, 'give a port from 1'),
  'mcast-ttl': number(limits.multicastTtl, 'give a time to live from 1'),
};

/** @param remedy what to give, up to the least value. */
function numberProblem(text: string, { min, max }: Range, remedy: string): string | undefined {
  const right = `${remedy} to ${max}`;
  if (text === '') return `is empty: ${right}`;
  const value = parseNumber(text, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
  if (value === undefined) return `is not a whole number: ${right}`;
  if (value < 0) return `is negative: ${right}`;
  if (value < min) return `is too small: ${right}`;
  return value > max ? `is too large: ${right}` : undefined;
}

function prefixProblem(text: string): string | undefined {
  if (parseInetAton(text) && text.includes('.')) {
    return 'is an IPv4 netmask, but the service is IPv6: give a prefix length from 1 to 128';
  }
  return numberProblem(text.replace(/^\//, 'x'), limits.prefixLength, 'give a prefix length from 1');
}

function netmaskProblem(text: string): string | undefined {
  const prefix = /^\/?([0-9]{1,2})$/.exec(text)?.[1];
  if (prefix && Number(prefix) >= 1 && Number(prefix) <= 32) {
    const mask = formatIpv4(ipv4FromWord((0xffffffff << (32 - Number(prefix))) >>> 0));
    return `is a prefix length, but the service is IPv4: give the netmask ${mask}`;
  }
  if (/^[0-9a-fxA-FX]+\./.test(text) && parseInetAton(text) && !/[ \t\n\v\f\r]/.test(text)) return undefined;
  return 'is not an IPv4 netmask: give one such as 255.255.255.0';
}

function groupProblem(text: string): string | undefined {
  const address = parseAddress(text);
  if (address && isMulticast(address)) return undefined;
  const right = `give one in 224.0.0.0/4 or ff00::/8, such as ${formatAddress(defaults.multicastGroup)}`;
  return address ? `is not a multicast address: ${right}` : `is not an address: ${right}`;
}
