/** Tables as other programs' configuration: what is written is read again, and what does not come back is told of. */

import { asciiJson } from '../../bytes/unicode';
import type { RealServer } from '../../model/real-server';
import type { Timeouts } from '../../model/table';
import type { VirtualService } from '../../model/virtual-service';
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
  const head = format.head(state);
  yield* remarks(missingOfHead(format, head, state), lost);
  yield head;
  for (const entry of state.services ?? []) yield* serviceText(format, entry, lost);
}

function* serviceText(
  format: ImportedFormat,
  { service, servers }: ServiceState,
  lost: (entry: string) => void,
): Generator<string, void> {
  const name = serviceName(service.key);
  const said = sayable(format, { service, servers });
  const text = written(format, { service, servers: said });
  if (text === undefined) {
    const facts = asciiJson({ ...serviceObject(service), servers: servers.map(serverObject) });
    yield* remarks([`${name}: ${facts}`], lost);
    return;
  }
  const unsaid = servers
    .filter((server) => !said.includes(server))
    .map((server) => `${name}: real server ${asciiJson(serverObject(server))}`);
  yield* remarks([...unsaid, ...missing(format, text, { service, servers: said })], lost);
  yield text;
}

function written(format: ImportedFormat, { service, servers }: ServiceState): string | undefined {
  return format.service(
    service,
    servers.map((server) => format.server(server, service)!),
  );
}

/** The real servers that can be said, and that do not become the same as one before them. */
function sayable(format: ImportedFormat, { service, servers }: ServiceState): readonly RealServer[] {
  const known = servers.filter((server) => format.server(server, service) !== undefined);
  const text = written(format, { service, servers: known });
  const [found] = text === undefined ? [] : (readDocument(format.read(text)).state.services ?? []);
  if (!found && known.length === 0) return known;
  // The program may leave out or merge some of them: each is then read alone.
  const names =
    found?.servers.length === known.length
      ? found.servers.map(serverName)
      : known.map((server) => nameAlone(format, service, server));
  return known.filter((_, index) => names[index] !== undefined && names.indexOf(names[index]!) === index);
}

/** The name of a real server as it is read again; undefined if it is not. */
function nameAlone(format: ImportedFormat, service: VirtualService, server: RealServer): string | undefined {
  const text = written(format, { service, servers: [server] });
  const [found] = text === undefined ? [] : (readDocument(format.read(text)).state.services ?? []);
  return found?.servers[0] && serverName(found.servers[0]);
}

function* remarks(entries: readonly string[], lost: (entry: string) => void): Generator<string, void> {
  for (const entry of entries) {
    lost(entry);
    yield `# not said here: ${entry}\n`;
  }
}

/** What reading a service's text again does not give. */
function missing(format: ImportedFormat, text: string, { service, servers }: ServiceState): string[] {
  const name = serviceName(service.key);
  const { state, problems } = readDocument(format.read(text));
  const [found, ...others] = state.services ?? [];
  if (problems.some(isError) || others.length > 0)
    throw new Error(`${format.name} that cannot be read: ${text}`);
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
