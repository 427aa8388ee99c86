/**
 * The problems reported in a keepalived.conf. test/kernel/subcommands/keepalived.test.ts compares
 * the resulting table with keepalived's own.
 */
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
  expect(lines.filter((line) => !line.includes(': note: '))).toEqual([]);
  // Each ignored keyword of a block is noted, but nothing in a block that is ignored itself.
  const keywords = [...text.matchAll(/^(?: {4}| {8})?([A-Za-z_]+)\b/gm)].map(([, word]) => word!);
  const converted =
    /^(global_defs|virtual_server|real_server|protocol|lvs_sched|lvs_method|weight|script|state|interface|virtual_router_id|priority|virtual_ipaddress|password|ca|certificate|key|admin)$/;
  for (const word of keywords.filter((word) => !converted.test(word))) {
    expect(lines.join('\n')).toContain(`note: '${word}' is ignored`);
  }
  expect(lines[0]).toBe(
    "file:3:5: note: 'notification_email' is ignored: it configures the keepalived daemon",
  );
});

test('a note is reported once, with all places', () => {
  const server = (last: number) => `  real_server 10.0.0.${last} 80 {\n    TCP_CHECK {\n    }\n  }\n`;
  const text = `virtual_server 192.0.2.1 80 {\n  protocol TCP\n${server(1)}${server(2)}${server(3)}}\n`;
  expect(messages(text, parse)).toEqual([
    "file:4:5: note: 'TCP_CHECK' is ignored: ipvsadm does not run health checks",
  ]);
  expect(read(text, parse).problems[0]!.also).toHaveLength(2);
});

const service = (inner: string) =>
  `virtual_server 192.0.2.1 80 {\nprotocol TCP\nreal_server 10.0.0.1 80 { }\n${inner}\n}\n`;
const server = (inner: string) =>
  `virtual_server 192.0.2.1 80 {\nprotocol TCP\nreal_server 10.0.0.1 80 {\n${inner}\n}\n}\n`;

const wrong: readonly (readonly [what: string, text: string, message: string])[] = [
  [
    'an unknown keyword',
    service('lvs_shed rr'),
    "file:4:1: unknown keyword 'lvs_shed' in a virtual_server block",
  ],
  [
    'an unknown block',
    'virtual_serwer 192.0.2.1 80 {\n}\n',
    "file:1:1: unknown keyword 'virtual_serwer' at the top level",
  ],
  [
    'an unknown keyword of a real server',
    server('wieght 1'),
    "file:4:1: unknown keyword 'wieght' in a real_server block",
  ],
  [
    'an unknown global keyword',
    'global_defs {\nlvs_timeout tcp 1\n}\n',
    "file:2:1: unknown keyword 'lvs_timeout' in global_defs",
  ],
  [
    'an unknown scheduler',
    service('lvs_sched rrr'),
    "file:4:11: keepalived does not support the scheduler 'rrr'",
  ],
  ['an unknown method', service('lvs_method MASQ'), "file:4:12: unknown forwarding method 'MASQ'"],
  [
    'a gue tunnel without a port',
    service('lvs_method TUN type gue'),
    'file:4:21: a gue tunnel requires a UDP port',
  ],
  [
    'a gre tunnel with a port',
    service('lvs_method TUN type gre port 1'),
    'file:4:30: only a gue tunnel takes a port',
  ],
  [
    'an unknown protocol',
    'virtual_server 192.0.2.1 80 {\nprotocol ICMP\nreal_server 10.0.0.1 80 { }\n}\n',
    "file:2:10: unknown protocol 'ICMP'",
  ],
  ['a weight that is not a number', server('weight two'), "file:4:8: 'two' is not a whole number"],
  ['a negative weight', server('weight -1'), "file:4:8: '-1' is not a whole number"],
  [
    'a weight that is too large',
    server('weight 2147483648'),
    "file:4:8: 'weight' must be a whole number from 0 to 2147483647",
  ],
  [
    'a persistence timeout of 0',
    service('persistence_timeout 0'),
    "file:4:21: 'persistence_timeout' must be from 1 to 2678400 seconds",
  ],
  [
    'an invalid netmask',
    service('persistence_granularity 24'),
    'file:4:25: the netmask of an IPv4 service must be a mask',
  ],
  [
    'an invalid address',
    'virtual_server 192.0.2.300 80 {\nprotocol TCP\nreal_server 10.0.0.1 80 { }\n}\n',
    "file:1:16: '192.0.2.300' is not an IPv4 or IPv6 address",
  ],
  [
    'a port that is too large',
    'virtual_server 192.0.2.1 65536 {\nprotocol TCP\nreal_server 10.0.0.1 80 { }\n}\n',
    "file:1:26: 'port' must be a whole number from 0 to 65535",
  ],
  ['a missing argument', service('lvs_sched'), "file:4:1: missing argument after 'lvs_sched'"],
  [
    'an extra argument',
    service('lvs_sched rr wrr'),
    "file:4:14: unexpected argument 'wrr' after 'lvs_sched'",
  ],
  [
    'a block after a keyword that takes none',
    service('lvs_sched rr {\n}'),
    "file:4:1: 'lvs_sched' takes no block",
  ],
  [
    'an unknown group',
    'virtual_server group x {\nprotocol TCP\nreal_server 10.0.0.1 80 { }\n}\n',
    "file:1:22: unknown virtual_server_group 'x'",
  ],
  [
    'an invalid range',
    'virtual_server_group x {\n192.0.2.9-3 80\n}\n',
    "file:2:1: '192.0.2.9-3' is not a valid address range",
  ],
  [
    'an address with host bits',
    'virtual_server_group x {\n192.0.2.9/30 80\n}\n',
    "file:2:1: '192.0.2.9/30' is not a valid address range",
  ],
  [
    'a range that is too large',
    'virtual_server_group x {\n10.0.0.0/8 80\n}\n',
    "file:2:1: '10.0.0.0/8' has more than 65536 addresses",
  ],
  [
    'a missing brace',
    'virtual_server 192.0.2.1 80 {\nprotocol TCP\nreal_server 10.0.0.1 80 { }\n',
    "file:1:29: unclosed '{'",
  ],
  ['an extra brace', `${service('')}}\n`, "file:6:1: unmatched '}'"],
  ['an unclosed quote', service('quorum_up "/bin/true'), 'file:4:11: unclosed quote'],
  ['an include', 'include /etc/keepalived/conf.d/*.conf\n', "file:1:1: 'include' is not supported"],
  ['an include in a block', service('include servers.conf'), "file:4:1: 'include' is not supported"],
  [
    'a condition',
    service('@main lvs_sched rr'),
    "file:4:1: this line applies only if the config ID is 'main'",
  ],
  [
    'definitions that refer to each other',
    '$A=${B}\n$B=${A}\n${A}\n',
    'file:3:1: definitions are nested more than 200 deep',
  ],
  [
    'an invalid sequence',
    '~SEQ(X, 1, 0, 5) ${X}\n',
    'file:1:1: invalid sequence: expected ~SEQ(NAME, FIRST, STEP, LAST) or ~LST(NAME, VALUE, ...)',
  ],
];

test.each(wrong)('%s is an error', (_what, text, expected) => {
  const lines = messages(text, parse).filter((line) => !/: (note|warning): /.test(line));
  expect(lines).toContain(expected);
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
  expect(messages(text, parse)).toEqual(["file:8:4: 'wrong' is not a whole number"]);
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

test('deeply nested blocks and long lines are rejected', () => {
  expect(messages('a {\n'.repeat(1000), parse).join()).toContain('blocks are nested more than 32 deep');
  expect(messages(`virtual_server ${'x'.repeat(70000)}`, parse).join()).toContain('longer than 65536');
});
