/**
 * real = HOST[->HOST][:PORT] gate | masq | ipip [WEIGHT] ["REQUEST", "RECEIVE"] [l:LOWER]
 * [u:UPPER]. ldirectord(8).
 */
import type { NameSource } from '../../platform/names';
import { objectNode, scalarNode } from '../source/build-tree';
import { type Diagnostics, numberOf, type Word } from '../source/collect';
import type { SourceNode } from '../source/tree';
import { endpointOf, portOf, rangeOf } from './endpoints';
import { partOf } from './lines';

export const forwardingNames: Readonly<Record<string, string>> = {
  gate: 'gatewaying',
  masq: 'masquerading',
  ipip: 'tunneling',
};

export interface ServiceOfServers {
  /** Undefined for a firewall mark. */
  readonly port: number | undefined;
  readonly ipv6: boolean;
}

/** Returns the real servers of one line, several if it has an address range. */
export function serverNodes(
  value: Word,
  service: ServiceOfServers,
  names: NameSource,
  diagnostics: Diagnostics,
): SourceNode[] {
  const [where, method, ...rest] = wordsOf(value);
  if (!where || !method) {
    diagnostics.error(
      value,
      'missing address or forwarding method',
      'real = ADDRESS:PORT gate | masq | ipip [WEIGHT]',
    );
    return [];
  }
  const endpoint = endpointOf(where, diagnostics);
  if (!Object.hasOwn(forwardingNames, method.text)) {
    diagnostics.error(method, `unknown forwarding method '${method.text}'`, 'gate, masq or ipip');
  }
  const options = optionsOf(rest, diagnostics);
  if (!endpoint) return [];
  const own = endpoint.port && portOf(endpoint.port, undefined, names, diagnostics);
  const port = method.text === 'masq' ? (own ?? 0) : (service.port ?? 0);
  if (own !== undefined && own !== port) {
    diagnostics.warn(
      endpoint.port!,
      `port ${port} is used instead of ${own}`,
      'only masq can change the port',
    );
  }
  return rangeOf(endpoint, service.ipv6, names, diagnostics).map((address) =>
    objectNode(
      {
        address: scalarNode(address, endpoint.host),
        port: scalarNode(port, endpoint.port ?? endpoint.host),
        forwarding: scalarNode(forwardingNames[method.text], method),
        ...options,
      },
      where,
    ),
  );
}

/** Converts the words after the forwarding method, whose order is fixed. */
function optionsOf(words: readonly Word[], diagnostics: Diagnostics): Record<string, SourceNode> {
  const fields: Record<string, SourceNode> = {};
  let step = 0;
  for (const word of words) {
    const kind = optionKinds.findIndex(({ pattern }) => pattern.test(word.text));
    const option = optionKinds[kind];
    if (!option || kind < step) {
      diagnostics.error(
        word,
        `unexpected argument '${word.text}'`,
        '[WEIGHT] ["REQUEST", "RECEIVE"] [l:LOWER] [u:UPPER]',
      );
      continue;
    }
    step = kind + 1;
    const digits = partOf(word, word.text.search(/[0-9]/), word.text.length);
    if (option.field === undefined)
      diagnostics.note(
        word,
        'the request and the expected response are ignored: ipvsadm does not run health checks',
      );
    else fields[option.field] = scalarNode(numberOf({ ...digits, length: word.length }, diagnostics), word);
  }
  return fields;
}

const optionKinds: readonly { readonly pattern: RegExp; readonly field?: string }[] = [
  { pattern: /^[0-9]+$/, field: 'weight' },
  { pattern: /^".*"$/s },
  { pattern: /^l:[0-9]+$/, field: 'lowerThreshold' },
  { pattern: /^u:[0-9]+$/, field: 'upperThreshold' },
];

/** Splits at white space, but keeps "REQUEST", "RECEIVE" together. */
function wordsOf(value: Word): Word[] {
  return Array.from(value.text.matchAll(/"[^"]*"[, ][ \t\n\v\f\r]*"[^"]*"|[^ \t\n\v\f\r]+/g), (match) =>
    partOf(value, match.index, match[0].length),
  );
}
