/** Collects the facts: two looks at the counters and the table, and what is tried between them. */

import { sameBytes } from '../bytes/same-bytes';
import type { HostClient } from '../host/client';
import type { HostAddress, Link, Route } from '../host/types';
import type { IpvsClient } from '../ipvs/client';
import { formatAddress } from '../model/address';
import { defaultCheckMarks } from '../model/director';
import { noStatistics, type Statistics } from '../model/statistics';
import type { ServiceKey } from '../model/virtual-service';
import { HOST_IS_LITTLE_ENDIAN } from '../netlink/attribute';
import { NetlinkError } from '../netlink/errors';
import type { InteractiveSystem } from '../platform/interactive-system';
import { askOwners, hearSyncIds, type Looked, tryServers } from './attempts';
import {
  type ConnectionAttempt,
  connectKey,
  effective,
  type Facts,
  type ObservedService,
  type RealServerFacts,
  type Table,
  type Traffic,
} from './facts';
import { groupConnections, growthOf, parseCounters, parseListeners, parseModules } from './proc';
import { askSharing } from './sharing';

/** The estimator brings counters up to date every 2 s. */
const BETWEEN_LOOKS = 2200;
export interface Sources {
  readonly system: InteractiveSystem;
  readonly host: HostClient;
  /** Undefined if the kernel has no IPVS. */
  readonly client: IpvsClient | undefined;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  /** Whether to send nothing: no connections, no questions to neighbours. */
  readonly passive: boolean;
  readonly directorUp: boolean;
  readonly realServer: RealServerOptions;
}

export interface RealServerOptions {
  /** Whether the user says that this is a real server. */
  readonly asked: boolean;
  readonly vips: readonly Uint8Array[];
  readonly ports: readonly number[];
}

export async function collectFacts(sources: Sources): Promise<Facts> {
  const { system, host, client, sleep, passive } = sources;
  const sharing = await askSharing(system);
  const links = host.links();
  const addresses = host.addresses();
  const routes = host.routes();
  const before = countersOf(system);
  const first = client && readTable(client);
  const now = first ?? [];
  const vips = now.flatMap(({ service }) => (service.key.kind === 'address' ? [service.key.address] : []));
  const routesTo = routesOf(host, [...vips, ...now.flatMap(({ servers }) => servers.map((s) => s.address))]);
  const daemons = client?.daemons() ?? [];
  const sysctls = sysctlsOf(system, links);
  const hides = (link: string) => effective({ sysctls }, link, 'arp_ignore') > 0;
  const [attempts, otherOwners, heardSyncIds] = await Promise.all([
    passive ? new Map<string, ConnectionAttempt>() : tryServers(now, system),
    passive
      ? new Map<string, Uint8Array>()
      : askOwners(vips, { host, links, addresses, routes, sleep, hides }),
    passive ? [] : hearSyncIds(daemons, { system, links, addresses }),
    sleep(BETWEEN_LOOKS),
  ]);
  const table: Table | undefined = client &&
    first && { info: client.info(), daemons, ...withoutCheckPaths(observe(client, first)) };
  return {
    links,
    addresses,
    routes,
    neighbours: host.neighbours(),
    routesTo,
    sysctls,
    table,
    connections: table ? groupConnections(system.readBlocks('/proc/net/ip_vs_conn') ?? []) : [],
    listeners: ['tcp', 'tcp6'].flatMap((name) =>
      parseListeners(system.readFile(`/proc/net/${name}`) ?? '', HOST_IS_LITTLE_ENDIAN),
    ),
    growth: growthOf(before, countersOf(system)),
    modules: parseModules(system.readFile('/proc/modules') ?? ''),
    managers: managersOf(system).filter((name) => name !== sharing?.engine),
    directorUp: sources.directorUp,
    sharing,
    release: system.readFile('/proc/sys/kernel/osrelease')?.trim() ?? '',
    attempts,
    otherOwners,
    heardSyncIds,
    realServer: realServerFacts(sources.realServer, { links, addresses, vips }),
  };
}

function countersOf(system: InteractiveSystem): Map<string, number> {
  const texts = ['snmp', 'netstat'].map((name) => system.readFile(`/proc/net/${name}`) ?? '');
  return new Map(texts.flatMap((text) => [...parseCounters(text)]));
}

function readTable(client: IpvsClient): Looked[] {
  return client.services().map((service) => ({ service, servers: client.servers(service.key) }));
}

/** The table as it is now, with what each real server got since the first look. */
function observe(client: IpvsClient, first: readonly Looked[]): ObservedService[] {
  const formerly = new Map(
    first.flatMap(({ service, servers }) =>
      servers.map((server) => [`${keyOf(service.key)} ${connectKey(server)}`, server.statistics] as const),
    ),
  );
  return readTable(client).map(({ service, servers }) => ({
    service,
    servers: servers.map((server) => {
      const total = trafficOf(server.statistics);
      const former = formerly.get(`${keyOf(service.key)} ${connectKey(server)}`);
      return { server, total, recent: former ? difference(total, trafficOf(former)) : total };
    }),
  }));
}

/**
 * Puts the services of the daemon's checks apart: nothing in them is any client's. Those of other marks
 * than the usual ones cannot be told from firewall marks of the user.
 */
function withoutCheckPaths(all: readonly ObservedService[]): Pick<Table, 'services' | 'checkPaths'> {
  const isCheckPath = ({ service: { key }, servers }: ObservedService) =>
    key.kind === 'fwmark' && servers.length === 1 && isCheckMark(key.fwmark);
  return { services: all.filter((each) => !isCheckPath(each)), checkPaths: all.filter(isCheckPath) };
}

function isCheckMark(mark: number): boolean {
  const { first, count } = defaultCheckMarks;
  return mark >= first && mark < first + count;
}

function keyOf(key: ServiceKey): string {
  return key.kind === 'fwmark'
    ? `${key.fwmark} ${key.family}`
    : `${key.protocol} ${formatAddress(key.address)} ${key.port}`;
}

function trafficOf({ connections, inPackets, outPackets }: Statistics = noStatistics): Traffic {
  return {
    connections: Number(connections),
    inPackets: Number(inPackets),
    outPackets: Number(outPackets),
  };
}

function difference(now: Traffic, then: Traffic): Traffic {
  return {
    connections: Math.max(0, now.connections - then.connections),
    inPackets: Math.max(0, now.inPackets - then.inPackets),
    outPackets: Math.max(0, now.outPackets - then.outPackets),
  };
}

function routesOf(host: HostClient, addresses: readonly Uint8Array[]): Map<string, Route | undefined> {
  const byText = new Map(addresses.map((address) => [formatAddress(address), address]));
  return new Map([...byText].map(([text, address]) => [text, routeTo(host, address)]));
}

function routeTo(host: HostClient, address: Uint8Array): Route | undefined {
  try {
    return host.routeTo(address);
  } catch (error) {
    if (error instanceof NetlinkError) return undefined;
    throw error;
  }
}

const interfaceSysctls = ['arp_ignore', 'arp_announce', 'rp_filter', 'accept_local'];

function sysctlsOf(system: InteractiveSystem, links: readonly Link[]): Map<string, string> {
  const vs = 'net/ipv4/vs';
  const names = [
    ...system.readDirectory(`/proc/sys/${vs}`).map((name) => `${vs}/${name}`),
    'net/ipv4/ip_forward',
    'net/ipv6/conf/all/forwarding',
    ...['all', ...links.map(({ name }) => name)].flatMap((link) =>
      interfaceSysctls.map((name) => `net/ipv4/conf/${link}/${name}`),
    ),
  ];
  const values = names.map((name) => [name, system.readFile(`/proc/sys/${name}`)?.trim()] as const);
  return new Map(values.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])));
}

const managers = ['keepalived', 'ldirectord', 'kube-proxy'];

/** Those that run in this network namespace. */
function managersOf(system: InteractiveSystem): string[] {
  const own = system.fileIdentity('/proc/self/ns/net');
  const found = system.readDirectory('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    const name = system.readFile(`/proc/${pid}/comm`)?.trim() ?? '';
    return managers.includes(name) && system.fileIdentity(`/proc/${pid}/ns/net`) === own ? [name] : [];
  });
  return [...new Set(found)];
}

/** This machine is a real server if the user says so, or lo or a tunnel has a VIP. */
function realServerFacts(
  { asked, vips, ports }: RealServerOptions,
  {
    links,
    addresses,
    vips: services,
  }: {
    readonly links: readonly Link[];
    readonly addresses: readonly HostAddress[];
    readonly vips: readonly Uint8Array[];
  },
): RealServerFacts | undefined {
  if (vips.length > 0) return { vips, given: true, ports };
  const found = addresses.filter(({ link, address }) => {
    const device = links.find(({ index }) => index === link);
    const hidden = device && (device.loopback || tunnelKinds.includes(device.kind ?? ''));
    return hidden && isVip(address) && !services.some((service) => sameBytes(service, address));
  });
  const unique = new Map(found.map(({ address }) => [formatAddress(address), address]));
  if (!asked && unique.size === 0) return undefined;
  return { vips: [...unique.values()], given: false, ports };
}

/** The kinds of devices that unpack what a director sends. */
export const tunnelKinds: readonly string[] = ['ipip', 'gre', 'sit', 'ip6tnl', 'ip6gre'];

/** Whether an address of lo or of a tunnel can be a VIP: not of loopback, not link-local. */
function isVip(address: Uint8Array): boolean {
  if (address.length === 4) return address[0] !== 127 && !(address[0] === 169 && address[1] === 254);
  const linkLocal = address[0] === 0xfe && (address[1]! & 0xc0) === 0x80;
  return !linkLocal && address.subarray(0, 15).some((byte) => byte !== 0);
}
