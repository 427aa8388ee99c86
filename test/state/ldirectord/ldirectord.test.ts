import { globalDirectives, sectionDirectives } from '../../../src/state/ldirectord/directives';
import { parseLdirectord } from '../../../src/state/ldirectord/read';
import { ldirectordFormat } from '../../../src/state/ldirectord/write';
import { serverRule, serviceRule } from '../../../src/state/rules/write';
import type { TableState } from '../../../src/state/table/table-state';
import { documentOf, fixture, messages, read, written } from '../imported-text';

const names = {
  addressOfHost: (name: string, version?: 4 | 6) =>
    name === 'web1' && version !== 6 ? Uint8Array.of(10, 0, 0, 9) : undefined,
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

// As test/kernel/subcommands/ldirectord.test.ts finds with ldirectord: the default scheduler is wrr,
// the default weight 1, port 53 is UDP; only masq can change the port of an address; a quiescent
// server without the port of its service stays at weight 0.
test('each directive is converted as ldirectord does', () => {
  expect(rules(read(everything, parse).state)).toEqual([
    '-A -t 192.0.2.1:80 -s wlc -p 600 -M 255.255.255.0',
    '-a -t 192.0.2.1:80 -r 10.0.0.2:80 -g -w 1',
    '-a -t 192.0.2.1:80 -r 10.0.0.3:80 -g -w 7 -x 9 -y 3',
    '-a -t 192.0.2.1:80 -r 10.0.0.4:80 -g -w 7 -x 9 -y 3',
    '-a -t 192.0.2.1:80 -r 10.0.0.5:80 -g -w 7 -x 9 -y 3',
    '-a -t 192.0.2.1:80 -r 10.0.0.6:8080 -m -w 0',
    '-a -t 192.0.2.1:80 -r 10.0.0.7:0 -m -w 5 -x 4 -y 0',
    '-a -t 192.0.2.1:80 -r 10.0.0.8:80 -i -w 0 --tun-type ipip',
    '-A -u 192.0.2.1:53 -s wrr -o',
    '-a -u 192.0.2.1:53 -r 10.0.0.2:53 -m -w 1',
    '-A -t 192.0.2.2:80 -s sh -b sh-fallback,sh-port',
    '-a -t 192.0.2.2:80 -r 10.0.0.2:80 -m -w 1',
    '-A -u 192.0.2.2:5353 -s mh -b mh-port',
    '-a -u 192.0.2.2:5353 -r 10.0.0.2:53 -m -w 1',
    '-A -f 7 -s wrr',
    '-a -f 7 -r 10.0.0.2:80 -g -w 1',
    '-a -f 7 -r 10.0.0.3:8080 -m -w 2',
    '-A -t [2001:db8::1]:443 -s wrr -p 60 -M 64',
    '-a -t [2001:db8::1]:443 -r [2001:db8:1::2]:443 -m -w 3',
    '-a -t [2001:db8::1]:443 -r [2001:db8:1::3]:443 -i -w 3 --tun-type ipip',
    '-A -f 8 -6 -s wrr',
    '-a -f 8 -6 -r [2001:db8:1::2]:0 -g -w 1',
    '-A -t 192.0.2.1:81 -s wrr',
    '-a -t 192.0.2.1:81 -r 127.0.0.1:81 -g -w 1',
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
    'file:2:5: expected NAME = VALUE',
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
  ['a port that is too large', section('real = 10.0.0.1:65536 masq'), "file:2:21: '65536' is not a port"],
  [
    'a range that is reversed',
    section('real = 10.0.0.3->10.0.0.2:80 masq'),
    'file:2:22: the range ends before it starts',
  ],
  [
    'a virtual service on the last line',
    'virtual = 192.0.2.1:80\n',
    'file:1:1: ldirectord refuses a virtual service on the last line, which it reads twice',
  ],
  [
    'a value with a comment',
    'autoreload = yes # always\n',
    "file:1:14: 'autoreload' must be 'yes' or 'no' and nothing more, not 'yes # always'",
  ],
  [
    'a former directive',
    'connecttimeout = 3\n',
    "file:1:1: unknown directive 'connecttimeout' at the top level",
  ],
  ['a missing value', section('scheduler'), "file:2:5: missing value of 'scheduler'"],
  [
    'flags that a shell changes',
    section('schedflags = $FLAGS'),
    "file:2:18: '$FLAGS' is not a list of flags: a shell changes it",
  ],
  [
    'a range that is too large',
    section('real = 10.0.0.1->11.0.0.1 masq'),
    'file:2:22: the range has more than 65536 addresses',
  ],
  [
    'a duplicate service',
    section('ops = no') + section('ops = no'),
    'file:3:11: duplicate virtual service 192.0.2.1:80',
  ],
  [
    'a protocol for a firewall mark',
    section('protocol = tcp', 'virtual = 7'),
    "file:2:16: the protocol of a firewall mark must be 'fwm'",
  ],
  [
    'a byte order mark',
    `\ufeff${section('ops = no')}`,
    'file:1:1: ldirectord refuses a file that begins with a byte order mark',
  ],
  ['an unknown protocol', section('protocol = sctp'), "file:2:16: unsupported protocol 'sctp'"],
  [
    'an invalid netmask',
    section('persistent = 3\n    netmask = 24'),
    "file:3:15: 'netmask' must be a mask such as 255.255.255.0 and nothing more, not '24'",
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
    section('checktype = off\n    real = 10.0.0.1:80 gate'),
    "file:2:17: warning: the real servers are ignored: with 'checktype = off' ldirectord does not add them to the table",
  ],
  [
    'a firewall mark in place of an address',
    'virtual = 192.0.2.1\n\n',
    'file:1:11: warning: ldirectord takes this for the firewall mark 192: the port is missing',
  ],
  [
    'a service that ipvsadm refuses',
    section('schedflags = mh-port'),
    "file:1:11: warning: ldirectord fails to add this service: ipvsadm says 'incompatible scheduler flag `mh-port''",
  ],
  [
    'thresholds in the wrong order',
    section('real = 10.0.0.1:80 masq 1 u:3 l:2'),
    'file:2:12: warning: ldirectord fails to add this real server: the lower threshold is above the upper one',
  ],
  [
    'a word that is passed over',
    section('real = 10.0.0.1:80 gate -w 5'),
    "file:2:29: warning: ldirectord ignores '-w' here",
  ],
  [
    'the rest of a value',
    section('scheduler = rr or wrr'),
    "file:2:20: warning: ldirectord ignores 'or wrr' here",
  ],
  [
    'a port that direct routing cannot change',
    section('real = 10.0.0.1:8080 gate'),
    'file:2:21: warning: port 80 is used instead of 8080',
  ],
  [
    'a real server given twice',
    section('real = 10.0.0.1:80 gate 1\n    real = 10.0.0.1:80 gate 2'),
    'file:2:12: warning: ldirectord uses another line for this real server, which is given more than once',
  ],
  [
    'thresholds of another place',
    section('real = 10.0.0.1:80 gate\n    real = 10.0.0.1:80 gate u:2'),
    'file:3:12: warning: ldirectord uses the thresholds of the same real server in another place',
  ],
  [
    'a real server that is the fallback server',
    section('real = 10.0.0.1:80 gate\n    fallback = 10.0.0.1:80'),
    'file:2:12: warning: ldirectord removes this real server together with the fallback server, which has the same address',
  ],
  [
    'a quiescent real server with another port',
    section('real = 10.0.0.1 gate\n    quiescent = yes'),
    'file:2:12: warning: ldirectord leaves this real server at weight 0 (quiescent), and never finds it again',
  ],
  [
    'a range without an address',
    section('real = 59.154.201.254->59.154.202.1 gate'),
    'file:2:28: warning: ldirectord finds no address in this range, because it compares 999999998 and 1000000001 as text',
  ],
  [
    'another file',
    'execute = other.cf\n',
    "file:1:11: warning: ldirectord also makes the services of 'other.cf', which are not read here",
  ],
  [
    'no service at all',
    'fork = no\n',
    'file:1:1: warning: this file has no virtual service, so it does not describe the services',
  ],
])('%s is a warning', (_what, text, expected) => {
  expect(messages(text, parse)).toContain(expected);
});

test('a byte order mark is the only error of the first line', () => {
  const text = `\ufeff${section('real = 10.0.0.1:80 gate')}`;
  expect(messages(text, parse).filter((line) => !line.includes(': note: '))).toHaveLength(1);
});

test('comments, quotes and white space around values need no warning', () => {
  const text = `virtual = 192.0.2.1:80 # web
    real = 10.0.0.1:80  gate   3 # one
    scheduler = "rr"
    persistent="600" # ten minutes
`;
  expect(messages(text, parse).filter((line) => !line.includes(': note: '))).toEqual([]);
});

test('a fallback server that is in the table for good is converted', () => {
  const text = 'fallback = 127.0.0.1:8080 masq\nvirtual = 192.0.2.1:80\n\n';
  expect(messages(text, parse)).toEqual([]);
  expect(rules(read(text, parse).state)).toEqual([
    '-A -t 192.0.2.1:80 -s wrr',
    '-a -t 192.0.2.1:80 -r 127.0.0.1:8080 -m -w 1',
  ]);
});

test('a line of many blanks, commas and quotes is parsed in no time', () => {
  for (const text of [
    ' '.repeat(16000),
    ', '.repeat(8000),
    '" '.repeat(8000),
    'a'.repeat(16000),
    '[1'.repeat(8000),
  ])
    for (const head of [
      'emailalertstatus = a',
      'fallback = a',
      'virtual = a',
      `${section('real = a gate')}`.trimEnd(),
    ])
      messages(`${head} ${text}x\n`, parse);
}, 5000);

test('a file cut short at any place is reported and never crashes the parser', () => {
  for (let end = 0; end < everything.length; end += 7) messages(everything.slice(0, end), parse);
});
