/** Writes state documents of version 2: a table with its checks and policies. */
import { asciiJson } from '../../bytes/unicode';
import type { Check } from '../../model/check';
import type { Configuration, DirectorServer, DirectorService } from '../../model/director';
import { serverName, serviceName } from '../table/table-state';
import { fromCheck } from './check';
import { defaultOnFail } from './configuration';
import { type DirectorPart, directorFields } from './director-fields';
import { fromHaSettings } from './ha-fields';
import { policyFields, sorryFields } from './policy-fields';
import { daemonObject, serverObject, serviceObject, timeoutsObject } from './to-object';
import { DIRECTOR_VERSION, STATE_FORMAT } from './types';
import { list } from './write';
import { writeFields } from './write-fields';

/**
 * Returns the text of a document that is read as the same configuration, piece by piece.
 * @param part what director up makes; what the daemon needs is that of the configuration.
 */
export function* writeConfiguration(
  configuration: Configuration,
  part: DirectorPart | undefined,
): Generator<string, void> {
  yield `{\n  "format": "${STATE_FORMAT}",\n  "version": ${DIRECTOR_VERSION}`;
  const { services, timeouts, daemons, notify, gateway, checkMarks, metrics, web, ha } = configuration;
  const shared = ha && { ha: fromHaSettings(ha.settings) };
  const director = directorObject({ ...part, notify, gateway, checkMarks, metrics, web, ...shared });
  if (Object.keys(director).length > 0) yield `,\n  "director": ${asciiJson(director)}`;
  if (timeouts) yield `,\n  "timeouts": ${asciiJson(timeoutsObject(timeouts))}`;
  if (daemons) {
    yield ',\n  "daemons": ';
    yield* list('  ', daemons, (daemon) => [asciiJson(daemonObject(daemon))]);
  }
  const named = namedChecks(services);
  if (named.length > 0) {
    const lines = named.map(([name, check]) => `    ${asciiJson(name)}: ${asciiJson(fromCheck(check))}`);
    yield `,\n  "checks": {\n${lines.join(',\n')}\n  }`;
  }
  yield ',\n  "services": ';
  yield* list('  ', services, writeService);
  yield '\n}\n';
}

function directorObject(part: DirectorPart): object {
  const { notify, ...rest } = writeFields(directorFields, part, false);
  return { ...rest, ...(notify && Object.keys(notify).length > 0 ? { notify } : {}) };
}

function namedChecks(services: readonly DirectorService[]): [string, Check][] {
  const named = new Map<string, Check>();
  for (const { servers } of services) {
    for (const { checks } of servers) {
      for (const check of checks) if (check.name !== undefined) named.set(check.name, check);
    }
  }
  return [...named];
}

function* writeService(own: DirectorService): Generator<string, void> {
  const inherited = sharedChecks(own.servers);
  const any = own.servers.length > 0 && own.servers.every((server) => server.any);
  const name = serviceName(own.service.key);
  const text = asciiJson({
    ...(own.name === name ? {} : { name: own.name }),
    ...(own.comment === undefined ? {} : { comment: own.comment }),
    ...serviceObject(own.service),
    ...(inherited === undefined ? {} : { check: checksObject(inherited) }),
    ...(any ? { any } : {}),
    ...policiesObject(own, false),
  });
  yield `${text.slice(0, -1)},"servers":`;
  const spare = own.spare ? [own.spare] : [];
  const written = new Map<readonly Check[], unknown>();
  yield* list('    ', [...own.servers, ...spare], (one) => [
    asciiJson('checks' in one ? serverDocument(one, inherited, any, written) : serverObject(one)),
  ]);
  yield '}';
}

/** The policies of a service. @param complete whether those with their defaults are written, too. */
export function policiesObject(own: DirectorService, complete: boolean): object {
  const usual = {
    ...Object.fromEntries(
      policyFields.map((field) => [field.name, 'default' in field ? field.default : undefined]),
    ),
    whenAllDown: own.sorry ? 'sorry' : 'keep',
    onFail: defaultOnFail(own.service),
  } as Readonly<Record<string, unknown>>;
  const fields = policyFields.filter(
    ({ name }) => complete || JSON.stringify(own[name]) !== JSON.stringify(usual[name]),
  );
  return {
    ...(own.sorry ? { sorry: writeFields(sorryFields, own.sorry, false) } : {}),
    ...writeFields(fields, own, false),
  };
}

/** The checks that all servers of a service have; undefined if they differ, or are none. */
function sharedChecks(servers: readonly DirectorServer[]): readonly Check[] | undefined {
  const [first] = servers;
  if (!first || first.checks.length === 0) return undefined;
  const text = JSON.stringify(first.checks);
  return servers.every(({ checks }) => checks === first.checks || JSON.stringify(checks) === text)
    ? first.checks
    : undefined;
}

function checksObject(checks: readonly Check[]): unknown {
  const all = checks.map((check) => check.name ?? fromCheck(check));
  return all.length === 1 ? all[0] : all;
}

/** @param written checks that servers share, as they were written. */
function serverDocument(
  { name, comment, server, checks, any, admin }: DirectorServer,
  inherited: readonly Check[] | undefined,
  anyOfService: boolean,
  written: Map<readonly Check[], unknown>,
): object {
  const isOwn = !inherited && checks.length > 0;
  if (isOwn && !written.has(checks)) written.set(checks, checksObject(checks));
  return {
    ...(name === serverName(server) ? {} : { name }),
    ...(comment === undefined ? {} : { comment }),
    ...serverObject(server),
    ...(admin === 'ready' ? {} : { admin }),
    ...(isOwn ? { check: written.get(checks) } : {}),
    ...(any === anyOfService ? {} : { any }),
  };
}
