/** What a director needs beside its IPVS table. */
import type { AddressStep, NatTarget, Step } from './step';

export interface Vip {
  readonly address: string;
  readonly prefix: number;
}

export interface DirectorOptions {
  readonly interface: string;
  readonly vips: readonly Vip[];
  /** The families of which there are masquerading real servers: their answers are forwarded. */
  readonly forwarding: { readonly ipv4: boolean; readonly ipv6: boolean };
  /** Real servers to which connections get this machine as their source; empty: none. */
  readonly sourceNat: readonly NatTarget[];
  /** The release of the kernel, such as 6.1.0-50-amd64. */
  readonly kernel: string;
}

/** Kernels before 5.9 delay a reused connection by a second while conn_reuse_mode is 1. */
const REUSE_IS_FAST = [5, 9] as const;

/** Steps before the table is loaded. */
export function stepsBeforeTable(options: DirectorOptions): Step[] {
  const { forwarding, sourceNat, kernel } = options;
  const vs = (name: string, value: number): Step => ({ kind: 'sysctl', name: `net/ipv4/vs/${name}`, value });
  const ofFamily = (ipv6: boolean): NatTarget[] =>
    sourceNat.filter(({ address }) => address.includes(':') === ipv6);
  const nat = [false, true].flatMap((ipv6): Step[] =>
    ofFamily(ipv6).length === 0 ? [] : [{ kind: 'source-nat', ipv6, targets: ofFamily(ipv6) }],
  );
  return [
    // Packets of a connection whose real server is gone are answered, not swallowed.
    vs('expire_nodest_conn', 1),
    // A persistent client leaves a real server of weight 0.
    vs('expire_quiescent_template', 1),
    ...(olderThan(kernel, REUSE_IS_FAST) ? [vs('conn_reuse_mode', 0)] : []),
    ...(forwarding.ipv4 ? [{ kind: 'sysctl', name: 'net/ipv4/ip_forward', value: 1 } as const] : []),
    ...(forwarding.ipv6
      ? [{ kind: 'sysctl', name: 'net/ipv6/conf/all/forwarding', value: 1, orElse: [2] } as const]
      : []),
    ...(nat.length > 0 ? [vs('conntrack', 1)] : []),
    ...nat,
  ];
}

/** Steps after the table is loaded: before, the local stack would reset the clients' connections. */
export function vipSteps({
  interface: link,
  vips,
}: Pick<DirectorOptions, 'interface' | 'vips'>): AddressStep[] {
  return vips.map(({ address, prefix }) => ({ kind: 'address', link, address, prefix }));
}

/** @param release 'MAJOR.MINOR...'; anything else counts as new. */
function olderThan(release: string, [major, minor]: readonly [number, number]): boolean {
  const [, ours, theirs] = /^(\d+)\.(\d+)/.exec(release) ?? [];
  if (ours === undefined) return false;
  return Number(ours) < major || (Number(ours) === major && Number(theirs) < minor);
}

/** '192.0.2.10' or '192.0.2.10/24'; without a prefix all bits. @returns undefined if it is neither. */
export function parseVip(text: string): Vip | undefined {
  const [, address = '', digits] = /^([0-9a-fA-F.:]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const most = address.includes(':') ? 128 : 32;
  const prefix = digits === undefined ? most : Number(digits);
  return address === '' || prefix < 1 || prefix > most ? undefined : { address, prefix };
}
