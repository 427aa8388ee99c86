import { type DirectorOptions, parseVip, stepsBeforeTable, vipSteps } from '../../src/setup/director';
import { describeStep } from '../../src/setup/kinds';

const options: DirectorOptions = {
  interface: 'eth0',
  vips: [],
  forwarding: { ipv4: false, ipv6: false },
  sourceNat: [],
  kernel: '6.1.0-50-amd64',
};
const stepsOf = (more: Partial<DirectorOptions>) =>
  stepsBeforeTable({ ...options, ...more }).map(describeStep);
const usual = ['net.ipv4.vs.expire_nodest_conn = 1', 'net.ipv4.vs.expire_quiescent_template = 1'];

test('the usual settings', () => {
  expect(stepsOf({})).toEqual(usual);
});

test('forwarding for the families of masquerading alone; IPv6 accepts 2 as well', () => {
  expect(stepsOf({ forwarding: { ipv4: true, ipv6: false } })).toEqual([...usual, 'net.ipv4.ip_forward = 1']);
  expect(stepsBeforeTable({ ...options, forwarding: { ipv4: false, ipv6: true } }).at(-1)).toEqual({
    kind: 'sysctl',
    name: 'net/ipv6/conf/all/forwarding',
    value: 1,
    orElse: [2],
  });
});

test.each([
  ['4.19.0', true],
  ['5.8.18', true],
  ['5.9.0', false],
  ['5.10', false],
  ['6.1.0-50-amd64', false],
  ['10.2', false],
  ['strange', false],
])('kernel %s: conn_reuse_mode is switched off: %s', (kernel, off) => {
  expect(stepsOf({ kernel }).includes('net.ipv4.vs.conn_reuse_mode = 0')).toBe(off);
});

test('source NAT: conntrack before a table for each family', () => {
  const sourceNat = [
    { protocol: 'tcp', address: '10.0.0.17', port: 80 },
    { protocol: 'tcp', address: '2001:db8::17', port: 80 },
    { protocol: 'tcp', address: '10.0.0.18', port: 80 },
  ] as const;
  expect(stepsOf({ sourceNat }).slice(usual.length)).toEqual([
    'net.ipv4.vs.conntrack = 1',
    'nftables table ip ipvsadm: source NAT to 2 real servers',
    'nftables table ip6 ipvsadm: source NAT to 1 real server',
  ]);
});

test('the VIPs are addresses of the interface', () => {
  expect(vipSteps({ interface: 'eth1', vips: [{ address: '192.0.2.10', prefix: 32 }] })).toEqual([
    { kind: 'address', link: 'eth1', address: '192.0.2.10', prefix: 32 },
  ]);
});

test.each([
  ['192.0.2.10', { address: '192.0.2.10', prefix: 32 }],
  ['192.0.2.10/24', { address: '192.0.2.10', prefix: 24 }],
  ['2001:db8::10', { address: '2001:db8::10', prefix: 128 }],
  ['2001:db8::10/64', { address: '2001:db8::10', prefix: 64 }],
  ['192.0.2.10/33', undefined],
  ['192.0.2.10/0', undefined],
  ['192.0.2.10/', undefined],
  ['/24', undefined],
  ['www', undefined],
])('the VIP %s', (text, vip) => {
  expect(parseVip(text)).toEqual(vip);
});
