import type { Link, Route } from '../../src/host/types';
import { inSubnet, parseAddress } from '../../src/model/address';
import { describeStep } from '../../src/setup/kinds';
import { interfacesFor, isVip, type RealServerOptions, realServerSteps } from '../../src/setup/realserver';
import { realServer } from './machines';

const stepsOf = (options: Partial<RealServerOptions>) =>
  realServerSteps({ ...realServer, ...options }).map(describeStep);

const arp = ['all', 'eth0'].flatMap((link) => [
  `net.ipv4.conf.${link}.arp_ignore = 1`,
  `net.ipv4.conf.${link}.arp_announce = 2`,
]);
const loose = (link: string) => `net.ipv4.conf.${link}.rp_filter = 2`;

describe('the steps', () => {
  test('direct routing: ARP settings, then the VIP on lo', () => {
    expect(stepsOf({})).toEqual([...arp, 'address 192.0.2.10/32 on lo']);
  });

  test('IPv6 has no ARP', () => {
    expect(stepsOf({ vips: ['2001:db8::10'] })).toEqual(['address 2001:db8::10/128 on lo']);
  });

  test('masquerading needs nothing', () => {
    expect(stepsOf({ method: 'masquerading' })).toEqual([]);
  });

  test('IP in IP: the device that unpacks IPv4 has the VIP', () => {
    expect(stepsOf({ method: 'tunnel', local: '10.0.0.17' })).toEqual([
      ...arp,
      'kernel module ipip',
      'device lvs-ipip (ipip to 10.0.0.17)',
      'device lvs-ipip up',
      loose('lvs-ipip'),
      'address 192.0.2.10/32 on lvs-ipip',
    ]);
  });

  test('IPv4 and IPv6 in IPv4: a device for each', () => {
    const vips = ['192.0.2.10', '2001:db8::10'];
    expect(stepsOf({ method: 'tunnel', local: '10.0.0.17', vips }).slice(arp.length)).toEqual([
      'kernel module ipip',
      'device lvs-ipip (ipip to 10.0.0.17)',
      'device lvs-ipip up',
      loose('lvs-ipip'),
      'device lvs-sit (sit to 10.0.0.17)',
      'device lvs-sit up',
      'address 192.0.2.10/32 on lvs-ipip',
      'address 2001:db8::10/128 on lo',
    ]);
  });

  test('IPv4 in IPv6: one device, which filters IPv4 loosely', () => {
    expect(stepsOf({ method: 'tunnel', local: '2001:db8::17' }).slice(arp.length)).toEqual([
      'kernel module ip6_tunnel',
      'device lvs-ip6tnl (ip6tnl to 2001:db8::17)',
      'device lvs-ip6tnl up',
      loose('lvs-ip6tnl'),
      'address 192.0.2.10/32 on lvs-ip6tnl',
    ]);
  });

  test('GUE: its port', () => {
    expect(stepsOf({ method: 'gue', local: '2001:db8::17', vips: ['2001:db8::10'], port: 7000 })).toEqual([
      'kernel module ip6_tunnel',
      'kernel module fou6',
      'GUE on UDP port 7000',
      'device lvs-ip6tnl (ip6tnl to 2001:db8::17)',
      'device lvs-ip6tnl up',
      'address 2001:db8::10/128 on lo',
    ]);
  });

  test('GRE with checksums names the director', () => {
    const steps = realServerSteps({
      ...realServer,
      method: 'gre',
      local: '10.0.0.17',
      remote: '10.0.0.1',
      checksum: true,
    });
    expect(steps).toContainEqual({
      kind: 'tunnel',
      type: 'gre',
      link: 'lvs-gre',
      local: '10.0.0.17',
      remote: '10.0.0.1',
      checksum: true,
    });
  });
});

test.each([
  ['192.0.2.10', true],
  ['2001:db8::10', true],
  ['fe80::1', true],
  ['0.0.0.0', false],
  ['127.0.0.1', false],
  ['224.0.0.1', false],
  ['255.255.255.255', false],
  ['::', false],
  ['::1', false],
  ['ff02::1', false],
  ['192.0.2.10/32', false],
  ['example.org', false],
])('%s can be a VIP: %s', (text, can) => {
  expect(isVip(text)).toBe(can);
});

describe('the interfaces by which neighbours ask', () => {
  const link = (index: number, name: string, more: Partial<Link> = {}): Link => ({
    index,
    name,
    up: true,
    carrier: true,
    loopback: false,
    arp: true,
    mtu: 1500,
    address: undefined,
    kind: undefined,
    ...more,
  });
  const route = (
    index: number,
    destination: string | undefined,
    prefix: number,
    gateway?: string,
  ): Route => ({
    family: 2,
    destination: destination === undefined ? undefined : parseAddress(destination),
    prefix,
    gateway: gateway === undefined ? undefined : parseAddress(gateway),
    link: index,
    source: undefined,
    local: false,
    mtu: undefined,
    advmss: undefined,
  });
  const links = [
    link(1, 'lo', { arp: false, loopback: true }),
    link(2, 'eth0'),
    link(3, 'eth1'),
    link(4, 'eth2', { up: false }),
  ];
  const near = route(3, '192.0.2.0', 24);
  const outward = route(2, undefined, 0, '10.0.0.1');
  const names = (vip: string, routes: Route[]) => interfacesFor([vip], links, routes).map(({ name }) => name);

  test('of the subnet of the VIP', () => {
    expect(names('192.0.2.10', [outward, near])).toEqual(['eth1']);
  });
  test('otherwise of the default route', () => {
    expect(names('198.51.100.10', [outward, near])).toEqual(['eth0']);
  });
  test('a route by a gateway is no subnet', () => {
    expect(names('198.51.100.10', [outward, route(3, '198.51.100.0', 24, '192.0.2.1')])).toEqual(['eth0']);
  });
  test('without a route: all that are up and speak ARP', () => {
    expect(names('192.0.2.10', [])).toEqual(['eth0', 'eth1']);
  });
});

test.each([
  ['192.0.2.10', '192.0.2.0', 24, true],
  ['192.0.3.10', '192.0.2.0', 24, false],
  ['192.0.3.10', '192.0.2.0', 23, true],
  ['192.0.2.130', '192.0.2.128', 25, true],
  ['192.0.2.120', '192.0.2.128', 25, false],
  ['192.0.2.10', '0.0.0.0', 0, true],
  ['192.0.2.10', '2001:db8::', 0, false],
  ['2001:db8:1::9', '2001:db8::', 47, true],
  ['2001:db8:2::9', '2001:db8::', 47, false],
])('%s in %s/%d: %s', (address, subnet, prefix, inside) => {
  expect(inSubnet(parseAddress(address)!, parseAddress(subnet)!, prefix)).toBe(inside);
});
