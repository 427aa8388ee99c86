/** The checks of the fake kernel, which throw refusals. */
import { errno } from '../errors/errno';
import type { daemonAttributes } from '../ipvs/attributes';
import { AF_INET, AF_INET6, formatAddress } from '../model/address';
import { noStatistics } from '../model/statistics';
import type { Attributes } from '../netlink/attribute';

export type DaemonRecord = Attributes<typeof daemonAttributes>;

/** A refusal, which the fake kernel sends as NLMSG_ERROR. */
export class Refusal extends Error {
  constructor(readonly errno: number) {
    super(`errno ${errno}`);
  }
}

/** Returns a value. @throws Refusal with EINVAL when it is missing. */
export function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Refusal(errno.EINVAL);
  return value;
}

export function checkFamily(family: number | undefined): void {
  if (family !== AF_INET && family !== AF_INET6) throw new Refusal(errno.EAFNOSUPPORT);
}

/**
 * ip_vs_sync.c: the given length within its limits, by default what fits an Ethernet frame or
 * loopback's MTU.
 */
export function syncMaxLength({ state, maxLength, group6 }: DaemonRecord): number {
  const header = group6 ? 48 : 28;
  const master = state === 1;
  if (!maxLength) return (master ? 1500 : 65535) - header;
  return Math.min(Math.max(maxLength, master ? 1 : 1024), 65535 - header);
}

const notUnicast = {
  /** Unspecified, broadcast, broadcast of the loopback network, multicast. */
  [AF_INET]: /^(0\.0\.0\.0|255\.255\.255\.255|127\.0\.0\.0|127\.255\.255\.255|2(2[4-9]|3[0-9])\..*)$/,
  /** Unspecified, multicast, link-local and IPv4-mapped. */
  [AF_INET6]: /^(::|ff..:.*|fe[89ab].:.*|::ffff:.*\..*)$/,
};

/** Like inet_addr_type and ipv6_addr_type, except for addresses that depend on routes. */
export function isUnicast(address: Uint8Array, family: number): boolean {
  const known = family === AF_INET ? AF_INET : AF_INET6;
  return !notUnicast[known].test(formatAddress(address.slice(0, known === AF_INET ? 4 : 16)));
}

export function sameBytes(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return (
    a !== undefined && a[3] === b?.[3] && a.length === b?.length && a.every((byte, at) => byte === b[at])
  );
}

/** Returns the statistics of a new service or server, all 0. */
export const newStatistics = () => ({ stats: { ...noStatistics }, stats64: { ...noStatistics } });

export const newDestination = () => ({
  activeConnections: 0,
  inactiveConnections: 0,
  persistentConnections: 0,
  ...newStatistics(),
});
