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
import { sameServer } from '../table/equality';
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
  const head = safeHead(format, state);
  yield* remarks(missingOfHead(format, head, state), reportIncomplete);
  yield head;
  for (const entry of state.services ?? []) yield* serviceText(format, entry, reportIncomplete);
}

/** The head; without the sync daemons if the name of an interface breaks it. */
function safeHead(format: ImportedFormat, state: TableState): string {
  const head = format.head(state);
  if (head === '') return head;
  const { state: found, problems } = readDocument(format.read(head));
  const broken = problems.some(isError) || (found.services ?? []).length > 0;
  return broken ? format.head({ ...state, daemons: [] }) : head;
}

function* serviceText(
  format: ImportedFormat,
  entry: ServiceState,
  reportIncomplete: (entry: string) => void,
): Generator<string, void> {
  const { service, servers } = entry;
  const name = serviceName(service.key);
  const expressible = writeExpressible(format, entry);
  if (expressible === undefined) {
    const json = asciiJson({ ...serviceObject(service), servers: servers.map(serverObject) });
    yield* remarks([`${name}: ${json}`], reportIncomplete);
    return;
  }
  const kept = new Set(expressible.servers);
  const leftOut = servers
    .filter((server) => !kept.has(server))
    .map((server) => `${name}: real server ${asciiJson(serverObject(server))}`);
  yield* remarks([...leftOut, ...missing(format, expressible, service)], reportIncomplete);
  yield expressible.text;
}

/** The text of a service and of some of its real servers. */
interface Written {
  readonly text: string;
  readonly servers: readonly RealServer[];
  /** What is read back; undefined: nothing. */
  readonly found: ServiceState | undefined;
}

/** Undefined if there is no text that is read as one service. */
function written(
  format: ImportedFormat,
  service: ServiceState['service'],
  servers: readonly RealServer[],
): Written | undefined {
  const text = format.service(
    service,
    servers.map((server) => format.server(server, service)!),
  );
  if (text === undefined) return undefined;
  // A name from the kernel may hold anything: a blank, a newline, a brace.
  const { state, problems } = readDocument(format.read(text));
  const [found, ...others] = state.services ?? [];
  const another =
    found !== undefined &&
    (serviceName(found.service.key) !== serviceName(service.key) || found.servers.length > servers.length);
  return problems.some(isError) || others.length > 0 || another ? undefined : { text, servers, found };
}

/**
 * Writes the real servers that the format has, without those that the program leaves out, or that
 * would get the same key as one before them.
 */
function writeExpressible(format: ImportedFormat, { service, servers }: ServiceState): Written | undefined {
  const inFormat = servers.filter((server) => format.server(server, service) !== undefined);
  const all = written(format, service, inFormat);
  if (!all || inFormat.length === 0) return all;
  // Where the program leaves some out or merges them, each is read alone to find which.
  const found =
    all.found?.servers.length === inFormat.length
      ? all.found.servers
      : inFormat.map((server) => written(format, service, [server])?.found?.servers[0]);
  const seen = new Set<string>();
  const first = inFormat.filter((_, index) => {
    const name = found[index] && serverName(found[index]);
    return name !== undefined && !seen.has(name) && seen.add(name);
  });
  return first.length === inFormat.length ? all : written(format, service, first);
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
function missing(
  format: ImportedFormat,
  { servers, found }: Written,
  service: ServiceState['service'],
): string[] {
  const name = serviceName(service.key);
  if (!found) return [`${name}: ${format.name} has no services without real servers`];
  return [
    ...differences(serviceObject(service), serviceObject(found.service)).map(
      (difference) => `${name}: ${difference}`,
    ),
    ...servers.flatMap((server, index) => {
      const again = found.servers[index];
      const own = serverName(server);
      if (again && sameServer(server, again) && own === serverName(again)) return [];
      return differences(serverObject(server), again ? serverObject(again) : {}).map(
        (difference) => `${name}: real server ${own}: ${difference}`,
      );
    }),
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
