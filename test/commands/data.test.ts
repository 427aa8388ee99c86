/** --json and --yaml, on the fake kernel. */
import { parse } from 'yaml';
import { version } from '../../package.json';
import { runSubcommand } from '../../src/commands';
import { commands } from '../../src/commands/tree';
import { main } from '../../src/program/classic';
import { FakeKernel } from '../helpers/fake-kernel';
import { runIn, type TestWorld } from '../helpers/test-system';

const rules =
  '-A -t 192.0.2.10:80 -s sh\n-a -t 192.0.2.10:80 -r 10.0.0.18:80 -m -w 3\n' +
  '-a -t 192.0.2.10:80 -r 10.0.0.17:80 -m -w 1\n-A -f 7 -6 -s wrr\n';
const wanted = '-A -t 192.0.2.10:80 -s sh\n-a -t 192.0.2.10:80 -r 10.0.0.17:80 -m -w 2\n';

async function run(line: string, world: Partial<TestWorld> = {}) {
  const kernel = new FakeKernel();
  const openTransport = () => kernel.open();
  await runIn({ args: ['-R'], stdin: rules, openTransport }, main);
  Object.assign(kernel.entries[0]!.destinations[0]!, { activeConnections: 12 });
  return await runIn({ args: line.split(' '), openTransport, files: { wanted }, ...world }, runSubcommand);
}

test.each([
  'list',
  'list --tcp 192.0.2.10:80 --sort weight',
  'list --timeout',
  'list --daemon',
  'service show 192.0.2.10:80',
  'what-if tcp:192.0.2.10:80 --client 198.51.100.7',
  'diff wanted',
  'apply wanted',
  'apply --dry-run wanted',
  'restore --check --no-trial wanted',
  'top --once',
  'version',
  'list --all-netns',
])('%s --yaml has what --json has', async (line) => {
  const json = await run(`${line} --json`);
  const yaml = await run(`${line} --yaml`);
  expect([yaml.stderr, yaml.status]).toEqual([json.stderr, json.status]);
  expect(parse(yaml.stdout)).toEqual(JSON.parse(json.stdout));
  expect(yaml.stdout).not.toMatch(/^ *[{}]$|^ *"/m);
});

test('lists in YAML in blocks, a real server a line', async () => {
  const { stdout } = await run('list --tcp 192.0.2.10:80 --yaml');
  expect(stdout).toMatch(/^format: ipvsadm-state\nversion: 1\n/);
  expect(stdout).toMatch(
    /^ {2}servers:\n {2}- \{ .*address: 10\.0\.0\.17, .*\}\n {2}- \{ .*10\.0\.0\.18, .*\}$/m,
  );
});

test('what the daemon answers is printed in YAML, too', async () => {
  const answer = [{ service: 'wéb', server: 'a', results: [{ ok: true }], text: 'x\\u009by' }];
  const askDirector = () => ({ status: 200, text: JSON.stringify(answer) });
  const { stdout, status } = await run('health --yaml', { askDirector });
  expect(status).toBe(0);
  expect(parse(Buffer.from(stdout, 'latin1').toString('utf8'))).toEqual(answer);
});

test('--all-netns asks other namespaces for JSON', async () => {
  const asked: (readonly string[])[] = [];
  const { stdout } = await run('list --all-netns --yaml', {
    directories: { '/run/netns': ['blue'] },
    runInNamespace: (_path, args) => {
      asked.push(args);
      return { status: 0, stdout: '{"version": 1}', stderr: '' };
    },
  });
  expect(asked).toEqual([['list', '--json']]);
  expect(stdout).toContain('netns: blue');
});

test('no stream of lines has --yaml', () => {
  const streams = ['connections', 'server:list', 'monitor', 'server:drain', 'server:ready', 'director:stop'];
  expect(streams.filter((id) => 'yaml' in commands[id]!.flags!)).toEqual([]);
  expect(streams.filter((id) => !('json' in commands[id]!.flags!))).toEqual([]);
});

test('version --json', async () => {
  const { stdout } = await run('version --json');
  expect(JSON.parse(stdout)).toEqual({ version, engine: { name: 'Node.js', version: process.version } });
});

describe('restore --check --json', () => {
  const files = {
    good: '-A -t 192.0.2.10:80 -s rr\n',
    bad: '-A -t 192.0.2.10:80 -s rr\n-a -t 192.0.2.10:80 -r 10.0.0.17 -w many\n',
    'a.json':
      '{"format":"ipvsadm-state","version":1,"services":[\n{"protocol":"tcp","address":"192.0.2.10","port":80,"shceduler":"rr","servers":[]}]}',
  };

  test('prints every problem of every file with its place', async () => {
    const { stdout, stderr, status } = await run('restore --check --json --no-trial good bad a.json', {
      files,
    });
    expect({ stderr, status }).toEqual({ stderr: '', status: 2 });
    expect(JSON.parse(stdout)).toEqual([
      {
        file: 'bad',
        line: 2,
        column: 37,
        severity: 'error',
        message: 'illegal weight specified',
        hint: expect.stringContaining('-w WEIGHT: '),
      },
      {
        file: 'a.json',
        line: 2,
        column: 52,
        severity: 'error',
        message: "unknown field 'shceduler'",
        hint: "did you mean 'scheduler'?",
      },
    ]);
  });

  test('says nothing of a file without problems, and tells of one that is missing', async () => {
    expect(await run('restore --check --json --no-trial good', { files })).toEqual({
      stdout: '[]\n',
      stderr: '',
      status: 0,
    });
    const { stdout, status } = await run('restore --check --json --no-trial gone', { files });
    const message = 'cannot be read: No such file or directory';
    expect(status).toBe(2);
    expect(JSON.parse(stdout)).toEqual([{ file: 'gone', severity: 'error', message }]);
  });

  test('has what the kernel refuses in the trial', async () => {
    const runInNewNamespace = () => '[[0,2]]';
    const { stdout, stderr, status } = await run('restore --check --json good', { files, runInNewNamespace });
    expect({ stderr, status }).toEqual({ stderr: '', status: 255 });
    expect(JSON.parse(stdout)).toEqual([
      expect.objectContaining({ file: 'good', line: 1, message: expect.stringContaining('refused') }),
    ]);
  });

  test('counts lines of an included file from its beginning', async () => {
    const included = {
      'keepalived.conf': '! nothing\ninclude more.conf\n',
      'more.conf': '\nvirtual_server 192.0.2.10 80 {\n lb_algo\n}\n',
    };
    const { stdout } = await run('restore --check --json --no-trial keepalived.conf', { files: included });
    expect(JSON.parse(stdout)).toContainEqual(
      expect.objectContaining({ file: 'more.conf', line: 3, column: 2, severity: 'error' }),
    );
  });
});
