/** The services of a file: what reads their blocks, and what is made of them. */
import type { Diagnostics } from '../source/collect';
import type { SourceNode } from '../source/tree';
import type { Handlers } from './blocks';
import { checkFileHandlers } from './check-files';
import type { ClientTls, TrackFile } from './checker-model';
import { hasChecks, serviceNodes } from './document';
import { addEntry, newGroup } from './groups';
import type { Lines } from './lines';
import type { Group, VirtualServer } from './model';
import { tableOf } from './table';
import type { Text } from './text';
import { validated } from './validate';
import { beginVirtualServer, virtualServerHandlers } from './virtual-servers';

/** What the blocks of a file describe. */
export interface Found {
  readonly groups: Map<string, Group>;
  readonly servers: VirtualServer[];
  readonly files: Map<string, TrackFile>;
  readonly tls: ClientTls;
}

export function nothingFound(): Found {
  return { groups: new Map(), servers: [], files: new Map(), tls: {} };
}

/** Returns what adds the blocks of a file to what was found. */
export function handlersFor({ groups, servers, files, tls }: Found, diagnostics: Diagnostics): Handlers {
  const ofServers = serverHandlers(groups, servers, diagnostics);
  const ofChecks = checkFileHandlers(files, tls, diagnostics);
  return {
    statements: { ...ofServers.statements, ...ofChecks.statements },
    blocks: { ...ofServers.blocks, ...ofChecks.blocks },
  };
}

/**
 * Returns the services of the table that keepalived makes.
 * @param synchronised whether there is a sync daemon.
 */
export function servicesOf(
  { servers, groups, files, tls }: Found,
  synchronised: boolean,
  diagnostics: Diagnostics,
): { readonly nodes: readonly SourceNode[]; readonly checked: boolean } {
  const table = tableOf(validated(servers, groups, diagnostics), synchronised, diagnostics);
  return { nodes: serviceNodes(table, { files, tls, diagnostics }), checked: hasChecks(table) };
}

export function allLines(lines: Lines): Text[] {
  const all: Text[] = [];
  for (let line = lines.next(); line; line = lines.next()) all.push(line);
  return all;
}

function serverHandlers(
  groups: Map<string, Group>,
  servers: VirtualServer[],
  diagnostics: Diagnostics,
): Handlers {
  return {
    statements: {
      virtual_server: (words, reader) => beginVirtualServer(words, servers, reader, diagnostics),
      virtual_server_group: ([keyword, name, extra], reader) => {
        if (extra) diagnostics.error(extra, `unexpected argument '${extra.text}' after '${name!.text}'`);
        const group = newGroup(name!.text);
        reader.valueBlock((words) => addEntry(group, words, diagnostics));
        if (isUsable(group)) {
          if (groups.has(group.name))
            diagnostics.warn(name!, `keepalived ignores this group: '${group.name}' exists already`);
          else groups.set(group.name, group);
        } else {
          const why = group.ipv4
            ? 'addresses of both families and a firewall mark without a family'
            : 'no addresses and firewall marks';
          diagnostics.warn(keyword, `keepalived ignores this group: it has ${why}`);
        }
      },
    },
    blocks: { virtual_server: virtualServerHandlers(servers, diagnostics) },
  };
}

function isUsable({ addresses, marks, ipv4, ipv6, unclear }: Group): boolean {
  return addresses.length + marks.length > 0 && !(ipv4 && ipv6 && unclear);
}
