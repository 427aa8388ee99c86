/** Why IPVS cannot be reached. Sources: capabilities(7), user_namespaces(7), modprobe(8). */
import { errno } from '../errors/errno';
import type { Cause } from './cause';

const { ENOENT, ENOPROTOOPT, EPERM } = errno;

export const connectCauses: readonly Cause[] = [
  {
    of: ['connect'],
    errno: [ENOPROTOOPT, ENOENT],
    describe: () => 'ip_vs is neither built into the kernel nor loaded as a module',
    test: () => "grep '^ip_vs ' /proc/modules; ls /proc/net/ip_vs",
    remedy: (_, { moduleOnDisk, release }) =>
      moduleOnDisk
        ? 'modprobe ip_vs, as root of the host'
        : `on the host: modprobe ip_vs${release && `; this file tree has no module for Linux ${release}`}`,
    applies: (_, { ipvsLoaded }) => (ipvsLoaded === undefined ? undefined : !ipvsLoaded),
  },
  {
    of: ['connect'],
    errno: [ENOPROTOOPT, ENOENT, EPERM],
    describe: () => 'a container may not load modules, and the host has not loaded ip_vs',
    test: () => 'grep CapEff /proc/self/status   # CAP_SYS_MODULE is bit 16',
    remedy: () =>
      'load ip_vs on the host before the container starts, or give the container SYS_MODULE and /lib/modules',
    applies: (_, { ipvsLoaded, mayLoadModules }) => (ipvsLoaded ? false : mayLoadModules === false),
  },
  {
    of: ['connect'],
    errno: [ENOPROTOOPT, ENOENT],
    describe: () => 'the kernel no longer loads modules (kernel.modules_disabled is 1)',
    test: () => 'sysctl kernel.modules_disabled',
    remedy: () => 'reboot, and load ip_vs before module loading is disabled (/etc/modules-load.d)',
    applies: (_, { ipvsLoaded, modulesDisabled }) => !ipvsLoaded && modulesDisabled,
  },
  {
    of: ['connect'],
    errno: [ENOPROTOOPT, ENOENT],
    describe: () => 'modprobe is configured not to load ip_vs',
    test: () => 'modprobe -n -v ip_vs; grep -rs ip_vs /etc/modprobe.d',
    remedy: () => 'remove the blacklist or install line',
    applies: (_, { ipvsLoaded, moduleOnDisk, modulesDisabled }) =>
      ipvsLoaded || !moduleOnDisk || modulesDisabled ? false : undefined,
  },
  {
    of: ['connect'],
    errno: [EPERM],
    describe: () => 'this process has no CAP_NET_ADMIN; IPVS requires it even for reading',
    test: () => 'grep CapEff /proc/self/status   # CAP_NET_ADMIN is bit 12',
    remedy: () => 'run it as root, or give the container NET_ADMIN',
    applies: (_, { mayAdministrate }) => (mayAdministrate === undefined ? undefined : !mayAdministrate),
  },
  {
    of: ['connect'],
    errno: [EPERM],
    describe: () =>
      'this is a user namespace other than the initial one (a rootless container); IPVS requires CAP_NET_ADMIN in the initial one',
    test: () => 'cat /proc/self/uid_map   # the initial namespace has one line: 0 0 4294967295',
    remedy: () => 'run it outside the user namespace; nsenter --net enters the network namespace from there',
    applies: (_, { initialUserNamespace }) =>
      initialUserNamespace === undefined ? undefined : !initialUserNamespace,
  },
];
