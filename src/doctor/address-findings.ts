/** Findings on the VIPs of a director. */

import { sameBytes } from '../bytes/same-bytes';
import type { Route } from '../host/types';
import { formatAddress } from '../model/address';
import { daemonStates } from '../model/sync-daemon';
import { type Facts, linkName } from './facts';
import { type FindingKind, ip, once, row, withPrefix } from './finding';
import { type Look, looks, vipAsSource } from './servers';

interface Vip {
  readonly address: Uint8Array;
  readonly route: Route | undefined;
}

export const addressFindings: readonly FindingKind[] = [
  row<Vip>({
    id: 'vip-missing',
    side: 'director',
    summary: 'the address of a service is not one of this machine',
    certainty: (_vip, facts) => (standsBy(facts) ? 'possible' : 'certain'),
    look: (facts) => vips(facts).filter(({ route }) => !route?.local),
    describe: ({ address }, facts) =>
      `${formatAddress(address)} is the address of a service, and no interface has it` +
      (standsBy(facts) ? '; that is right while another director is active' : ''),
    how: ({ address }) => `ip route get ${formatAddress(address)}   # does not begin with "local"`,
    effect: 'clients time out or find no route; IPVS counts nothing',
    remedy: (vip, facts) =>
      `${ip(vip.address)} address add ${withPrefix(vip.address)} dev ${wayOut(vip, facts)}`,
    fix: (vip, facts) => {
      const link = wayOut(vip, facts);
      if (standsBy(facts) || link === UNKNOWN) return [];
      const address = formatAddress(vip.address);
      return [{ kind: 'address', link, address, prefix: vip.address.length * 8 }];
    },
  }),
  row<Look>({
    id: 'vip-source',
    side: 'director',
    summary: 'packets to a real server leave with the VIP as their source, because of the prefix of the VIP',
    certainty: 'certain',
    look: (facts) => firstOfEachSource(looks(facts).filter((look) => vipAsSource(look, facts))),
    describe: (look) =>
      `what this machine itself sends to ${formatAddress(look.server.address)} has the VIP ` +
      `${formatAddress(look.route!.source!)} as its source, which the real server holds too`,
    how: ({ server }) => `ip route get ${formatAddress(server.address)}   # says "src VIP"`,
    effect:
      'health checks fail; tunnelled packets are dropped by the real server; ARP questions tell of the VIP',
    remedy: ({ route }, facts) => {
      const vip = formatAddress(route!.source!);
      const entry = facts.addresses.find(({ address }) => sameBytes(address, route!.source));
      const device = `dev ${linkName(facts, entry?.link)}`;
      return `ip address del ${vip}/${entry?.prefix ?? 24} ${device} && ip address add ${vip}/32 ${device}`;
    },
  }),
  row<{ vip: string; mac: string }>({
    id: 'vip-elsewhere',
    side: 'director',
    summary: 'another machine answers ARP for a VIP of this machine',
    certainty: 'certain',
    look: ({ otherOwners }) => [...otherOwners].map(([vip, mac]) => ({ vip, mac: macText(mac) })),
    describe: ({ vip, mac }) =>
      `${mac} answers ARP for ${vip}, which this machine has: a real server without arp_ignore, or a second director`,
    how: ({ vip }) => `arping -D -c 1 -I INTERFACE ${vip}   # or: ip neigh replace ${vip} dev INTERFACE use`,
    effect:
      'clients reach that machine and not this one: one server has all the load, and IPVS counts nothing',
    remedy: ({ vip }) => `on that machine: ipvsadm realserver up ${vip}`,
  }),
  row<true>({
    id: 'lo-down',
    side: 'director',
    summary: 'the loopback interface is down',
    certainty: 'certain',
    look: ({ links }) => once(links.some(({ loopback, up }) => loopback && !up)),
    describe: 'the loopback interface lo is down',
    how: 'ip link show lo',
    effect: 'the kernel refuses real servers (EINVAL), and local addresses do not answer',
    remedy: 'ip link set lo up',
    fix: () => [{ kind: 'link-up', link: 'lo' }],
  }),
];

function macText(mac: Uint8Array): string {
  return Array.from(mac, (byte) => byte.toString(16).padStart(2, '0')).join(':');
}

/** The addresses of services, each once. */
export function vips(facts: Facts): Vip[] {
  const found = (facts.table?.services ?? []).flatMap(({ service: { key } }) =>
    key.kind === 'address' ? [key.address] : [],
  );
  const unique = new Map(found.map((address) => [formatAddress(address), address]));
  return [...unique].map(([text, address]) => ({ address, route: facts.routesTo.get(text) }));
}

/** Whether this machine may be the passive one of two directors, which has no VIP. */
function standsBy({ managers, table }: Facts): boolean {
  return (
    managers.includes('keepalived') ||
    (table?.daemons.some(({ state }) => state === daemonStates.backup) ?? false)
  );
}

const UNKNOWN = 'INTERFACE';

/** The interface by which this machine reaches the subnet of a VIP. */
function wayOut({ route }: Vip, facts: Facts): string {
  return route && !route.gateway ? linkName(facts, route.link) : UNKNOWN;
}

function firstOfEachSource(found: readonly Look[]): Look[] {
  const seen = new Map(found.map((look) => [formatAddress(look.route!.source!), look]));
  return [...seen.values()];
}
