/** real = HOST[->HOST][:PORT] gate | masq | ipip [WEIGHT] ["REQUEST", "RECEIVE"] [l:LOWER] [u:UPPER] of ldirectord(8). */
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
  /** Undefined: it is a firewall mark. */
  readonly port: number | undefined;
  readonly ipv6: boolean;
}

/** The real servers of one line: several when it has a range. */
export function serverNodes(
  value: Word,
  service: ServiceOfServers,
  names: NameSource,
  told: Diagnostics,
): SourceNode[] {
  const [where, method, ...rest] = wordsOf(value);
  if (!where || !method) {
    told.error(value, 'something is missing', 'real = ADDRESS:PORT gate | masq | ipip [WEIGHT]');
    return [];
  }
  const endpoint = endpointOf(where, told);
  if (!Object.hasOwn(forwardingNames, method.text)) {
    told.error(method, `there is no forwarding method '${method.text}'`, 'gate, masq or ipip');
  }
  const options = optionsOf(rest, told);
  if (!endpoint) return [];
  const own = endpoint.port && portOf(endpoint.port, undefined, names, told);
  const port = method.text === 'masq' ? (own ?? 0) : (service.port ?? 0);
  if (own !== undefined && own !== port) {
    told.warn(endpoint.port!, `it becomes port ${port}`, 'only masq changes the port');
  }
  return rangeOf(endpoint, service.ipv6, names, told).map((address) =>
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

/** What stands behind the method, in its order. */
function optionsOf(words: readonly Word[], told: Diagnostics): Record<string, SourceNode> {
  const fields: Record<string, SourceNode> = {};
  let step = 0;
  for (const word of words) {
    const kind = optionKinds.findIndex(({ pattern }) => pattern.test(word.text));
    const option = optionKinds[kind];
    if (!option || kind < step) {
      told.error(
        word,
        `'${word.text}' has no place here`,
        '[WEIGHT] ["REQUEST", "RECEIVE"] [l:LOWER] [u:UPPER]',
      );
      continue;
    }
    step = kind + 1;
    const digits = partOf(word, word.text.search(/[0-9]/), word.text.length);
    if (option.field === undefined)
      told.note(word, 'the request and what is expected of it are left out: they are about health checks');
    else fields[option.field] = scalarNode(numberOf({ ...digits, length: word.length }, told), word);
  }
  return fields;
}

const optionKinds: readonly { readonly pattern: RegExp; readonly field?: string }[] = [
  { pattern: /^[0-9]+$/, field: 'weight' },
  { pattern: /^".*"$/s },
  { pattern: /^l:[0-9]+$/, field: 'lowerThreshold' },
  { pattern: /^u:[0-9]+$/, field: 'upperThreshold' },
];

/** Words; the quoted pair is one. */
function wordsOf(value: Word): Word[] {
  return Array.from(value.text.matchAll(/"[^"]*"[, ]\s*"[^"]*"|\S+/g), (match) =>
    partOf(value, match.index, match[0].length),
  );
}
