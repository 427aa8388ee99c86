/**
 * Why a sync daemon does not start or stop. Source: start_sync_thread, stop_sync_thread of
 * ip_vs_sync.c.
 */
import { errno } from '../errors/errno';
import type { Cause } from './cause';
import { quoted } from './cause';

const { EEXIST, EINVAL, ENETUNREACH, ENODEV, ESRCH } = errno;

export const daemonCauses: readonly Cause[] = [
  {
    of: ['start-daemon'],
    errno: [ENODEV],
    describe: ({ change }, { interfaces }) =>
      `there is no interface ${quoted(change && 'daemon' in change ? change.daemon.interface : undefined)} in this network namespace; it has ${interfaces.join(', ') || 'none'}`,
    test: () => 'ip link',
    remedy: () => 'give one of them as --mcast-interface',
    applies: ({ change }, { interfaces }) =>
      change && 'daemon' in change ? !interfaces.includes(change.daemon.interface) : undefined,
  },
  {
    of: ['start-daemon'],
    errno: [EINVAL],
    describe: () =>
      'the group is not a multicast address, or the table has real servers of another address family than their service',
    test: () => 'ipvsadm -Ln',
    remedy: () => 'give --mcast-group an address in 224.0.0.0/4 or ff00::/8; delete such real servers',
    applies: () => undefined,
  },
  {
    of: ['start-daemon'],
    errno: [ENETUNREACH],
    describe: () => 'there is no route to the IPv6 group over that interface',
    test: () => 'ip -6 route show table local',
    remedy: () => 'bring the interface up and give it an IPv6 address',
    applies: () => undefined,
  },
  {
    of: ['start-daemon'],
    errno: [EEXIST],
    describe: () => 'a sync daemon of that state is already running',
    test: () => 'ipvsadm -L --daemon',
    remedy: () => 'stop it first (--stop-daemon)',
    applies: () => true,
  },
  {
    of: ['stop-daemon'],
    errno: [ESRCH],
    describe: () => 'no sync daemon of that state is running in this network namespace',
    test: () => 'ipvsadm -L --daemon',
    remedy: () => 'give the state that the listing shows',
    applies: () => true,
  },
];
