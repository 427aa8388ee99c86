import { type ReadOptions, type ReadState, readState } from '../../../src/state/files/read';
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

const told = async (...asked: Parameters<typeof read>) => {
  const { source, problems } = await read(...asked);
  return formatProblems(source, problems);
};

const rules = async (...asked: Parameters<typeof read>) => {
  const { state, problems } = await read(...asked);
  expect(problems).toEqual([]);
  return state.services!.flatMap(({ service, servers }) => [
    serviceLine(service),
    ...servers.map((server) => serverLine(service.key, server)),
  ]);
};

const HEAD = '"format":"ipvsadm-state","version":1';
const json = (services: string) => `{${HEAD},"services":${services}}`;
const yaml = (rest: string) => `format: ipvsadm-state\nversion: 1\n${rest}`;

describe('what is left out has the default of ipvsadm:', () => {
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

test('anchors and aliases of YAML stand for what they name', async () => {
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
])('%j looks like %s', async (text, format) => {
  expect((await read('file', text)).format).toBe(format);
});

test('every problem is told, with its place and what would be right', async () => {
  const text = json(
    '[\n{"protocol":"tcp","address":"192.0.2.300","port":80,"shceduler":"rr","servers":[\n' +
      '  {"address":"10.0.0.1","weight":-1},\n  {"weight":1}]},\n  {"fwmark":0}]',
  );
  expect(await told('a.json', text)).toBe(
    `a.json:2:29: '192.0.2.300' is not an IPv4 or IPv6 address
    {"protocol":"tcp","address":"192.0.2.300","port":80,"shceduler":"rr","servers":[
                                ^^^^^^^^^^^^^
  such as 192.0.2.10 or 2001:db8::1; names have no place here
a.json:2:53: there is no field 'shceduler' here
    {"protocol":"tcp","address":"192.0.2.300","port":80,"shceduler":"rr","servers":[
                                                        ^^^^^^^^^^^
  did you mean 'scheduler'?
a.json:3:34: 'weight' must be a whole number from 0 to 2147483647
      {"address":"10.0.0.1","weight":-1},
                                     ^^
a.json:4:3: 'address' is missing: it must be an address, as text
      {"weight":1}]},
      ^
a.json:5:13: 'fwmark' must be a whole number from 1 to 4294967295
      {"fwmark":0}]}
                ^
`,
  );
});

describe('bad input of every kind:', () => {
  test.each([
    ['an empty file', 'a.json', '', /^a\.json: is empty\n$/],
    ['white space', 'rules', ' \n\n', /^rules: is empty\n$/],
    ['a binary file', 'rules', '-A -f 1\n\x7fELF\0\0', /^rules:2:5: is a binary file: here is a NUL byte\n/],
    ['another encoding', 'a.yaml', 'format: \xe9t\xe9', /^a\.yaml:1:9: is not UTF-8/],
    [
      'a document that ends in the middle',
      'a.json',
      `{${HEAD},"services":[{"fwmark":1`,
      /^a\.json:1:\d+: the document ends in the middle: '}' is expected here\n/,
    ],
    ['a comment in JSON', 'a.json', `{${HEAD}} // no`, /^a\.json:1:40: JSON has no comments\n/],
    ['a comma too many', 'a.json', `{${HEAD},}`, /^a\.json:1:39: the name of a field is expected here/],
    [
      'single quotes',
      'a.json',
      "{'format':1}",
      /^a\.json:1:2: this is not JSON: texts stand in double quotes/,
    ],
    ['a field twice', 'a.json', `{${HEAD},"version":1}`, /^a\.json:1:39: 'version' is there twice\n/],
    ['a list at the top', 'a.json', '[]', /^a\.json:1:1: the document must be an object\n/],
    ['a number at the top', 'a.json', '7', /^a\.json:1:1: the document must be an object\n/],
    [
      'objects in each other without end',
      'a.json',
      '['.repeat(100_000),
      /^a\.json:1:33: objects and lists stand more than 32 deep/,
    ],
    ['the same in YAML', 'a.yaml', '- '.repeat(50_000), /objects and lists stand more than 32 deep/],
    [
      'another version',
      'a.json',
      '{"format":"ipvsadm-state","version":2}',
      /^a\.json:1:37: 'version' must be 1, which/,
    ],
    [
      'another format',
      'a.json',
      '{"format":"ipvsadm-plan","version":1}',
      /^a\.json:1:11: 'format' must be 'ipvsadm-state'\n/,
    ],
    ['a counter as text', 'a.json', json('[{"fwmark":"1"}]'), /: 'fwmark' must be a whole number from 1/],
    ['a fraction', 'a.json', json('[{"fwmark":1.5}]'), /: 'fwmark' must be a whole number from 1/],
    ['a number beyond all', 'a.json', json('[{"fwmark":1e999}]'), /: 'fwmark' must be a whole number from 1/],
    [
      'fields of an object of JavaScript',
      'a.json',
      `{${HEAD},"__proto__":{},"constructor":1}`,
      /there is no field '__proto__' here[\s\S]*there is no field 'constructor'/,
    ],
    [
      'a mark and an address',
      'a.json',
      json('[{"fwmark":1,"port":80}]'),
      /:1:70: a service with fwmark has no port\n/,
    ],
    [
      'neither',
      'a.json',
      json('[{"protocol":"tcp"}]'),
      /: address, port missing\n[\s\S]*either fwmark, or protocol, address and port/,
    ],
    [
      'a family that is not the address',
      'a.json',
      json('[{"fwmark":1,"servers":[{"address":"::1:2","family":"ipv4"}]}]'),
      /: the address is not of family ipv4\n/,
    ],
    [
      'a name of a host',
      'a.json',
      json('[{"fwmark":1,"servers":[{"address":"www.example.com"}]}]'),
      /: 'www\.example\.com' is not an IPv4 or IPv6 address/,
    ],
    ['brackets', 'a.json', json('[{"fwmark":1,"servers":[{"address":"[fd00::1]"}]}]'), /without brackets/],
    [
      'a flag of another scheduler',
      'a.json',
      json('[{"fwmark":1,"scheduler":"rr","flags":["sh-port"]}]'),
      /: there is no flag 'sh-port' here\n/,
    ],
    [
      'a scheduler with white space',
      'a.json',
      json('[{"fwmark":1,"scheduler":"r r"}]'),
      /: a name has no white space in it/,
    ],
    [
      'a long scheduler',
      'a.json',
      json('[{"fwmark":1,"scheduler":"0123456789abcdef"}]'),
      /longer than the kernel's 15 bytes/,
    ],
    [
      'an IPv6 prefix for IPv4',
      'a.json',
      json('[{"fwmark":1,"persistence":{"netmask":24}}]'),
      /: the netmask of an IPv4 service is a mask/,
    ],
    [
      'a mask for IPv6',
      'a.json',
      json('[{"fwmark":1,"family":"ipv6","persistence":{"netmask":"ffff::"}}]'),
      /: the netmask of an IPv6 service is a prefix length/,
    ],
    ['a service twice', 'a.json', json('[{"fwmark":1},{"fwmark":1}]'), /: duplicate service fwmark:1\n/],
    [
      'a server twice',
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
      'families that do not meet',
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
      'a daemon twice',
      'a.json',
      `{${HEAD},"daemons":[{"state":"master","interface":"lo"},{"state":"master","interface":"lo"}]}`,
      /: duplicate sync daemon\n/,
    ],
    [
      'a group that is none',
      'a.json',
      `{${HEAD},"daemons":[{"state":"master","interface":"lo","group":"10.0.0.1"}]}`,
      /: the group is not a multicast address\n/,
    ],
    [
      'an alias of itself',
      'a.yaml',
      yaml('services: &a\n- *a\n'),
      /^a\.yaml:4:3: the alias \*a stands for itself\n/,
    ],
    ['an alias of nothing', 'a.yaml', yaml('services: *a\n'), /a\.yaml:3:11: .*a/],
    [
      'aliases that multiply',
      'a.yaml',
      yaml(
        `a: &a [1,1,1,1,1,1,1,1,1,1]\n${['b', 'c', 'd', 'e', 'f', 'g'].map((name, at) => `${name}: &${name} [${`*${'abcdef'[at]},`.repeat(10)}]\n`).join('')}`,
      ),
      /the aliases stand for more than 100000 values/,
    ],
    [
      'a field twice in YAML',
      'a.yaml',
      'format: x\nformat: y\n',
      /^a\.yaml:2:1: this field is there twice\n/,
    ],
    ['a tab in YAML', 'a.yaml', 'services:\n\t- fwmark: 1\n', /^a\.yaml:2:1: .*[Tt]ab/],
    ['two documents', 'a.yaml', 'format: x\n---\nformat: y\n', /a second document begins here/],
    [
      'a long line of rules',
      'rules',
      `-A -f 1\n-A ${'x'.repeat(70_000)}`,
      /^rules:2:1: the line is longer than 65536 characters\n/,
    ],
    ['a command that there is not', 'rules', 'foo -A', /^rules:1:5: |^rules:1:1: /],
    [
      'a server without its service',
      'rules',
      '-a -f 1 -r 10.0.0.1',
      /^rules:1:7: Service not defined\n[\s\S]*no rule above adds it\n/,
    ],
    ['a service that is there', 'rules', '-A -f 1\n-A -f 1', /^rules:2:7: Service already exists\n/],
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

  test('a file that is not there', async () => {
    const world = { args: [], openTransport: () => new FakeKernel().open() };
    await runIn(world, async (system) => {
      const { source, problems } = await readState('none', system, context, { complete: true });
      expect(formatProblems(source, problems)).toBe('none: cannot be read: No such file or directory\n');
      return 0;
    });
  });

  test('a line of 100 MB', async () => {
    const megabyte = 'x'.repeat(1e6);
    expect(await told('a.json', new Array(101).fill(megabyte))).toBe('a.json: is larger than 64 MB\n');
  });

  test('a long line is shown in part, control characters not at all', async () => {
    const text = `-A -f 1 ${'-n '.repeat(300)}\x1b[2J`;
    const lines = (await told('rules', text)).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(130);
    expect(lines.join('')).not.toContain('\x1b');
  });

  test('a thousand problems are counted', async () => {
    const text = await told('rules', 'x\n'.repeat(1000));
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
  const service = 'virtual = 192.0.2.1:80\n    real = 10.0.0.1:80 gate\n';

  test.each(['supervised\n', 'supervised \t\r\n', '\xef\xbb\xbf# c\nsupervised\n'])(
    'is found when it begins with %j',
    async (line) => {
      expect((await read('file', `${line}${service}`)).format).toBe('ldirectord');
    },
  );

  test.each([
    ['Latin-1', '# caf\xe9\n'],
    ['GBK', '# \xd6\xd0\xce\xc4\n'],
  ])('has comments in any encoding: %s', async (_name, comment) => {
    const expected = ['-A -t 192.0.2.1:80 -s wrr', '-a -t 192.0.2.1:80 -r 10.0.0.1:80 -g -w 1'];
    expect(await rules('a.cf', comment + service)).toEqual(expected);
    expect(await rules('a.cf', service.replace('\n', `\n    ${comment}`))).toEqual(expected);
  });

  test('has a warning for its byte order mark', async () => {
    expect(await told('a.cf', `\xef\xbb\xbf${service}`)).toMatch(
      /^a\.cf:1:1: warning: ldirectord refuses this file: it begins with a byte order mark\n/,
    );
  });
});

test('rules that are a part may change what they do not add', async () => {
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
])('what the kernel takes is only noted: %s', async (_name, service) => {
  const { good, problems } = await read('a.json', json(`[${service}]`));
  expect({ good, severities: problems.map(({ severity }) => severity) }).toEqual({
    good: true,
    severities: ['note'],
  });
});
