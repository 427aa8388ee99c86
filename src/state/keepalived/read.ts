/** Converts a keepalived.conf to a state document. A separate bundle, loaded on demand. */

import { DIRECTOR_VERSION, STATE_FORMAT, STATE_VERSION } from '../document/types';
import { listNode, objectNode, scalarNode } from '../source/build-tree';
import { type Diagnostics, newDiagnostics } from '../source/collect';
import type { Span } from '../source/diagnostics';
import { documentOf, type Parsed, type SourceNode, type Wanted } from '../source/tree';
import { type Handlers, readBlocks } from './blocks';
import { placesIn } from './fast-places';
import { fastServices } from './fast-read';
import { allLines, type Found, handlersFor, nothingFound, servicesOf } from './found';
import { type GlobalDefs, globalHandlers } from './global-defs';
import { globalKeywords } from './global-keywords';
import { type Keywords, rootKeywords, settings } from './keywords';
import { readLines } from './lines';
import { type Includer, openSources } from './sources';
import type { Text } from './text';

export interface KeepalivedOptions {
  /** Selects the conditional lines (@) that apply, like keepalived's --config-id. */
  readonly configId?: string | undefined;
  /** Absent: includes are errors. */
  readonly includer?: Includer | undefined;
}

export function parseKeepalived(text: string, options: KeepalivedOptions = {}): Parsed {
  return parseFast(text, options) ?? parsePlainly(text, options);
}

/** What precedes the first service is read plainly, if it ends there without a warning. */
function parseFast(text: string, options: KeepalivedOptions): Parsed | undefined {
  const from = text.search(/^virtual_server[ \t]/m);
  if (from < 0) return undefined;
  const diagnostics = newDiagnostics();
  const head = readHead(text.slice(0, from), options, diagnostics);
  const file = head && fastServices(text, from, diagnostics, head.found);
  if (!file) return undefined;
  const { services, starts, checked } = file;
  const version = checked ? DIRECTOR_VERSION : STATE_VERSION;
  const around = documentOf(rootOf(head.globals, [], version)).value as object;
  const places = (wanted: readonly Wanted[]) =>
    placesIn(text, starts, wanted, (part) => documentOf(parsePlainly(part, options).root!));
  return { document: { value: { ...around, services }, places }, problems: diagnostics.problems };
}

/** Undefined if the text after it may depend on it in more than checks, or if something in it is wrong. */
function readHead(
  head: string,
  options: KeepalivedOptions,
  diagnostics: Diagnostics,
): { readonly globals: GlobalDefs; readonly found: Found } | undefined {
  if (/\\|^[ \t]*(~|include)/m.test(head)) return undefined;
  const sources = openSources(head, diagnostics, options.includer);
  const lines = allLines(readLines(sources, diagnostics, options.configId));
  const globals = readGlobals(lines, diagnostics);
  const found = nothingFound();
  readBlocks(lines, rootKeywords, handlersFor(found, diagnostics), diagnostics);
  const isClosed = lines.length === 0 || lines.at(-1)!.text === '}';
  const isSimple = isClosed && !globals.services && found.groups.size + found.servers.length === 0;
  return isSimple && diagnostics.problems.every(({ severity }) => severity === 'note')
    ? { globals, found }
    : undefined;
}

/** Without the fast path. */
export function parsePlainly(text: string, { configId, includer }: KeepalivedOptions = {}): Parsed {
  const diagnostics = newDiagnostics();
  const sources = openSources(text, diagnostics, includer);
  const lines = allLines(readLines(sources, diagnostics, configId));
  const globals = readGlobals(lines, diagnostics);
  const found = nothingFound();
  readBlocks(lines, rootKeywords, handlersFor(found, diagnostics), diagnostics);
  const { servers } = found;
  const described = servers.length > 0 && globals.services;
  const services = described ? servicesOf(found, globals.daemons !== undefined, diagnostics) : undefined;
  if (servers.length > 0 && !described) {
    diagnostics.warn(servers[0]!.word, 'keepalived overlooks this: a block before it has too many braces');
  }
  if (!described)
    diagnostics.warn(start, 'this file has no virtual_server, so it does not describe the services');
  const { parts, text: all } = sources.all;
  return {
    root: rootOf(globals, services?.nodes, services?.checked ? DIRECTOR_VERSION : STATE_VERSION),
    problems: diagnostics.problems,
    ...(parts.length > 0 ? { source: { text: all, parts } } : {}),
  };
}

const start: Span = { offset: 0, length: 1 };

function rootOf(
  { timeouts, daemons }: GlobalDefs,
  services: readonly SourceNode[] | undefined,
  version: number,
): SourceNode {
  return objectNode(
    {
      format: scalarNode(STATE_FORMAT, start),
      version: scalarNode(version, start),
      timeouts,
      daemons,
      services: services && listNode(services, start),
    },
    start,
  );
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
