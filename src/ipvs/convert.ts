/** Attributes <-> model. What depends on a second attribute (addresses, netmasks) gets its meaning here. */
import { AF_INET, AF_INET6, addressLength, addressWord, type Family, ipv4FromWord } from '../model/address';
import type { ListedServer, RealServer, ServerKey } from '../model/real-server';
import type { Statistics } from '../model/statistics';
import type { SyncDaemon } from '../model/sync-daemon';
import type { IpvsInfo, Timeouts } from '../model/table';
import type { ListedService, ServiceKey, VirtualService } from '../model/virtual-service';
import { type Attributes, u32 } from '../netlink/attribute';
import { AttributeError } from '../netlink/errors';
import type {
  commandAttributes,
  daemonAttributes,
  destinationAttributes,
  infoAttributes,
  serviceAttributes,
  stats64Attributes,
} from './attributes';

type ServiceAttributes = Attributes<typeof serviceAttributes>;
type DestinationAttributes = Attributes<typeof destinationAttributes>;
type DaemonAttributes = Attributes<typeof daemonAttributes>;
type CommandAttributes = Attributes<typeof commandAttributes>;
type StatisticsAttributes = Attributes<typeof stats64Attributes>;

/** Every flag bit is replaced: what a command line does not name is reset. */
const ALL_FLAGS = 0xffffffff;

/** The attributes that name a virtual service: all that commands other than add and edit need. */
export function keyToAttributes(key: ServiceKey): ServiceAttributes {
  return key.kind === 'fwmark'
    ? { family: key.family, fwmark: key.fwmark }
    : { family: key.family, protocol: key.protocol, address: padded(key.address), port: key.port };
}

/** Everything of a virtual service, as NEW_SERVICE and SET_SERVICE need it. */
export function serviceToAttributes(service: VirtualService): ServiceAttributes {
  return {
    ...keyToAttributes(service.key),
    scheduler: service.scheduler,
    persistenceEngine: service.persistenceEngine || undefined,
    flags: { flags: service.flags, mask: ALL_FLAGS },
    timeout: service.timeout,
    netmask: netmaskToBytes(service.key.family, service.netmask),
  };
}

/** @throws AttributeError when the kernel left out what every service has. */
export function serviceFromAttributes(attributes: ServiceAttributes): ListedService {
  const family = familyFrom(required(attributes.family, 'family'));
  const flags = required(attributes.flags, 'flags');
  return {
    key: keyFromAttributes(attributes, family),
    scheduler: required(attributes.scheduler, 'scheduler'),
    flags: (flags.flags & flags.mask) >>> 0,
    timeout: required(attributes.timeout, 'timeout'),
    netmask: netmaskFromBytes(family, required(attributes.netmask, 'netmask')),
    persistenceEngine: attributes.persistenceEngine ?? '',
    statistics: statisticsFrom(attributes.stats64 ?? attributes.stats),
  };
}

/** The attributes that name a real server, for DEL_DEST. */
export function serverKeyToAttributes(server: ServerKey): DestinationAttributes {
  return { family: server.family, address: padded(server.address), port: server.port };
}

/** Everything of a real server, as NEW_DEST and SET_DEST need it. */
export function serverToAttributes(server: RealServer): DestinationAttributes {
  return {
    ...serverKeyToAttributes(server),
    forwarding: server.forwarding,
    weight: server.weight,
    tunnelType: server.tunnel.type,
    tunnelPort: server.tunnel.port,
    tunnelFlags: server.tunnel.flags,
    upperThreshold: server.upperThreshold,
    lowerThreshold: server.lowerThreshold,
  };
}

/**
 * @param serviceFamily the family of a server for which an old kernel (before 3.18) names none.
 * @throws AttributeError when the kernel left out what every real server has.
 */
export function serverFromAttributes(attributes: DestinationAttributes, serviceFamily: Family): ListedServer {
  const family = attributes.family ? familyFrom(attributes.family) : serviceFamily;
  return {
    family,
    address: addressFrom(required(attributes.address, 'address'), family),
    port: required(attributes.port, 'port'),
    forwarding: required(attributes.forwarding, 'forwarding'),
    weight: required(attributes.weight, 'weight'),
    upperThreshold: required(attributes.upperThreshold, 'upperThreshold'),
    lowerThreshold: required(attributes.lowerThreshold, 'lowerThreshold'),
    tunnel: {
      type: attributes.tunnelType ?? 0,
      port: attributes.tunnelPort ?? 0,
      flags: attributes.tunnelFlags ?? 0,
    },
    activeConnections: required(attributes.activeConnections, 'activeConnections'),
    inactiveConnections: required(attributes.inactiveConnections, 'inactiveConnections'),
    persistentConnections: required(attributes.persistentConnections, 'persistentConnections'),
    statistics: statisticsFrom(attributes.stats64 ?? attributes.stats),
  };
}

/** What NEW_DAEMON and DEL_DAEMON send; absent values leave the kernel's defaults. */
export function daemonToAttributes(daemon: SyncDaemon): DaemonAttributes {
  return {
    state: daemon.state,
    interface: daemon.interface,
    syncId: daemon.syncId,
    maxLength: daemon.maxLength,
    port: daemon.port,
    ttl: daemon.ttl,
    group: daemon.group?.length === 4 ? daemon.group : undefined,
    group6: daemon.group?.length === 16 ? daemon.group : undefined,
  };
}

/** @throws AttributeError when the kernel left out what every daemon has. */
export function daemonFromAttributes(attributes: DaemonAttributes): SyncDaemon {
  return {
    state: required(attributes.state, 'state'),
    interface: required(attributes.interface, 'interface'),
    syncId: required(attributes.syncId, 'syncId'),
    maxLength: attributes.maxLength,
    group: attributes.group?.subarray(0, 4) ?? attributes.group6?.subarray(0, 16),
    port: attributes.port,
    ttl: attributes.ttl,
  };
}

export function timeoutsToAttributes(timeouts: Timeouts): CommandAttributes {
  return { timeoutTcp: timeouts.tcp, timeoutTcpFin: timeouts.tcpFin, timeoutUdp: timeouts.udp };
}

/** Timeouts that the kernel does not name count as 0. */
export function timeoutsFromAttributes(attributes: CommandAttributes): Timeouts {
  return {
    tcp: attributes.timeoutTcp ?? 0,
    tcpFin: attributes.timeoutTcpFin ?? 0,
    udp: attributes.timeoutUdp ?? 0,
  };
}

/** @throws AttributeError when the kernel left one of the two out. */
export function infoFromAttributes(attributes: Attributes<typeof infoAttributes>): IpvsInfo {
  return {
    version: required(attributes.version, 'version'),
    connectionTableSize: required(attributes.connectionTableSize, 'connectionTableSize'),
  };
}

/** `value`, unless the kernel left it out. @throws AttributeError naming the attribute. */
export function required<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new AttributeError(`the kernel's answer has no ${name}`);
  return value;
}

function keyFromAttributes(attributes: ServiceAttributes, family: Family): ServiceKey {
  if (attributes.fwmark !== undefined && attributes.fwmark !== 0) {
    return { kind: 'fwmark', fwmark: attributes.fwmark, family };
  }
  return {
    kind: 'address',
    protocol: required(attributes.protocol, 'protocol'),
    family,
    address: addressFrom(required(attributes.address, 'address'), family),
    port: required(attributes.port, 'port'),
  };
}

/** Every counter or none: a nest with one missing counts as a broken answer. */
function statisticsFrom(attributes: StatisticsAttributes | undefined): Statistics | undefined {
  if (!attributes) return undefined;
  return {
    connections: required(attributes.connections, 'connections'),
    inPackets: required(attributes.inPackets, 'inPackets'),
    outPackets: required(attributes.outPackets, 'outPackets'),
    inBytes: required(attributes.inBytes, 'inBytes'),
    outBytes: required(attributes.outBytes, 'outBytes'),
    connectionRate: required(attributes.connectionRate, 'connectionRate'),
    inPacketRate: required(attributes.inPacketRate, 'inPacketRate'),
    outPacketRate: required(attributes.outPacketRate, 'outPacketRate'),
    inByteRate: required(attributes.inByteRate, 'inByteRate'),
    outByteRate: required(attributes.outByteRate, 'outByteRate'),
  };
}

/** A number of the wire as a family. Anything that is not IPv4 is shown as IPv6, as ipvsadm does. */
function familyFrom(number: number): Family {
  return number === AF_INET ? AF_INET : AF_INET6;
}

/** The wire's address attribute always has 16 bytes; IPv4 stands in the first four. */
function padded(address: Uint8Array): Uint8Array {
  const out = new Uint8Array(16);
  out.set(address);
  return out;
}

function addressFrom(payload: Uint8Array, family: Family): Uint8Array {
  const address = new Uint8Array(addressLength(family));
  address.set(payload.subarray(0, address.length));
  return address;
}

function netmaskToBytes(family: Family, netmask: number): Uint8Array {
  return family === AF_INET6 ? u32.encode(netmask) : ipv4FromWord(netmask);
}

function netmaskFromBytes(family: Family, payload: Uint8Array): number {
  return family === AF_INET6 ? u32.decode(payload) : addressWord(payload, 0);
}
