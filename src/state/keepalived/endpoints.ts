/** Addresses with ports as keepalived reads them (utils.c, inet_stosockaddr). */
import { parseAddress } from '../../model/address';
import { limits } from '../../model/limits';
import type { Diagnostics, Word } from '../source/collect';
import type { Endpoint } from './model';
import { readUnsigned } from './numbers';

/**
 * Returns undefined if keepalived ignores what the endpoint belongs to; a warning says so. Of a
 * range or network it is the first address.
 * @param what is ignored, as the warning calls it.
 */
export function endpointOf(
  word: Word,
  port: Word | undefined,
  what: string,
  diagnostics: Diagnostics,
): Endpoint | undefined {
  const ignored = `keepalived ignores ${what}`;
  const number = portOf(port, ignored, diagnostics);
  if (number === undefined) return undefined;
  const address = parseAddress(/^[^-]*(?=-)|^[^/]*/.exec(word.text)![0]);
  if (address && (address.length === 16) === word.text.includes(':')) {
    const family = address.length === 4 ? 'ipv4' : 'ipv6';
    return { word, address, family, port: number, portWord: port ?? word };
  }
  diagnostics.warn(word, `'${word.text}' is not an IPv4 or IPv6 address: ${ignored}`);
  return undefined;
}

/** 0 if there is none; a port of zeros counts as none. */
function portOf(port: Word | undefined, ignored: string, diagnostics: Diagnostics): number | undefined {
  if (!port || /^0*$/.test(port.text)) return 0;
  let wrong: string | undefined;
  const number = readUnsigned(port.text, limits.destinationPort, true, (what) => {
    wrong = what;
  });
  if (wrong !== undefined)
    diagnostics.warn(port, `the port '${port.text}' ${wrong}${number === undefined ? `: ${ignored}` : ''}`);
  return number;
}

/** Warns about a range or prefix that keepalived drops. */
export function warnOfRange({ word }: Endpoint, diagnostics: Diagnostics): void {
  const [range] = /[-/].*/s.exec(word.text) ?? [];
  if (range !== undefined)
    diagnostics.warn(word, `keepalived ignores '${range}' after the address`, 'only groups have ranges');
}

/** Warns about words that keepalived does not read. */
export function warnOfExtra(words: readonly Word[], most: number, diagnostics: Diagnostics): void {
  const extra = words[most + 1];
  if (extra)
    diagnostics.warn(
      extra,
      `unexpected argument '${extra.text}' after '${words[0]!.text}': keepalived ignores it`,
    );
}
