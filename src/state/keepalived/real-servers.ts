/** real_server blocks and sorry servers of keepalived.conf(5) (check_parser.c, check_data.c). */
import { limits, U32_MAX } from '../../model/limits';
import type { Diagnostics, Word } from '../source/collect';
import type { BlockReader, Handlers } from './blocks';
import { checkerHandlers } from './checkers';
import { endpointOf, warnOfExtra, warnOfRange } from './endpoints';
import { setForwarding } from './forwarding';
import type { FamilyName, Server, VirtualServer } from './model';
import { unsignedOf } from './numbers';
import { timingStatements, virtualhost } from './timing';
import { truth } from './truth';
import type { Words } from './words';

/** A new server takes the forwarding method that its virtual server has at that place. */
export function newServer(
  [keyword, address, port, ...more]: Words,
  owner: VirtualServer,
  diagnostics: Diagnostics,
): Server | undefined {
  const endpoint = endpointOf(address!, port, `the ${keyword.text}`, diagnostics);
  warnOfExtra([keyword, address!, port!, ...more], 2, diagnostics);
  if (!endpoint) return undefined;
  warnOfRange(endpoint, diagnostics);
  const { forwarding, tunnel } = owner;
  return {
    endpoint,
    forwarding,
    tunnel,
    weight: undefined,
    upper: undefined,
    lower: undefined,
    inhibit: undefined,
  };
}

const timing = { ...timingStatements('server'), virtualhost };

/** The statements of a real_server block change the last real server that was read. */
export function realServerHandlers(
  owner: () => VirtualServer | undefined,
  diagnostics: Diagnostics,
): Handlers {
  const change = (what: (server: Server, words: Words) => void) => (words: Words) => {
    const server = owner()?.servers.at(-1);
    if (server) what(server, words);
    else diagnostics.error(words[0], 'keepalived has no real server to which this applies');
  };
  const number = (field: 'weight' | 'upper' | 'lower', max: number) =>
    change((server, words) => {
      warnOfExtra(words, 1, diagnostics);
      const value = unsignedOf(words[1]!, { min: 0, max }, true, diagnostics);
      if (value !== undefined) server[field] = { value, word: words[1]! };
    });
  const checkers = checkerHandlers(() => owner()?.servers.at(-1), diagnostics);
  return {
    blocks: checkers.blocks,
    statements: {
      ...checkers.statements,
      ...Object.fromEntries(
        Object.entries(timing).map(([name, set]) => [
          name,
          change((server, words) => {
            server.timing ??= {};
            set(server.timing, words, diagnostics);
          }),
        ]),
      ),
      weight: number('weight', limits.weight.max),
      uthreshold: number('upper', U32_MAX),
      lthreshold: number('lower', U32_MAX),
      lvs_method: change((server, words) => setForwarding(server, words, diagnostics)),
      inhibit_on_failure: change((server, words) => {
        const on = words[1] ? truth(words[1]) : true;
        if (on !== undefined) server.inhibit = on;
      }),
    },
    end: () => endServer(owner(), diagnostics),
  };
}

export function beginServer(
  words: Words,
  owner: VirtualServer,
  reader: BlockReader,
  diagnostics: Diagnostics,
): void {
  const server = newServer(words, owner, diagnostics);
  if (server) owner.servers.push(server);
  else reader.skipBlock();
}

/** Without tunneling, a real server has the address family of its service, or decides it. */
function endServer(owner: VirtualServer | undefined, diagnostics: Diagnostics): void {
  const server = owner?.servers.at(-1);
  if (!owner || !server || server.forwarding?.method === 'TUN') return;
  if (fits(owner, server)) return;
  diagnostics.warn(
    server.endpoint.word,
    `'${server.endpoint.word.text}' is of another address family than its virtual server: keepalived ignores it`,
    'only tunneling crosses address families',
  );
  owner.servers.pop();
}

/** Whether a server is of its service's address family, which it decides if that is not known. */
export function fits(owner: VirtualServer, { endpoint }: Server): boolean {
  owner.family ??= given(endpoint.family, endpoint.word);
  return owner.family.value === endpoint.family;
}

function given(value: FamilyName, word: Word) {
  return { value, word };
}
