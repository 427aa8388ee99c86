/**
 * Writes tables in imported formats, and reads the text again to report what the format cannot
 * express.
 */
import { asciiJson } from '../../bytes/unicode';
import type { RealServer } from '../../model/real-server';
import type { Timeouts } from '../../model/table';
import type { ImportedFormat } from '../document/imported-format';
import { readDocument } from '../document/read';
import { daemonObject, serverObject, serviceObject, timeoutsObject } from '../document/to-object';
import { isError } from '../source/diagnostics';
import { type ServiceState, serverName, serviceName, type TableState } from '../table/table-state';

/**
 * Returns the text, piece by piece. A comment before each entry says what the format cannot express
 * of it.
 * @param reportIncomplete is called with the text of each such comment.
 */
export function* verifiedText(
  format: ImportedFormat,
  state: TableState,
  reportIncomplete: (entry: string) => void,
): Generator<string, void> {
  const head = format.head(state);
  yield* remarks(missingOfHead(format, head, state), reportIncomplete);
  yield head;
  for (const entry of state.services ?? []) yield* serviceText(format, entry, reportIncomplete);
}

function* serviceText(
  format: ImportedFormat,
  { service, servers }: ServiceState,
  reportIncomplete: (entry: string) => void,
): Generator<string, void> {
  const name = serviceName(service.key);
  const expressible = expressibleServers(format, { service, servers });
  const text = written(format, { service, servers: expressible });
  if (text === undefined) {
    const json = asciiJson({ ...serviceObject(service), servers: servers.map(serverObject) });
    yield* remarks([`${name}: ${json}`], reportIncomplete);
    return;
  }
  const leftOut = servers
    .filter((server) => !expressible.includes(server))
    .map((server) => `${name}: real server ${asciiJson(serverObject(server))}`);
  const changed = missing(format, text, { service, servers: expressible });
  yield* remarks([...leftOut, ...changed], reportIncomplete);
  yield text;
}

function written(format: ImportedFormat, { service, servers }: ServiceState): string | undefined {
  return format.service(
    service,
    servers.map((server) => format.server(server, service)!),
  );
}

/**
 * The real servers that the format has, without those that would get the same key as one before
 * them.
 */
function expressibleServers(
  format: ImportedFormat,
  { service, servers }: ServiceState,
): readonly RealServer[] {
  const inFormat = servers.filter((server) => format.server(server, service) !== undefined);
  const text = written(format, { service, servers: inFormat });
  const [found] = text === undefined ? [] : (readDocument(format.read(text)).state.services ?? []);
  if (!found) return inFormat;
  const names = found.servers.map(serverName);
  return inFormat.filter((_, index) => names.indexOf(names[index]!) === index);
}

function* remarks(
  entries: readonly string[],
  reportIncomplete: (entry: string) => void,
): Generator<string, void> {
  for (const entry of entries) {
    reportIncomplete(entry);
    yield `# not expressible here: ${entry}\n`;
  }
}

/** What is missing when a service's text is read again. */
function missing(format: ImportedFormat, text: string, { service, servers }: ServiceState): string[] {
  const name = serviceName(service.key);
  const { state, problems } = readDocument(format.read(text));
  const [found, ...others] = state.services ?? [];
  if (problems.some(isError) || others.length > 0)
    throw new Error(`this ${format.name} text cannot be read: ${text}`);
  if (!found) return [`${name}: ${format.name} has no services without real servers`];
  return [
    ...differences(serviceObject(service), serviceObject(found.service)).map(
      (difference) => `${name}: ${difference}`,
    ),
    ...servers.flatMap((server, index) =>
      differences(serverObject(server), serverObject(found.servers[index]!)).map(
        (difference) => `${name}: real server ${serverName(server)}: ${difference}`,
      ),
    ),
  ];
}

/** The fields that differ, with the wanted values; a dot separates the names of nested fields. */
function differences(wanted: object, found: object): string[] {
  const [all, others] = [flat(wanted), flat(found)];
  return [...new Set([...all.keys(), ...others.keys()])]
    .filter((name) => all.get(name) !== others.get(name))
    .map((name) => `${name} ${all.get(name) ?? 'left out'}`);
}

function flat(object: object, outer = ''): Map<string, string> {
  const entries = Object.entries(object).flatMap(([name, value]): [string, string][] =>
    typeof value === 'object' && !Array.isArray(value)
      ? [...flat(value, `${outer}${name}.`)]
      : [[`${outer}${name}`, asciiJson(value)]],
  );
  return new Map(entries);
}

/** The kernel's defaults in seconds (ip_vs_proto_tcp.c, ip_vs_proto_udp.c). */
const defaultTimeouts = { tcp: 900, tcpFin: 120, udp: 300 };

/** The timeouts of a text without any; 0 leaves a timeout as it is, and so is never missing. */
function timeoutsWhenAbsent(wanted: Timeouts): Timeouts {
  return {
    tcp: wanted.tcp && defaultTimeouts.tcp,
    tcpFin: wanted.tcpFin && defaultTimeouts.tcpFin,
    udp: wanted.udp && defaultTimeouts.udp,
  };
}

function missingOfHead(format: ImportedFormat, head: string, state: TableState): string[] {
  const found = head === '' ? {} : readDocument(format.read(head)).state;
  const { timeouts, daemons = [] } = state;
  const read = new Set((found.daemons ?? []).map((daemon) => asciiJson(daemonObject(daemon))));
  return [
    ...(timeouts && Object.values(timeouts).some((seconds) => seconds !== 0)
      ? differences(
          timeoutsObject(timeouts),
          timeoutsObject(found.timeouts ?? timeoutsWhenAbsent(timeouts)),
        ).map((difference) => `timeouts: ${difference}`)
      : []),
    ...daemons
      .map((daemon) => asciiJson(daemonObject(daemon)))
      .filter((text) => !read.has(text))
      .map((text) => `sync daemon ${text}`),
  ];
}
