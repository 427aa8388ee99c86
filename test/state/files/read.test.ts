import { type ReadOptions, type ReadState, readState } from '../../../src/state/files/read';
import { globalDirectives } from '../../../src/state/ldirectord/directives';
import { serverLine, serviceLine } from '../../../src/state/plan/patch';
import { formatProblems } from '../../../src/state/source/diagnostics';
import { FakeKernel } from '../../helpers/fake-kernel';
import { testNames } from '../../helpers/test-names';
import { runIn } from '../../helpers/test-system';

const context = { programName: 'ipvsadm', posix: false, names: testNames };

async function read(
  name: string,
  text: string | readonly string[],
  options: ReadOptions = { complete: true },
): Promise<ReadState> {
  let state: ReadState | undefined;
  const world = { args: [], files: { [name]: text }, openTransport: () => new FakeKernel().open() };
  await runIn(world, async (system) => {
    state = await readState(name, system, context, options);
    return 0;
  });
  return state!;
}

const problemsOf = async (...input: Parameters<typeof read>) => {
  const { source, problems } = await read(...input);
  return formatProblems(source, problems);
};

const rules = async (...input: Parameters<typeof read>) => {
  const { state, problems } = await read(...input);
  expect(problems.filter(({ severity }) => severity !== 'note')).toEqual([]);
  return state.services!.flatMap(({ service, servers }) => [
    serviceLine(service),
    ...servers.map((server) => serverLine(service.key, server)),
  ]);
};

const HEAD = '"format":"ipvsadm-state","version":1';
const json = (services: string) => `{${HEAD},"services":${services}}`;
const yaml = (rest: string) => `format: ipvsadm-state\nversion: 1\n${rest}`;

describe('a field that is left out has the default of ipvsadm:', () => {
  const expected = [
    '-A -t 192.0.2.10:80 -s wlc -p 360',
    '-a -t 192.0.2.10:80 -r 10.0.0.17:80 -g -w 1',
    '-a -t 192.0.2.10:80 -r 10.0.0.18:8080 -m -w 3 -x 9 -y 0',
    '-A -f 7 -6 -s mh -p 60 -M 64 -b mh-port',
  ];
  test.each([
    [
      'a.json',
      json(
        '[{"protocol":"tcp","address":"192.0.2.10","port":80,"persistence":{},"servers":[{"address":"10.0.0.17"},' +
          '{"address":"10.0.0.18","port":8080,"forwarding":"masquerading","weight":3,"upperThreshold":9}]},' +
          '{"fwmark":7,"family":"ipv6","scheduler":"mh","flags":["flag-2"],"persistence":{"timeout":60,"netmask":64}}]',
      ),
    ],
    [
      'a.yaml',
      yaml(`
# a comment
services:
- protocol: tcp
  address: 192.0.2.10
  port: 80
  persistence: {}
  servers:
  - address: 10.0.0.17
  - {address: 10.0.0.18, port: 8080, forwarding: masquerading, weight: 3, upperThreshold: 9}
- fwmark: 7
  family: ipv6
  scheduler: mh
  flags: [mh-port]
  persistence: {timeout: 60, netmask: 64}
`),
    ],
    [
      'rules',
      `# a comment
ipvsadm -A -t 192.0.2.10:http -p\r
-a -t 192.0.2.10:80 -r 10.0.0.18:8080 -m -w 3 -x 9
  # another one

-a -t 192.0.2.10:80 -r 10.0.0.17
-A -f 7 -6 -s rr
-E -f 7 -6 -s mh -b mh-port -p 60 -M 64
-A -f 8
-D -f 8`,
    ],
  ])('%s', async (name, text) => {
    expect((await rules(name, text)).sort()).toEqual([...expected].sort());
  });
});

test('anchors and aliases of YAML are resolved', async () => {
  const text = yaml(`services:
- {protocol: tcp, address: 192.0.2.1, port: 80, servers: &pool [{address: 10.0.0.1}]}
- {protocol: tcp, address: 192.0.2.2, port: 80, servers: *pool}
`);
  expect(await rules('a.yml', text)).toHaveLength(4);
});

test.each([
  ['{ "format"', 'json'],
  ['---\nformat: x', 'yaml'],
  ['# c\n\nformat: x', 'yaml'],
  ['# c\n-A -f 1', 'rules'],
  ['ipvsadm -A -f 1', 'rules'],
  ['# c\n$VIP=192.0.2.1\n', 'keepalived'],
  ['include /etc/keepalived/conf.d/*.conf\n', 'keepalived'],
  ['includer servers.conf\n', 'keepalived'],
  ['@main global_defs {\n}\n', 'keepalived'],
  ['@^main global_defs {\n}\n', 'keepalived'],
  ['~SEQ(N, 1, 3) virtual_server 192.0.2.$N 80 {\n', 'keepalived'],
  ['~LST(N, 1, 3) virtual_server 192.0.2.$N 80 {\n', 'keepalived'],
  ['! Configuration File for keepalived\n', 'keepalived'],
  ['\tvrrp_instance VI_1 {\n}\n', 'keepalived'],
  ['static_ipaddress {\n}\n', 'keepalived'],
  ['\u00ef\u00bb\u00bfglobal_defs {\n}\n', 'keepalived'],
  ['\u00ef\u00bb\u00bf# c\nchecktimeout = 3\n', 'ldirectord'],
  ['supervised\nvirtual = 192.0.2.1:80\n', 'ldirectord'],
])('%j looks like %s', async (text, format) => {
  expect((await read('file', text)).format).toBe(format);
});

test('all problems are reported, each with its place and what would be right', async () => {
  const text = json(
    '[\n{"protocol":"tcp","address":"192.0.2.300","port":80,"shceduler":"rr","servers":[\n' +
      '  {"address":"10.0.0.1","weight":-1},\n  {"weight":1}]},\n  {"fwmark":0}]',
  );
  expect(await problemsOf('a.json', text)).toBe(
    `a.json:2:29: '192.0.2.300' is not an IPv4 or IPv6 address
    {"protocol":"tcp","address":"192.0.2.300","port":80,"shceduler":"rr","servers":[
                                ^^^^^^^^^^^^^
  such as 192.0.2.10 or 2001:db8::1; host names are not allowed
a.json:2:53: unknown field 'shceduler'
    {"protocol":"tcp","address":"192.0.2.300","port":80,"shceduler":"rr","servers":[
                                                        ^^^^^^^^^^^
  did you mean 'scheduler'?
a.json:3:34: 'weight' must be a whole number from 0 to 2147483647
      {"address":"10.0.0.1","weight":-1},
                                     ^^
a.json:4:3: 'address' is missing: it must be an address, as a string
      {"weight":1}]},
      ^
a.json:5:13: 'fwmark' must be a whole number from 1 to 4294967295
      {"fwmark":0}]}
                ^
`,
  );
});

test('the meaning of a document is checked when its form is right', async () => {
  const text = (weight: string) =>
    json(
      '[\n{"protocol":"tcp","address":"192.0.2.1","port":80,"family":"ipv6",\n' +
        `"servers":[{"address":"10.0.0.1","lowerThreshold":2,"weight":${weight}}]}]`,
    );
  expect(await problemsOf('a.json', text('"1"'))).toBe(
    `a.json:3:62: 'weight' must be a whole number from 0 to 2147483647
    "servers":[{"address":"10.0.0.1","lowerThreshold":2,"weight":"1"}]}]}
                                                                 ^^^
`,
  );
  expect(await problemsOf('a.json', text('1'))).toBe(
    `a.json:2:60: the address is not of family ipv6
    {"protocol":"tcp","address":"192.0.2.1","port":80,"family":"ipv6",
                                                               ^^^^^^
  write ipv4, or leave it out
a.json:3:51: the lower threshold is above the upper one
    "servers":[{"address":"10.0.0.1","lowerThreshold":2,"weight":1}]}]}
                                                      ^
  an upper threshold of 0 requires a lower threshold of 0
`,
  );
});

describe('bad input of every kind:', () => {
  test.each([
    ['an empty file', 'a.json', '', /^a\.json: is empty\n$/],
    ['white space', 'rules', ' \n\n', /^rules: is empty\n$/],
    ['a binary file', 'rules', '-A -f 1\n\x7fELF\0\0', /^rules:2:5: NUL byte: the file is binary\n/],
    [
      'another encoding',
      'a.yaml',
      'format: \xe9t\xe9',
      /^a\.yaml:1:9: invalid byte: the file is not UTF-8\n/,
    ],
    [
      'a document that ends early',
      'a.json',
      `{${HEAD},"services":[{"fwmark":1`,
      /^a\.json:1:\d+: unexpected end of the document: expected '}'\n/,
    ],
    ['a comment in JSON', 'a.json', `{${HEAD}} // no`, /^a\.json:1:40: JSON does not allow comments\n/],
    [
      'a trailing comma',
      'a.json',
      `{${HEAD},}`,
      /^a\.json:1:39: expected the name of a field, in double quotes\n/,
    ],
    ['single quotes', 'a.json', "{'format':1}", /^a\.json:1:2: not JSON: strings need double quotes\n/],
    ['a duplicate field', 'a.json', `{${HEAD},"version":1}`, /^a\.json:1:39: duplicate field 'version'\n/],
    ['a list at the top', 'a.json', '[]', /^a\.json:1:1: the document must be an object\n/],
    ['a number at the top', 'a.json', '7', /^a\.json:1:1: the document must be an object\n/],
    [
      'objects nested without end',
      'a.json',
      '['.repeat(100_000),
      /^a\.json:1:33: objects and lists are nested more than 32 levels deep\n/,
    ],
    [
      'the same in YAML',
      'a.yaml',
      '- '.repeat(50_000),
      /objects and lists are nested more than 32 levels deep\n/,
    ],
    [
      'another version',
      'a.json',
      '{"format":"ipvsadm-state","version":3}',
      /^a\.json:1:37: 'version' must be 1 or 2, the versions that this ipvsadm reads\n/,
    ],
    [
      'another format',
      'a.json',
      '{"format":"ipvsadm-plan","version":1}',
      /^a\.json:1:11: 'format' must be 'ipvsadm-state'\n/,
    ],
    ['a counter as text', 'a.json', json('[{"fwmark":"1"}]'), /: 'fwmark' must be a whole number from 1/],
    ['a fraction', 'a.json', json('[{"fwmark":1.5}]'), /: 'fwmark' must be a whole number from 1/],
    ['an infinite number', 'a.json', json('[{"fwmark":1e999}]'), /: 'fwmark' must be a whole number from 1/],
    [
      'field names with a meaning in JavaScript',
      'a.json',
      `{${HEAD},"__proto__":{},"constructor":1}`,
      /unknown field '__proto__'\n[\s\S]*unknown field 'constructor'\n/,
    ],
    [
      'a mark and an address',
      'a.json',
      json('[{"fwmark":1,"port":80}]'),
      /:1:70: 'port' is not allowed with 'fwmark'\n/,
    ],
    [
      'neither a mark nor an address',
      'a.json',
      json('[{"protocol":"tcp"}]'),
      /: address and port are missing\n[\s\S]*either fwmark, or protocol, address and port/,
    ],
    [
      'a family that is not that of the address',
      'a.json',
      json('[{"fwmark":1,"servers":[{"address":"::1:2","family":"ipv4"}]}]'),
      /: the address is not of family ipv4\n/,
    ],
    [
      'a host name',
      'a.json',
      json('[{"fwmark":1,"servers":[{"address":"www.example.com"}]}]'),
      /: 'www\.example\.com' is not an IPv4 or IPv6 address/,
    ],
    ['brackets', 'a.json', json('[{"fwmark":1,"servers":[{"address":"[fd00::1]"}]}]'), /without brackets/],
    [
      'a flag of another scheduler',
      'a.json',
      json('[{"fwmark":1,"scheduler":"rr","flags":["sh-port"]}]'),
      /: unknown flag 'sh-port'\n/,
    ],
    [
      'a scheduler with white space',
      'a.json',
      json('[{"fwmark":1,"scheduler":"r r"}]'),
      /: the name contains white space\n/,
    ],
    [
      'a long scheduler',
      'a.json',
      json('[{"fwmark":1,"scheduler":"0123456789abcdef"}]'),
      /: the name is longer than 15 bytes\n/,
    ],
    [
      'an IPv6 prefix for IPv4',
      'a.json',
      json('[{"fwmark":1,"persistence":{"netmask":24}}]'),
      /: the netmask of an IPv4 service must be a mask\n/,
    ],
    [
      'a mask for IPv6',
      'a.json',
      json('[{"fwmark":1,"family":"ipv6","persistence":{"netmask":"ffff::"}}]'),
      /: the netmask of an IPv6 service must be a prefix length\n/,
    ],
    ['a duplicate service', 'a.json', json('[{"fwmark":1},{"fwmark":1}]'), /: duplicate service fwmark:1\n/],
    [
      'a duplicate server',
      'a.json',
      json('[{"fwmark":1,"servers":[{"address":"10.0.0.1"},{"address":"10.0.0.1","port":0}]}]'),
      /: duplicate real server 10\.0\.0\.1:0\n/,
    ],
    [
      'thresholds out of order',
      'a.json',
      json('[{"fwmark":1,"servers":[{"address":"10.0.0.1","lowerThreshold":2}]}]'),
      /: the lower threshold is above the upper one\n/,
    ],
    [
      'an address that is not unicast',
      'a.json',
      json('[{"fwmark":1,"servers":[{"address":"224.0.0.1"}]}]'),
      /: the address of a real server must be a unicast address\n/,
    ],
    [
      'different families without tunneling',
      'a.json',
      json('[{"fwmark":1,"servers":[{"address":"2001:db8::1"}]}]'),
      /: a real server of the other address family requires tunneling\n/,
    ],
    [
      'a gue tunnel without port',
      'a.json',
      json(
        '[{"fwmark":1,"servers":[{"address":"10.0.0.1","forwarding":"tunneling","tunnel":{"type":"gue"}}]}]',
      ),
      /: a gue tunnel requires a UDP port\n/,
    ],
    [
      'a duplicate daemon',
      'a.json',
      `{${HEAD},"daemons":[{"state":"master","interface":"lo"},{"state":"master","interface":"lo"}]}`,
      /: duplicate sync daemon\n/,
    ],
    [
      'a group that is not multicast',
      'a.json',
      `{${HEAD},"daemons":[{"state":"master","interface":"lo","group":"10.0.0.1"}]}`,
      /: the group is not a multicast address\n/,
    ],
    [
      'an alias that refers to itself',
      'a.yaml',
      yaml('services: &a\n- *a\n'),
      /^a\.yaml:4:3: the alias \*a refers to itself\n/,
    ],
    ['an alias without an anchor', 'a.yaml', yaml('services: *a\n'), /a\.yaml:3:11: .*a/],
    [
      'aliases that multiply',
      'a.yaml',
      yaml(
        `a: &a [1,1,1,1,1,1,1,1,1,1]\n${['b', 'c', 'd', 'e', 'f', 'g'].map((name, at) => `${name}: &${name} [${`*${'abcdef'[at]},`.repeat(10)}]\n`).join('')}`,
      ),
      /^a\.yaml:9:26: the aliases expand to more than 8000000 values\n/,
    ],
    [
      'a duplicate field in YAML',
      'a.yaml',
      'format: ipvsadm-state\nversion: 1\nversion: 2\n',
      /^a\.yaml:3:1: duplicate field 'version'\n/,
    ],
    ['a tab in YAML', 'a.yaml', 'services:\n\t- fwmark: 1\n', /^a\.yaml:2:1: .*[Tt]ab/],
    [
      'two documents',
      'a.yaml',
      'format: x\n---\nformat: y\n',
      /a second document begins here: only one per file is allowed\n/,
    ],
    [
      'a long line of rules',
      'rules',
      `-A -f 1\n-A ${'x'.repeat(70_000)}`,
      /^rules:2:1: the line is longer than 65536 characters\n/,
    ],
    ['an unknown command', 'rules', 'foo -A', /^rules:1:5: |^rules:1:1: /],
    [
      'a server without its service',
      'rules',
      '-a -f 1 -r 10.0.0.1',
      /^rules:1:7: Service not defined\n[\s\S]*no rule above adds it\n/,
    ],
    ['a service that exists', 'rules', '-A -f 1\n-A -f 1', /^rules:2:7: Service already exists\n/],
    [
      'thresholds in rules',
      'rules',
      '-A -f 1\n-a -f 1 -r 10.0.0.1 -x 1 -y 2',
      /^rules:2:29: the lower threshold is above the upper one\n/,
    ],
    ['a restore in rules', 'rules', '-R', /^rules:1:1: a rule cannot be a restore\n/],
  ])('%s', async (_name, file, text, expected) => {
    const state = await read(file, text);
    expect(formatProblems(state.source, state.problems)).toMatch(expected);
    expect(state.good).toBe(false);
  });

  test('a file that does not exist', async () => {
    const world = { args: [], openTransport: () => new FakeKernel().open() };
    await runIn(world, async (system) => {
      const { source, problems } = await readState('none', system, context, { complete: true });
      expect(formatProblems(source, problems)).toBe('none: cannot be read: No such file or directory\n');
      return 0;
    });
  });

  test('a line of 100 MB', async () => {
    const megabyte = 'x'.repeat(1e6);
    expect(await problemsOf('a.json', new Array(101).fill(megabyte))).toBe('a.json: is larger than 64 MB\n');
  });

  test('a long line is cut, and control characters are replaced', async () => {
    const text = `-A -f 1 ${'-n '.repeat(300)}\x1b[2J`;
    const lines = (await problemsOf('rules', text)).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(130);
    expect(lines.join('')).not.toContain('\x1b');
  });

  test('problems beyond 200 are counted, not printed', async () => {
    const text = await problemsOf('rules', 'x\n'.repeat(1000));
    expect(text.trimEnd().split('\n').at(-1)).toBe('rules: 800 more');
  });
});

test.each(['gatewaying', 'tunneling'])(
  'a firewall mark keeps the port of a server: %s',
  async (forwarding) => {
    const server = `{"address":"10.0.0.1","port":80,"forwarding":"${forwarding}"}`;
    const { state, problems } = await read('a.json', json(`[{"fwmark":5,"servers":[${server}]}]`));
    expect({ port: state.services?.[0]?.servers[0]?.port, problems }).toEqual({ port: 80, problems: [] });
  },
);

describe('an ldirectord.cf', () => {
  const service = 'virtual = 192.0.2.1:80\n    real = 10.0.0.1:80 gate\n    checktype = on\n';

  test.each([
    'supervised\n',
    'supervised \t\r\n',
    '# c\n\n   # c\nsupervised\n',
    '  supervised\n',
    '\xef\xbb\xbfsupervised\n',
    ...Object.keys(globalDirectives).map((name) => `${name} = 1\n`),
    ...Object.keys(globalDirectives).map((name) => ` ${name}=1\n`),
  ])('is found when it begins with %j', async (line) => {
    expect((await read('file', `${line}${service}`)).format).toBe('ldirectord');
  });

  test.each([
    ['Latin-1', '# caf\xe9\n'],
    ['GBK', '# \xd6\xd0\xce\xc4\n'],
  ])('has comments in any encoding: %s', async (_name, comment) => {
    const expected = ['-A -t 192.0.2.1:80 -s wrr', '-a -t 192.0.2.1:80 -r 10.0.0.1:80 -g -w 1'];
    expect(await rules('a.cf', comment + service)).toEqual(expected);
    expect(await rules('a.cf', service.replace('\n', `\n    ${comment}`))).toEqual(expected);
  });

  test.each(['', '# c\n', 'supervised\n', '\n'])(
    'is refused, as ldirectord refuses it, for a byte order mark before %j',
    async (line) => {
      const { good } = await read('a.cf', `\xef\xbb\xbf${line}${service}`);
      expect(good).toBe(false);
      expect(await problemsOf('a.cf', `\xef\xbb\xbf${line}${service}`)).toMatch(
        /^a\.cf:1:1: ldirectord refuses a file that begins with a byte order mark\n/,
      );
    },
  );
});

// test/kernel/subcommands/ldirectord.test.ts compares the names with ipvsadm -R.
describe('rules', () => {
  test.each([
    ['Latin-1', '# caf\xe9\n'],
    ['GBK', '# \xd6\xd0\xce\xc4\n'],
    ['an indented comment', ' \t#\xff\n'],
  ])('have comments in any encoding: %s', async (_name, comment) => {
    for (const file of ['file', 'a.rules'])
      expect(await rules(file, `${comment}-A -f 5 -s rr\n${comment}`)).toEqual(['-A -f 5 -s rr']);
  });

  test('have names of any bytes, as the kernel has', async () => {
    const { state, problems } = await read(
      'file',
      '--start-daemon master --mcast-interface caf\xe9 --syncid 1\n',
    );
    expect({ names: state.daemons?.map(({ interface: name }) => name), problems }).toEqual({
      names: ['caf\xe9'],
      problems: [],
    });
  });

  test('have their words of other bytes in messages', async () => {
    expect(await problemsOf('file', '-A -t caf\xe9:80\n')).toMatch(
      /^file:1:7: illegal virtual server address\[:port\] specified\n {4}-A -t caf\\xe9:80\n {10}\^{10}\n/,
    );
  });
});

test('a timeout of 0 in rules leaves the one of an earlier rule', async () => {
  const { state } = await read('rules', '--set 6 0 7\n--set 0 3 0\n');
  expect(state.timeouts).toEqual({ tcp: 6, tcpFin: 3, udp: 7 });
});

test('rules that are not a complete state may change entries that they do not add', async () => {
  const { good, problems } = await read('rules', '-D -f 1\n-e -f 2 -r 10.0.0.1', { complete: false });
  expect({ good, severities: problems.map(({ severity }) => severity) }).toEqual({
    good: true,
    severities: ['warning', 'warning'],
  });
});

test.each([
  ['port 0', '{"protocol":"tcp","address":"192.0.2.1","port":0}'],
  [
    'one-packet scheduling of TCP',
    '{"protocol":"tcp","address":"192.0.2.1","port":1,"flags":["one-packet"]}',
  ],
  [
    'a port that direct routing cannot change',
    '{"protocol":"tcp","address":"192.0.2.1","port":1,"servers":[{"address":"10.0.0.1","port":2}]}',
  ],
])('something that the kernel accepts is only a note: %s', async (_name, service) => {
  const { good, problems } = await read('a.json', json(`[${service}]`));
  expect({ good, severities: problems.map(({ severity }) => severity) }).toEqual({
    good: true,
    severities: ['note'],
  });
});

test('a wrong guess of the format is no riddle', async () => {
  const text = 'net_mask 255.255.255.0\n';
  expect(await problemsOf('file', text)).toMatch(
    /^file:1:1: [^\n]*\n.*\n.*\n {2}(.*; )?the file is read as rules: --format json \| yaml \| keepalived \| ldirectord reads it as another format\n/,
  );
  expect(await problemsOf('file', text, { complete: true, format: 'rules' })).not.toContain('--format');
});

const latin1 = 'caf\u00e9'; // as bytes: Latin-1

describe('bytes that are not UTF-8', () => {
  test.each<[string, string]>([
    ['rules', `# ${latin1}\n-A -f 7 -s rr\n`],
    ['ha.cf', `# ${latin1}\nvirtual = 7\n    protocol = fwm\n    scheduler = rr\n`],
    [
      'keepalived.conf',
      `# ${latin1}\nvirtual_server fwmark 7 { # ${latin1}\n real_server 10.0.0.1 80 {\n }\n}\n`,
    ],
  ])('are anything in a comment: %s', async (name, text) => {
    const { good, state } = await read(name, text);
    expect({ good, services: state.services?.length }).toEqual({ good: true, services: 1 });
  });

  test.each<[string, string]>([
    ['a.json', `{"a":"${latin1}"}`],
    ['a.yaml', `# ${latin1}\na: 1\n`],
  ])('are an error elsewhere: %s', async (name, text) => {
    expect(await problemsOf(name, text)).toContain('invalid byte: the file is not UTF-8');
  });
});
