/** What a document of version 2 has beside its table: names, checks, policies. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { bytesFromUnicode, unicodeFromBytes } from '../../../src/bytes/unicode';
import { runSubcommand } from '../../../src/commands';
import { defaultTiming } from '../../../src/model/check';
import { formatDuration, parseDuration } from '../../../src/state/document/check-kinds';
import { readDocument } from '../../../src/state/document/read';
import { writeConfiguration } from '../../../src/state/document/write-director';
import { formatProblems } from '../../../src/state/source/diagnostics';
import { parseJson } from '../../../src/state/source/parse-json';
import { parseYaml } from '../../../src/state/source/parse-yaml';
import { anyConfiguration } from '../../helpers/arbitrary-configurations';
import { FakeKernel } from '../../helpers/fake-kernel';
import { runIn } from '../../helpers/test-system';

const docs = readFileSync(join(__dirname, '../../../docs/director.md'), 'utf8');
const example = docs.split('## The file of the daemon')[1]!.match(/```yaml\n([\s\S]*?)```/)![1]!;

test('a configuration that is written and read again is the same', () => {
  fc.assert(
    fc.property(anyConfiguration, (configuration) => {
      const text = [...writeConfiguration(configuration, undefined)].join('');
      const { configuration: again, problems } = readDocument(parseJson(text));
      expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
      expect(again).toEqual(configuration);
    }),
    { numRuns: 100 },
  );
});

test('the example of docs/director.md is read with its defaults', () => {
  const { configuration, director, problems } = readDocument(parseYaml(example));
  expect(problems.map(({ message }) => message)).toEqual([
    'only director up and director run use this part',
    'only director run checks: without it every server is up',
  ]);
  expect(director).toMatchObject({ gateway: '10.0.0.1' });
  expect(configuration).toMatchObject({ gateway: '10.0.0.1', notify: { exec: '/etc/ipvsadm/notify' } });
  const [web, dns] = configuration!.services;
  expect(web).toMatchObject({
    name: 'web',
    quorum: { part: 0.5 },
    hysteresis: 0,
    whenAllDown: 'sorry',
    onFail: 'weight0',
    slowStart: 30_000,
    critical: false,
    owner: 'ours',
    sorry: { port: 80 },
  });
  const page = { type: 'http', name: 'page', path: '/health', method: 'GET', version: '1.1' };
  const more = {
    host: 'www.example.com',
    headers: {},
    status: [[200, 299]],
    body: [{ text: 'ok' }],
    not: [],
  };
  const rest = { answerHeaders: {}, json: [], digest: [], via: 'server', ...defaultTiming };
  expect(web!.servers.map(({ name, checks, any, admin }) => ({ name, checks, any, admin }))).toEqual([
    { name: 'web03', checks: [{ ...page, ...more, ...rest }], any: false, admin: 'ready' },
    {
      name: 'web04',
      checks: [
        { ...page, ...more, ...rest },
        { type: 'ping', via: 'server', ...defaultTiming },
      ],
      any: false,
      admin: 'ready',
    },
    { name: 'web05', checks: [{ ...page, ...more, ...rest }], any: false, admin: 'drain' },
  ]);
  expect(dns).toMatchObject({
    name: 'dns',
    onFail: 'remove',
    whenAllDown: 'keep',
    quorum: { weight: 1 },
    servers: [
      { name: '10.0.0.21:53', checks: [{ type: 'dns', record: 'A', transport: 'udp', interval: 5000 }] },
      { name: '10.0.0.22:53' },
    ],
  });
});

const service = (more: object = {}) => ({
  protocol: 'tcp',
  address: '192.0.2.10',
  port: 80,
  servers: [{ address: '10.0.0.1' }, { address: '10.0.0.2' }],
  ...more,
});

function problemsOf(document: object): string[] {
  const text = JSON.stringify({ format: 'ipvsadm-state', version: 2, ...document }, null, 1);
  const { problems } = readDocument(parseJson(text));
  const list = problems.filter(({ severity }) => severity !== 'note');
  return formatProblems({ name: 'f', text }, list)
    .split('\n')
    .filter((line) => line !== '' && !/^ {4}/.test(line))
    .map((line) => line.replace(/^f:\d+:\d+: /, '').trim());
}

const check = (own: object | string) => ({ services: [service({ check: own })] });

test.each<[string, object, string[]]>([
  [
    'a number without a unit',
    check({ type: 'tcp', interval: 2 }),
    ["'interval' must be a duration with its unit: seconds? say 2s"],
  ],
  ['the same as a text', check({ type: 'tcp', timeout: '3' }), ["'3' is not a duration", 'seconds? say 3s']],
  ['a duration out of range', check({ type: 'tcp', interval: '1ms' }), ["'1ms' is not from 100ms to 24h"]],
  ['no duration', check({ type: 'tcp', interval: true }), ["'interval' must be a duration, as a string"]],
  [
    'a comment of several lines',
    { services: [service({ comment: 'one\ntwo' })] },
    ['the comment has control characters', 'one line of text'],
  ],
  [
    'a comment that changes the direction of what follows',
    { services: [service({ servers: [{ address: '10.0.0.1', comment: '\u202eweb' }] })] },
    ['the comment has control characters', 'one line of text'],
  ],
  ['an empty comment', { services: [service({ comment: '' })] }, ['the comment is empty']],
  [
    'a comment that is too long',
    { services: [service({ comment: '𝄞'.repeat(201) })] },
    ['the comment has 201 characters', '200 at most'],
  ],
  [
    'a comment that is no text',
    { services: [service({ comment: 42 })] },
    ["'comment' must be one line of 1 to 200 characters, as a string"],
  ],
  ['an unknown check', check('pgae'), ["unknown check 'pgae'", 'there are no named checks']],
  [
    'a name that is nearly right',
    { checks: { page: { type: 'tcp' } }, services: [service({ check: ['page', 'pgae'] })] },
    ["unknown check 'pgae'", "did you mean 'page'?"],
  ],
  [
    'a check that nobody uses',
    { checks: { page: { type: 'tcp' } }, services: [service()] },
    ["warning: no service uses the check 'page'"],
  ],
  [
    'a type that is not known',
    check({ type: 'tpc' }),
    ["'type' must be one of tcp, http, https, tls, smtp, dns, udp, ping, script, grpc, agent, file"],
  ],
  [
    'no type',
    check({ path: '/' }),
    [
      "'type' is missing: it must be one of tcp, http, https, tls, smtp, dns, udp, ping, script, grpc, agent, file",
    ],
  ],
  [
    'a field of another type',
    check({ type: 'tcp', path: '/' }),
    ["'path' does not belong to a check of type tcp", 'it is a field of http, https'],
  ],
  ['a field that is missing', check({ type: 'dns' }), ["'query' is missing: name that is asked for"]],
  [
    'an unknown field',
    check({ type: 'tcp', intervall: '2s' }),
    ["unknown field 'intervall'", "did you mean 'interval'?"],
  ],
  [
    'an unknown field of a named check',
    { checks: { a: { type: 'tcp', x: 1 } }, services: [service({ check: 'a' })] },
    ["unknown field 'x'", expect.stringContaining('known: type, interval') as never],
  ],
  ['no check at all', check(7 as never), ["'check' must be a name, an object, or a list of both"]],
  [
    'an expression that is none',
    check({ type: 'http', body: '/(/' }),
    [
      "'/(/' is not a regular expression",
      "JavaScript's syntax; a text that begins and ends with a slash needs a backslash before it",
    ],
  ],
  [
    'a status that is none',
    check({ type: 'http', status: 700.5 }),
    ["'status' must be statuses, as a string or a whole number"],
  ],
  [
    'a range upside down',
    check({ type: 'http', status: '299-200' }),
    ["'299-200' is no range of statuses", "such as 200, 200-299 or '200-299,401'"],
  ],
  ['a header of two lines', check({ type: 'http', headers: { a: 'b\nc' } }), ['a header is one line']],
  [
    'a JSON pointer that is none',
    check({ type: 'http', json: { status: 1 } }),
    ["'status' is not a JSON pointer", "such as '/status', or '' for the whole"],
  ],
  ['a digest that is too short', check({ type: 'http', md5: 'abc' }), ["'abc' is not 32 hexadecimal digits"]],
  ['a key without its certificate', check({ type: 'tls', key: '/k' }), ["'key' needs 'certificate'"]],
  ['TLS settings of plain gRPC', check({ type: 'grpc', ca: '/ca' }), ["'ca' needs 'tls: true'"]],
  [
    'a command line',
    check({ type: 'script', command: '/bin/x y' }),
    ['a command with arguments is a list', 'write a list: [/path/to/program, argument]'],
  ],
  [
    'a program without a path',
    check({ type: 'script', command: ['x'] }),
    ['the program must be an absolute path'],
  ],
  [
    'an address beside a path',
    check({ type: 'tcp', via: 'path', address: '10.0.0.9' }),
    ["'address' is not allowed with 'via: path'", 'leave out one of the two'],
  ],
  [
    'a path of a firewall mark',
    {
      services: [
        {
          fwmark: 1,
          check: { type: 'tcp', via: 'path' },
          servers: [{ address: '10.0.0.1' }, { address: '10.0.0.2' }],
        },
      ],
    },
    ["'via: path' needs a service with an address", 'not a firewall mark'],
  ],
  [
    'a check without a port',
    { services: [{ fwmark: 1, check: { type: 'tcp' }, servers: [{ address: '10.0.0.1' }] }] },
    ['warning: the check always fails: neither it nor the real server has a port', 'add a port to the check'],
  ],
  [
    'a name that is used twice',
    { services: [service({ name: 'web' }), service({ name: 'web', port: 81 })] },
    ["the name 'web' is used twice"],
  ],
  [
    'a name of a server twice',
    {
      services: [
        service({
          servers: [
            { name: 'a', address: '10.0.0.1' },
            { name: 'a', address: '10.0.0.2' },
          ],
        }),
      ],
    },
    ["the name 'a' is used twice"],
  ],
  [
    'a name with a blank',
    { services: [service({ name: 'a b' })] },
    ["'a b' is not a name", 'letters, digits, dots, hyphens and underscores, 63 at most'],
  ],
  [
    'a sorry server among the servers',
    { services: [service({ sorry: { address: '10.0.0.2' } })] },
    ['the sorry server is one of the servers', 'take it out of one of the two'],
  ],
  [
    'a sorry server that the kernel refuses',
    { services: [service({ sorry: { address: '0.0.0.0' } })] },
    [
      'the address of a real server must be a unicast address',
      'not unspecified, broadcast, multicast or IPv4-mapped',
    ],
  ],
  [
    'sorry without a sorry server',
    { services: [service({ whenAllDown: 'sorry' })] },
    ['there is no sorry server', "add 'sorry', or say keep or drop"],
  ],
  [
    'a slow start with sh',
    { services: [service({ scheduler: 'sh', slowStart: '30s' })] },
    [
      'slowStart is not possible with sh: each change of a weight moves clients',
      'leave it out, or use another scheduler',
    ],
  ],
  [
    'a slow start of a great weight',
    { services: [service({ slowStart: '30s', servers: [{ address: '10.0.0.1', weight: 30_000_000 }] })] },
    ['with slowStart a weight is at most 21474836', 'its hundredth is the least step'],
  ],
  [
    'a quorum that is never there',
    { services: [service({ quorum: 3 })] },
    ['warning: the quorum is never reached: the weights are 2 together'],
  ],
  [
    'a quorum that is none',
    { services: [service({ quorum: '101%' })] },
    ["'101%' is no quorum", "a sum of weights such as 2, or a part such as '50%'"],
  ],
  [
    'an owner that is none',
    { services: [service({ owner: 'mine' })] },
    ["'owner' must be one of ours, shared, report"],
  ],
  [
    'what later versions have',
    { director: { dhcp: {} } },
    ["unknown field 'dhcp'", 'known: interface, vips, snat, gateway, notify, checkMarks, metrics, web, ha'],
  ],
  [
    'a web page',
    { director: { web: { listen: 'localhost:80', hosts: ['https://lb.example.com'] } } },
    [
      "'localhost:80' is not an address and a port, such as 127.0.0.1:9300 or [::1]:9300",
      "'https://lb.example.com' is not a host name",
      'such as lb.example.com or lb.example.com:8443, without https://',
    ],
  ],
  [
    'a web page that others reach',
    { director: { web: { listen: '192.0.2.1:3636' } } },
    [
      'other machines reach 192.0.2.1:3636, and the page would be without TLS there',
      "add 'tls', or listen at 127.0.0.1",
    ],
  ],
  [
    'somebody who is told',
    { director: { notify: { exec: 'x', webhook: 'ftp://x', mail: ['-x'] } } },
    [
      "'x' is not an absolute path",
      'a path that begins with /',
      "'ftp://x' is not a URL",
      'such as https://ops.example.com/lvs',
      "'-x' is not a mail address",
      'such as ops@example.com',
    ],
  ],
])('%s', (_, document, expected) => {
  expect(problemsOf(document)).toEqual(expected);
});

test('version 1 has none of it, and says which version has', () => {
  const text = JSON.stringify({
    format: 'ipvsadm-state',
    version: 1,
    services: [service({ name: 'web', check: 'x' })],
  });
  const { problems } = readDocument(parseJson(text));
  expect(problems.map(({ message, hint }) => `${message}: ${hint}`)).toEqual([
    "'name' needs version 2: write 2 as the version",
    "'check' needs version 2: write 2 as the version",
  ]);
});

test('notes say which servers are always up', () => {
  const services = [
    service({ check: { type: 'udp', send: 'x' } }),
    service({ port: 81 }),
    service({
      port: 82,
      servers: [{ address: '10.0.0.1', check: { type: 'ping' } }, { address: '10.0.0.2' }],
    }),
    service({ port: 83, check: { type: 'tcp' }, servers: [{ address: '10.0.0.1', check: [] }] }),
  ];
  const { problems } = readDocument(
    parseJson(JSON.stringify({ format: 'ipvsadm-state', version: 2, services })),
  );
  expect(problems.map(({ message, severity }) => `${severity}: ${message}`)).toEqual([
    "note: without 'expect' only an ICMP error is a failure",
    'note: only director run checks: without it every server is up',
    'note: no check: its servers are always up',
    'note: no check: 1 of its servers is always up',
    'note: no check: its servers are always up',
  ]);
});

test('a sorry server of weight 0 is in the table, and is no server that is checked', () => {
  const servers = [{ address: '10.0.0.1' }, { address: '10.0.0.2', weight: 0 }];
  const document = { version: 2, services: [service({ servers, sorry: { address: '10.0.0.2' } })] };
  const { state, configuration, problems } = readDocument(
    parseJson(JSON.stringify({ format: 'ipvsadm-state', ...document })),
  );
  expect(problems).toEqual([]);
  expect(state.services![0]!.servers.map(({ weight }) => weight)).toEqual([1, 0]);
  const [own] = configuration!.services;
  expect(own!.servers.map(({ name }) => name)).toEqual(['10.0.0.1:80']);
  expect(own!.spare).toEqual(state.services![0]!.servers[1]);
  const again = readDocument(parseJson([...writeConfiguration(configuration!, undefined)].join('')));
  expect(again.state.services).toEqual(state.services);
});

async function run(line: string, files: Record<string, string>) {
  const kernel = new FakeKernel();
  return await runIn({ files, openTransport: () => kernel.open(), args: line.split(' ') }, runSubcommand);
}

test('apply takes the table, with weight 0 for what the file takes out', async () => {
  const kernel = new FakeKernel();
  const world = { files: { 'lvs.yaml': example }, openTransport: () => kernel.open() };
  expect(await runIn({ ...world, args: ['apply', 'lvs.yaml'] }, runSubcommand)).toMatchObject({
    stderr: '',
    status: 0,
  });
  expect(await runIn({ ...world, args: ['diff', 'lvs.yaml'] }, runSubcommand)).toMatchObject({
    stdout: '',
    status: 0,
  });
  const { stdout } = await runIn({ ...world, args: ['snapshot', '--to', 'rules'] }, runSubcommand);
  expect(stdout.match(/-r \S+ -g -w \d+/g)).toEqual([
    '-r 10.0.0.17:80 -g -w 2',
    '-r 10.0.0.18:80 -g -w 1',
    '-r 10.0.0.19:80 -g -w 0',
    '-r 10.0.0.21:53 -g -w 1',
    '-r 10.0.0.22:53 -g -w 1',
  ]);
});

test('convert keeps all of a document of version 2', async () => {
  const { stdout, stderr, status } = await run('convert --to json lvs.yaml', { 'lvs.yaml': example });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  const again = readDocument(parseJson(stdout));
  expect(again.configuration).toEqual(readDocument(parseYaml(example)).configuration);
});

test.each(['json', 'yaml'] as const)('comments survive convert --to %s', async (format) => {
  const [long, tricky] = ['𝄞'.repeat(200), 'team Süd: "web" # 1'];
  const servers = [{ address: '10.0.0.1', comment: long }, { address: '10.0.0.2' }];
  const services = [service({ comment: tricky, servers })];
  const text = bytesFromUnicode(JSON.stringify({ format: 'ipvsadm-state', version: 2, services }));
  const { stdout, stderr, status } = await run(`convert --to ${format} lvs.json`, { 'lvs.json': text });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  const again = readDocument((format === 'json' ? parseJson : parseYaml)(unicodeFromBytes(stdout)));
  expect(again.configuration).toMatchObject({
    services: [{ comment: tricky, servers: [{ comment: long }, { name: '10.0.0.2:80' }] }],
  });
  expect(again.configuration!.services[0]!.servers[1]).not.toHaveProperty('comment');
});

test('what other formats cannot hold of a comment is reported', async () => {
  const servers = [{ address: '10.0.0.1', comment: 'rack 7' }];
  const services = [service({ comment: 'the shop', servers })];
  const text = JSON.stringify({ format: 'ipvsadm-state', version: 2, services });
  const { stderr, status } = await run('convert --to keepalived lvs.json', { 'lvs.json': text });
  expect(status).toBe(1);
  expect(stderr).toContain('tcp:192.0.2.10:80: comment "the shop"');
  expect(stderr).toContain('tcp:192.0.2.10:80: real server 10.0.0.1:80: comment "rack 7"');
});

test('durations are written so that they are read as the same', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.nat(200_000),
        fc.nat(200_000).map((seconds) => seconds * 1000),
      ),
      (milliseconds) => {
        expect(parseDuration(formatDuration(milliseconds))).toBe(milliseconds);
      },
    ),
  );
  expect(['2s', '500ms', '1m30s', '1.5s', '1d2h', '1h1ms'].map(parseDuration)).toEqual([
    2000, 500, 90_000, 1500, 93_600_000, 3_600_001,
  ]);
  expect(['', '2', 's', '1s1m', '-1s', '1 s', '1e3s'].map(parseDuration)).toEqual(Array(7).fill(undefined));
});

test('a sorry server that stays with weight 0 survives conversions', async () => {
  const conf = `virtual_server 192.0.2.1 80 {
    protocol TCP
    sorry_server 10.0.0.9 80
    sorry_server_inhibit
    real_server 10.0.0.1 80 {
        TCP_CHECK {
        }
    }
}
`;
  const rules = async (name: string, text: string) =>
    (await run(`convert --to rules ${name}`, { [name]: text })).stdout;
  const wanted = await rules('keepalived.conf', conf);
  expect(wanted).toContain('-r 10.0.0.9:80 -m -w 0');
  for (const [to, name] of [
    ['json', 'a.json'],
    ['keepalived', 'keepalived.conf'],
  ] as const) {
    const { stdout, status } = await run(`convert --to ${to} keepalived.conf`, { 'keepalived.conf': conf });
    expect({ status, rules: await rules(name, stdout) }).toEqual({ status: 0, rules: wanted });
  }
});

test('a sorry server that the kernel would refuse is left out, as from the table', async () => {
  const conf = `virtual_server 192.0.2.1 80 {\nprotocol TCP\nsorry_server 0.0.0.0 80
real_server 10.0.0.1 80 {\nTCP_CHECK {\n}\n}\n}\n`;
  const { stdout, stderr, status } = await run('convert --to rules keepalived.conf', {
    'keepalived.conf': conf,
  });
  expect(status).toBe(0);
  expect(stderr).toContain('warning: the sorry server is left out: the kernel refuses its address');
  expect(stdout).not.toContain('0.0.0.0');
});
