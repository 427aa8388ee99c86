/** Names of services and real servers in what people read: of the daemon, or of a document of the machine. */
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
    protocol: tcp
    address: 192.0.2.10
    port: 80
    servers:
      - { name: web01, address: 10.0.0.17 }
      - { name: web02, address: 10.0.0.18 }
      - { address: 10.0.0.19 }
`;
const CONFIG = '/etc/ipvsadm/config';
const named = { [CONFIG]: 'names: /etc/ipvsadm/lvs.yaml\n', '/etc/ipvsadm/lvs.yaml': document };

async function run(line: string, world: Partial<TestWorld> = {}) {
  const kernel = new FakeKernel();
  const openTransport = () => kernel.open();
  await runIn({ args: ['-R'], stdin: rules, openTransport }, main);
  return await runIn({ args: line.split(' '), openTransport, files: named, ...world }, runSubcommand);
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
  expect(asked).toEqual(['/v1/health?results=0']);
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
