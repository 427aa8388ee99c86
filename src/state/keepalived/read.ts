/** Converts a keepalived.conf to a state document. A separate bundle, loaded on demand. */

import { DIRECTOR_VERSION, STATE_FORMAT, STATE_VERSION } from '../document/types';
import { listNode, objectNode, scalarNode } from '../source/build-tree';
import { type Diagnostics, newDiagnostics } from '../source/collect';
import type { Parsed } from '../source/tree';
import { type Handlers, readBlocks } from './blocks';
import { checkFileHandlers } from './check-files';
import type { ClientTls, TrackFile } from './checker-model';
import { hasChecks, serviceNodes } from './document';
import { type GlobalDefs, globalHandlers } from './global-defs';
import { globalKeywords } from './global-keywords';
import { addEntry, newGroup } from './groups';
import { type Keywords, rootKeywords, settings } from './keywords';
import { type Lines, readLines } from './lines';
import type { Group, VirtualServer } from './model';
import { type Includer, openSources } from './sources';
import { tableOf } from './table';
import type { Text } from './text';
import { validated } from './validate';
import { beginVirtualServer, virtualServerHandlers } from './virtual-servers';

export interface KeepalivedOptions {
  /** Selects the conditional lines (@) that apply, like keepalived's --config-id. */
  readonly configId?: string | undefined;
  /** Absent: includes are errors. */
  readonly includer?: Includer | undefined;
}

export function parseKeepalived(text: string, { configId, includer }: KeepalivedOptions = {}): Parsed {
  const diagnostics = newDiagnostics();
  const sources = openSources(text, diagnostics, includer);
  const lines = allLines(readLines(sources, diagnostics, configId));
  const globals = readGlobals(lines, diagnostics);
  const groups = new Map<string, Group>();
  const servers: VirtualServer[] = [];
  const files = new Map<string, TrackFile>();
  const tls: ClientTls = {};
  const handlers = merged(
    serverHandlers(groups, servers, diagnostics),
    checkFileHandlers(files, tls, diagnostics),
  );
  readBlocks(lines, rootKeywords, handlers, diagnostics);
  const described = servers.length > 0 && globals.services;
  const left = described ? validated(servers, groups, diagnostics) : [];
  const table = tableOf(left, globals.daemons !== undefined, diagnostics);
  const services = serviceNodes(table, { files, tls, diagnostics });
  const start = { offset: 0, length: 1 };
  if (servers.length > 0 && !described) {
    diagnostics.warn(servers[0]!.word, 'keepalived overlooks this: a block before it has too many braces');
  }
  if (!described)
    diagnostics.warn(start, 'this file has no virtual_server, so it does not describe the services');
  const root = objectNode(
    {
      format: scalarNode(STATE_FORMAT, start),
      version: scalarNode(hasChecks(table) ? DIRECTOR_VERSION : STATE_VERSION, start),
      timeouts: globals.timeouts,
      daemons: globals.daemons,
      services: described ? listNode(services, start) : undefined,
    },
    start,
  );
  const { parts, text: all } = sources.all;
  return {
    root,
    problems: diagnostics.problems,
    ...(parts.length > 0 ? { source: { text: all, parts } } : {}),
  };
}

function merged(one: Handlers, other: Handlers): Handlers {
  return {
    statements: { ...one.statements, ...other.statements },
    blocks: { ...one.blocks, ...other.blocks },
  };
}

function allLines(lines: Lines): Text[] {
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

/**
 * The first process of keepalived reads global_defs, and skips other blocks. It starts the health
 * checkers only if it finds a virtual_server.
 */
function readGlobals(lines: readonly Text[], diagnostics: Diagnostics): GlobalDefs & { services: boolean } {
  const globals: GlobalDefs & { services: boolean } = { services: false };
  const handlers: Handlers = {
    statements: {
      virtual_server: () => {
        globals.services = true;
      },
    },
    blocks: { global_defs: globalHandlers(globals, diagnostics) },
  };
  readBlocks(lines, parentKeywords, handlers, diagnostics, true);
  return globals;
}

const parentKeywords: Keywords = {
  ...Object.fromEntries(
    Object.keys(rootKeywords)
      .filter((name) => !Object.hasOwn(settings, name))
      .map((name) => [name, { skipped: true as const }]),
  ),
  global_defs: { block: globalKeywords, place: 'in global_defs' },
};
