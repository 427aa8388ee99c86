/** Words that several formats share: mostly valid ones, some invalid, some hostile. */
import type { Random } from './random';

export const ipv4 = [
  '10.0.0.1',
  '10.0.0.2',
  '10.0.0.3',
  '192.0.2.1',
  '192.0.2.10',
  '198.51.100.7',
  '127.0.0.1',
];
export const ipv6 = ['2001:db8::1', '2001:db8::2', 'fd00::10', '::1', '2001:db8:0:0:1::'];
export const oddAddresses = [
  ...['0.0.0.0', '255.255.255.255', '224.0.0.1', '10.1', '0x0a000001', '012.1.2.3', '192.0.2.300', '1.2.3'],
  ...['::', 'ff02::1', 'fe80::1%eth0', '::ffff:1.2.3.4', '2001:db8::1::2', 'vip.test', 'nosuchhost', '*', ''],
  ...[
    '192.0.2.1-9',
    '192.0.2.0/24',
    '2001:db8::1-ffff',
    '192.0.2.1/99',
    '10.0.0.1->10.0.0.9',
    '9'.repeat(70),
  ],
];
const schedulers = [
  'rr',
  'wrr',
  'lc',
  'wlc',
  'lblc',
  'lblcr',
  'dh',
  'sh',
  'sed',
  'nq',
  'fo',
  'ovf',
  'mh',
  'none',
];
const oddSchedulers = ['RR', 'nosuch', 'averyveryverylongscheduler', 'r\x1b[31mr', ''];
const usualNumbers = ['0', '1', '2', '3', '7', '80', '443', '600', '65535'];
const oddNumbers = [
  ...[
    '-1',
    '65536',
    '2147483647',
    '2147483648',
    '4294967295',
    '4294967296',
    '18446744073709551616',
    '1e9',
    '1e400',
  ],
  ...[
    '0x10',
    '010',
    '1.5',
    ' 7',
    '+7',
    '',
    'x',
    'NaN',
    'Infinity',
    '-0',
    '1_000',
    '9'.repeat(400),
    '.5',
    '1e',
    '٣',
  ],
].map((text) => Buffer.from(text).toString('latin1'));

export function anyNumber(random: Random): string {
  return random.oddly(20) ? random.pick(oddNumbers) : random.pick(usualNumbers);
}

export function anyAddress(random: Random): string {
  if (random.oddly(20)) return random.pick(oddAddresses);
  return random.once(4) ? random.pick(ipv6) : random.pick(ipv4);
}

export function anyPort(random: Random): string {
  if (random.oddly(20)) return random.pick(['http', 'domain', 'nosuch', 'HTTP']);
  return random.oddly(15) ? anyNumber(random) : String(80 + random.below(8));
}

export function anyScheduler(random: Random): string {
  return random.oddly(20) ? random.pick(oddSchedulers) : random.pick(schedulers);
}

/** Addresses that seldom occur twice. */
export function addressOf(index: number, random: Random): string {
  return random.oddly(5) ? anyAddress(random) : `10.1.0.${index + 1}`;
}
