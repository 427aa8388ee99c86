/**
 * Why the kernel refuses what it is asked for: the table behind --explain. Sources: the checks of
 * net/netfilter/ipvs/ip_vs_ctl.c and ip_vs_sync.c, capabilities(7), user_namespaces(7), modprobe(8).
 */

import { errno } from '../errors/errno';
import { AF_INET6, formatAddress } from '../model/address';
import type { Change } from '../model/change';
import { FORWARDING_MASK, forwardingMethods, tunnelTypes } from '../model/real-server';
import type { Facts } from './facts';

/** What was asked of the kernel: a change, or the name of anything else. */
export interface Refused {
  /** A Request's kind, or 'connect'. */
  readonly operation: string;
  /** Positive. */
  readonly errno: number;
  /** What was asked for, where it was a change. */
  readonly change?: Change | undefined;
}

export interface Cause {
  readonly errno: readonly number[];
  /** Of which operations. */
  readonly of: readonly string[];
  /** A sentence without its full stop. */
  readonly describe: (refused: Refused, facts: Facts) => string;
  /** A command that tells whether it is so. */
  readonly test: (refused: Refused, facts: Facts) => string;
  /** What helps. */
  readonly remedy: (refused: Refused, facts: Facts) => string;
  /** What we see ourselves: true, it is so; false, it is not; undefined, nobody knows yet. */
  readonly applies: (refused: Refused, facts: Facts) => boolean | undefined;
}

const servers = ['add-server', 'edit-server'];
const services = ['add-service', 'edit-service'];

export const causes: readonly Cause[] = [
  {
    of: ['connect'],
    errno: [errno.ENOPROTOOPT, errno.ENOENT],
    describe: () => 'the kernel has ip_vs neither built in nor as a loaded module',
    test: () => "grep '^ip_vs ' /proc/modules; ls /proc/net/ip_vs",
    remedy: (_, { moduleOnDisk, release }) =>
      moduleOnDisk
        ? 'modprobe ip_vs, as root of the host'
        : `on the host: modprobe ip_vs${release && `; this file tree has no module for Linux ${release}`}`,
    applies: (_, { ipvsLoaded }) => (ipvsLoaded === undefined ? undefined : !ipvsLoaded),
  },
  {
    of: ['connect'],
    errno: [errno.ENOPROTOOPT, errno.ENOENT, errno.EPERM],
    describe: () => 'a container may not load modules, and the host has not loaded ip_vs',
    test: () => 'grep CapEff /proc/self/status   # CAP_SYS_MODULE is bit 16',
    remedy: () =>
      'load ip_vs on the host before the container starts, or give the container SYS_MODULE and /lib/modules',
    applies: (_, { ipvsLoaded, mayLoadModules }) => (ipvsLoaded ? false : mayLoadModules === false),
  },
  {
    of: ['connect'],
    errno: [errno.ENOPROTOOPT, errno.ENOENT],
    describe: () => 'the kernel takes no modules any more (kernel.modules_disabled is 1)',
    test: () => 'sysctl kernel.modules_disabled',
    remedy: () => 'reboot, and load ip_vs before modules are locked (/etc/modules-load.d)',
    applies: (_, { ipvsLoaded, modulesDisabled }) => !ipvsLoaded && modulesDisabled,
  },
  {
    of: ['connect'],
    errno: [errno.ENOPROTOOPT, errno.ENOENT],
    describe: () => 'modprobe is told not to load ip_vs',
    test: () => 'modprobe -n -v ip_vs; grep -rs ip_vs /etc/modprobe.d',
    remedy: () => 'take the blacklist or install line away',
    applies: (_, { ipvsLoaded, moduleOnDisk, modulesDisabled }) =>
      ipvsLoaded || !moduleOnDisk || modulesDisabled ? false : undefined,
  },
  {
    of: ['connect'],
    errno: [errno.EPERM],
    describe: () => 'this process has no CAP_NET_ADMIN; IPVS wants it for reading, too',
    test: () => 'grep CapEff /proc/self/status   # CAP_NET_ADMIN is bit 12',
    remedy: () => 'run it as root, or give the container NET_ADMIN',
    applies: (_, { mayAdministrate }) => (mayAdministrate === undefined ? undefined : !mayAdministrate),
  },
  {
    of: ['connect'],
    errno: [errno.EPERM],
    describe: () =>
      'this is a user namespace of its own (a rootless container): IPVS wants CAP_NET_ADMIN in the initial one',
    test: () => 'cat /proc/self/uid_map   # the initial namespace has one line: 0 0 4294967295',
    remedy: () => 'run it outside the user namespace; nsenter --net enters the network namespace from there',
    applies: (_, { initialUserNamespace }) =>
      initialUserNamespace === undefined ? undefined : !initialUserNamespace,
  },
  {
    of: servers,
    errno: [errno.EINVAL],
    describe: () =>
      'the loopback interface of this network namespace is down: then the kernel takes no address for unicast',
    test: () => 'ip link show lo',
    remedy: () => 'ip link set lo up',
    applies: (_, { loopbackUp }) => (loopbackUp === undefined ? undefined : !loopbackUp),
  },
  {
    of: servers,
    errno: [errno.EINVAL],
    describe: (refused) =>
      `${addressOf(refused)} is no unicast address (unspecified, broadcast, multicast, link-local, v4-mapped)`,
    test: (refused) => `ip route get ${addressOf(refused)}`,
    remedy: () => 'name the real server by its own address',
    applies: ({ change }) => (change && 'server' in change ? notUnicast(change.server.address) : undefined),
  },
  {
    of: servers,
    errno: [errno.EINVAL],
    describe: () =>
      'service and real server are of different address families, which only tunneling can bridge',
    test: () => 'ipvsadm -Ln',
    remedy: () => 'use --ipip, or a real server of the same family',
    applies: (refused) => {
      const parts = serverOf(refused);
      return (
        parts && parts.key.family !== parts.server.family && method(parts) !== forwardingMethods.tunneling
      );
    },
  },
  {
    of: servers,
    errno: [errno.EINVAL],
    describe: () =>
      'a sync daemon runs, which cannot carry real servers of another address family than the service',
    test: () => 'ipvsadm -L --daemon',
    remedy: () => 'stop the sync daemon, or use a real server of the same family',
    applies: (refused) => {
      const parts = serverOf(refused);
      if (!parts) return undefined;
      return parts.key.family === parts.server.family ? false : undefined;
    },
  },
  {
    of: servers,
    errno: [errno.EINVAL],
    describe: () => 'a gue tunnel needs the port of its encapsulation',
    test: () => 'ipvsadm -Ln --tun-info',
    remedy: () => 'give --tun-port',
    applies: (refused) => {
      const parts = serverOf(refused);
      if (!parts) return undefined;
      const { type, port } = parts.server.tunnel;
      return method(parts) === forwardingMethods.tunneling && type === tunnelTypes.gue && port === 0;
    },
  },
  {
    of: servers,
    errno: [errno.EINVAL],
    describe: () => 'the upper threshold is above 2147483647',
    test: () => 'ipvsadm -Ln --thresholds',
    remedy: () => 'give a smaller --u-threshold; 0 is no limit',
    applies: (refused) => beyond(serverOf(refused)?.server.upperThreshold),
  },
  {
    of: servers,
    errno: [errno.ERANGE],
    describe: (refused) => {
      const server = serverOf(refused)?.server;
      return server
        ? `the thresholds are out of order: the lower one (${server.lowerThreshold}) is above the upper one (${server.upperThreshold})`
        : 'the lower threshold is above the upper one';
    },
    test: () => 'ipvsadm -Ln --thresholds',
    remedy: () => 'raise --u-threshold, or lower --l-threshold',
    applies: (refused) => {
      const server = serverOf(refused)?.server;
      return server && server.lowerThreshold > server.upperThreshold;
    },
  },
  {
    of: servers,
    errno: [errno.ERANGE],
    describe: () => 'the weight is negative',
    test: () => 'ipvsadm -Ln',
    remedy: () => 'give a weight of 0 to 2147483647; 0 takes no new connections',
    applies: (refused) => {
      const server = serverOf(refused)?.server;
      return server && server.weight < 0;
    },
  },
  {
    of: ['edit-server', 'delete-server'],
    errno: [errno.ENOENT],
    describe: (refused) =>
      `the service has no real server on that port${methodOf(refused) === forwardingMethods.gatewaying ? ': direct routing takes the port of the service, whatever port is given' : ''}`,
    test: () => 'ipvsadm -Ln',
    remedy: () => 'name the real server as the listing does',
    applies: () => undefined,
  },
  {
    of: [...servers, 'delete-server', 'edit-service', 'delete-service', 'zero', 'list-services', 'service'],
    errno: [errno.ESRCH],
    describe: () =>
      'no virtual service of this network namespace has that protocol, address and port, or that mark and address family',
    test: () => 'ipvsadm -Ln; ip netns identify $$',
    remedy: () =>
      'name the service as the listing does; another namespace is reached with --netns; a mark of IPv6 needs -6',
    applies: () => true,
  },
  {
    of: services,
    errno: [errno.ENOENT],
    describe: (refused) => {
      const service = serviceOf(refused);
      return `there is no scheduler ${quoted(service?.scheduler)}: neither loaded nor a module ip_vs_${service?.scheduler ?? 'NAME'} that could be`;
    },
    test: (refused) => `modprobe -n -v ip_vs_${serviceOf(refused)?.scheduler ?? 'NAME'}`,
    remedy: () => `load or install the module; the schedulers of Linux are ${schedulers.join(', ')}`,
    applies: (refused) => {
      const service = serviceOf(refused);
      if (!service) return undefined;
      return schedulers.includes(service.scheduler) ? undefined : true;
    },
  },
  {
    of: services,
    errno: [errno.ENOENT],
    describe: (refused) => `there is no persistence engine ${quoted(serviceOf(refused)?.persistenceEngine)}`,
    test: (refused) => `modprobe -n -v ip_vs_pe_${serviceOf(refused)?.persistenceEngine ?? 'NAME'}`,
    remedy: () => 'load or install the module; the only engine of Linux is sip',
    applies: (refused) => {
      const engine = serviceOf(refused)?.persistenceEngine;
      if (engine === undefined) return undefined;
      return engine === '' ? false : engine === 'sip' ? undefined : true;
    },
  },
  {
    of: services,
    errno: [errno.EAFNOSUPPORT],
    describe: () => 'the kernel has no IPv6, or it is switched off at boot (ipv6.disable=1)',
    test: () => 'ls /proc/net/if_inet6',
    remedy: () => 'boot with IPv6, or use IPv4',
    applies: (refused, { ipv6 }) => (serviceOf(refused)?.key.family === AF_INET6 ? !ipv6 : undefined),
  },
  {
    of: services,
    errno: [errno.EINVAL],
    describe: () => 'the netmask of an IPv6 service is a prefix length, 1 to 128',
    test: () => 'ipvsadm -Sn',
    remedy: () => 'give --netmask 64, say',
    applies: (refused) => {
      const service = serviceOf(refused);
      if (!service) return undefined;
      return service.key.family === AF_INET6 && (service.netmask < 1 || service.netmask > 128);
    },
  },
  {
    of: ['start-daemon'],
    errno: [errno.ENODEV],
    describe: ({ change }, { interfaces }) =>
      `there is no interface ${quoted(change && 'daemon' in change ? change.daemon.interface : undefined)} in this network namespace; it has ${interfaces.join(', ') || 'none'}`,
    test: () => 'ip link',
    remedy: () => 'give --mcast-interface one of them',
    applies: ({ change }, { interfaces }) =>
      change && 'daemon' in change ? !interfaces.includes(change.daemon.interface) : undefined,
  },
  {
    of: ['start-daemon'],
    errno: [errno.EINVAL],
    describe: () =>
      'the group is no multicast address, or the table has real servers of another address family than their service',
    test: () => 'ipvsadm -Ln',
    remedy: () => 'give --mcast-group an address of 224.0.0.0/4 or ff00::/8; take such real servers away',
    applies: () => undefined,
  },
  {
    of: ['start-daemon'],
    errno: [errno.ENETUNREACH],
    describe: () => 'there is no route to the IPv6 group over that interface',
    test: () => 'ip -6 route show table local',
    remedy: () => 'bring the interface up and give it an IPv6 address',
    applies: () => undefined,
  },
  {
    of: ['start-daemon'],
    errno: [errno.EEXIST],
    describe: () => 'a sync daemon of that state runs already',
    test: () => 'ipvsadm -L --daemon',
    remedy: () => 'stop it first (--stop-daemon)',
    applies: () => true,
  },
  {
    of: ['stop-daemon'],
    errno: [errno.ESRCH],
    describe: () => 'no sync daemon of that state runs in this network namespace',
    test: () => 'ipvsadm -L --daemon',
    remedy: () => 'name the state that the listing shows',
    applies: () => true,
  },
  {
    of: ['set-timeouts'],
    errno: [errno.EINVAL],
    describe: () =>
      'a timeout is more than the kernel can count in its clock ticks (2147483 s at 1000 Hz, 8589934 s at 250 Hz)',
    test: () => 'grep CONFIG_HZ= /boot/config-$(uname -r)',
    remedy: () => 'give smaller timeouts; 0 keeps what is set',
    applies: () => undefined,
  },
  {
    of: ['add-service'],
    errno: [errno.EEXIST],
    describe: () =>
      'the table has a service of that protocol, address and port, or of that mark and address family',
    test: () => 'ipvsadm -Ln',
    remedy: () => 'change it with -E (service edit), or make the table what a file says with apply',
    applies: () => true,
  },
  {
    of: ['add-server'],
    errno: [errno.EEXIST],
    describe: (refused) =>
      `the service has that real server${methodOf(refused) === forwardingMethods.gatewaying ? ' already: direct routing takes the port of the service, whatever port is given' : ' already'}`,
    test: () => 'ipvsadm -Ln',
    remedy: () => 'change it with server set, which keeps what is not named, or -e',
    applies: () => true,
  },
];

/** The causes of a refusal of that operation with that errno. */
export function causesFor(operation: string | undefined, code: number): Cause[] {
  return causes.filter((cause) => cause.errno.includes(code) && cause.of.some((name) => name === operation));
}

/** Schedulers of Linux 7.2 (net/netfilter/ipvs/Kconfig). */
const schedulers = [
  'rr',
  'wrr',
  'lc',
  'wlc',
  'fo',
  'ovf',
  'lblc',
  'lblcr',
  'dh',
  'sh',
  'mh',
  'sed',
  'nq',
  'twos',
  'none',
];

const MAX_COUNT = 0x7fffffff;

function serverOf({ change }: Refused) {
  return change && (change.kind === 'add-server' || change.kind === 'edit-server') ? change : undefined;
}

function serviceOf({ change }: Refused) {
  return change && (change.kind === 'add-service' || change.kind === 'edit-service')
    ? change.service
    : undefined;
}

function method({ server }: NonNullable<ReturnType<typeof serverOf>>): number {
  return server.forwarding & FORWARDING_MASK;
}

function methodOf(refused: Refused): number | undefined {
  const parts = serverOf(refused);
  return parts && method(parts);
}

function addressOf({ change }: Refused): string {
  return change && 'server' in change ? formatAddress(change.server.address) : 'the address';
}

function beyond(value: number | undefined): boolean | undefined {
  return value === undefined ? undefined : value > MAX_COUNT;
}

function quoted(name: string | undefined): string {
  return name === undefined ? 'of that name' : `'${name}'`;
}

/** Whether an address is certainly not unicast; undefined where only routing knows (broadcast of a subnet). */
function notUnicast(address: Uint8Array): boolean | undefined {
  if (address.length === 4) {
    const first = address[0]!;
    const unspecified = address.every((byte) => byte === 0);
    const broadcast = address.every((byte) => byte === 255);
    return unspecified || broadcast || (first >= 224 && first <= 239) || undefined;
  }
  const zeros = address.findIndex((byte) => byte !== 0);
  const linkLocal = address[0] === 0xfe && (address[1]! & 0xc0) === 0x80;
  const mapped = zeros === 10 && address[10] === 0xff && address[11] === 0xff;
  return zeros === -1 || address[0] === 0xff || linkLocal || mapped || undefined;
}
