/** Facts made by hand: a sound director of direct routing, and a sound real server. */
import type {
  ConnectionGroup,
  Facts,
  ObservedServer,
  ObservedService,
  RealServerFacts,
} from '../../src/doctor/facts';
import type { HostAddress, Link, Neighbour, Route } from '../../src/host/types';
import { AF_INET, AF_INET6, parseAddress } from '../../src/model/address';
import { forwardingMethods } from '../../src/model/real-server';
import { serviceFlags } from '../../src/model/virtual-service';

export const bytes = (text: string): Uint8Array => parseAddress(text)!;
const familyOf = (text: string) => (text.includes(':') ? AF_INET6 : AF_INET);

export function link(index: number, name: string, more: Partial<Link> = {}): Link {
  const address = Uint8Array.of(2, 0, 0, 0, 0, index);
  return {
    index,
    name,
    up: true,
    carrier: true,
    loopback: false,
    arp: true,
    mtu: 1500,
    address,
    kind: 'veth',
    ...more,
  };
}

export const lo = link(1, 'lo', { loopback: true, arp: false, kind: undefined });
export const eth0 = link(2, 'eth0');

export function address(index: number, text: string, more: Partial<HostAddress> = {}): HostAddress {
  const [host, prefix] = text.split('/');
  return {
    link: index,
    family: familyOf(text),
    address: bytes(host!),
    prefix: Number(prefix),
    tentative: false,
    duplicate: false,
    ...more,
  };
}

export function route(
  more: Partial<Record<'gateway' | 'source', string>> & Partial<Pick<Route, 'local' | 'link' | 'mtu'>>,
): Route {
  const { gateway, source, ...rest } = more;
  return {
    family: AF_INET,
    destination: undefined,
    prefix: 32,
    link: 2,
    local: false,
    mtu: undefined,
    advmss: undefined,
    ...rest,
    gateway: gateway === undefined ? undefined : bytes(gateway),
    source: source === undefined ? undefined : bytes(source),
  };
}

export function neighbour(text: string, state: Neighbour['state']): Neighbour {
  return { link: 2, address: bytes(text), mac: undefined, state };
}

type ServerPart = Partial<ObservedServer['server']> & {
  readonly method?: keyof typeof forwardingMethods;
  readonly total?: readonly [connections: number, inPackets: number, outPackets: number];
};

export function server(
  text: string,
  { method = 'gatewaying', total = [4, 24, 0], ...more }: ServerPart = {},
): ObservedServer {
  const [host, port] = text.split(' ');
  const [connections, inPackets, outPackets] = total;
  return {
    server: {
      family: familyOf(host!),
      address: bytes(host!),
      port: Number(port),
      forwarding: forwardingMethods[method],
      weight: 1,
      upperThreshold: 0,
      lowerThreshold: 0,
      tunnel: { type: 0, port: 0, flags: 0 },
      activeConnections: 0,
      inactiveConnections: 0,
      persistentConnections: 0,
      ...more,
    },
    total: { connections, inPackets, outPackets },
    recent: { connections: 0, inPackets: 0, outPackets: 0 },
  };
}

export function service(
  text: string,
  servers: readonly ObservedServer[],
  more: Partial<ObservedService['service']> = {},
): ObservedService {
  const [host, port] = text.split(' ');
  const key = {
    kind: 'address',
    protocol: 6,
    family: familyOf(host!),
    address: bytes(host!),
    port: Number(port),
  } as const;
  return {
    service: {
      key,
      scheduler: 'rr',
      flags: serviceFlags.hashed,
      timeout: 0,
      netmask: 0xffffffff,
      persistenceEngine: '',
      ...more,
    },
    servers,
  };
}

/** Connections of 10.0.0.13:80 to a real server. */
export function group(destination: string, more: Partial<ConnectionGroup> = {}): ConnectionGroup {
  const place = (text: string) => {
    const [host, port] = text.split(' ');
    return { address: bytes(host!), port: Number(port) };
  };
  return {
    protocol: 'TCP',
    virtual: place('10.0.0.13 80'),
    destination: place(destination),
    halfOpen: 0,
    established: 0,
    others: 0,
    templates: 0,
    waitingClients: [],
    ...more,
  };
}

/** VIP 10.0.0.13, real servers 10.0.0.17 and 10.0.0.18, on one switch. */
export function director(more: Partial<Facts> = {}): Facts {
  return {
    links: [lo, eth0],
    addresses: [address(1, '127.0.0.1/8'), address(2, '10.0.0.12/24'), address(2, '10.0.0.13/32')],
    routes: [],
    neighbours: [neighbour('10.0.0.17', 'reachable'), neighbour('10.0.0.18', 'stale')],
    routesTo: new Map([
      ['10.0.0.13', route({ local: true, link: 1, source: '10.0.0.13' })],
      ['10.0.0.17', route({ source: '10.0.0.12' })],
      ['10.0.0.18', route({ source: '10.0.0.12' })],
    ]),
    sysctls: new Map(
      Object.entries({
        'net/ipv4/ip_forward': '0',
        'net/ipv6/conf/all/forwarding': '0',
        'net/ipv4/vs/expire_nodest_conn': '0',
        'net/ipv4/vs/expire_quiescent_template': '0',
        'net/ipv4/vs/conn_reuse_mode': '1',
        'net/ipv4/vs/conntrack': '0',
        'net/ipv4/vs/pmtu_disc': '1',
        'net/ipv4/vs/run_estimation': '1',
        'net/ipv4/vs/conn_max': '1073741824',
      }),
    ),
    table: table([service('10.0.0.13 80', [server('10.0.0.17 80'), server('10.0.0.18 80')])]),
    connections: [group('10.0.0.17 80', { others: 4 }), group('10.0.0.18 80', { established: 1, others: 3 })],
    listeners: [],
    growth: new Map(),
    modules: new Map([['ip_vs', 4]]),
    managers: [],
    directorUp: false,
    sharing: undefined,
    release: '7.2.7',
    attempts: new Map([
      ['10.0.0.17 80', 'open'],
      ['10.0.0.18 80', 'open'],
    ]),
    otherOwners: new Map(),
    heardSyncIds: [],
    realServer: undefined,
    ...more,
  };
}

export function table(
  services: readonly ObservedService[],
  daemons: NonNullable<Facts['table']>['daemons'] = [],
  checkPaths: readonly ObservedService[] = [],
): Facts['table'] {
  return { info: { version: 0x10201, connectionTableSize: 4096 }, daemons, services, checkPaths };
}

/** The service of the daemon's checks of one real server. */
export function checkPath(fwmark: number, of: ObservedServer): ObservedService {
  const { service: its } = service('10.0.0.13 0', []);
  return { service: { ...its, key: { kind: 'fwmark', fwmark, family: of.server.family } }, servers: [of] };
}

/** A real server of direct routing: VIP 10.0.0.13 on lo. */
export function realServer(more: Partial<Facts> = {}, said: Partial<RealServerFacts> = {}): Facts {
  return director({
    addresses: [address(1, '127.0.0.1/8'), address(1, '10.0.0.13/32'), address(2, '10.0.0.17/24')],
    sysctls: settings({ 'conf/all/arp_ignore': 1, 'conf/all/arp_announce': 2 }),
    table: undefined,
    connections: [],
    listeners: [{ address: bytes('0.0.0.0'), port: 80 }],
    attempts: new Map(),
    realServer: { vips: [bytes('10.0.0.13')], given: false, ports: [], ...said },
    ...more,
  });
}

/** Sysctls below net/ipv4. */
export function settings(values: Readonly<Record<string, number>>): Map<string, string> {
  return new Map(Object.entries(values).map(([name, value]) => [`net/ipv4/${name}`, `${value}`]));
}
