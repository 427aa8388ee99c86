import { globalDirectives, sectionDirectives } from '../../../src/state/ldirectord/directives';
import { parseLdirectord } from '../../../src/state/ldirectord/read';
import { ldirectordFormat } from '../../../src/state/ldirectord/write';
import { serverRule, serviceRule } from '../../../src/state/rules/write';
import type { TableState } from '../../../src/state/table/table-state';
import { documentOf, fixture, messages, read, written } from '../imported-text';

const names = {
  addressOfHost: (name: string) => (name === 'web1' ? Uint8Array.of(10, 0, 0, 9) : undefined),
  nameOfAddress: () => undefined,
  portOfService: (name: string) => (name === 'http' ? 80 : undefined),
  serviceOfPort: () => undefined,
};
const parse = (text: string) => parseLdirectord(text, names);
const everything = fixture('ldirectord/everything.cf');

const rules = ({ services = [] }: TableState) =>
  services.flatMap(({ service, servers }) => [
    serviceRule(service),
    ...servers.map((server) => serverRule(service.key, server)),
  ]);

// ldirectord(8): the default scheduler is wrr, the default weight 1, port 53 is UDP, and only masq
// can change the port.
test('each directive is converted as ldirectord(8) describes', () => {
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

test('the file has every directive, and each that does not concern IPVS is noted', () => {
  const lines = messages(everything, parse);
  expect(lines.filter((line) => !/: (note|warning): /.test(line))).toEqual([]);
  for (const [name, { ignored }] of [
    ...Object.entries(sectionDirectives),
    ...Object.entries(globalDirectives),
  ]) {
    expect(everything).toMatch(new RegExp(`^\\s*${name}\\b`, 'm'));
    if (ignored !== undefined) expect(lines.join('\n')).toContain(`note: '${name}' is ignored: ${ignored}`);
  }
  expect(lines).toContain("file:2:1: note: 'checktimeout' is ignored: ipvsadm does not run health checks");
});

test('a table that is written and read again stays the same', () => {
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
    "file:2:5: unknown directive 'shceduler' in the section of a virtual service",
  ],
  [
    'an unknown global directive',
    'chekinterval = 3\n',
    "file:1:1: unknown directive 'chekinterval' at the top level",
  ],
  [
    'a no-break space before the equals sign',
    section('scheduler\u00a0= rr'),
    "file:2:5: unknown directive 'scheduler\u00a0' in the section of a virtual service",
  ],
  ['a line that is not a directive', 'what is this\n', 'file:1:1: expected NAME = VALUE'],
  [
    'an indented line after the end of a section',
    'virtual = 192.0.2.1:80\n\n    real = 10.0.0.1:80 masq\n',
    'file:3:5: this indented line is not in the section of a virtual service',
  ],
  [
    'too few spaces',
    'virtual = 192.0.2.1:80\n  real = 10.0.0.1:80 masq\n',
    'file:2:3: this indented line is not in the section of a virtual service',
  ],
  [
    'an unknown forwarding method',
    section('real = 10.0.0.1:80 nat'),
    "file:2:24: unknown forwarding method 'nat'",
  ],
  [
    'a missing forwarding method',
    section('real = 10.0.0.1:80'),
    'file:2:12: missing address or forwarding method',
  ],
  [
    'thresholds in the wrong order',
    section('real = 10.0.0.1:80 masq 1 u:3 l:2'),
    "file:2:35: unexpected argument 'l:2'",
  ],
  [
    'an IPv6 real server of an IPv4 service',
    section('real = [2001:db8::1]:80 masq'),
    "file:2:12: '[2001:db8::1]' is not an IPv4 address: IPv6 requires virtual6, real6 or fallback6",
  ],
  [
    'real6 in a section of virtual',
    section('real6 = [2001:db8::1]:80 masq'),
    "file:2:5: 'real6' in the section of a 'virtual'",
  ],
  ['a host without an address', section('real = web2:80 masq'), "file:2:12: 'web2' has no IPv4 address"],
  [
    'an unknown service name',
    section('real = 10.0.0.1:nothing masq'),
    "file:2:21: unknown service 'nothing'",
  ],
  [
    'a port that is too large',
    section('real = 10.0.0.1:65536 masq'),
    "file:2:21: 'port' must be a whole number from 0 to 65535",
  ],
  [
    'a range that is reversed',
    section('real = 10.0.0.3->10.0.0.2:80 masq'),
    'file:2:22: the range ends before it starts',
  ],
  ['a virtual without a port', 'virtual = 192.0.2.1\n', 'file:1:11: missing port'],
  [
    'a protocol for a firewall mark',
    section('protocol = tcp', 'virtual = 7'),
    "file:2:16: the protocol of a firewall mark must be 'fwm'",
  ],
  ['an unknown protocol', section('protocol = sctp'), "file:2:16: unsupported protocol 'sctp'"],
  ['an unknown flag', section('schedflags = mh-port'), "file:2:18: unknown flag 'mh-port'"],
  [
    'an invalid netmask',
    section('persistent = 3\n    netmask = 24'),
    'file:3:15: the netmask of an IPv4 service must be a mask',
  ],
])('%s is an error', (_what, text, expected) => {
  expect(messages(text, parse)).toContain(expected);
});

test.each([
  [
    'a netmask without persistence',
    section('netmask = 255.0.0.0'),
    "file:2:15: warning: ldirectord ignores 'netmask' without 'persistent'",
  ],
  [
    'ops of TCP',
    section('ops = yes'),
    "file:2:11: warning: ldirectord ignores 'ops': one-packet scheduling requires UDP",
  ],
  [
    'checktype off',
    section('checktype = off'),
    "file:2:17: warning: the real servers are ignored: with 'checktype = off' ldirectord does not add them to the table",
  ],
  [
    'no service at all',
    'fork = no\n',
    'file:1:1: warning: this file has no virtual service, so it does not describe the services',
  ],
])('%s is a warning', (_what, text, expected) => {
  expect(messages(text, parse)).toContain(expected);
});

test('a file cut short at any place is reported and never crashes the parser', () => {
  for (let end = 0; end < everything.length; end += 7) messages(everything.slice(0, end), parse);
});
