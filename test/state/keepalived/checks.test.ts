/**
 * The checkers of keepalived.conf as checks, and back. test/kernel/subcommands/keepalived-checks.test.ts
 * compares their times with keepalived's own dump.
 */
import { splitQuoted } from '../../../src/state/keepalived/quoted';
import { parseKeepalived } from '../../../src/state/keepalived/read';
import { checksOf, fixture, messages, read, written } from '../imported-text';

const parse = (text: string) => parseKeepalived(text);
const sample = fixture('keepalived/checks.conf');

const server = (inner: string, ofService = '', before = '') =>
  `${before}virtual_server 192.0.2.1 80 {\nprotocol TCP\n${ofService}\nreal_server 10.0.0.1 80 {\n${inner}\n}\n}\n`;

/** keepalived's own defaults, beside ours. */
const usual = { interval: '60s', fast: '1s', slow: '60s', timeout: '5s', fall: 2, rise: 1, initial: 'up' };
const ofHttp = { ...usual, fast: '3s', version: '1.0' };

test.each<[string, string, object]>([
  ['TCP_CHECK', 'TCP_CHECK {\n}', { type: 'tcp', ...usual }],
  ['PING_CHECK', 'PING_CHECK {\n}', { type: 'ping', ...usual }],
  ['SMTP_CHECK', 'SMTP_CHECK {\n}', { type: 'smtp', ...usual, helo: 'smtpchecker.keepalived.org' }],
  ['DNS_CHECK', 'DNS_CHECK {\n}', { type: 'dns', ...usual, fast: '60s', fall: 4, query: '.', record: 'SOA' }],
  ['UDP_CHECK', 'UDP_CHECK {\n}', { type: 'udp', ...usual, send: '\0' }],
  ['HTTP_GET', 'HTTP_GET {\nurl {\npath /\n}\n}', { type: 'http', ...ofHttp }],
  ['SSL_GET', 'SSL_GET {\nurl {\npath /\n}\n}', { type: 'https', ...ofHttp }],
  [
    'MISC_CHECK',
    'MISC_CHECK {\nmisc_path "/bin/x \'a b\' c"\n}',
    { type: 'script', ...usual, fall: 1, timeout: '60s', command: ['/bin/x', 'a b', 'c'] },
  ],
  [
    'MISC_CHECK with a weight',
    'MISC_CHECK {\nmisc_path /bin/x\nmisc_dynamic\nmisc_timeout 3\nuser nobody\n}',
    {
      type: 'script',
      ...usual,
      fall: 1,
      timeout: '3s',
      command: ['/bin/x'],
      user: 'nobody',
      exit: 'keepalived',
    },
  ],
  [
    'a connection of its own',
    'TCP_CHECK {\nconnect_ip 10.0.0.3\nconnect_port 81\nbindto 10.0.0.4\nfwmark 7\nconnect_timeout 1.25\n}',
    { type: 'tcp', ...usual, timeout: '1250ms', address: '10.0.0.3', port: 81, source: '10.0.0.4', mark: 7 },
  ],
  [
    'times of its own',
    'TCP_CHECK {\ndelay_loop 10\nretry 0\ndelay_before_retry 0.5\nalpha\n}',
    { type: 'tcp', interval: '10s', slow: '10s', timeout: '5s', fall: 1, rise: 1, initial: 'down' },
  ],
  [
    'a digest, statuses, a host',
    'HTTP_GET {\nvirtualhost a\nurl {\npath /x\nvirtualhost b\ndigest 0123456789ABCDEF0123456789abcdef\nstatus_code 200 301-302\n}\n}',
    {
      type: 'http',
      ...ofHttp,
      path: '/x',
      host: 'b',
      status: '200,301-302',
      md5: '0123456789abcdef0123456789abcdef',
    },
  ],
  [
    'a text',
    'HTTP_GET {\nhttp_protocol 1.1\nurl {\npath /\nregex "all fine"\n}\n}',
    { type: 'http', ...usual, fast: '3s', body: 'all fine' },
  ],
  [
    'an expression that must not match',
    'HTTP_GET {\nhttp_protocol 1.0C\nurl {\npath /\nregex "a.b"\nregex_no_match\nregex_options caseless\n}\n}',
    { type: 'http', ...ofHttp, headers: { Connection: 'close' }, not: '/a[^\\n]b/i' },
  ],
  [
    'a reply of UDP',
    'UDP_CHECK {\npayload 01 02ff00\nrequire_reply 01XX\nmax_reply_length 9\n}',
    { type: 'udp', ...usual, send: '\u0001\u0002\udcff\0', expect: '/^(?=.{0,9}$)\\x01./' },
  ],
  [
    'any reply',
    'UDP_CHECK {\npayload 01\nrequire_reply\n}',
    { type: 'udp', ...usual, send: '\u0001', expect: '/^/' },
  ],
  [
    'a server name',
    'SSL_GET {\nenable_sni\nvirtualhost www.example.com\nurl {\npath /\n}\n}',
    { type: 'https', ...ofHttp, host: 'www.example.com', verify: false },
  ],
])('%s', (_, text, expected) => {
  expect(checksOf(server(text), parse)).toEqual([expected]);
});

test('times come from the checker, the real server, the virtual server', () => {
  const of = (checker: string, real: string, virtual: string) =>
    checksOf(server(`${real}\nTCP_CHECK {\n${checker}\n}`, virtual), parse)[0];
  expect(of('', '', 'delay_loop 7\nretry 4\nalpha')).toMatchObject({
    interval: '7s',
    fall: 5,
    initial: 'down',
  });
  expect(of('', 'delay_loop 8\nretry 3\nalpha off', 'delay_loop 7\nretry 4\nalpha')).toMatchObject({
    interval: '8s',
    fall: 4,
    initial: 'up',
  });
  expect(of('delay_loop 9\nretry 0', 'delay_loop 8\nretry 3', '')).toMatchObject({ interval: '9s', fall: 1 });
});

test('old host blocks of SMTP_CHECK are checks of their own', () => {
  const host = (ip: string) => `host {\nconnect_ip ${ip}\n}`;
  const ports = (inner: string) =>
    checksOf(server(`SMTP_CHECK {\n${inner}\n}`), parse).map(
      (check) => (check as { address?: string }).address,
    );
  expect(ports(`${host('10.0.0.5')}\n${host('10.0.0.6')}`)).toEqual(['10.0.0.5', '10.0.0.6']);
  expect(ports(`connect_port 26\n${host('10.0.0.5')}`)).toEqual([undefined, '10.0.0.5']);
});

test('SSL_GET presents the files of the block SSL', () => {
  const files = 'SSL {\nca /etc/ca.pem\ncertificate /etc/c.pem\nkey /etc/k.pem\n}\n';
  expect(checksOf(server('SSL_GET {\nurl {\npath /\n}\n}', '', files), parse)).toMatchObject([
    { ca: '/etc/ca.pem', certificate: '/etc/c.pem', key: '/etc/k.pem' },
  ]);
});

test('FILE_CHECK has the file and the weight of the track_file', () => {
  const file = 'track_file load {\nfile /run/load\nweight 3 reverse\n}\n';
  const of = (inner: string) =>
    checksOf(server(`FILE_CHECK {\ntrack_file load\n${inner}\n}`, '', file), parse)[0];
  expect(of('')).toMatchObject({ type: 'file', file: '/run/load', weight: -3, fall: 1, rise: 1 });
  expect(of('weight 2')).toMatchObject({ weight: 2 });
  expect(of('weight 0')).not.toHaveProperty('weight');
});

test('policies', () => {
  const policies = (ofService: string, servers: string) => {
    const text = `virtual_server 192.0.2.1 80 {\nprotocol TCP\n${ofService}\n${servers}\n}\n`;
    const { quorum, hysteresis, onFail, whenAllDown, sorry } = read(text, parse).configuration!.services[0]!;
    return { quorum, hysteresis, onFail, whenAllDown, sorry: sorry?.port };
  };
  const one = 'real_server 10.0.0.1 80 {\nweight 5\nTCP_CHECK {\n}\n}';
  const usually = {
    quorum: { weight: 1 },
    hysteresis: 0,
    onFail: 'remove',
    whenAllDown: 'drop',
    sorry: undefined,
  };
  expect(policies('', one)).toEqual(usually);
  expect(policies('inhibit_on_failure', one)).toEqual({ ...usually, onFail: 'weight0' });
  expect(policies('quorum 3\nhysteresis 2', one)).toEqual({
    ...usually,
    quorum: { weight: 3 },
    hysteresis: 2,
  });
  expect(policies('sorry_server 10.0.0.9 81', one)).toEqual({ ...usually, whenAllDown: 'sorry', sorry: 81 });
  expect(policies('lvs_method DR\nsorry_server 10.0.0.9 81', one)).toMatchObject({ sorry: 80 });
  expect(policies('sorry_server 10.0.0.9 81\nsorry_server_inhibit', one)).toMatchObject({ sorry: 81 });
});

test('a file without checkers is a document of version 1', () => {
  const text = server('weight 1', 'quorum 1\nsorry_server 10.0.0.9 80');
  expect(read(text, parse)).toMatchObject({ configuration: undefined });
  expect(messages(text, parse)).toEqual([expect.stringContaining("note: 'sorry_server' is ignored")]);
});

test.each<[string, string, string]>([
  ['a checker without a url', 'HTTP_GET {\n}', 'warning: keepalived ignores this HTTP_GET: it has no url'],
  ['a url without a path', 'HTTP_GET {\nurl {\n}\n}', 'warning: keepalived ignores this url: it has no path'],
  [
    'a script without a path',
    'MISC_CHECK {\n}',
    'warning: keepalived ignores this MISC_CHECK: it has no misc_path',
  ],
  [
    'a relative script',
    'MISC_CHECK {\nmisc_path x\n}',
    'warning: the script is not checked: its path is not absolute',
  ],
  [
    'an unknown file',
    'FILE_CHECK {\ntrack_file x\n}',
    "warning: keepalived ignores this FILE_CHECK: there is no track_file 'x' with a file",
  ],
  ['no time', 'TCP_CHECK {\ndelay_loop x\n}', "warning: 'x' is no time: keepalived ignores it"],
  [
    'a time that is too short',
    'TCP_CHECK {\ndelay_loop 0.01\n}',
    'warning: a check of ipvsadm takes 100ms instead of this time',
  ],
  [
    'no address',
    'TCP_CHECK {\nconnect_ip x\n}',
    "warning: 'x' is no address: keepalived ignores 'connect_ip'",
  ],
  ['an unknown record', 'DNS_CHECK {\ntype PTR\n}', "warning: unknown type 'PTR': keepalived ignores it"],
  [
    'a status that is none',
    'HTTP_GET {\nurl {\npath /\nstatus_code 600\n}\n}',
    "warning: '600' is no status: keepalived ignores it",
  ],
  [
    'an option of PCRE',
    'HTTP_GET {\nurl {\npath /\nregex "a"\nregex_options extended\n}\n}',
    "warning: the body is not searched: JavaScript does not have the option 'extended'",
  ],
  [
    'an expression of PCRE',
    'HTTP_GET {\nurl {\npath /\nregex "(?i)a"\n}\n}',
    'warning: the body is not searched: JavaScript does not have this expression',
  ],
  [
    'no octets',
    'UDP_CHECK {\npayload 0g\n}',
    "warning: keepalived ignores this: 'payload' has hexadecimal digits",
  ],
  [
    'ff at the end',
    'UDP_CHECK {\npayload 01ff\n}',
    "warning: keepalived ignores this 'payload', because it ends with ff",
  ],
  [
    'BFD',
    'BFD_CHECK {\nname x\n}\nTCP_CHECK {\n}',
    "note: 'BFD_CHECK' is ignored: ipvsadm has no BFD; such a server counts as up",
  ],
  [
    'an unknown keyword',
    'TCP_CHECK {\nconect_port 1\n}',
    "warning: unknown keyword 'conect_port' in a TCP_CHECK block: keepalived ignores it",
  ],
])('%s', (_, text, message) => {
  expect(messages(server(text), parse).join('\n')).toContain(message);
});

test('checks that are written and read again are the same', () => {
  const { state, configuration } = read(sample, parse);
  expect(
    configuration!.services.flatMap(({ servers }) => servers.flatMap(({ checks }) => checks)).length,
  ).toBeGreaterThan(18);
  const { text, lost } = written('keepalived', state, configuration);
  const again = read(text, parse).configuration!;
  // The port of the sorry server is the one that the file gives it; UDP without an answer needs none.
  expect({ lost, again }).toEqual({ lost: [], again: { ...configuration, timeouts: undefined } });
});

test('what keepalived does not have is a comment', () => {
  const { state, configuration } = read(server('TCP_CHECK {\n}'), parse);
  const [service] = configuration!.services;
  const [one] = service!.servers;
  const { text, lost } = written('keepalived', state, {
    ...configuration!,
    services: [
      {
        ...service!,
        name: 'web',
        slowStart: 30_000,
        servers: [
          {
            ...one!,
            name: 'web03',
            checks: [
              { ...one!.checks[0]!, rise: 2 },
              { ...one!.checks[0]!, type: 'grpc', service: '' },
            ],
          },
        ],
      },
    ],
  });
  const place = 'tcp:192.0.2.1:80: real server 10.0.0.1:80';
  expect(lost).toEqual([
    'tcp:192.0.2.1:80: name "web"',
    'tcp:192.0.2.1:80: slowStart "30s"',
    `${place}: name "web03"`,
    `${place}: check tcp: rise 2`,
    `${place}: check {"type":"grpc","interval":"60s","fast":"1s","slow":"60s","timeout":"5s","fall":2,"rise":1,"initial":"up"}`,
  ]);
  expect(text.match(/^# not expressible here: .*$/gm)).toHaveLength(5);
});

test.each<[string, string[] | undefined]>([
  ['a b', ['a', 'b']],
  ['"a b" c', ['a b', 'c']],
  ["'a \"b' ''", ['a "b', '']],
  ['a\\ b \\x41\\102\\t', ['a b', 'AB\t']],
  ['"a', undefined],
  ['a\\', undefined],
  ['', []],
])('words of %j', (text, expected) => {
  expect(splitQuoted(text)).toEqual(expected);
});
