/** A state document in the model's terms. What is left out has ipvsadm's default. */

import { bytesFromUnicode } from '../../bytes/unicode';
import { AF_INET, AF_INET6, addressWord, type Family, parseAddress } from '../../model/address';
import { serviceFlagBits, tunnelFlagNames } from '../../model/flag-names';
import { defaults, nameLengths, U16_MAX, U32_MAX } from '../../model/limits';
import { forwardingMethods, type RealServer, tunnelTypes } from '../../model/real-server';
import { schedulerFlagBits } from '../../model/scheduler-flags';
import { DEFAULT_SCHEDULER } from '../../model/schedulers';
import { daemonStates, type SyncDaemon } from '../../model/sync-daemon';
import {
  hostNetmask,
  protocols,
  type ServiceKey,
  serviceFlags,
  type VirtualService,
} from '../../model/virtual-service';
import type { Finding } from '../source/finding';
import type { Path } from '../source/tree';
import type { ServiceState, TableState } from '../table/table-state';
import type {
  DaemonDocument,
  FamilyName,
  PersistenceDocument,
  ServerDocument,
  ServiceDocument,
  StateDocument,
} from './types';

/**
 * The state that `document` (which fits the schema) describes; worth something only when `findings` has no error.
 * Where a part that does not fit was taken out, null stands for it.
 */
export function fromDocument(document: StateDocument): { state: TableState; findings: Finding[] } {
  const findings: Finding[] = [];
  const { timeouts, daemons, services } = document;
  const state: TableState = {
    timeouts,
    daemons: converted(daemons, part(findings, 'daemons'), toDaemon),
    services: converted(services, part(findings, 'services'), toServiceState),
  };
  return { state, findings };
}

/** A part of the document: where it is, and where what is wrong with it goes. */
interface Part {
  readonly path: Path;
  readonly findings: Finding[];
}

function part(findings: Finding[], ...path: Path): Part {
  return { path, findings };
}

function inner({ path, findings }: Part, ...further: Path): Part {
  return { path: [...path, ...further], findings };
}

function converted<D, T>(
  documents: readonly D[] | null | undefined,
  at: Part,
  convert: (document: D, at: Part) => T,
): T[] | undefined {
  return documents?.flatMap((document, index) =>
    document === null ? [] : convert(document, inner(at, index)),
  );
}

function wrong({ path, findings }: Part, message: string, hint?: string): void {
  findings.push({ path, message, severity: 'error', ...(hint === undefined ? {} : { hint }) });
}

function toDaemon(daemon: DaemonDocument, at: Part): SyncDaemon {
  warnOfUnknown(daemon, at);
  return {
    state: daemonStates[daemon.state],
    interface: toName(daemon.interface, nameLengths.interface, inner(at, 'interface')),
    syncId: daemon.syncId ?? defaults.syncId,
    maxLength: daemon.maxLength,
    group: daemon.group === undefined ? undefined : toAddress(daemon.group, inner(at, 'group')),
    port: daemon.port,
    ttl: daemon.ttl,
  };
}

function toServiceState(document: ServiceDocument, at: Part): ServiceState {
  warnOfUnknown(document, at);
  const key = toKey(document, at);
  const scheduler = toName(
    document.scheduler ?? DEFAULT_SCHEDULER,
    nameLengths.scheduler,
    inner(at, 'scheduler'),
  );
  const { persistence } = document;
  const service: VirtualService = {
    key,
    scheduler,
    flags: toServiceFlags(document, scheduler, inner(at, 'flags')),
    timeout: persistence ? (persistence.timeout ?? defaults.persistenceTimeout) : 0,
    netmask: toNetmask(persistence, key.family, inner(at, 'persistence', 'netmask')),
    persistenceEngine:
      persistence?.engine === undefined
        ? ''
        : toName(persistence.engine, nameLengths.persistenceEngine, inner(at, 'persistence', 'engine')),
  };
  const servers = converted(document.servers, inner(at, 'servers'), (server, place) =>
    toServer(server, key, place),
  );
  return { service, servers: servers ?? [] };
}

function toKey(document: ServiceDocument, at: Part): ServiceKey {
  const { protocol, fwmark, address, port } = document;
  if (fwmark !== undefined) {
    for (const name of ['protocol', 'address', 'port'] as const) {
      if (document[name] !== undefined) {
        wrong(
          inner(at, name),
          `a service with fwmark has no ${name}`,
          'either fwmark, or protocol, address and port',
        );
      }
    }
    return { kind: 'fwmark', fwmark, family: document.family === 'ipv6' ? AF_INET6 : AF_INET };
  }
  const missing = (['protocol', 'address', 'port'] as const).filter((name) => document[name] === undefined);
  if (missing.length > 0) {
    wrong(at, `${missing.join(', ')} missing`, 'a service has either fwmark, or protocol, address and port');
  }
  const parsed = address === undefined ? new Uint8Array(4) : toAddress(address, inner(at, 'address'));
  const family = familyOf(parsed);
  checkFamily(document.family, family, at);
  return {
    kind: 'address',
    protocol: typeof protocol === 'string' ? protocols[protocol] : (protocol ?? 0),
    family,
    address: parsed,
    port: port ?? 0,
  };
}

function toServer(document: ServerDocument, key: ServiceKey, at: Part): RealServer {
  warnOfUnknown(document, at);
  const address = toAddress(document.address, inner(at, 'address'));
  const family = familyOf(address);
  checkFamily(document.family, family, at);
  const { forwarding = 'gatewaying', tunnel } = document;
  const type = tunnel?.type ?? 'ipip';
  return {
    family,
    address,
    port: document.port ?? (key.kind === 'address' ? key.port : 0),
    forwarding: typeof forwarding === 'string' ? forwardingMethods[forwarding] : forwarding,
    weight: document.weight ?? defaults.weight,
    upperThreshold: document.upperThreshold ?? 0,
    lowerThreshold: document.lowerThreshold ?? 0,
    tunnel: {
      type: typeof type === 'string' ? tunnelTypes[type] : type,
      port: tunnel?.port ?? 0,
      flags: toBits(tunnel?.flags, tunnelFlagNames, U16_MAX, inner(at, 'tunnel', 'flags')),
    },
  };
}

function familyOf(address: Uint8Array): Family {
  return address.length === 4 ? AF_INET : AF_INET6;
}

function checkFamily(named: FamilyName | undefined, family: Family, at: Part): void {
  const right = family === AF_INET ? 'ipv4' : 'ipv6';
  if (named !== undefined && named !== right) {
    wrong(inner(at, 'family'), `the address is not of family ${named}`, `leave it out, or write ${right}`);
  }
}

function toAddress(text: string, at: Part): Uint8Array {
  const address = parseAddress(text);
  if (address) return address;
  const hint = /^\[.*\]$/.test(text)
    ? 'without brackets'
    : 'such as 192.0.2.10 or 2001:db8::1; names have no place here';
  wrong(at, `'${text}' is not an IPv4 or IPv6 address`, hint);
  // Something of its own, which no further rule finds fault with.
  const number = at.findings.length;
  return Uint8Array.of(240, number >> 16, number >> 8, number);
}

/** A name of the kernel: `most` bytes, no white space. */
function toName(text: string, most: number, at: Part): string {
  const name = bytesFromUnicode(text);
  if (name === '') wrong(at, 'the name is empty');
  else if (name.length > most) wrong(at, `the name is longer than the kernel's ${most} bytes`);
  else if (/[\s\0]/.test(name)) wrong(at, 'a name has no white space in it');
  return name;
}

function toNetmask(persistence: PersistenceDocument | undefined, family: Family, at: Part): number {
  const { netmask } = persistence ?? {};
  if (netmask === undefined) return hostNetmask(family);
  if (family === AF_INET6) {
    if (typeof netmask === 'number') return netmask;
    wrong(at, 'the netmask of an IPv6 service is a prefix length', 'a number from 1 to 128');
    return hostNetmask(family);
  }
  const mask = typeof netmask === 'string' ? parseAddress(netmask) : undefined;
  if (mask?.length === 4) return addressWord(mask, 0);
  wrong(at, 'the netmask of an IPv4 service is a mask', 'such as 255.255.255.0');
  return hostNetmask(family);
}

function toServiceFlags({ flags, persistence }: ServiceDocument, scheduler: string, at: Part): number {
  const persistent = persistence && persistence.enabled !== false ? serviceFlags.persistent : 0;
  const names = { ...serviceFlagBits, ...schedulerFlagBits(scheduler) };
  return (persistent | toBits(flags, names, U32_MAX, at)) >>> 0;
}

function toBits(
  flags: readonly (string | null)[] | undefined,
  names: Readonly<Record<string, number>>,
  all: number,
  at: Part,
): number {
  let bits = 0;
  for (const [index, name] of (flags ?? []).entries()) {
    if (name === null) continue;
    const bit = Object.hasOwn(names, name) ? names[name]! : /^0x[0-9a-f]{1,8}$/.test(name) ? Number(name) : 0;
    if (bit === 0 || bit > all) {
      wrong(inner(at, index), `there is no flag '${name}' here`, `known: ${Object.keys(names).join(', ')}`);
    }
    bits |= bit;
  }
  return bits >>> 0;
}

function warnOfUnknown({ unknown }: { readonly unknown?: object | undefined }, at: Part): void {
  if (!unknown || Object.keys(unknown).length === 0) return;
  const { path, findings } = inner(at, 'unknown');
  const message = 'this version does not know these attributes of the kernel: they are not restored';
  findings.push({ path, message, severity: 'warning' });
}
