/** Findings on a real server: the VIPs, and what hides them from the network. */
import { counted } from '../bytes/counted';
import { sameBytes } from '../bytes/same-bytes';
import type { HostAddress, Link } from '../host/types';
import { formatAddress, inSubnet } from '../model/address';
import { effective, type Facts, grown } from './facts';
import { type FindingKind, ip, once, row, withPrefix } from './finding';

interface Held {
  readonly vip: Uint8Array;
  readonly entry: HostAddress;
  readonly link: Link;
}

const ARP_EXCEPT_HIDDEN = 8;

export const realServerFindings: readonly FindingKind[] = [
  row<Uint8Array>({
    id: 'rs-vip-missing',
    side: 'realserver',
    summary: 'no interface of the real server has the VIP (--vip)',
    certainty: 'certain',
    look: (facts) =>
      (facts.realServer?.given ? facts.realServer.vips : []).filter(
        (vip) => !held(facts).some((each) => sameBytes(each.vip, vip)),
      ),
    describe: (vip) => `no interface has ${formatAddress(vip)}`,
    how: (vip) => `ip route get ${formatAddress(vip)}   # does not begin with "local"`,
    effect: 'packets for the VIP are dropped, or circle if ip_forward is 1: clients time out',
    remedy: (vip) => `ipvsadm realserver up ${formatAddress(vip)}`,
    fix: (vip) => [{ kind: 'address', link: 'lo', address: formatAddress(vip), prefix: vip.length * 8 }],
  }),
  row<true>({
    id: 'rs-foreign-packets',
    side: 'realserver',
    summary: 'packets come for addresses that the real server does not have',
    certainty: 'possible',
    look: (facts) => once(facts.realServer !== undefined && grown(facts, 'IpInAddrErrors') > 0),
    describe: (_so, facts) =>
      `${counted(grown(facts, 'IpInAddrErrors'), 'packet')} came within 2 s for an address that this machine does not have: a VIP may be missing`,
    how: 'nstat -az IpInAddrErrors; ip address show lo',
    effect: 'packets for the VIP are dropped: clients time out',
    remedy: 'ipvsadm realserver up VIP',
  }),
  row<Held>({
    id: 'rs-vip-on-interface',
    side: 'realserver',
    summary: 'the VIP is on an interface that answers ARP for it, and not on lo',
    certainty: (_held, facts) => (facts.realServer?.given ? 'certain' : 'possible'),
    look: (facts) => [...held(facts), ...unlisted(facts)].filter((each) => answersArp(each, facts)),
    describe: ({ vip, link }) =>
      `${formatAddress(vip)} is on ${link.name}: it answers ARP for it, and arp_ignore=1 does not prevent that`,
    how: ({ link }) => `ip address show dev ${link.name}`,
    effect: 'clients reach this machine without the director: it has all the load',
    remedy: ({ vip, link, entry }) =>
      `ip address del ${formatAddress(vip)}/${entry.prefix} dev ${link.name} && ip address add ${withPrefix(vip)} dev lo`,
  }),
  row<Held>({
    id: 'rs-vip-prefix',
    side: 'realserver',
    summary: 'the VIP on lo has a prefix that makes its subnet local',
    certainty: 'certain',
    look: (facts) =>
      held(facts).filter(({ vip, entry, link }) => link.loopback && entry.prefix < vip.length * 8),
    describe: ({ vip, entry, link }) =>
      `${formatAddress(vip)}/${entry.prefix} on ${link.name} makes every address of that subnet one of this machine`,
    how: ({ vip }) => `ip address show dev lo; ${ip(vip)} route get CLIENT   # says "local"`,
    effect: 'no client of that subnet gets an answer, nor does the director',
    remedy: ({ vip, entry, link }) =>
      `${ip(vip)} address del ${formatAddress(vip)}/${entry.prefix} dev ${link.name} && ${ip(vip)} address add ${withPrefix(vip)} dev ${link.name}`,
  }),
  ...arp('arp_ignore', 1, 'it answers ARP for the VIP', (value) => value < 1),
  ...arp('arp_announce', 2, 'its own ARP questions tell that it has the VIP', (value) => value !== 2),
  row<Held>({
    id: 'rs-vip-duplicate',
    side: 'realserver',
    summary: 'an IPv6 VIP is not in use: duplicate address detection found it elsewhere, or has not ended',
    certainty: 'certain',
    look: (facts) => held(facts).filter(({ entry }) => entry.duplicate || entry.tentative),
    describe: ({ vip, entry, link }) =>
      `${formatAddress(vip)} on ${link.name} is ${entry.duplicate ? 'dadfailed' : 'tentative'}, and so not in use`,
    how: ({ link }) => `ip -6 address show dev ${link.name}`,
    effect: 'packets for the VIP are dropped',
    remedy: ({ vip, entry, link }) =>
      `ip -6 address del ${formatAddress(vip)}/${entry.prefix} dev ${link.name} && ip -6 address add ${withPrefix(vip)} dev lo nodad`,
  }),
];

/** A row for an ARP setting, of which the larger of `all` and the interface counts. */
function arp(
  name: 'arp_ignore' | 'arp_announce',
  wanted: number,
  says: string,
  wrong: (value: number) => boolean,
): FindingKind[] {
  return [
    row<Link>({
      id: `rs-${name.replace('_', '-')}`,
      side: 'realserver',
      summary: `${name} is not ${wanted}: ${says}`,
      certainty: (link, facts) => (sharesSubnet(link, facts) ? 'certain' : 'possible'),
      look: (facts) => arpLinks(facts).filter((link) => wrong(effective(facts, link.name, name))),
      describe: (link, facts) =>
        `${name} is ${effective(facts, link.name, name)} on ${link.name} (the larger of all and ${link.name}): ${says}`,
      how: ({ name: device }) => `cat /proc/sys/net/ipv4/conf/{all,${device}}/${name}`,
      effect: 'clients and routers learn this machine in place of the director: it has all the load',
      remedy: `sysctl -w net.ipv4.conf.all.${name}=${wanted}`,
      fix: () => [{ kind: 'sysctl', name: `net/ipv4/conf/all/${name}`, value: wanted }],
    }),
  ];
}

/** The VIPs that an interface has. */
export function held(facts: Facts): Held[] {
  return (facts.realServer?.vips ?? []).flatMap((vip) =>
    withLinks(facts, (entry) => sameBytes(entry.address, vip)),
  );
}

function withLinks(facts: Facts, chosen: (entry: HostAddress) => boolean): Held[] {
  return facts.addresses.filter(chosen).flatMap((entry) => {
    const link = facts.links.find(({ index }) => index === entry.link);
    return link ? [{ vip: entry.address, entry, link }] : [];
  });
}

/**
 * Where the VIPs are not given: addresses of a single machine beside another one of the interface,
 * in whose subnet they are, as VIPs are, unless they are those of services of this machine.
 */
function unlisted(facts: Facts): Held[] {
  if (!facts.realServer || facts.realServer.given) return [];
  const services = (facts.table?.services ?? []).flatMap(({ service: { key } }) =>
    key.kind === 'address' ? [key.address] : [],
  );
  return withLinks(
    facts,
    (entry) =>
      entry.prefix === 32 &&
      !services.some((address) => sameBytes(address, entry.address)) &&
      facts.addresses.some(
        (other) =>
          other.link === entry.link &&
          other.prefix < 32 &&
          inSubnet(entry.address, other.address, other.prefix),
      ),
  );
}

function answersArp({ vip, link }: Held, facts: Facts): boolean {
  return (
    vip.length === 4 &&
    link.arp &&
    link.kind !== 'dummy' &&
    effective(facts, link.name, 'arp_ignore') < ARP_EXCEPT_HIDDEN
  );
}

/**
 * The interfaces by which neighbours may ask for the IPv4 VIPs. Where packets come by a tunnel, the
 * VIP is mostly one of another subnet, which nobody here asks for.
 */
function arpLinks(facts: Facts): Link[] {
  const vips = held(facts).filter(({ vip }) => vip.length === 4);
  if (vips.length === 0) return [];
  const tunnelled = facts.links.some(({ kind, up }) => up && isTunnel(kind));
  return facts.links.filter(
    (link) =>
      link.arp &&
      link.up &&
      link.kind !== 'dummy' &&
      (tunnelled
        ? sharesSubnet(link, facts)
        : facts.addresses.some((each) => each.link === link.index && each.address.length === 4)),
  );
}

function sharesSubnet(link: Link, facts: Facts): boolean {
  return held(facts).some(({ vip }) =>
    facts.addresses.some(
      ({ link: index, address, prefix }) =>
        index === link.index && prefix < 32 && inSubnet(vip, address, prefix),
    ),
  );
}

export function isTunnel(kind: string | undefined): boolean {
  return ['ipip', 'gre', 'sit', 'ip6tnl', 'ip6gre'].includes(kind ?? '');
}
