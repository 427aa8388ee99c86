/** What is told of a keepalived.conf. What it amounts to, keepalived says itself: test/kernel/subcommands/keepalived.test.ts. */
import { parseKeepalived } from '../../../src/state/keepalived/read';
import { documentOf, file, read, told, written } from '../imported-text';

const parse = (text: string) => parseKeepalived(text);
const services = file('keepalived/services.conf');

test('every keyword that becomes a part of the table is read without an error', () => {
  expect(told(services, parse).filter((line) => !/: (note|warning): /.test(line))).toEqual([]);
});

test('written again, it is read as the same table', () => {
  const { state } = read(services, parse);
  expect(state.services!.length).toBeGreaterThan(40);
  const { text, lost } = written('keepalived', state);
  // Only in a group, and only a sorry server, can be reached by NAT at the port that the packet names.
  expect(lost.filter((entry) => !/:0: port 0$/.test(entry))).toEqual([]);
  expect(lost).toHaveLength(7);
  const again = documentOf(read(text, parse).state).split('\n');
  const different = documentOf(state)
    .split('\n')
    .filter((line, index) => line !== again[index]);
  expect(different).toHaveLength(lost.length);
});

test('each keyword outside IPVS is told, with its place', () => {
  const text = file('keepalived/outside.conf');
  const lines = told(text, parse);
  expect(lines.filter((line) => !line.includes(': note: '))).toEqual([]);
  // In a block each keyword is noted; within blocks that are outside as a whole, nothing is.
  const keywords = [...text.matchAll(/^(?: {4}| {8})?([A-Za-z_]+)\b/gm)].map(([, word]) => word!);
  const converted =
    /^(global_defs|virtual_server|real_server|protocol|lvs_sched|lvs_method|weight|script|state|interface|virtual_router_id|priority|virtual_ipaddress|password|ca|certificate|key|admin)$/;
  for (const word of keywords.filter((word) => !converted.test(word))) {
    expect(lines.join('\n')).toContain(`note: '${word}' is left out`);
  }
  expect(lines[0]).toBe("file:3:5: note: 'notification_email' is left out: it is about the daemon");
});

test('a note is told once, with every place', () => {
  const server = (last: number) => `  real_server 10.0.0.${last} 80 {\n    TCP_CHECK {\n    }\n  }\n`;
  const text = `virtual_server 192.0.2.1 80 {\n  protocol TCP\n${server(1)}${server(2)}${server(3)}}\n`;
  expect(told(text, parse)).toEqual(["file:4:5: note: 'TCP_CHECK' is left out: it is a health check"]);
  expect(read(text, parse).problems[0]!.also).toHaveLength(2);
});

const service = (inner: string) =>
  `virtual_server 192.0.2.1 80 {\nprotocol TCP\nreal_server 10.0.0.1 80 { }\n${inner}\n}\n`;
const server = (inner: string) =>
  `virtual_server 192.0.2.1 80 {\nprotocol TCP\nreal_server 10.0.0.1 80 {\n${inner}\n}\n}\n`;

const wrong: readonly (readonly [what: string, text: string, told: string])[] = [
  [
    'an unknown keyword',
    service('lvs_shed rr'),
    "file:4:1: there is no 'lvs_shed' in a virtual_server block",
  ],
  [
    'an unknown block',
    'virtual_serwer 192.0.2.1 80 {\n}\n',
    "file:1:1: there is no 'virtual_serwer' outside blocks",
  ],
  [
    'an unknown word of a server',
    server('wieght 1'),
    "file:4:1: there is no 'wieght' in a real_server block",
  ],
  [
    'an unknown global',
    'global_defs {\nlvs_timeout tcp 1\n}\n',
    "file:2:1: there is no 'lvs_timeout' in global_defs",
  ],
  ['an unknown scheduler', service('lvs_sched rrr'), "file:4:11: keepalived knows no scheduler 'rrr'"],
  ['an unknown method', service('lvs_method MASQ'), "file:4:12: there is no forwarding method 'MASQ'"],
  [
    'a gue tunnel without a port',
    service('lvs_method TUN type gue'),
    'file:4:21: a gue tunnel needs its UDP port',
  ],
  ['a port of gre', service('lvs_method TUN type gre port 1'), 'file:4:30: only a gue tunnel has a port'],
  [
    'an unknown protocol',
    'virtual_server 192.0.2.1 80 {\nprotocol ICMP\nreal_server 10.0.0.1 80 { }\n}\n',
    "file:2:10: there is no protocol 'ICMP'",
  ],
  ['a weight that is no number', server('weight two'), "file:4:8: 'two' is not a whole number"],
  ['a negative weight', server('weight -1'), "file:4:8: '-1' is not a whole number"],
  [
    'a weight too large',
    server('weight 2147483648'),
    "file:4:8: 'weight' must be a whole number from 0 to 2147483647",
  ],
  [
    'a persistence timeout of 0',
    service('persistence_timeout 0'),
    'file:4:21: the timeout is from 1 to 2678400 seconds',
  ],
  [
    'a netmask that is none',
    service('persistence_granularity 24'),
    'file:4:25: the netmask of an IPv4 service must be a mask',
  ],
  [
    'an address that is none',
    'virtual_server 192.0.2.300 80 {\nprotocol TCP\nreal_server 10.0.0.1 80 { }\n}\n',
    "file:1:16: '192.0.2.300' is not an IPv4 or IPv6 address",
  ],
  [
    'a port too large',
    'virtual_server 192.0.2.1 65536 {\nprotocol TCP\nreal_server 10.0.0.1 80 { }\n}\n',
    "file:1:26: 'port' must be a whole number from 0 to 65535",
  ],
  ['something missing', service('lvs_sched'), 'file:4:1: something is missing behind lvs_sched'],
  ['something too much', service('lvs_sched rr wrr'), "file:4:14: 'wrr' is too much behind lvs_sched"],
  ['a block where there is none', service('lvs_sched rr {\n}'), 'file:4:1: no block belongs to lvs_sched'],
  [
    'an unknown group',
    'virtual_server group x {\nprotocol TCP\nreal_server 10.0.0.1 80 { }\n}\n',
    'file:1:22: there is no virtual_server_group x',
  ],
  [
    'a range that is none',
    'virtual_server_group x {\n192.0.2.9-3 80\n}\n',
    "file:2:1: '192.0.2.9-3' is not a range of addresses",
  ],
  [
    'bits behind a prefix',
    'virtual_server_group x {\n192.0.2.9/30 80\n}\n',
    "file:2:1: '192.0.2.9/30' is not a range of addresses",
  ],
  [
    'a range without an end',
    'virtual_server_group x {\n10.0.0.0/8 80\n}\n',
    'file:2:1: this range has more than 65536 addresses',
  ],
  [
    'a missing brace',
    'virtual_server 192.0.2.1 80 {\nprotocol TCP\nreal_server 10.0.0.1 80 { }\n',
    'file:1:29: this brace is never closed',
  ],
  ['a brace too much', `${service('')}}\n`, 'file:6:1: this brace closes nothing'],
  ['a quote that is not closed', service('quorum_up "/bin/true'), 'file:4:11: this quote is never closed'],
  ['an include', 'include /etc/keepalived/conf.d/*.conf\n', 'file:1:1: other files are not read from here'],
  ['an include in a block', service('include servers.conf'), 'file:4:1: other files are not read from here'],
  ['a condition', service('@main lvs_sched rr'), "file:4:1: this line counts only on the machine 'main'"],
  [
    'definitions in a ring',
    '$A=${B}\n$B=${A}\n${A}\n',
    'file:3:1: these definitions lead to each other without an end',
  ],
  [
    'a sequence that is none',
    '~SEQ(X, 1, 0, 5) ${X}\n',
    'file:1:1: this is not ~SEQ(NAME, FIRST, STEP, LAST) nor ~LST(NAME, VALUE, ...)',
  ],
];

test.each(wrong)('%s is an error', (_what, text, expected) => {
  const lines = told(text, parse).filter((line) => !/: (note|warning): /.test(line));
  expect(lines).toContain(expected);
});

test.each([
  [
    'no protocol',
    'virtual_server 192.0.2.1 80 {\nreal_server 10.0.0.1 80 { }\n}\n',
    "file:1:1: warning: no 'protocol': keepalived takes UDP",
  ],
  [
    'another port of DR',
    'virtual_server 192.0.2.1 80 {\nprotocol TCP\nlvs_method DR\nreal_server 10.0.0.1 81 { }\n}\n',
    'file:4:22: warning: keepalived takes port 80 in place of 81',
  ],
  [
    'a service without servers',
    'virtual_server 192.0.2.1 80 {\nprotocol TCP\n}\n',
    'file:1:1: warning: keepalived leaves out a virtual server without real servers: so it is here',
  ],
  [
    'nothing of IPVS',
    'vrrp_sync_group x {\n}\n',
    'file:1:1: warning: this file has no virtual_server: it says nothing of the services',
  ],
  [
    'a daemon of VRRP',
    `${service('')}global_defs {\nlvs_sync_daemon eth0 VI_1 id 3\n}\n`,
    "file:7:22: warning: 'lvs_sync_daemon' is left out: VRRP decides whether it is the master or the backup",
  ],
])('%s is a warning', (_what, text, expected) => {
  expect(told(text, parse)).toContain(expected);
});

test('without a virtual_server the services are not spoken of', () => {
  expect(read('global_defs {\nlvs_timeouts tcp 9\n}\n', parse).state).toEqual({
    timeouts: { tcp: 9, tcpFin: 0, udp: 0 },
    daemons: undefined,
    services: undefined,
  });
});

test('what a definition made is told where its name stands', () => {
  const text =
    '$W=wrong\n$RS= \\\nreal_server 10.0.0.1 80 { \\\n weight ${W} \\\n}\nvirtual_server 192.0.2.1 80 {\nprotocol TCP\n   $RS\n}\n';
  expect(told(text, parse)).toEqual(["file:8:4: 'wrong' is not a whole number"]);
});

test('a file that ends anywhere is told of, and never more', () => {
  for (let end = 0; end < services.length; end += 13) told(services.slice(0, end), parse);
});

test('definitions that make too much are given up', () => {
  const names = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.split('');
  const bomb = names.map(
    (name, index) => `$${name}=\${${names[index + 1] ?? 'END'}}\${${names[index + 1] ?? 'END'}}`,
  );
  const lines = told(`$END=xxxxxxxxxxxxxxxx\n${bomb.join('\n')}\n\${A}\n`, parse);
  expect(lines.join()).toMatch(/too much|without an end/);
});

test('blocks in each other, and a long line, are given up', () => {
  expect(told('a {\n'.repeat(1000), parse).join()).toContain('too many blocks in each other');
  expect(told(`virtual_server ${'x'.repeat(70000)}`, parse).join()).toContain('longer than 65536');
});
