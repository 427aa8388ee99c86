/**
 * The problems reported in a keepalived.conf. test/kernel/subcommands/keepalived.test.ts compares
 * the resulting table with keepalived's own.
 */
import { globalKeywords } from '../../../src/state/keepalived/global-keywords';
import {
  realServerKeywords,
  rootKeywords,
  virtualServerKeywords,
} from '../../../src/state/keepalived/keywords';
import { parseKeepalived } from '../../../src/state/keepalived/read';
import { documentOf, fixture, messages, read, written } from '../imported-text';

const parse = (text: string) => parseKeepalived(text);
const services = fixture('keepalived/services.conf');

test('every keyword that affects the table is read without an error', () => {
  expect(messages(services, parse).filter((line) => !/: (note|warning): /.test(line))).toEqual([]);
});

test('a table that is written and read again stays the same', () => {
  const { state } = read(services, parse);
  expect(state.services!.length).toBeGreaterThan(40);
  const { text, lost } = written('keepalived', state);
  // NAT to port 0 (the port of the packet) is only possible in a group and for a sorry server.
  expect(lost.filter((entry) => !/:0: port 0$/.test(entry))).toEqual([]);
  expect(lost).toHaveLength(7);
  const again = documentOf(read(text, parse).state).split('\n');
  const different = documentOf(state)
    .split('\n')
    .filter((line, index) => line !== again[index]);
  expect(different).toHaveLength(lost.length);
});

test('each keyword that does not concern IPVS is noted with its place', () => {
  const text = fixture('keepalived/ignored.conf');
  const lines = messages(text, parse);
  expect(lines.filter((line) => !line.includes(': note: '))).toEqual([
    "file:22:8: warning: a check of ipvsadm cannot have this as 'ca': it is left out",
    "file:23:17: warning: a check of ipvsadm cannot have this as 'certificate': it is left out",
    "file:24:9: warning: a check of ipvsadm cannot have this as 'key': it is left out",
    "file:81:23: warning: a check of ipvsadm cannot have this as 'helo': it is left out",
  ]);
  // Each ignored keyword of a block is noted, but nothing in a block that is ignored itself.
  const keywords = [...text.matchAll(/^(?: {4}| {8})?([A-Za-z_]+)\b/gm)].map(([, word]) => word!);
  const tables = [globalKeywords, rootKeywords, virtualServerKeywords, realServerKeywords];
  const converted = (word: string) =>
    tables.some((table) => table[word]?.field !== undefined) ||
    /^(script|state|interface|virtual_router_id|priority|virtual_ipaddress|ca|certificate|key|admin)$/.test(
      word,
    );
  for (const word of keywords.filter((word) => !converted(word))) {
    expect(lines.join('\n')).toContain(`note: '${word}' is ignored`);
  }
  expect(lines[0]).toBe(
    "file:3:5: note: 'notification_email' is ignored: it configures the keepalived daemon",
  );
});

test('a note is reported once, with all places', () => {
  const server = (last: number) => `  real_server 10.0.0.${last} 80 {\n    notify_up x\n  }\n`;
  const text = `virtual_server 192.0.2.1 80 {\n  protocol TCP\n${server(1)}${server(2)}${server(3)}}\n`;
  expect(messages(text, parse)).toEqual([
    "file:4:5: note: 'notify_up' is ignored: director.notify of a state document runs a program for every event",
  ]);
  expect(read(text, parse).problems[0]!.also).toHaveLength(2);
});

const service = (inner: string) =>
  `virtual_server 192.0.2.1 80 {\nprotocol TCP\nreal_server 10.0.0.1 80 { }\n${inner}\n}\n`;
const server = (inner: string) =>
  `virtual_server 192.0.2.1 80 {\nprotocol TCP\nreal_server 10.0.0.1 80 {\n${inner}\n}\n}\n`;

/** keepalived goes on: each is proven by a sample file of test/kernel/subcommands/keepalived.test.ts. */
const corrected: readonly (readonly [what: string, text: string, message: string])[] = [
  [
    'an unknown keyword',
    service('lvs_shed rr'),
    "4:1: warning: unknown keyword 'lvs_shed' in a virtual_server block: keepalived ignores it",
  ],
  [
    'an unknown block',
    'virtual_serwer 192.0.2.1 80 {\n}\n',
    "1:1: warning: unknown keyword 'virtual_serwer' at the top level: keepalived ignores it",
  ],
  [
    'the brace of an unknown block',
    'virtual_serwer 192.0.2.1 80 {\n}\n',
    "1:29: warning: unexpected '{': keepalived ignores it, and the next '}' ends the block around it",
  ],
  [
    'an unknown keyword of a real server',
    server('wieght 1'),
    "4:1: warning: unknown keyword 'wieght' in a real_server block: keepalived ignores it",
  ],
  [
    'an unknown global keyword',
    'global_defs {\nlvs_timeout tcp 1\n}\n',
    "2:1: warning: unknown keyword 'lvs_timeout' in global_defs: keepalived ignores it",
  ],
  [
    'an unknown scheduler',
    service('lvs_sched loadbalance'),
    "4:11: warning: keepalived does not support the scheduler 'loadbalance', and uses wlc unless another one follows",
  ],
  [
    'a method in lower case',
    service('lvs_method dr'),
    "4:12: warning: unknown forwarding method 'dr': keepalived ignores 'lvs_method'",
  ],
  [
    'a gue tunnel without a port',
    service('lvs_method TUN type gue'),
    '4:21: warning: a gue tunnel requires a UDP port: keepalived ignores the tunnel options',
  ],
  [
    'a gre tunnel with a port',
    service('lvs_method TUN type gre port 1'),
    '4:30: warning: only a gue tunnel takes a port: keepalived ignores the tunnel options',
  ],
  [
    'an unknown protocol',
    'virtual_server 192.0.2.1 80 {\nprotocol ICMP\nreal_server 10.0.0.1 80 { }\n}\n',
    "2:10: warning: unknown protocol 'ICMP': keepalived ignores it",
  ],
  [
    'a weight that is not a number',
    server('weight two'),
    "4:8: warning: 'two' is not a whole number: keepalived uses 0",
  ],
  [
    'a negative weight',
    server('weight -1'),
    "4:8: warning: '-1' is not a whole number: keepalived ignores it",
  ],
  [
    'a weight that is too large',
    server('weight 2147483648'),
    "4:8: warning: '2147483648' is not from 0 to 2147483647: keepalived ignores it",
  ],
  [
    'a persistence timeout of 0',
    service('persistence_timeout 0'),
    "4:21: warning: '0' is not from 1 to 2678400: keepalived ignores 'persistence_timeout'",
  ],
  [
    'a prefix length as the netmask',
    service('persistence_granularity 24'),
    "4:25: warning: '24' is the mask 0.0.0.24, not a prefix length",
  ],
  [
    'an invalid address',
    'virtual_server 192.0.2.300 80 {\nprotocol TCP\nreal_server 10.0.0.1 80 { }\n}\n',
    "1:16: warning: '192.0.2.300' is not an IPv4 or IPv6 address: keepalived ignores the virtual_server",
  ],
  [
    'a port that is too large',
    'virtual_server 192.0.2.1 65536 {\nprotocol TCP\nreal_server 10.0.0.1 80 { }\n}\n',
    "1:26: warning: the port '65536' is not from 1 to 65535: keepalived ignores the virtual_server",
  ],
  [
    'an extra argument',
    service('lvs_sched rr wrr'),
    "4:14: warning: unexpected argument 'wrr' after 'lvs_sched': keepalived ignores it",
  ],
  [
    'a block after a keyword that takes none',
    service('lvs_sched rr {\n}'),
    "4:14: warning: unexpected '{': keepalived ignores it, and the next '}' ends the block around it",
  ],
  [
    'a real server that is given twice',
    service('real_server 10.0.0.1 80 { }'),
    "4:13: warning: duplicate real_server '10.0.0.1': keepalived ignores it",
  ],
  [
    'a virtual server that is given twice',
    service('') + service('').replace('10.0.0.1', '10.0.0.2'),
    '6:16: warning: the service exists already: keepalived adds the real servers to it, and ignores the other settings here',
  ],
  [
    'an unknown group',
    'virtual_server group x {\nprotocol TCP\nreal_server 10.0.0.1 80 { }\n}\n',
    "1:22: warning: unknown virtual_server_group 'x': keepalived ignores the virtual server",
  ],
  [
    'a range that ends before it begins',
    'virtual_server_group x {\n192.0.2.9-3 80\n}\n',
    "2:1: warning: '192.0.2.9-3' is not a valid address range: it ends before it begins: keepalived ignores this line",
  ],
  [
    'an address with host bits',
    'virtual_server_group x {\n192.0.2.9/30 80\n}\n',
    "2:1: warning: '192.0.2.9/30' is not a valid address range: host bits are set: keepalived ignores this line",
  ],
  [
    'a missing brace',
    'virtual_server 192.0.2.1 80 {\nprotocol TCP\nreal_server 10.0.0.1 80 { }\n',
    "1:29: warning: unclosed '{'",
  ],
  ['an extra brace', `${service('')}}\n`, "6:1: warning: unmatched '}'"],
  [
    'an unclosed quote',
    service('quorum_up "/bin/true'),
    '4:11: warning: unclosed quote: keepalived ignores the rest of the line',
  ],
  ['an invalid sequence', '~SEQ(X, 1, 0, 5) ${X}\n', '1:1: warning: invalid sequence: keepalived ignores it'],
  [
    'a byte order mark',
    `\ufeff${service('')}`,
    '1:1: warning: a byte order mark begins this word, so keepalived does not know it',
  ],
  [
    'a no-break space',
    service('lvs_sched\u00a0rr'),
    "4:1: warning: unknown keyword 'lvs_sched\u00a0rr' in a virtual_server block: keepalived ignores it",
  ],
  [
    'a long line',
    `${service('')}virtual_server ${'x'.repeat(70000)}`,
    '6:1024: warning: keepalived cuts lines after 1023 bytes: another line begins here',
  ],
];

test.each(corrected)('%s is a warning', (_what, text, expected) => {
  const lines = messages(text, parse);
  expect(lines).toContain(`file:${expected}`);
  expect(lines.filter((line) => !/: (note|warning): /.test(line))).toEqual([]);
});

/** keepalived ends or never does, or the answer is not in the file. */
const wrong: readonly (readonly [what: string, text: string, message: string])[] = [
  ['a missing argument', service('lvs_sched'), "4:1: missing argument after 'lvs_sched'"],
  ['a missing argument of a script', service('quorum_up'), "4:1: missing argument after 'quorum_up'"],
  ['an argument in an unclosed quote', service('lvs_sched "rr'), "4:1: missing argument after 'lvs_sched'"],
  [
    'an include without a file name',
    'include /etc/keepalived/conf.d/*.conf\n',
    "1:1: 'include' requires the name of the file that includes others",
  ],
  [
    'a condition without a config ID',
    service('@main lvs_sched rr'),
    "4:1: this line applies only if the config ID is 'main'",
  ],
  [
    'an IPv4 network of more than 256 addresses',
    'virtual_server_group x {\n10.0.0.0/23 80\n}\n',
    "2:1: '10.0.0.0/23' goes beyond the last byte of the address: keepalived never ends counting it",
  ],
  [
    'an IPv4 range into the next 256 addresses',
    'virtual_server_group x {\n192.0.3.254-192.0.4.1 80\n}\n',
    "2:1: '192.0.3.254-192.0.4.1' goes beyond the last byte of the address: keepalived never ends counting it",
  ],
  [
    'a firewall mark 0 in a group without addresses',
    'virtual_server_group x {\nfwmark 0\n}\nvirtual_server group x {\nreal_server 10.0.0.1 80 {\n}\n}\n',
    '2:8: firewall mark 0: keepalived makes a service without a protocol, which cannot be expressed',
  ],
  [
    'definitions that refer to each other',
    '$A=${B}\n$B=${A}\n${A}\n',
    '3:1: definitions are nested more than 200 deep',
  ],
];

test.each(wrong)('%s is an error', (_what, text, expected) => {
  const lines = messages(text, parse).filter((line) => !/: (note|warning): /.test(line));
  expect(lines).toEqual([`file:${expected}`]);
});

test.each([
  [
    'no protocol',
    'virtual_server 192.0.2.1 80 {\nreal_server 10.0.0.1 80 { }\n}\n',
    "file:1:1: warning: no 'protocol': keepalived uses UDP",
  ],
  [
    'DR to another port',
    'virtual_server 192.0.2.1 80 {\nprotocol TCP\nlvs_method DR\nreal_server 10.0.0.1 81 { }\n}\n',
    'file:4:22: warning: keepalived uses port 80 instead of 81',
  ],
  [
    'a service without servers',
    'virtual_server 192.0.2.1 80 {\nprotocol TCP\n}\n',
    "file:1:1: warning: 'virtual_server' is ignored: keepalived skips virtual servers without real servers",
  ],
  [
    'a file without virtual servers',
    'vrrp_sync_group x {\n}\n',
    'file:1:1: warning: this file has no virtual_server, so it does not describe the services',
  ],
  [
    'a sync daemon that VRRP controls',
    `${service('')}global_defs {\nlvs_sync_daemon eth0 VI_1 id 3\n}\n`,
    "file:7:22: warning: 'lvs_sync_daemon' is ignored: VRRP decides whether it is the master or the backup",
  ],
])('%s is a warning', (_what, text, expected) => {
  expect(messages(text, parse)).toContain(expected);
});

test('without a virtual_server the services are undefined', () => {
  expect(read('global_defs {\nlvs_timeouts tcp 9\n}\n', parse).state).toEqual({
    timeouts: { tcp: 9, tcpFin: 0, udp: 0 },
    daemons: undefined,
    services: undefined,
  });
});

test('a problem in the value of a definition is reported where the definition is used', () => {
  const text =
    '$W=wrong\n$RS= \\\nreal_server 10.0.0.1 80 { \\\n weight ${W} \\\n}\nvirtual_server 192.0.2.1 80 {\nprotocol TCP\n   $RS\n}\n';
  expect(messages(text, parse)).toEqual([
    "file:8:4: warning: 'wrong' is not a whole number: keepalived uses 0",
  ]);
});

test('a file cut short at any place is reported and never crashes the parser', () => {
  for (let end = 0; end < services.length; end += 13) messages(services.slice(0, end), parse);
});

test('definitions that expand without limit are rejected', () => {
  const names = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.split('');
  const bomb = names.map(
    (name, index) => `$${name}=\${${names[index + 1] ?? 'END'}}\${${names[index + 1] ?? 'END'}}`,
  );
  const lines = messages(`$END=xxxxxxxxxxxxxxxx\n${bomb.join('\n')}\n\${A}\n`, parse);
  expect(lines.join()).toMatch(/definitions expand to more than|definitions are nested more than/);
});

test('deeply nested blocks are read', () => {
  const lines = messages('a {\n'.repeat(400), parse);
  expect(lines).toContain("file:1:1: warning: unknown keyword 'a' at the top level: keepalived ignores it");
  expect(lines.at(-1)).toMatch(/^file: [0-9]+ more$/);
});
