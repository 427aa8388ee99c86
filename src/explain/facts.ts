/**
 * What /proc tells of the machine, as far as it separates one cause of a failure from another. A fact that
 * cannot be had is undefined. Sources: proc(5), user_namespaces(7), capabilities(7).
 */
import type { System } from '../platform/system';

export interface Facts {
  /** Whether ip_vs is in the kernel, as a module or built in. */
  readonly ipvsLoaded: boolean | undefined;
  /** Whether this file tree has the module ip_vs for the running kernel. */
  readonly moduleOnDisk: boolean;
  /** The running kernel's release, as uname(1) gives it. */
  readonly release: string;
  /** Whether the kernel takes modules at all any more (sysctl kernel.modules_disabled). */
  readonly modulesDisabled: boolean;
  /** CAP_NET_ADMIN, CAP_SYS_MODULE among the effective capabilities. */
  readonly mayAdministrate: boolean | undefined;
  readonly mayLoadModules: boolean | undefined;
  /** Whether this process is in the initial user namespace: IPVS listens to no other over netlink. */
  readonly initialUserNamespace: boolean | undefined;
  /** Whether the loopback interface of this network namespace is up. */
  readonly loopbackUp: boolean | undefined;
  /** The network interfaces of this namespace. */
  readonly interfaces: readonly string[];
  /** Whether IPv6 is compiled in and not switched off at boot. */
  readonly ipv6: boolean;
}

/** Bits of CapEff (uapi/linux/capability.h). */
const CAP_NET_ADMIN = 12n;
const CAP_SYS_MODULE = 16n;

/** All user ids mapped to themselves: only the initial user namespace has that map. */
const INITIAL_MAP = /^\s*0\s+0\s+4294967295\s*$/;

/** Looks around in /proc. Each file is small, and read once. */
export function gatherFacts({ readFile }: Pick<System, 'readFile'>): Facts {
  const release = readFile('/proc/sys/kernel/osrelease')?.trim() ?? '';
  const modules = readFile('/proc/modules');
  const loaded = readFile('/proc/net/ip_vs') !== undefined || /^ip_vs /m.test(modules ?? '');
  const effective = /^CapEff:\s*([0-9a-f]+)/m.exec(readFile('/proc/self/status') ?? '')?.[1];
  const has = (bit: bigint) =>
    effective === undefined ? undefined : ((BigInt(`0x${effective}`) >> bit) & 1n) === 1n;
  const map = readFile('/proc/self/uid_map');
  // The table of local addresses: an interface that is down has none in it.
  const local = readFile('/proc/net/fib_trie');
  const devices = readFile('/proc/net/dev') ?? '';
  return {
    ipvsLoaded: loaded || (modules === undefined ? undefined : false),
    moduleOnDisk: /\/ip_vs\.ko/.test(readFile(`/lib/modules/${release}/modules.dep`) ?? ''),
    release,
    modulesDisabled: readFile('/proc/sys/kernel/modules_disabled')?.trim() === '1',
    mayAdministrate: has(CAP_NET_ADMIN),
    mayLoadModules: has(CAP_SYS_MODULE),
    initialUserNamespace: map === undefined ? undefined : INITIAL_MAP.test(map),
    loopbackUp: local === undefined ? undefined : local.includes('127.0.0.1'),
    interfaces: [...devices.matchAll(/^\s*([^\s:]+):/gm)].map(([, name]) => name!),
    ipv6: readFile('/proc/net/if_inet6') !== undefined,
  };
}
