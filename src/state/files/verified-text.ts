/** Tables as other programs' configuration: what is written is read again, and what does not come back is told of. */

import { asciiJson } from '../../bytes/unicode';
import type { RealServer } from '../../model/real-server';
import type { Timeouts } from '../../model/table';
import type { ImportedFormat } from '../document/imported-format';
import { readDocument } from '../document/read';
import { daemonObject, serverObject, serviceObject, timeoutsObject } from '../document/to-object';
import { isError } from '../source/diagnostics';
import { type ServiceState, serverName, serviceName, type TableState } from '../table/table-state';

/**
 * The text, piece by piece. Where it does not say all of an entry, a comment before it says what is missing.
 * @param lost is called for each entry that the text does not hold whole.
 */
export function* verifiedText(
  format: ImportedFormat,
  state: TableState,
  lost: (entry: string) => void,
): Generator<string, void> {
  const head = safeHead(format, state);
  yield* remarks(missingOfHead(format, head, state), lost);
  yield head;
  for (const entry of state.services ?? []) yield* serviceText(format, entry, lost);
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
  lost: (entry: string) => void,
): Generator<string, void> {
  const { service, servers } = entry;
  const name = serviceName(service.key);
  const said = sayable(format, entry);
  if (said === undefined) {
    const facts = asciiJson({ ...serviceObject(service), servers: servers.map(serverObject) });
    yield* remarks([`${name}: ${facts}`], lost);
    return;
  }
  const unsaid = servers
    .filter((server) => !said.servers.includes(server))
    .map((server) => `${name}: real server ${asciiJson(serverObject(server))}`);
  yield* remarks([...unsaid, ...missing(format, said, service)], lost);
  yield said.text;
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

/** The text of the real servers that can be said, and that do not become the same as one before them. */
function sayable(format: ImportedFormat, { service, servers }: ServiceState): Written | undefined {
  const known = servers.filter((server) => format.server(server, service) !== undefined);
  const all = written(format, service, known);
  if (!all?.found) return all;
  const names = all.found.servers.map(serverName);
  const first = known.filter((_, index) => names.indexOf(names[index]!) === index);
  return first.length === known.length ? all : written(format, service, first);
}

function* remarks(entries: readonly string[], lost: (entry: string) => void): Generator<string, void> {
  for (const entry of entries) {
    lost(entry);
    yield `# not said here: ${entry}\n`;
  }
}

/** What reading a service's text again does not give. */
function missing(
  format: ImportedFormat,
  { servers, found }: Written,
  service: ServiceState['service'],
): string[] {
  const name = serviceName(service.key);
  if (!found) return [`${name}: ${format.name} has no services without real servers`];
  return [
    ...differences(serviceObject(service), serviceObject(found.service)).map((fact) => `${name}: ${fact}`),
    ...servers.flatMap((server, index) =>
      differences(serverObject(server), serverObject(found.servers[index]!)).map(
        (fact) => `${name}: real server ${serverName(server)}: ${fact}`,
      ),
    ),
  ];
}

/** The fields of an object that another one has not alike, dotted. */
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

/** What the kernel begins with (ip_vs_proto_tcp.c, ip_vs_proto_udp.c), in seconds: who does not say them has them. */
const kernelTimeouts = { tcp: 900, tcpFin: 120, udp: 300 };

/** The timeouts of who says none; 0, which leaves a timeout as it is, needs no saying. */
function unsaid(wanted: Timeouts): Timeouts {
  return {
    tcp: wanted.tcp && kernelTimeouts.tcp,
    tcpFin: wanted.tcpFin && kernelTimeouts.tcpFin,
    udp: wanted.udp && kernelTimeouts.udp,
  };
}

function missingOfHead(format: ImportedFormat, head: string, state: TableState): string[] {
  const found = head === '' ? {} : readDocument(format.read(head)).state;
  const { timeouts, daemons = [] } = state;
  const said = new Set((found.daemons ?? []).map((daemon) => asciiJson(daemonObject(daemon))));
  return [
    ...(timeouts && Object.values(timeouts).some((seconds) => seconds !== 0)
      ? differences(timeoutsObject(timeouts), timeoutsObject(found.timeouts ?? unsaid(timeouts))).map(
          (fact) => `timeouts: ${fact}`,
        )
      : []),
    ...daemons
      .map((daemon) => asciiJson(daemonObject(daemon)))
      .filter((text) => !said.has(text))
      .map((text) => `sync daemon ${text}`),
  ];
}
