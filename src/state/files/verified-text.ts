/**
 * Writes tables in imported formats, and reads the text again to report what the format cannot
 * express.
 */
import { asciiJson } from '../../bytes/unicode';
import type { Check } from '../../model/check';
import type { Configuration, DirectorService } from '../../model/director';
import type { RealServer } from '../../model/real-server';
import type { Timeouts } from '../../model/table';
import { fromCheck } from '../document/check';
import type { ImportedFormat } from '../document/imported-format';
import { readDocument } from '../document/read';
import { daemonObject, serverObject, serviceObject, timeoutsObject } from '../document/to-object';
import { policiesObject } from '../document/write-director';
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
  configuration?: Configuration,
): Generator<string, void> {
  const head = safeHead(format, state);
  yield* remarks(missingOfHead(format, head, state), reportIncomplete);
  yield head;
  const checked = new Map(configuration?.services.map((one) => [serviceName(one.service.key), one]));
  const checksHead = format.checksHead?.(configuration?.services ?? []) ?? '';
  yield checksHead;
  const within: ImportedFormat = { ...format, read: (text) => format.read(checksHead + text) };
  for (const entry of state.services ?? []) {
    yield* serviceText(within, entry, checked.get(serviceName(entry.service.key)), reportIncomplete);
  }
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
  checked: DirectorService | undefined,
  reportIncomplete: (entry: string) => void,
): Generator<string, void> {
  const { service, servers } = entry;
  const name = serviceName(service.key);
  // What checks cannot be in the format must not cost the service.
  const expressible =
    writeExpressible(format, entry, checked) ?? (checked && writeExpressible(format, entry, undefined));
  if (expressible === undefined) {
    const json = asciiJson({ ...serviceObject(service), servers: servers.map(serverObject) });
    yield* remarks([`${name}: ${json}`], reportIncomplete);
    return;
  }
  const kept = new Set(expressible.servers);
  const leftOut = servers
    .filter((server) => !kept.has(server))
    .map((server) => `${name}: real server ${asciiJson(serverObject(server))}`);
  const unchecked = checked ? missingChecks(checked, expressible.checks) : [];
  yield* remarks([...leftOut, ...missing(format, expressible, service), ...unchecked], reportIncomplete);
  yield expressible.text;
}

/** The text of a service and of some of its real servers. */
interface Written {
  readonly text: string;
  readonly servers: readonly RealServer[];
  /** What is read back; undefined: nothing. */
  readonly found: ServiceState | undefined;
  /** The checks and policies that are read back. */
  readonly checks: DirectorService | undefined;
}

/** Undefined if there is no text that is read as one service. */
function written(
  format: ImportedFormat,
  service: ServiceState['service'],
  servers: readonly RealServer[],
  checked: DirectorService | undefined,
): Written | undefined {
  const own = new Map(checked?.servers.map((one) => [serverName(one.server), one]));
  // It is read back as the last one.
  const last = servers.length > 1 ? serverName(servers.at(-1)!) : undefined;
  const spare = format.hasSpare && checked?.spare && serverName(checked.spare) === last && checked.spare;
  const text = format.service(
    service,
    (spare ? servers.slice(0, -1) : servers).map((server) => {
      const one = own.get(serverName(server));
      return format.server(server, service, one && { own: one, service: checked! })!;
    }),
    checked && { ...checked, spare: spare || undefined },
  );
  if (text === undefined) return undefined;
  // A name from the kernel may hold anything: a blank, a newline, a brace.
  const { state, configuration, problems } = readDocument(format.read(text));
  const [found, ...others] = state.services ?? [];
  const another =
    found !== undefined &&
    (serviceName(found.service.key) !== serviceName(service.key) || found.servers.length > servers.length);
  const checks = configuration?.services[0];
  return problems.some(isError) || others.length > 0 || another
    ? undefined
    : { text, servers, found, checks };
}

/**
 * Writes the real servers that the format has, without those that the program leaves out, or that
 * would get the same key as one before them.
 */
function writeExpressible(
  format: ImportedFormat,
  { service, servers }: ServiceState,
  checked: DirectorService | undefined,
): Written | undefined {
  const inFormat = servers.filter((server) => format.server(server, service) !== undefined);
  const all = written(format, service, inFormat, checked);
  if (!all || inFormat.length === 0) return all;
  // Where the program leaves some out or merges them, each is read alone to find which.
  const found =
    all.found?.servers.length === inFormat.length
      ? all.found.servers
      : inFormat.map((server) => written(format, service, [server], checked)?.found?.servers[0]);
  const seen = new Set<string>();
  const first = inFormat.filter((_, index) => {
    const name = found[index] && serverName(found[index]);
    return name !== undefined && !seen.has(name) && seen.add(name);
  });
  return first.length === inFormat.length ? all : written(format, service, first, checked);
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

/** What is missing of the checks and policies of a service when its text is read again. */
function missingChecks(wanted: DirectorService, found: DirectorService | undefined): string[] {
  const name = serviceName(wanted.service.key);
  const again = new Map(found?.servers.map((one) => [serverName(one.server), one]));
  const missingOf = missingOfChecks();
  const isChecked = wanted.servers.some(({ checks }) => checks.length > 0);
  return [
    ...(wanted.name === name ? [] : [`${name}: name ${asciiJson(wanted.name)}`]),
    ...(wanted.comment === undefined ? [] : [`${name}: comment ${asciiJson(wanted.comment)}`]),
    ...(isChecked || wanted.sorry ? missingPolicies(wanted, found) : []).map(
      (difference) => `${name}: ${difference}`,
    ),
    ...wanted.servers.flatMap((server) => {
      const own = serverName(server.server);
      const place = `${name}: real server ${own}`;
      const { checks, any } = again.get(own) ?? { checks: [], any: false };
      return [
        ...(server.name === own ? [] : [`${place}: name ${asciiJson(server.name)}`]),
        ...(server.comment === undefined ? [] : [`${place}: comment ${asciiJson(server.comment)}`]),
        ...(server.admin === 'ready' ? [] : [`${place}: admin ${asciiJson(server.admin)}`]),
        ...(server.any === any || server.checks.length < 2 ? [] : [`${place}: any ${server.any}`]),
        ...missingOf(server.checks, checks).map((text) => `${place}: check ${text}`),
      ];
    }),
  ];
}

function missingPolicies(wanted: DirectorService, found: DirectorService | undefined): string[] {
  if (found) return differences(policiesObject(wanted, true), policiesObject(found, true));
  const special = policiesObject(wanted, false);
  return Object.keys(special).length === 0 ? [] : [`policies ${asciiJson(special)}`];
}

/** Compares checks; those that servers share only once. */
function missingOfChecks(): (wanted: readonly Check[], found: readonly Check[]) => readonly string[] {
  let last: { wanted: readonly Check[]; found: readonly Check[]; missing: readonly string[] } | undefined;
  return (wanted, found) => {
    if (last?.wanted !== wanted || last.found !== found) {
      const missing = wanted.flatMap((check, index) => missingOfCheck(check, found[index]));
      last = { wanted, found, missing };
    }
    return last.missing;
  };
}

function missingOfCheck(wanted: Check, found: Check | undefined): string[] {
  const object = fromCheck(wanted, true);
  if (!found || found.type !== wanted.type) return [asciiJson(fromCheck(wanted))];
  const fields = differences(object, fromCheck(found, true));
  return fields.length === 0 ? [] : [`${wanted.type}: ${fields.join(', ')}`];
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
    typeof value === 'object' && value !== null && !Array.isArray(value)
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
