/**
 * What /proc says about the machine, as far as it distinguishes one cause of a refusal from
 * another. A fact that cannot be determined is undefined. Sources: proc(5), user_namespaces(7),
 * capabilities(7).
 */
import { effectiveCapabilities } from '../platform/capabilities';
import type { System } from '../platform/system';

export interface Facts {
  /** Whether ip_vs is in the kernel, as a module or built in. */
  readonly ipvsLoaded: boolean | undefined;
  /** Whether this file tree has the module ip_vs for the running kernel. */
  readonly moduleOnDisk: boolean;
  /** The release of the running kernel, as `uname -r` prints it; '' if unknown. */
  readonly release: string;
  /** Whether the kernel refuses to load any more modules (sysctl kernel.modules_disabled). */
  readonly modulesDisabled: boolean;
  /** Whether this process has CAP_NET_ADMIN. */
  readonly mayAdministrate: boolean | undefined;
  /** Whether this process has CAP_SYS_MODULE. */
  readonly mayLoadModules: boolean | undefined;
  /**
   * Whether this process is in the initial user namespace, the only one that IPVS answers over
   * netlink.
   */
  readonly initialUserNamespace: boolean | undefined;
  /** Whether the loopback interface of this network namespace is up. */
  readonly loopbackUp: boolean | undefined;
  /** The network interfaces of this namespace. */
  readonly interfaces: readonly string[];
  /** Whether IPv6 is compiled in and not disabled at boot. */
  readonly ipv6: boolean;
  /** The IPv6 addresses of this network namespace: 32 hexadecimal digits each. */
  readonly ipv6Addresses: ReadonlySet<string> | undefined;
}

/** All user ids mapped to themselves: only the initial user namespace has that map. */
const INITIAL_MAP = /^ *0 +0 +4294967295\n*$/;

/** Reads the facts from /proc: a few small files, each once. */
export function gatherFacts(system: Pick<System, 'readFile'>): Facts {
  const { readFile } = system;
  const release = readFile('/proc/sys/kernel/osrelease')?.trim() ?? '';
  const modules = readFile('/proc/modules');
  const loaded = readFile('/proc/net/ip_vs') !== undefined || /^ip_vs /m.test(modules ?? '');
  const capabilities = effectiveCapabilities(system);
  const map = readFile('/proc/self/uid_map');
  // Holds the local addresses; those of an interface that is down are not among them.
  const routes = readFile('/proc/net/fib_trie');
  const devices = readFile('/proc/net/dev') ?? '';
  const ipv6 = readFile('/proc/net/if_inet6');
  return {
    ipvsLoaded: loaded || (modules === undefined ? undefined : false),
    moduleOnDisk: /\/ip_vs\.ko/.test(readFile(`/lib/modules/${release}/modules.dep`) ?? ''),
    release,
    modulesDisabled: readFile('/proc/sys/kernel/modules_disabled')?.trim() === '1',
    mayAdministrate: capabilities?.has('CAP_NET_ADMIN'),
    mayLoadModules: capabilities?.has('CAP_SYS_MODULE'),
    initialUserNamespace: map === undefined ? undefined : INITIAL_MAP.test(map),
    loopbackUp: routes?.includes('127.0.0.1'),
    interfaces: [...devices.matchAll(/^ *([^ :\n]+):/gm)].map(([, name]) => name!),
    ipv6: ipv6 !== undefined,
    ipv6Addresses: ipv6 === undefined ? undefined : new Set(ipv6.match(/^[0-9a-f]{32}/gm)),
  };
}
