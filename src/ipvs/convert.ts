/**
 * Converts between attributes and the model, including values that depend on a second attribute.
 */
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

/** The mask of all flags: those that a command line does not give are reset. */
const ALL_FLAGS = 0xffffffff;

/** The attributes that identify a virtual service: enough for commands other than add and edit. */
export function keyToAttributes(key: ServiceKey): ServiceAttributes {
  return key.kind === 'fwmark'
    ? { family: key.family, fwmark: key.fwmark }
    : { family: key.family, protocol: key.protocol, address: padded(key.address), port: key.port };
}

/** All attributes of a virtual service, for NEW_SERVICE and SET_SERVICE. */
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

/** A virtual service of a reply. @throws AttributeError if a required attribute is missing. */
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

/** The attributes that identify a real server, for DEL_DEST. */
export function serverKeyToAttributes(server: ServerKey): DestinationAttributes {
  return { family: server.family, address: padded(server.address), port: server.port };
}

/** All attributes of a real server, for NEW_DEST and SET_DEST. */
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
 * A real server of a reply.
 * @param serviceFamily the family of a server for which an old kernel (before 3.18) does not send
 * one.
 * @throws AttributeError if a required attribute is missing.
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

/** The attributes of NEW_DAEMON and DEL_DAEMON. Absent values keep the kernel's defaults. */
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

/** A sync daemon of a reply. @throws AttributeError if a required attribute is missing. */
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

/** The timeouts of a reply; 0 if one is missing. */
export function timeoutsFromAttributes(attributes: CommandAttributes): Timeouts {
  return {
    tcp: attributes.timeoutTcp ?? 0,
    tcpFin: attributes.timeoutTcpFin ?? 0,
    udp: attributes.timeoutUdp ?? 0,
  };
}

/** The reply to GET_INFO. @throws AttributeError if one of its two attributes is missing. */
export function infoFromAttributes(attributes: Attributes<typeof infoAttributes>): IpvsInfo {
  return {
    version: required(attributes.version, 'version'),
    connectionTableSize: required(attributes.connectionTableSize, 'connectionTableSize'),
  };
}

/** Returns `value`. @throws AttributeError with the attribute's name if it is undefined. */
export function required<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new AttributeError(`the kernel's reply has no ${name}`);
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

/**
 * All counters of a reply, or undefined without statistics.
 * @throws AttributeError if one is missing.
 */
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

/** The family of a number in a reply. As in ipvsadm, anything but AF_INET is treated as IPv6. */
function familyFrom(number: number): Family {
  return number === AF_INET ? AF_INET : AF_INET6;
}

/** An address as an attribute of 16 bytes; IPv4 uses the first four. */
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
