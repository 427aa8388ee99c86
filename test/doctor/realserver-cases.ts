/** Mistakes of a real server, on facts made by hand. */
import { type Case, tunnel } from './director-cases';
import { address, bytes, eth0, lo, realServer, settings } from './hand-made';

export const realServerCases: readonly Case[] = [
  [
    'a VIP that is missing',
    realServer({ addresses: [address(2, '10.0.0.17/24')] }, { given: true }),
    ['rs-vip-missing certain'],
  ],
  [
    'foreign packets',
    realServer({ growth: new Map([['IpInAddrErrors', 4]]) }),
    ['rs-foreign-packets possible'],
  ],
  [
    'the VIP on eth0, as given',
    realServer({ addresses: [address(2, '10.0.0.13/32'), address(2, '10.0.0.17/24')] }, { given: true }),
    ['rs-vip-on-interface certain'],
  ],
  [
    'a VIP on eth0, perhaps',
    realServer({
      addresses: [address(2, '10.0.0.14/32'), address(2, '10.0.0.17/24'), address(1, '10.0.0.13/32')],
    }),
    ['rs-vip-on-interface possible'],
  ],
  [
    'a subnet on lo',
    realServer({ addresses: [address(1, '10.0.0.13/24'), address(2, '10.0.0.17/24')] }),
    ['rs-vip-prefix certain'],
  ],
  [
    'arp_ignore',
    realServer({ sysctls: settings({ 'conf/all/arp_announce': 2 }) }),
    ['rs-arp-ignore certain'],
  ],
  [
    'arp_announce',
    realServer({ sysctls: settings({ 'conf/eth0/arp_ignore': 1 }) }),
    ['rs-arp-announce certain'],
  ],
  [
    'ARP settings where nobody near may ask',
    realServer(
      { addresses: [address(1, '192.0.2.10/32'), address(2, '10.0.0.17/24')], sysctls: new Map() },
      { vips: [bytes('192.0.2.10')] },
    ),
    ['rs-arp-ignore possible', 'rs-arp-announce possible'],
  ],
  [
    'a duplicate',
    realServer(
      { addresses: [address(1, '2001:db8::13/128', { duplicate: true })] },
      { vips: [bytes('2001:db8::13')] },
    ),
    ['rs-vip-duplicate certain'],
  ],
  [
    'a closed port of a real server',
    realServer({ listeners: [] }, { ports: [80] }),
    ['rs-port-closed certain'],
  ],
  [
    'a listener of the own address, as given',
    realServer({ listeners: [{ address: bytes('10.0.0.17'), port: 80 }] }, { ports: [80] }),
    ['rs-listens-on-own-address certain'],
  ],
  [
    'a listener of the own address, while connections are refused',
    realServer({
      listeners: [{ address: bytes('10.0.0.17'), port: 80 }],
      growth: new Map([['TcpOutRsts', 1]]),
    }),
    ['rs-listens-on-own-address possible'],
  ],
  [
    'a tunnel that is down',
    realServer({ links: [lo, eth0, { ...tunnel, up: false }] }),
    ['rs-tunnel-down certain'],
  ],
  [
    'no tunnel',
    realServer({ growth: new Map([['IcmpOutDestUnreachs', 3]]) }),
    ['rs-tunnel-missing possible'],
  ],
  [
    'rp_filter on a tunnel',
    realServer({
      links: [lo, eth0, tunnel],
      sysctls: settings({ 'conf/all/rp_filter': 1, 'conf/all/arp_ignore': 1, 'conf/all/arp_announce': 2 }),
    }),
    ['rs-tunnel-rp-filter certain'],
  ],
  [
    'no route out',
    realServer({ addresses: [address(2, '10.0.0.17/24')] }, { vips: [] }),
    ['rs-no-way-out certain'],
  ],
  [
    'no route out for some',
    realServer({ growth: new Map([['IpOutNoRoutes', 3]]) }),
    ['rs-no-way-out possible'],
  ],
];
