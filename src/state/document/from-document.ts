/** Converts a state document to a state of the model. */
import { AF_INET, AF_INET6, addressWord, type Family, parseAddress } from '../../model/address';
import type { Configuration } from '../../model/director';
import { serviceFlagBits } from '../../model/flag-names';
import { U32_MAX } from '../../model/limits';
import { schedulerFlagBits } from '../../model/scheduler-flags';
import type { SyncDaemon } from '../../model/sync-daemon';
import { hostNetmask, type ServiceKey, serviceFlags } from '../../model/virtual-service';
import type { Finding } from '../source/finding';
import type { ServiceState, TableState } from '../table/table-state';
import { toConfiguration } from './configuration';
import { type DirectorPart, directorFields } from './director-fields';
import { flagBit, flagProblem } from './kinds';
import { type Part, report } from './part';
import { readFields } from './read-fields';
import { serviceFields } from './service-fields';
import { daemonFields, timeoutFields } from './table-fields';
import { familyOf, toServer, warnOfUnknown } from './to-server';
import {
  type DaemonDocument,
  type DirectorServerDocument,
  type DirectorStateDocument,
  type ServiceDocument,
  STATE_VERSION,
  type StateDocument,
} from './types';

/**
 * Returns the state that `document` describes, and problems of values that contradict each other.
 * @param document one that fits the schema.
 */
export function fromDocument(document: StateDocument | DirectorStateDocument): {
  state: TableState;
  director: DirectorPart | undefined;
  configuration: Configuration | undefined;
  findings: Finding[];
} {
  const findings: Finding[] = [];
  const { timeouts, daemons, services } = document;
  const state: TableState = {
    timeouts: timeouts && readFields(timeoutFields, timeouts),
    daemons: daemons?.map((daemon, index) => toDaemon(daemon, { path: ['daemons', index], findings })),
    services: services?.map((service, index) =>
      toServiceState(service, { path: ['services', index], findings }),
    ),
  };
  if (document.version === STATE_VERSION) {
    return { state, director: undefined, configuration: undefined, findings };
  }
  const director = document.director && readFields(directorFields, document.director);
  if (director) {
    const message = 'only director up and director run use this part';
    findings.push({ path: ['director'], message, severity: 'note' });
  }
  const configuration = toConfiguration(document, state, director, findings);
  return { state: upState(state, document), director, configuration, findings };
}

/**
 * The services with every server up: only what the file itself takes out of service has weight 0.
 */
function upState(state: TableState, document: DirectorStateDocument): TableState {
  const isReady = ({ admin = 'ready' }: DirectorServerDocument) => admin === 'ready';
  if (!document.services?.some(({ servers = [] }) => !servers.every(isReady))) return state;
  const services = state.services!.map((entry, index): ServiceState => {
    const { servers: documents = [] } = document.services![index]!;
    const servers = entry.servers.map((server, at) =>
      isReady(documents[at]!) ? server : { ...server, weight: 0 },
    );
    return { ...entry, servers };
  });
  return { ...state, services };
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
    servers: (document.servers ?? []).map((server, index) =>
      toServer(server, key, { ...at, path: [...at.path, 'servers', index] }),
    ),
  };
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
