import { globalDirectives, sectionDirectives } from '../../../src/state/ldirectord/directives';
import { parseLdirectord } from '../../../src/state/ldirectord/read';
import { ldirectordFormat } from '../../../src/state/ldirectord/write';
import { serverRule, serviceRule } from '../../../src/state/rules/write';
import type { TableState } from '../../../src/state/table/table-state';
import { documentOf, file, read, told, written } from '../imported-text';

const names = {
  addressOfHost: (name: string) => (name === 'web1' ? Uint8Array.of(10, 0, 0, 9) : undefined),
  nameOfAddress: () => undefined,
  portOfService: (name: string) => (name === 'http' ? 80 : undefined),
  serviceOfPort: () => undefined,
};
const parse = (text: string) => parseLdirectord(text, names);
const everything = file('ldirectord/everything.cf');

const rules = ({ services = [] }: TableState) =>
  services.flatMap(({ service, servers }) => [
    serviceRule(service),
    ...servers.map((server) => serverRule(service.key, server)),
  ]);

// The ipvsadm command lines that ldirectord(8) describes: the scheduler is wrr, the weight 1, the port 53 is UDP,
// and only masq has a port of its own.
test('what each directive becomes', () => {
  expect(rules(read(everything, parse).state)).toEqual([
    '-A -t 192.0.2.1:80 -s wlc -p 600 -M 255.255.255.0',
    '-a -t 192.0.2.1:80 -r 10.0.0.2:80 -g -w 1',
    '-a -t 192.0.2.1:80 -r 10.0.0.3:80 -g -w 7 -x 9 -y 3',
    '-a -t 192.0.2.1:80 -r 10.0.0.4:80 -g -w 7 -x 9 -y 3',
    '-a -t 192.0.2.1:80 -r 10.0.0.5:80 -g -w 7 -x 9 -y 3',
    '-a -t 192.0.2.1:80 -r 10.0.0.6:8080 -m -w 0',
    '-a -t 192.0.2.1:80 -r 10.0.0.7:0 -m -w 5 -x 4 -y 0',
    '-a -t 192.0.2.1:80 -r 10.0.0.8:80 -i -w 1 --tun-type ipip',
    '-A -u 192.0.2.1:53 -s wrr -o',
    '-a -u 192.0.2.1:53 -r 10.0.0.2:53 -m -w 1',
    '-A -t 192.0.2.2:80 -s sh -b sh-fallback,sh-port',
    '-a -t 192.0.2.2:80 -r 10.0.0.2:80 -m -w 1',
    '-A -u 192.0.2.2:5353 -s mh -b mh-port',
    '-a -u 192.0.2.2:5353 -r 10.0.0.2:53 -m -w 1',
    '-A -f 7 -s wrr',
    '-a -f 7 -r 10.0.0.2:0 -g -w 1',
    '-a -f 7 -r 10.0.0.3:8080 -m -w 2',
    '-A -t [2001:db8::1]:443 -s wrr -p 60 -M 64',
    '-a -t [2001:db8::1]:443 -r [2001:db8:1::2]:443 -m -w 3',
    '-a -t [2001:db8::1]:443 -r [2001:db8:1::3]:443 -i -w 3 --tun-type ipip',
    '-A -f 8 -6 -s wrr',
    '-a -f 8 -6 -r [2001:db8:1::2]:0 -g -w 1',
    '-A -t 192.0.2.1:81 -s wrr',
  ]);
});

test('the file has every directive, and each that is outside IPVS is told of', () => {
  const lines = told(everything, parse);
  expect(lines.filter((line) => !/: (note|warning): /.test(line))).toEqual([]);
  for (const [name, { outside }] of [
    ...Object.entries(sectionDirectives),
    ...Object.entries(globalDirectives),
  ]) {
    expect(everything).toMatch(new RegExp(`^\\s*${name}\\b`, 'm'));
    if (outside !== undefined) expect(lines.join('\n')).toContain(`note: '${name}' is left out: ${outside}`);
  }
  expect(lines).toContain("file:2:1: note: 'checktimeout' is left out: it is about health checks");
});

test('written again, it is read as the same table', () => {
  const { state } = read(everything, parse);
  const { text, lost } = written('ldirectord', state);
  expect(lost).toEqual([]);
  expect(documentOf(read(text, ldirectordFormat.read).state)).toBe(documentOf(state));
});

test('hosts and services are looked up', () => {
  const text = 'virtual = web1:http\n    real = web1:http masq\n';
  expect(rules(read(text, parse).state)).toEqual([
    '-A -t 10.0.0.9:80 -s wrr',
    '-a -t 10.0.0.9:80 -r 10.0.0.9:80 -m -w 1',
  ]);
});

const section = (line: string, head = 'virtual = 192.0.2.1:80') => `${head}\n    ${line}\n`;

test.each([
  [
    'an unknown directive',
    section('shceduler = rr'),
    "file:2:5: there is no 'shceduler' in the section of a virtual service",
  ],
  [
    'an unknown global directive',
    'chekinterval = 3\n',
    "file:1:1: there is no 'chekinterval' outside the sections of virtual services",
  ],
  ['a line that is neither', 'what is this\n', 'file:1:1: this is not NAME = VALUE'],
  [
    'a section that ended',
    'virtual = 192.0.2.1:80\n\n    real = 10.0.0.1:80 masq\n',
    'file:3:5: this line belongs to no virtual service',
  ],
  [
    'too few spaces',
    'virtual = 192.0.2.1:80\n  real = 10.0.0.1:80 masq\n',
    'file:2:3: this line belongs to no virtual service',
  ],
  [
    'a method that is none',
    section('real = 10.0.0.1:80 nat'),
    "file:2:24: there is no forwarding method 'nat'",
  ],
  ['no method', section('real = 10.0.0.1:80'), 'file:2:12: something is missing'],
  [
    'thresholds in the wrong order',
    section('real = 10.0.0.1:80 masq 1 u:3 l:2'),
    "file:2:35: 'l:2' has no place here",
  ],
  [
    'IPv6 where IPv4 is',
    section('real = [2001:db8::1]:80 masq'),
    "file:2:12: '[2001:db8::1]' is not an IPv4 address: virtual6, real6 and fallback6 are for IPv6",
  ],
  ['real6 of virtual', section('real6 = [2001:db8::1]:80 masq'), 'file:2:5: this is real6 of a virtual'],
  ['a host without an address', section('real = web2:80 masq'), "file:2:12: 'web2' has no IPv4 address"],
  [
    'a service without a port',
    section('real = 10.0.0.1:nothing masq'),
    "file:2:21: there is no service 'nothing'",
  ],
  [
    'a port too large',
    section('real = 10.0.0.1:65536 masq'),
    "file:2:21: 'port' must be a whole number from 0 to 65535",
  ],
  [
    'a range backwards',
    section('real = 10.0.0.3->10.0.0.2:80 masq'),
    'file:2:22: the range ends before it begins',
  ],
  ['a virtual without a port', 'virtual = 192.0.2.1\n', 'file:1:11: the port is missing'],
  [
    'a protocol of a mark',
    section('protocol = tcp', 'virtual = 7'),
    'file:2:16: the protocol of a firewall mark is fwm',
  ],
  ['an unknown protocol', section('protocol = sctp'), "file:2:16: there is no protocol 'sctp' here"],
  ['an unknown flag', section('schedflags = mh-port'), "file:2:18: unknown flag 'mh-port'"],
  [
    'a netmask that is none',
    section('persistent = 3\n    netmask = 24'),
    'file:3:15: the netmask of an IPv4 service must be a mask',
  ],
])('%s is an error', (_what, text, expected) => {
  expect(told(text, parse)).toContain(expected);
});

test.each([
  [
    'a netmask without persistence',
    section('netmask = 255.0.0.0'),
    "file:2:15: warning: ldirectord takes no notice of it: 'persistent' is missing",
  ],
  [
    'ops of TCP',
    section('ops = yes'),
    'file:2:11: warning: one-packet scheduling is for UDP: ldirectord takes no notice of it',
  ],
  [
    'checktype off',
    section('checktype = off'),
    "file:2:17: warning: with 'off' ldirectord puts no real server in the table: so it is here",
  ],
  [
    'no service at all',
    'fork = no\n',
    'file:1:1: warning: this file has no virtual service: it says nothing of the services',
  ],
])('%s is a warning', (_what, text, expected) => {
  expect(told(text, parse)).toContain(expected);
});

test('a file that ends anywhere is told of, and never more', () => {
  for (let end = 0; end < everything.length; end += 7) told(everything.slice(0, end), parse);
});
