/** fallback = HOST[:PORT] [gate | masq | ipip]. ldirectord(8). */
import type { Word } from '../source/collect';
import { addressOf, type Lookup, portOf } from './endpoints';
import { blank, partOf, type Setting, warnOfIgnored } from './lines';
import { isForwarding, type Server } from './real-servers';

/** The last two words count. */
const words = new RegExp(
  `(?<!\\S)(\\S+)(?:${blank}+(\\S+))?${blank}*$`.replaceAll('\\S', '[^ \\t\\v\\f\\r]'),
);
const portAtEnd = /:([A-Za-z0-9_-]+)$/;

/** A fallback server whose port depends on its service. */
export type Fallback = (service: FallbackService) => Server | undefined;

export interface FallbackService {
  /** tcp, udp or fwm. */
  readonly protocol: string;
  /** The port as ldirectord writes it. */
  readonly port: string;
}

/**
 * Returns the fallback server. Reports an error when ldirectord refuses it.
 * @param port the port if the directive has none: that of the service as given, which has to be
 * looked up, in its section; undefined at the top level.
 */
export function fallbackOf(
  { value }: Setting,
  port: Word | undefined,
  protocols: readonly string[],
  lookup: Lookup,
): Fallback | undefined {
  const match = words.exec(value.text);
  const where = partOf(value, match?.index ?? 0, match?.[1]?.length ?? 0);
  const method = match?.[2] ?? 'gate';
  if (!isForwarding(method)) {
    lookup.diagnostics.error(value, `unknown forwarding method '${method}'`, 'gate, masq or ipip');
    return undefined;
  }
  if (match) warnOfIgnored(partOf(value, 0, match.index), lookup.diagnostics);
  const given = portAtEnd.exec(where.text);
  const host = partOf(where, 0, given?.index ?? where.text.length);
  const own = given ? partOf(where, given.index + 1, given[1]!.length) : port;
  const address = addressOf(host, lookup);
  const found = new Map<string, string | undefined>();
  for (const protocol of protocols)
    found.set(protocol, own === undefined || own.text === '0' ? own?.text : portOf(own, protocol, lookup));
  if (address === undefined) return undefined;
  const forwarding = partOf(value, value.text.length, 0);
  return (service) => {
    // At the top level a fallback server serves TCP and UDP only.
    if (!found.has(service.protocol)) return undefined;
    return {
      line: { where, host, port: own, forwarding, options: {} },
      address,
      port: found.get(service.protocol) ?? service.port,
      forwarding: method,
      weight: 1,
      lower: 0,
      upper: 0,
      id: '',
      refused: undefined,
    };
  };
}
