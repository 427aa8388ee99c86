/** What a real server needs so that it answers for a VIP without telling the network that it has it. */
import type { Link, Route } from '../host/types';
import { inSubnet, parseAddress } from '../model/address';
import type { Step, TunnelStep } from './step';

export const realServerMethods = ['direct', 'tunnel', 'gue', 'gre', 'masquerading'] as const;
export type RealServerMethod = (typeof realServerMethods)[number];

export interface RealServerOptions {
  readonly vips: readonly string[];
  readonly method: RealServerMethod;
  /** The interfaces by which questions for the VIP come in. */
  readonly interfaces: readonly string[];
  /** Tunnels: the address of this machine that the director sends to. */
  readonly local?: string | undefined;
  /** GRE with checksums: the director's address, which the device must name. */
  readonly remote?: string | undefined;
  /** GUE: the UDP port. */
  readonly port: number;
  /** GRE: whether packets have checksums. */
  readonly checksum: boolean;
}

/** A mask of all bits: any other would make the VIP's whole subnet local (IPv4) or reachable. */
function hostPrefix(address: string): number {
  return address.includes(':') ? 128 : 32;
}

/** Sysctls first, so that no question is answered between the steps; the VIPs last. */
export function realServerSteps(options: RealServerOptions): Step[] {
  if (options.method === 'masquerading') return [];
  const tunnels = tunnelDevices(options);
  // The device that unpacks IPv4 has to have an address: without one the kernel drops what comes in by it
  // unless rp_filter is 0 for it and for all.
  const link = tunnels.find(({ type }) => type !== 'sit')?.link ?? 'lo';
  return [
    ...arpSteps(options),
    ...tunnelSteps(options, tunnels),
    ...options.vips.map((vip) => vipStep(vip, vip.includes(':') ? 'lo' : link)),
  ];
}

/** IPv4 only: IPv6 has no ARP, and the kernel answers neighbours only for addresses of the interface. */
function arpSteps({ vips, interfaces }: RealServerOptions): Step[] {
  if (!vips.some((vip) => !vip.includes(':'))) return [];
  return ['all', ...interfaces].flatMap((link): Step[] => [
    { kind: 'sysctl', name: `net/ipv4/conf/${link}/arp_ignore`, value: 1, orElse: [2] },
    { kind: 'sysctl', name: `net/ipv4/conf/${link}/arp_announce`, value: 2 },
  ]);
}

function vipStep(address: string, link: string): Step {
  return { kind: 'address', link, address, prefix: hostPrefix(address) };
}

/** The modules that each method wants, by the family of `local`. */
const modules = {
  tunnel: { ipv4: ['ipip'], ipv6: ['ip6_tunnel'] },
  gue: { ipv4: ['ipip', 'fou'], ipv6: ['ip6_tunnel', 'fou6'] },
  gre: { ipv4: ['ip_gre'], ipv6: ['ip6_gre'] },
} as const;

function tunnelSteps(
  { method, local = '', port, vips }: RealServerOptions,
  tunnels: readonly TunnelStep[],
): Step[] {
  if (tunnels.length === 0) return [];
  const ipv6 = local.includes(':');
  const steps: Step[] = modules[method as keyof typeof modules][ipv6 ? 'ipv6' : 'ipv4'].map((name) => ({
    kind: 'module',
    name,
  }));
  if (method === 'gue') steps.push({ kind: 'gue', port, ipv6 });
  for (const tunnel of tunnels) {
    steps.push(tunnel, { kind: 'link-up', link: tunnel.link });
    // The unpacked packet comes in by the device and its answer leaves by another: strict reverse path
    // filtering (1) would drop it. The larger of `all` and the device counts, and 2 is loose.
    if (tunnel.type !== 'sit' && vips.some((vip) => !vip.includes(':'))) {
      steps.push({ kind: 'sysctl', name: `net/ipv4/conf/${tunnel.link}/rp_filter`, value: 2 });
    }
  }
  return steps;
}

/** The devices that unpack. An IPv6 VIP in IPv4 packets needs one of its own kind. */
function tunnelDevices({ method, local, remote, checksum, vips }: RealServerOptions): TunnelStep[] {
  if (method === 'direct' || method === 'masquerading' || local === undefined) return [];
  const device = (type: TunnelStep['type'], link = `lvs-${type}`): TunnelStep => ({
    kind: 'tunnel',
    type,
    link,
    local,
  });
  const ipv6 = local.includes(':');
  if (method === 'gre') {
    const checks = checksum ? { checksum, ...(remote === undefined ? {} : { remote }) } : {};
    return [{ ...device(ipv6 ? 'ip6gre' : 'gre', 'lvs-gre'), ...checks }];
  }
  if (ipv6) return [device('ip6tnl')];
  return [
    ...(vips.some((vip) => !vip.includes(':')) ? [device('ipip')] : []),
    ...(vips.some((vip) => vip.includes(':')) ? [device('sit')] : []),
  ];
}

/** Whether a text is an address that a VIP can be: unicast, without a prefix. */
export function isVip(text: string): boolean {
  const bytes = parseAddress(text);
  if (!bytes) return false;
  const first = bytes[0]!;
  if (bytes.length === 4) return first !== 0 && first !== 127 && first < 224;
  return first !== 0xff && bytes.some((byte) => byte !== 0) && !isLoopback6(bytes);
}

function isLoopback6(bytes: Uint8Array): boolean {
  return bytes[15] === 1 && bytes.subarray(0, 15).every((byte) => byte === 0);
}

/**
 * The interfaces by which neighbours ask for the VIPs: those of the subnets that hold a VIP; without
 * one, those of the default route; without that, all that speak ARP.
 */
export function interfacesFor(
  vips: readonly string[],
  links: readonly Link[],
  routes: readonly Route[],
): readonly Link[] {
  const addresses = vips.flatMap((vip) => parseAddress(vip) ?? []);
  const of = (chosen: readonly Route[]) =>
    links.filter((link) => link.arp && link.up && chosen.some((route) => route.link === link.index));
  const near = of(
    routes.filter(({ gateway, destination, prefix }) => {
      if (gateway || !destination) return false;
      return addresses.some((address) => inSubnet(address, destination, prefix));
    }),
  );
  if (near.length > 0) return near;
  const outward = of(routes.filter(({ destination }) => !destination));
  return outward.length > 0 ? outward : links.filter((link) => link.arp && link.up);
}
