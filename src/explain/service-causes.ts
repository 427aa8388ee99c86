/**
 * Why a virtual service is refused, or not found. Source: ip_vs_add_service, ip_vs_edit_service of
 * ip_vs_ctl.c.
 */
import { errno } from '../errors/errno';
import { AF_INET6 } from '../model/address';
import { netmaskAccepted } from '../model/kernel-rules';
import { formatRange, limits } from '../model/limits';
import { persistenceEngines, schedulerNames } from '../model/schedulers';
import { type Cause, quoted, serverChanges, serviceChanges, serviceOf } from './cause';

const { EAFNOSUPPORT, EEXIST, EINVAL, ENOENT, ESRCH } = errno;

export const serviceCauses: readonly Cause[] = [
  {
    of: [
      ...serverChanges,
      'delete-server',
      'edit-service',
      'delete-service',
      'zero',
      'list-services',
      'service',
    ],
    errno: [ESRCH],
    describe: () =>
      'no virtual service of this network namespace has that protocol, address and port, or that firewall mark and address family',
    test: () => 'ipvsadm -Ln; ip netns identify $$',
    remedy: () =>
      'give the service as the listing shows it; --netns selects another namespace; an IPv6 firewall mark requires -6',
    applies: () => true,
  },
  {
    of: serviceChanges,
    errno: [ENOENT],
    describe: (refused) => {
      const service = serviceOf(refused);
      return `there is no scheduler ${quoted(service?.scheduler)}: the module ip_vs_${service?.scheduler ?? 'NAME'} is neither loaded nor found`;
    },
    test: (refused) => `modprobe -n -v ip_vs_${serviceOf(refused)?.scheduler ?? 'NAME'}`,
    remedy: () => `load or install the module; the schedulers of Linux are ${schedulerNames.join(', ')}`,
    applies: (refused) => {
      const service = serviceOf(refused);
      return service && !schedulerNames.includes(service.scheduler) ? true : undefined;
    },
  },
  {
    of: serviceChanges,
    errno: [ENOENT],
    describe: (refused) => `there is no persistence engine ${quoted(serviceOf(refused)?.persistenceEngine)}`,
    test: (refused) => `modprobe -n -v ip_vs_pe_${serviceOf(refused)?.persistenceEngine ?? 'NAME'}`,
    remedy: () =>
      `load or install the module; the only persistence engine of Linux is ${persistenceEngines.join(', ')}`,
    applies: (refused) => {
      const engine = serviceOf(refused)?.persistenceEngine;
      if (engine === '') return false;
      return engine === undefined || persistenceEngines.includes(engine) ? undefined : true;
    },
  },
  {
    of: serviceChanges,
    errno: [EAFNOSUPPORT],
    describe: () => 'the kernel has no IPv6, or IPv6 is disabled at boot (ipv6.disable=1)',
    test: () => 'ls /proc/net/if_inet6',
    remedy: () => 'boot with IPv6, or use IPv4',
    applies: (refused, { ipv6 }) => (serviceOf(refused)?.key.family === AF_INET6 ? !ipv6 : undefined),
  },
  {
    of: serviceChanges,
    errno: [EINVAL],
    describe: () => `the netmask of an IPv6 service is a prefix length, ${formatRange(limits.prefixLength)}`,
    test: () => 'ipvsadm -Sn',
    remedy: () => 'give a prefix length such as --netmask 64',
    applies: (refused) => {
      const service = serviceOf(refused);
      return service && !netmaskAccepted(service);
    },
  },
  {
    of: ['add-service'],
    errno: [EEXIST],
    describe: () =>
      'the table already has a service with that protocol, address and port, or with that firewall mark and address family',
    test: () => 'ipvsadm -Ln',
    remedy: () => 'change it with -E (service edit), or make the table match a file with apply',
    applies: () => true,
  },
];
