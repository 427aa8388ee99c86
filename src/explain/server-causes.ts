/**
 * Why a real server is refused, or not found. Source: ip_vs_add_dest, ip_vs_new_dest,
 * ip_vs_edit_dest of ip_vs_ctl.c.
 */
import { errno } from '../errors/errno';
import type { Refused } from '../errors/refused';
import { formatAddress } from '../model/address';
import {
  addressVerdict,
  familyAccepted,
  isMixedFamily,
  keepsServicePort,
  thresholdsInOrder,
  tunnelAccepted,
  upperThresholdAccepted,
  weightAccepted,
} from '../model/kernel-rules';
import { limits } from '../model/limits';
import { type Cause, serverChanges, serverOf } from './cause';
import type { Facts } from './facts';

const { EEXIST, EINVAL, ENOENT, ERANGE } = errno;

export const serverCauses: readonly Cause[] = [
  {
    of: ['add-server'],
    errno: [EINVAL],
    describe: () =>
      'the loopback interface of this network namespace is down: the kernel then takes no IPv4 address for unicast',
    test: () => 'ip link show lo',
    remedy: () => 'ip link set lo up',
    applies: (refused, { loopbackUp }) => {
      const server = serverOf(refused)?.server;
      if (server && addressVerdict(server.address) !== 'unless-broadcast') return false;
      return loopbackUp === undefined ? undefined : !loopbackUp;
    },
  },
  {
    of: ['add-server'],
    errno: [EINVAL],
    describe: (refused) =>
      `${addressOf(refused)} is not a unicast address (unspecified, broadcast, multicast, link-local, IPv4-mapped)`,
    test: (refused) => `ip route get ${addressOf(refused)}`,
    remedy: () => "give the real server's own address",
    applies: addressRefused,
  },
  {
    of: serverChanges,
    errno: [EINVAL],
    describe: () =>
      'service and real server are of different address families, which only tunneling can bridge',
    test: () => 'ipvsadm -Ln',
    remedy: () => 'use --ipip, or a real server of the same family',
    applies: (refused) => {
      const parts = serverOf(refused);
      return parts && !familyAccepted(parts.key, parts.server);
    },
  },
  {
    of: serverChanges,
    errno: [EINVAL],
    describe: () =>
      'a sync daemon is running, which cannot synchronise real servers of another address family than their service',
    test: () => 'ipvsadm -L --daemon',
    remedy: () => 'stop the sync daemon, or use a real server of the same family',
    applies: (refused) => {
      const parts = serverOf(refused);
      return parts && !isMixedFamily(parts.key, parts.server) ? false : undefined;
    },
  },
  {
    of: serverChanges,
    errno: [EINVAL],
    describe: () => 'a gue tunnel requires the UDP port of its encapsulation',
    test: () => 'ipvsadm -Ln --tun-info',
    remedy: () => 'give --tun-port',
    applies: (refused) => breaks(refused, ({ tunnel }) => tunnelAccepted(tunnel)),
  },
  {
    of: serverChanges,
    errno: [EINVAL],
    describe: () => `the upper threshold is above ${limits.threshold.max}`,
    test: () => 'ipvsadm -Ln --thresholds',
    remedy: () => 'give a smaller --u-threshold; 0 means no limit',
    applies: (refused) => breaks(refused, upperThresholdAccepted),
  },
  {
    of: serverChanges,
    errno: [ERANGE],
    describe: (refused) => {
      const server = serverOf(refused)?.server;
      return server
        ? `the thresholds are out of order: the lower one (${server.lowerThreshold}) is above the upper one (${server.upperThreshold})`
        : 'the lower threshold is above the upper one';
    },
    test: () => 'ipvsadm -Ln --thresholds',
    remedy: () => 'raise --u-threshold, or lower --l-threshold',
    applies: (refused) => breaks(refused, thresholdsInOrder),
  },
  {
    of: serverChanges,
    errno: [ERANGE],
    describe: () => 'the weight is negative',
    test: () => 'ipvsadm -Ln',
    remedy: () => `give a weight from 0 (no new connections) to ${limits.weight.max}`,
    applies: (refused) => breaks(refused, weightAccepted),
  },
  {
    of: ['edit-server', 'delete-server'],
    errno: [ENOENT],
    describe: (refused) => `the service has no real server with that address and port${portNote(refused)}`,
    test: () => 'ipvsadm -Ln',
    remedy: () => 'give the real server as the listing shows it',
    applies: () => undefined,
  },
  {
    of: ['add-server'],
    errno: [EEXIST],
    describe: (refused) =>
      `the service already has a real server with that address and port, whatever its forwarding method${portNote(refused)}`,
    test: () => 'ipvsadm -Ln',
    remedy: () =>
      'change it with -e, or with server set, which keeps everything that is not given; with masquerading, another port makes another real server',
    applies: () => true,
  },
];

/**
 * Whether the kernel refuses the address on this machine; undefined if only its routes can tell.
 */
function addressRefused(refused: Refused, { ipv6Addresses }: Facts): boolean | undefined {
  const address = serverOf(refused)?.server.address;
  switch (address && addressVerdict(address)) {
    case 'refused':
      return true;
    case 'accepted':
      return false;
    case 'if-local':
      return ipv6Addresses && !ipv6Addresses.has(hexOf(address!));
    default:
      return undefined;
  }
}

function hexOf(address: Uint8Array): string {
  return Array.from(address, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Whether the real server breaks a rule; undefined if the real server is not known. */
function breaks(
  refused: Refused,
  accepted: (server: NonNullable<ReturnType<typeof serverOf>>['server']) => boolean,
): boolean | undefined {
  const server = serverOf(refused)?.server;
  return server && !accepted(server);
}

/**
 * The kernel knows a real server by its address and port alone; ipvsadm puts the port of the service
 * in place of a given one.
 */
function portNote(refused: Refused): string {
  const parts = serverOf(refused);
  return parts && keepsServicePort(parts.key, parts.server)
    ? `; without masquerading, its port is that of the service (${parts.server.port}), whatever port is given`
    : '';
}

function addressOf({ change }: Refused): string {
  return change && 'server' in change ? formatAddress(change.server.address) : 'the address';
}
