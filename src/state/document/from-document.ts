/** Converts a state document to a state of the model. */
import { AF_INET, AF_INET6, addressWord, type Family, parseAddress } from '../../model/address';
import { serviceFlagBits } from '../../model/flag-names';
import { U32_MAX } from '../../model/limits';
import type { RealServer } from '../../model/real-server';
import { schedulerFlagBits } from '../../model/scheduler-flags';
import type { SyncDaemon } from '../../model/sync-daemon';
import { hostNetmask, type ServiceKey, serviceFlags } from '../../model/virtual-service';
import type { Finding } from '../source/finding';
import type { Path } from '../source/tree';
import type { ServiceState, TableState } from '../table/table-state';
import { type DirectorPart, directorFields } from './director-fields';
import { flagBit, flagProblem, type ValueProblem } from './kinds';
import { readFields } from './read-fields';
import { serverFields } from './server-fields';
import { serviceFields } from './service-fields';
import { daemonFields, timeoutFields } from './table-fields';
import type {
  DaemonDocument,
  DirectorStateDocument,
  ServerDocument,
  ServiceDocument,
  StateDocument,
} from './types';

/**
 * Returns the state that `document` describes, and problems of values that contradict each other.
 * @param document one that fits the schema.
 */
export function fromDocument(document: StateDocument | DirectorStateDocument): {
  state: TableState;
  director: DirectorPart | undefined;
  findings: Finding[];
} {
  const findings: Finding[] = [];
  const director = 'director' in document ? document.director : undefined;
  if (director) {
    findings.push({ path: ['director'], message: 'only director up uses this part', severity: 'note' });
  }
  const { timeouts, daemons, services } = document;
  const state: TableState = {
    timeouts: timeouts && readFields(timeoutFields, timeouts),
    daemons: daemons?.map((daemon, index) => toDaemon(daemon, { path: ['daemons', index], findings })),
    services: services?.map((service, index) =>
      toServiceState(service, { path: ['services', index], findings }),
    ),
  };
  return { state, director: director && readFields(directorFields, director), findings };
}

/** A part of the document, and the list for its problems. */
interface Part {
  readonly path: Path;
  readonly findings: Finding[];
}

function toDaemon(document: DaemonDocument, at: Part): SyncDaemon {
  warnOfUnknown(document, at);
  return readFields(daemonFields, document);
}

function toServiceState(document: ServiceDocument, at: Part): ServiceState {
  warnOfUnknown(document, at);
  const { protocol, fwmark, family, address, port, flags, enabled, timeout, netmask, ...values } = readFields(
    serviceFields,
    document,
  );
  const key: ServiceKey =
    fwmark !== undefined
      ? { kind: 'fwmark', fwmark, family: family === AF_INET6 ? AF_INET6 : AF_INET }
      : {
          kind: 'address',
          protocol: protocol!,
          family: familyOf(address!, document, at),
          address: address!,
          port: port!,
        };
  const persistent = document.persistence !== undefined && enabled ? serviceFlags.persistent : 0;
  return {
    service: {
      ...values,
      key,
      flags: (persistent | toServiceFlags(flags, values.scheduler, at)) >>> 0,
      timeout: document.persistence ? timeout : 0,
      netmask: netmask === undefined ? hostNetmask(key.family) : toNetmask(netmask, key.family, at),
    },
    servers: (document.servers ?? []).map((server, index) => toServer(server, key, at, index)),
  };
}

function toServer(document: ServerDocument, key: ServiceKey, around: Part, index: number): RealServer {
  const values = readFields(serverFields, document);
  const server = values as { -readonly [K in keyof RealServer]: RealServer[K] };
  const isNamed = document.family !== undefined || document.unknown !== undefined;
  // The path of most servers is not needed.
  const at = isNamed ? { ...around, path: [...around.path, 'servers', index] } : around;
  warnOfUnknown(document, at);
  server.family = familyOf(values.address, document, at);
  server.port = values.port ?? (key.kind === 'address' ? key.port : 0);
  return server;
}

/** Returns the family of an address; reports it when the document names the other one. */
function familyOf(address: Uint8Array, named: Pick<ServerDocument, 'family'>, at: Part): Family {
  const family = address.length === 4 ? AF_INET : AF_INET6;
  const right = family === AF_INET ? 'ipv4' : 'ipv6';
  if (named.family !== undefined && named.family !== right) {
    report(at, ['family'], {
      message: `the address is not of family ${named.family}`,
      hint: `write ${right}, or leave it out`,
    });
  }
  return family;
}

function toNetmask(netmask: string | number, family: Family, at: Part): number {
  if (family === AF_INET6 && typeof netmask === 'number') return netmask;
  const mask = family === AF_INET && typeof netmask === 'string' ? parseAddress(netmask) : undefined;
  if (mask?.length === 4) return addressWord(mask, 0);
  report(
    at,
    ['persistence', 'netmask'],
    family === AF_INET
      ? { message: 'the netmask of an IPv4 service must be a mask', hint: 'such as 255.255.255.0' }
      : { message: 'the netmask of an IPv6 service must be a prefix length', hint: 'a number from 1 to 128' },
  );
  return hostNetmask(family);
}

function toServiceFlags(flags: readonly string[], scheduler: string, at: Part): number {
  const names = { ...serviceFlagBits, ...schedulerFlagBits(scheduler) };
  let bits = 0;
  for (const [index, name] of flags.entries()) {
    const bit = flagBit(name, names, U32_MAX);
    if (bit === undefined) report(at, ['flags', index], flagProblem(name, names));
    else bits |= bit;
  }
  return bits;
}

function warnOfUnknown({ unknown }: Pick<ServerDocument, 'unknown'>, { path, findings }: Part): void {
  if (!unknown || Object.keys(unknown).length === 0) return;
  const message = 'kernel attributes that this version does not know are not restored';
  findings.push({ path: [...path, 'unknown'], message, severity: 'warning' });
}

function report({ path, findings }: Part, inner: Path, problem: ValueProblem): void {
  findings.push({ path: [...path, ...inner], ...problem, severity: 'error' });
}
