/** convert, and the other commands with imported formats, on the fake kernel. */
import { runSubcommand } from '../../src/commands';
import { FakeKernel } from '../helpers/fake-kernel';
import { runIn, type TestWorld } from '../helpers/test-system';

const keepalived =
  'virtual_server 192.0.2.10 80 {\n    protocol TCP\n    lvs_sched wrr\n' +
  '    real_server 10.0.0.17 8080 {\n        weight 3\n        TCP_CHECK {\n        }\n    }\n}\n';
const ldirectord = 'virtual = 192.0.2.10:http\n    real = 10.0.0.17:8080 masq 3\n    checktype = connect\n';
const rules = '-A -t 192.0.2.10:80 -s wrr\n-a -t 192.0.2.10:80 -r 10.0.0.17:8080 -m -w 3\n';

const files = {
  '/etc/keepalived/keepalived.conf': keepalived,
  'web.cf': ldirectord,
  'web.conf': keepalived,
  wrong: 'virtual_server 192.0.2.10 80 {\n lb_algo\n',
  machines: keepalived.replace('lvs_sched', '@main lvs_sched'),
};

function run(line: string, world: Partial<TestWorld> = {}) {
  const kernel = new FakeKernel();
  return runIn({ args: line.split(' '), files, openTransport: () => kernel.open(), ...world }, runSubcommand);
}

test.each([
  ['/etc/keepalived/keepalived.conf', 'only director run checks: without it every server is up'],
  ['web.conf', "no 'delay_loop': checks are 60 s apart"],
  ['web.cf', "no 'checkinterval': checks are 10 s apart"],
])('%s as rules; a note says what is not in them', async (file, note) => {
  const { stdout, stderr, status } = await run(`convert --to rules ${file}`);
  expect({ stdout, status }).toEqual({ stdout: rules, status: 0 });
  expect(stderr.split('\n')[0]).toMatch(/^[^:]+:[0-9]+:[0-9]+: note: /);
  expect(stderr).toContain(note);
});

test('from one program to the other, and back', async () => {
  const there = await run('convert --to ldirectord web.conf');
  const back = await run('convert --format ldirectord --to rules -', { stdin: there.stdout });
  expect(back).toEqual({
    stdout: rules,
    stderr: expect.stringContaining('note: only director run checks'),
    status: 0,
  });
});

test('what a format cannot express is reported, with status 1, and written as a comment', async () => {
  const stdin = '-A -t 192.0.2.10:80 -s none\n-a -t 192.0.2.10:80 -r 10.0.0.17 -g\n';
  expect(await run('convert --format rules --to keepalived -', { stdin })).toEqual({
    stdout:
      '# not expressible here: tcp:192.0.2.10:80: scheduler "none"\n' +
      'virtual_server 192.0.2.10 80 {\n    protocol TCP\n' +
      '    real_server 10.0.0.17 80 {\n        weight 1\n        lvs_method DR\n    }\n}\n',
    stderr:
      'ipvsadm: keepalived cannot express all of this (--to json can): tcp:192.0.2.10:80: scheduler "none"\n',
    status: 1,
  });
});

describe('timeouts', () => {
  const document = (tcp: number) =>
    `{"format":"ipvsadm-state","version":1,\n"timeouts":{"tcp":${tcp},"tcpFin":120,"udp":300}}`;

  test('that no kernel takes are an error, with their place', async () => {
    const outcome = await run('convert --format json --to rules -', { stdin: document(4294967295) });
    expect(outcome).toEqual({
      stdout: '',
      stderr:
        "(standard input):2:19: 'tcp' must be a whole number from 0 to 21474836\n" +
        '    "timeouts":{"tcp":4294967295,"tcpFin":120,"udp":300}}\n' +
        '                      ^^^^^^^^^^\nipvsadm: nothing was changed\n',
      status: 2,
    });
  });

  test('that --set does not take are a comment', async () => {
    const outcome = await run('convert --format json --to rules -', { stdin: document(2678401) });
    expect(outcome).toEqual({
      stdout: '# incomplete: {"tcp":2678401,"tcpFin":120,"udp":300}\n# --set 2678401 120 300\n',
      stderr: 'ipvsadm: rules cannot express all of this (--to json can): --set 2678401 120 300\n',
      status: 1,
    });
    const longest = await run('convert --format json --to rules -', { stdin: document(2678400) });
    expect(longest).toEqual({ stdout: '--set 2678400 120 300\n', stderr: '', status: 0 });
  });
});

test('an invalid file is not converted', async () => {
  expect(await run('convert --to json wrong')).toEqual({
    stdout: '',
    stderr: expect.stringMatching(/^wrong:2:2: missing argument after 'lb_algo'$/m),
    status: 2,
  });
});

test('--config-id chooses the lines of a machine', async () => {
  const outcome = await run('convert --to rules machines');
  expect(outcome).toMatchObject({ stdout: '', status: 2 });
  expect(outcome.stderr).toContain('--config-id');
  expect((await run('convert --config-id main --to rules machines')).stdout).toBe(rules);
  expect((await run('convert --config-id other --to rules machines')).stdout).toBe(
    rules.replace('wrr', 'wlc'),
  );
});

test('--output replaces a file', async () => {
  const replaced: [string, string][] = [];
  const onReplace = (path: string, text: string) => replaced.push([path, text]);
  const { stdout } = await run('convert --to rules --output new web.cf', { onReplace });
  expect({ stdout, replaced }).toEqual({ stdout: '', replaced: [['new', rules]] });
});

test('restore, apply, diff and snapshot take both formats', async () => {
  const kernel = new FakeKernel();
  const openTransport = () => kernel.open();
  expect(await run('apply web.conf', { openTransport })).toMatchObject({
    stdout: '2 changes made\n',
    status: 0,
  });
  expect(await run('diff --format ldirectord web.cf', { openTransport })).toMatchObject({
    stdout: '',
    status: 0,
  });
  expect((await run('snapshot --to keepalived', { openTransport })).stdout).toContain(
    'virtual_server 192.0.2.10 80 {\n    protocol TCP\n    lvs_sched wrr\n',
  );
  const other = new FakeKernel();
  const world = { openTransport: () => other.open() };
  expect(await run('restore web.cf', world)).toMatchObject({ status: 0 });
  expect((await run('save -n', world)).stdout).toBe(rules);
});
