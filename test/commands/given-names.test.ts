/** Names and comments of services and real servers in what people read: of the daemon, or of a document of the machine. */
import { bytesFromUnicode, unicodeFromBytes } from '../../src/bytes/unicode';
import { runSubcommand } from '../../src/commands';
import { DIRECTOR_SOCKET } from '../../src/platform/director-system';
import { main } from '../../src/program/classic';
import { FakeKernel } from '../helpers/fake-kernel';
import { runIn, type TestWorld } from '../helpers/test-system';

const rules = [
  '-A -t 192.0.2.10:80 -s wrr',
  '-a -t 192.0.2.10:80 -r 10.0.0.17:80 -m -w 3',
  '-a -t 192.0.2.10:80 -r 10.0.0.18:80 -m -w 1',
  '-A -f 7 -s rr',
].join('\n');

const document = `format: ipvsadm-state
version: 2
services:
  - name: web
    comment: the shop, team Süd
    protocol: tcp
    address: 192.0.2.10
    port: 80
    servers:
      - { name: web01, address: 10.0.0.17 }
      - { name: web02, address: 10.0.0.18, comment: rack 7 }
      - { address: 10.0.0.19 }
`;
const CONFIG = '/etc/ipvsadm/config';
const named = {
  [CONFIG]: 'names: /etc/ipvsadm/lvs.yaml\n',
  '/etc/ipvsadm/lvs.yaml': bytesFromUnicode(document),
};

async function run(line: string, world: Partial<TestWorld> = {}) {
  const kernel = new FakeKernel();
  const openTransport = () => kernel.open();
  await runIn({ args: ['-R'], stdin: rules, openTransport }, main);
  return await runIn({ args: line.split(' '), openTransport, files: named, ...world }, runSubcommand);
}

function lines({ stdout }: { readonly stdout: string }): string[] {
  return unicodeFromBytes(stdout).trimEnd().split('\n');
}

test.each([
  ['list --pretty', ['web TCP 192.0.2.10:80', 'web01 10.0.0.17:80', 'FWM 7']],
  ['service show 192.0.2.10:80', ['web TCP 192.0.2.10:80', 'web01 10.0.0.17:80']],
  ['server list', ['web TCP 192.0.2.10:80', 'web01 10.0.0.17:80']],
  ['top --once', ['web TCP 192.0.2.10:80', 'web01 10.0.0.17:80', 'FWM 7']],
  ['metrics', ['service="web"', 'server="web01"', 'service="fwmark:7"']],
])('%s has the names of the document in %s', async (line, shown) => {
  const { stdout, stderr, status } = await run(line);
  for (const text of shown) expect(stdout).toContain(text);
  expect([stderr, status]).toEqual(['', 0]);
});

test('a listing in the classic form, and JSON, have no names', async () => {
  for (const line of ['list', 'list --json', 'server list --json']) {
    expect((await run(line)).stdout).not.toContain('web');
  }
});

test('comments are in what people read, and not in metrics', async () => {
  expect(lines(await run('list --pretty'))[0]).toBe(
    'web TCP 192.0.2.10:80  the shop, team Süd  scheduler wrr',
  );
  const shown = lines(await run('service show 192.0.2.10:80'));
  expect(shown[1]).toBe('  comment               the shop, team Süd');
  expect(shown.find((line) => line.includes('10.0.0.18'))).toMatch(/ │ rack 7 {2}│$/);
  expect(lines(await run('service show fwmark:7')).join('')).not.toContain('omment');
  expect(lines(await run('server list'))).toEqual([
    expect.stringMatching(/ Comment$/),
    expect.stringMatching(/^web TCP 192\.0\.2\.10:80 {2}web01 10\.0\.0\.17:80 .* -$/),
    expect.stringMatching(/^web TCP 192\.0\.2\.10:80 {2}web02 10\.0\.0\.18:80 .* rack 7$/),
  ]);
  expect((await run('server list --server 10.0.0.17')).stdout).not.toContain('Comment');
  expect((await run('metrics')).stdout).not.toMatch(/rack 7|the shop/);
});

test('on a narrow terminal, comments go first', async () => {
  const narrow = { terminal: true, environment: { COLUMNS: '55', NO_COLOR: '1' } };
  expect(lines(await run('list --pretty', narrow))[0]).toMatch(/^web TCP 192\.0\.2\.10:80 {2}scheduler wrr$/);
  const { stdout } = await run('server list', { ...narrow, environment: { COLUMNS: '105', NO_COLOR: '1' } });
  expect(stdout).toContain('too narrow for: Comment\n');
});

test('the daemon tells the comments of services apart from those of servers', async () => {
  const key = { service: 'tcp:192.0.2.10:80', server: '10.0.0.17:80' };
  const answers: Record<string, object> = {
    '/v1/health?results=0': [{ service: 'shop', server: 'first', comment: 'new\u202e', key }],
    '/v1/services': { services: [], comments: { 'fwmark:7': 'marks of the firewall' } },
  };
  const world: Partial<TestWorld> = {
    files: { [DIRECTOR_SOCKET]: '' },
    askDirector: ({ path }) => ({ status: 200, text: JSON.stringify(answers[path]) }),
  };
  expect(lines(await run('service show fwmark:7', world))[1]).toMatch(/^ {2}comment +marks of the firewall$/);
  expect((await run('server list', world)).stdout).toMatch(/first 10\.0\.0\.17:80 .* new\\u202e\n/);
});

test('the daemon knows them better than a document', async () => {
  const key = { service: 'tcp:192.0.2.10:80', server: '10.0.0.17:80' };
  const told = [{ service: 'shop', server: 'first', key }];
  const asked: string[] = [];
  const { stdout } = await run('list --pretty', {
    files: { ...named, [DIRECTOR_SOCKET]: '' },
    askDirector: ({ path }) => {
      asked.push(path);
      return { status: 200, text: JSON.stringify(told) };
    },
  });
  expect(stdout).toContain('shop TCP 192.0.2.10:80');
  expect(stdout).toContain('first 10.0.0.17:80');
  expect(stdout).not.toContain('web');
  expect(asked).toEqual(['/v1/health?results=0', '/v1/services']);
});

test.each([
  ['name: /a', `${CONFIG}:1: name: must be one of names, history`],
  [
    '# ours\n\nnames: lvs.yaml',
    `${CONFIG}:3: names: lvs.yaml: must be the absolute path of a state document`,
  ],
  [
    'names: /missing # gone',
    `no names: /missing is not valid: 'ipvsadm restore --check' says why (${CONFIG})`,
  ],
  ['\x1b[1m', `${CONFIG}:1: \\x1b[1m: must be one of names, history`],
])('%j in the configuration: the table is shown, and a note', async (text, note) => {
  const { stdout, stderr, status } = await run('list --pretty', { files: { [CONFIG]: text } });
  expect(stdout).toContain('TCP 192.0.2.10:80');
  expect([stderr, status]).toEqual([`ipvsadm: note: ${note}\n`, 0]);
});

test('a daemon that does not answer is a note, and no reason to show nothing', async () => {
  const { stdout, stderr, status } = await run('list --pretty', {
    files: { [DIRECTOR_SOCKET]: '' },
    askDirector: () => ({ failure: 'EACCES' }),
  });
  expect(stdout).toContain('TCP 192.0.2.10:80');
  expect([stderr, status]).toEqual([
    expect.stringMatching(/^ipvsadm: note: no names: .*permission denied/),
    0,
  ]);
});
