/** Listings of services and real servers that are read as a whole, so that they can be chosen from. */
import type { ListServices } from '../../command-line/request';
import { exitStatus } from '../../errors/exit-status';
import type { Changes } from '../../format/changes';
import type { GivenNames } from '../../format/given-names';
import { formatServer, formatService, formatTitles, formatVersion } from '../../format/service-list';
import { type SortKey, sortedBy } from '../../live/table-order';
import { isAskedService, type Selected, select, type TableQuery } from '../../live/table-query';
import { compareServerKeys, compareServiceKeys } from '../../model/address-order';
import { isTunneling } from '../../model/kernel-rules';
import { compareServers, compareServices, sortLikeC } from '../../model/order';
import type { ListedServer } from '../../model/real-server';
import type { ListedService } from '../../model/virtual-service';
import { failure } from '../../operations/run';
import type { TableSource } from '../../operations/table-source';
import type { InteractiveSystem } from '../../platform/interactive-system';
import { type Names, withNames } from '../../platform/names';
import type { Output } from '../../platform/output';
import type { MaybeUnknown } from '../../state/table/listed-state';

export interface TableView {
  readonly style: 'pretty' | 'classic' | 'json';
  readonly query: TableQuery;
  readonly sort: SortKey;
  readonly colour: boolean;
  readonly given?: GivenNames | undefined;
  readonly changes?: Changes;
}

/** Where a listing goes, and who knows names. */
export interface Printing {
  readonly system: InteractiveSystem;
  readonly output: Output;
  readonly names: Names;
}

export type Entry = Selected<ListedServer & MaybeUnknown, ListedService & MaybeUnknown>;

/** Prints what is asked for of a table. @throws IpvsadmError. */
export async function listTable(
  request: ListServices,
  source: TableSource,
  view: TableView,
  printing: Printing,
): Promise<number> {
  try {
    if (view.style !== 'pretty') await printers[view.style](request, source, view, printing);
    else {
      printing.output.asIs(); // coloured
      for await (const text of prettyTable(request, source, view, printing)) printing.output.write(text);
    }
    return exitStatus.ok;
  } catch (error) {
    throw failure(request.kind, error, exitStatus.listing);
  }
}

/** The pieces of the table for people. Loads chalk and what draws tables. @throws netlink failures. */
export async function* prettyTable(
  request: ListServices,
  source: TableSource,
  view: TableView,
  { system, names }: Printing,
): AsyncGenerator<string, void> {
  const { formatPrettyService } = require('../../format/pretty') as typeof import('../../format/pretty');
  const options = {
    ...request,
    names: request.numeric ? undefined : names,
    width: terminalWidth(system),
    colour: view.colour,
    given: view.given,
    changes: view.changes,
  };
  const { entries, any } = selectedOf(request, source, view);
  if (entries.length === 0) yield any ? 'nothing matches\n' : 'no virtual services\n';
  for (const [index, entry] of entries.entries()) {
    if (options.names) await options.names.lookUpAddresses(entry.servers.map(({ address }) => address));
    if (index > 0) yield '\n';
    yield await withNames(() => formatPrettyService(entry, options));
  }
}

const printers = { classic: listClassic, json: listJson } as const;

async function listClassic(
  request: ListServices,
  source: TableSource,
  view: TableView,
  { output, names }: Printing,
): Promise<void> {
  const options = { ...request, names: request.numeric ? undefined : names };
  if (!request.key) output.write(formatVersion(source.info));
  output.write(formatTitles(request.format));
  for (const { service, servers } of selectedOf(request, source, view).entries) {
    if (options.names) await options.names.lookUpAddresses(addressesOf(service, servers));
    output.write(await withNames(() => formatService(service, options)));
    for (const server of servers) {
      output.write(await withNames(() => formatServer(service.key, server, options)));
    }
  }
}

async function listJson(
  request: ListServices,
  source: TableSource,
  view: TableView,
  { output }: Printing,
): Promise<void> {
  const { writeState } = require('../../state/document/write') as typeof import('../../state/document/write');
  const services = selectedOf(request, source, view).entries;
  const kernel = source.info;
  if (!source.partial) {
    for (const piece of writeState({ kernel, services }, true)) output.write(piece);
    return;
  }
  const [head = '', ...rest] = writeState({ kernel, services: services.map(withoutUnknown) }, true);
  // No field of a state document: what is partial must not be loaded.
  output.write(`${head},\n  "partial": true${rest.join('')}`);
}

/** An entry of a partial table: a field of what is not known is left out. */
export function withoutUnknown<T extends Pick<Entry, 'service' | 'servers'>>(entry: T): T {
  const unknown = {
    upperThreshold: undefined,
    lowerThreshold: undefined,
    persistentConnections: undefined,
  };
  const tunnel = { type: undefined, port: 0, flags: undefined };
  return {
    ...entry,
    service: { ...entry.service, timeout: undefined },
    servers: entry.servers.map((server) => ({
      ...server,
      ...unknown,
      ...(isTunneling(server) && { tunnel }),
    })),
  } as unknown as T;
}

/** What is asked for, in the order of the listing, and whether the table has any service. */
export function selectedOf(
  { key, sorted }: ListServices,
  source: TableSource,
  { query, sort, style }: TableView,
): { readonly entries: Entry[]; readonly any: boolean } {
  let any = false;
  const asked = (each: ListedService['key']) => {
    any = true;
    return isAskedService(query, each);
  };
  const entries: Entry[] = [];
  for (const { service, servers } of source.entries(key, asked)) {
    const entry = select(query, service, servers);
    if (entry) entries.push(entry);
  }
  return { entries: sortedBy(sort, sorted ? inOrder(entries, style) : entries), any };
}

/** In the usual order of the listing. */
function inOrder(entries: readonly Entry[], style: TableView['style']): Entry[] {
  if (style === 'classic') {
    const ordered = entries.map((each) => ({ ...each, servers: sortLikeC(each.servers, compareServers) }));
    return sortLikeC(ordered, (a, b) => compareServices(a.service, b.service));
  }
  const ordered = entries.map((each) => ({ ...each, servers: each.servers.toSorted(compareServerKeys) }));
  return ordered.sort((a, b) => compareServiceKeys(a.service.key, b.service.key));
}

function addressesOf({ key }: ListedService, servers: readonly ListedServer[]): Uint8Array[] {
  const addresses = servers.map(({ address }) => address);
  return key.kind === 'address' ? [key.address, ...addresses] : addresses;
}

/**
 * The columns of a line: those of COLUMNS in the environment, else those of the terminal;
 * undefined: no limit.
 */
export function terminalWidth(system: InteractiveSystem): number | undefined {
  const columns = system.environment('COLUMNS') ?? '';
  return /^[1-9][0-9]{0,4}$/.test(columns) ? Number(columns) : system.stdoutWidth();
}
