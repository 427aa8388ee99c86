/** snapshot, restore FILE, restore --check, diff, apply and schema on the fake kernel. */
import { runSubcommand } from '../../src/commands';
import { ipvsCommands } from '../../src/ipvs/commands';
import { TransportError } from '../../src/netlink/errors';
import { main } from '../../src/program/classic';
import { FakeKernel } from '../helpers/fake-kernel';
import { type Outcome, runIn, type TestWorld } from '../helpers/test-system';

const rules =
  '-A -t 192.0.2.10:80 -s rr -p 300\n-a -t 192.0.2.10:80 -r 10.0.0.18:80 -m -w 3 -x 9 -y 8\n' +
  '-a -t 192.0.2.10:80 -r 10.0.0.17:80 -m -w 1\n-A -f 7 -6 -s wrr\n';

/** A kernel that holds `rules`, and subcommands for it. */
async function table() {
  const kernel = new FakeKernel();
  const openTransport = () => kernel.open();
  await runIn({ args: ['-R'], stdin: rules, openTransport }, main);
  kernel.requests.length = 0;
  const run = (line: string, world: Partial<TestWorld> = {}): Promise<Outcome> =>
    runIn({ args: line.split(' '), openTransport, ...world }, runSubcommand);
  const saved = async () => (await run('save -n')).stdout;
  const changes = () => {
    const asked: number[] = [
      ipvsCommands.getService,
      ipvsCommands.getDest,
      ipvsCommands.getConfig,
      ipvsCommands.getDaemon,
      ipvsCommands.getInfo,
    ];
    return kernel.requests.map(({ command }) => command).filter((command) => !asked.includes(command));
  };
  return { kernel, run, saved, changes };
}

const document = (services: string) => `{"format":"ipvsadm-state","version":1,"services":[\n${services}\n]}`;

describe('snapshot', () => {
  test('restores the same table', async () => {
    const { run } = await table();
    const { stdout, stderr, status } = await run('snapshot');
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    const other = new FakeKernel();
    const world = { files: { 'table.json': stdout }, openTransport: () => other.open() };
    expect(await run('restore table.json', world)).toEqual({ stdout: '', stderr: '', status: 0 });
    expect(await run('snapshot', world)).toEqual({ stdout, stderr: '', status: 0 });
  });

  test('keeps servers in the order in which they were added', async () => {
    const { stdout } = await (await table()).run('snapshot --to rules');
    expect(stdout).toBe(`--set 900 120 300\n${rules}`);
  });

  test('writes a file', async () => {
    const { run } = await table();
    const files: [string, string][] = [];
    const onReplace = (path: string, text: string) => files.push([path, text]);
    const outcome = await run('snapshot --to rules table', { onReplace });
    expect({ outcome, files }).toEqual({
      outcome: { stdout: '', stderr: '', status: 0 },
      files: [['table', `--set 900 120 300\n${rules}`]],
    });
  });

  test.each([
    ['table.json', '{\n  "format": "ipvsadm-state"'],
    ['table', '{\n  "format": "ipvsadm-state"'],
    ['ipvsadm.rules', '--set 900 120 300\n'],
    ['ha.cf', 'virtual = 192.0.2.10:80\n'],
    ['/etc/keepalived/keepalived.conf', 'virtual_server'],
    ['--to json table.yaml', '{\n  "format": "ipvsadm-state"'],
    ['--to rules table', '--set 900 120 300\n'],
    ['--to keepalived lvs.conf', 'virtual_server'],
    ['link', 'virtual_server'],
  ])('the format of %s follows the name', async (args, text) => {
    const { run } = await table();
    const written: string[] = [];
    const links = { link: 'keepalived.conf' };
    await run(`snapshot ${args}`, { links, onReplace: (_, content) => written.push(content) });
    expect(written).toEqual([expect.stringContaining(text)]);
  });

  test.each([
    [
      'snapshot --to json keepalived.conf',
      '--to json: keepalived.conf is read as keepalived because of its name: give --to keepalived, or a file of another name',
    ],
    [
      'snapshot --to rules link',
      '--to rules: keepalived.conf is read as keepalived because of its name: give --to keepalived, or a file of another name',
    ],
    [
      'snapshot --to rules table.yaml',
      '--to rules: table.yaml is read as yaml because of its name: give --to yaml, or a file of another name',
    ],
    [
      'convert --to rules --output table.json a.cf',
      '--to rules: table.json is read as json because of its name: give --to json, or a file of another name',
    ],
  ])('%s is refused before anything is written', async (line, message) => {
    const { run, kernel } = await table();
    const onReplace = () => {
      throw new Error('written');
    };
    const links = { link: 'keepalived.conf' };
    expect(await run(line, { links, onReplace, files: { 'a.cf': 'virtual=192.0.2.10:80\n' } })).toEqual({
      stdout: '',
      stderr: `ipvsadm: ${message}\nSee: ipvsadm ${line.split(' ')[0]} --help\n`,
      status: 2,
    });
    expect(kernel.requests).toEqual([]);
  });

  test('as rules reports what rules cannot express', async () => {
    const { kernel, run } = await table();
    const [entry] = kernel.entries;
    entry!.destinations = entry!.destinations.slice(0, 1).map((one) => ({ ...one, forwarding: 5 }));
    const { stdout, stderr, status } = await run('snapshot --to rules');
    expect({ stdout, stderr, status }).toEqual({
      stdout:
        '--set 900 120 300\n-A -t 192.0.2.10:80 -s rr -p 300\n' +
        '# incomplete: {"family":"ipv4","address":"10.0.0.17","port":80,"forwarding":5,"weight":1,"upperThreshold":0,"lowerThreshold":0}\n' +
        '# -a -t 192.0.2.10:80 -r 10.0.0.17:80 (null) -w 1\n-A -f 7 -6 -s wrr\n',
      stderr:
        'ipvsadm: rules cannot express all of this (--to json can): -a -t 192.0.2.10:80 -r 10.0.0.17:80 (null) -w 1\n',
      status: 1,
    });
  });
});

describe('restore', () => {
  test('of a document reports each refusal with its place and goes on', async () => {
    const { run, saved } = await table();
    const outcome = await run('restore a.json', {
      files: {
        'a.json': document('{"fwmark":7,"family":"ipv6"},\n{"fwmark":8},\n{"fwmark":9,"scheduler":"no"}'),
      },
    });
    const explained = /^ipvsadm: add-service was refused with \w+ .*\n( {2,4}.*\n)+/gm;
    expect(outcome.stderr.match(explained)).toHaveLength(2);
    expect({ ...outcome, stderr: outcome.stderr.replace(explained, '') }).toEqual({
      stdout: '',
      stderr:
        'a.json:2:1: the kernel refused: Service already exists\n    {"fwmark":7,"family":"ipv6"},\n    ^\n' +
        'a.json:4:25: the kernel refused: Scheduler or persistence engine not found\n' +
        '    {"fwmark":9,"scheduler":"no"}\n                            ^^^^\n' +
        'ipvsadm: 2 refused, 1 of 3 changes made\n',
      status: 255,
    });
    expect(await saved()).toContain('-A -f 8 -s wlc\n');
  });

  test('of rules carries out every line, in order', async () => {
    const { run, saved } = await table();
    const outcome = await run('restore rules', {
      files: { rules: '# first\n-C\n-A -f 1\n-L -n\n-a -f 1 -r 10.0.0.1\n-d -f 1 -r 10.0.0.9\n' },
    });
    expect(outcome).toMatchObject({ status: 255, stdout: expect.stringContaining('FWM  1 wlc\n') });
    expect(outcome.stderr).toContain('rules:6:1: the kernel refused: No such destination\n');
    expect(await saved()).toBe('-A -f 1 -s wlc\n-a -f 1 -r 10.0.0.1:0 -g -w 1\n');
  });

  test('of invalid input changes nothing', async () => {
    const { run, changes } = await table();
    const outcome = await run('restore -', { stdin: '-A -f 1\n-A -f x\n' });
    expect({ outcome, changes: changes() }).toEqual({
      outcome: {
        stdout: '',
        stderr:
          "(standard input):2:7: invalid fwmark value `x' specified\n    -A -f x\n          ^\n" +
          '  -f MARK: the service of packets with that firewall mark, 1..4294967295\n' +
          'ipvsadm: nothing was changed\n',
        status: 2,
      },
      changes: [],
    });
  });
});

describe('restore --check', () => {
  const files = {
    good: '-A -f 1\n-a -f 1 -r 10.0.0.1\n--start-daemon master --mcast-interface eth7\n',
    bad: '-A\n-A -f x\n',
  };

  test('needs no kernel, and reports every problem of every file', async () => {
    const { run } = await table();
    const outcome = await run('restore --check good bad', {
      files,
      openTransport: () => {
        throw new Error('nobody should ask');
      },
    });
    expect(outcome).toMatchObject({ stdout: 'good: 1 service, 1 real server\n', status: 2 });
    expect(outcome.stderr).toContain('good:3:41: warning: this machine has no interface eth7\n');
    expect(outcome.stderr).toContain('ipvsadm: not tried on the kernel: tests have none\n');
    expect(outcome.stderr).toContain(
      "bad:1:1: You need to supply the 'service-address' option for the 'add-service' command\n",
    );
    expect(outcome.stderr).toContain("bad:2:7: invalid fwmark value `x' specified\n");
  });

  test('tries the state on another kernel, and reports what that refused', async () => {
    const { run, changes } = await table();
    const other = new FakeKernel();
    let asked: readonly string[] = [];
    const inner = async (args: readonly string[], stdin: string) =>
      (await runIn({ args, stdin, openTransport: () => other.open() }, runSubcommand)).stdout;
    // The inner run is done beforehand, as runInNewNamespace is synchronous.
    const text =
      '{\n  "format": "ipvsadm-state",\n  "version": 1,\n  "services": [\n    {"fwmark":1,"family":"ipv4","scheduler":"no","servers":[]}\n  ]\n}\n';
    const printed = await inner(['restore', '--as-trial'], text);
    const outcome = await run('restore --check a.json', {
      files: { 'a.json': document('{"fwmark":1,"scheduler":"no"}') },
      runInNewNamespace: (args, input) => {
        asked = [...args, input];
        return printed;
      },
    });
    expect({ outcome, asked, changes: changes() }).toEqual({
      outcome: {
        stdout: '',
        stderr:
          'a.json:2:25: the kernel refused: Scheduler or persistence engine not found\n' +
          '    {"fwmark":1,"scheduler":"no"}\n                            ^^^^\n',
        status: 255,
      },
      asked: ['restore', '--as-trial', text],
      changes: [],
    });
  });
});

describe('a trial', () => {
  const files = { good: '-A -f 1\n', other: '-A -f 2\n' };
  const trial = async (result: string | { status: number; stdout: string; stderr: string }) =>
    (await table()).run('restore --check good other', { files, runInNewNamespace: () => result });
  const failed = (reason: string) => ({
    stdout: '',
    stderr: ['good', 'other']
      .map(
        (file) =>
          `ipvsadm: ${file}: the trial on the kernel failed: ${reason}; --no-trial checks the file without it\n`,
      )
      .join(''),
    status: 1,
  });

  test.each([
    [
      'fails',
      { status: 255, stdout: '', stderr: 'ipvsadm: Memory allocation problem\nmore\n' },
      'Memory allocation problem',
    ],
    ['is killed', { status: 137, stdout: '', stderr: '' }, 'it ended with status 137'],
    ['prints nothing', '', 'it ended with status 0'],
    ['prints something else', 'null\n', 'it ended with status 0'],
    ['prints a change that there is not', '[[7,2]]\n', 'it ended with status 0'],
  ])('that %s is an error, and every file is checked', async (_name, result, reason) => {
    expect(await trial(result)).toEqual(failed(reason));
  });

  test('without IPVS is left out', async () => {
    const inner = async (openTransport: TestWorld['openTransport']) =>
      (await table()).run('restore --as-trial', { stdin: document('{"fwmark":1}'), openTransport });
    const { stdout, status } = await inner(() => {
      throw new TransportError('no such protocol', 93);
    });
    expect(status).toBe(0);
    expect(await trial(stdout)).toMatchObject({
      stdout: 'good: 1 service, 0 real servers\nother: 1 service, 0 real servers\n',
      stderr: expect.stringMatching(/^(ipvsadm: not tried on the kernel: Can't initialize ipvs: .*\n){2}$/),
      status: 0,
    });
  });

  test('in which the kernel ends the conversation is an error, not a crash', async () => {
    const kernel = new FakeKernel();
    let sent = 0;
    const openTransport = () => {
      const transport = kernel.open();
      const send = (datagram: Uint8Array) => {
        sent += 1;
        if (sent > 2) throw new TransportError('no memory', 12);
        transport.send(datagram);
      };
      return { ...transport, send };
    };
    const { run } = await table();
    const stdin = document('{"fwmark":1}');
    const outcome = await run('restore --as-trial', { stdin, openTransport });
    expect(outcome).toMatchObject({ stdout: '', status: 255 });
    expect(outcome.stderr).not.toMatch(/^$|internal/);
  });
});

const wanted = document(
  '{"protocol":"tcp","address":"192.0.2.10","port":80,"scheduler":"rr","persistence":{"timeout":300},"servers":[\n' +
    '{"address":"10.0.0.18","forwarding":"masquerading","weight":0,"upperThreshold":9,"lowerThreshold":8},\n' +
    '{"address":"10.0.0.19","forwarding":"masquerading"}]}',
);
const patch =
  '--- the table\n+++ wanted.json\n' +
  '  -A -t 192.0.2.10:80 -s rr -p 300\n' +
  '+ -a -t 192.0.2.10:80 -r 10.0.0.19:80 -m -w 1\n' +
  '- -a -t 192.0.2.10:80 -r 10.0.0.18:80 -m -w 3 -x 9 -y 8\n' +
  '+ -a -t 192.0.2.10:80 -r 10.0.0.18:80 -m -w 0 -x 9 -y 8\n' +
  '- -a -t 192.0.2.10:80 -r 10.0.0.17:80 -m -w 1\n' +
  '- -A -f 7 -6 -s wrr\n';
const files = { 'wanted.json': wanted };

describe('diff', () => {
  test.each(['diff wanted.json', 'apply --dry-run wanted.json'])(
    '%s shows a patch, and changes nothing',
    async (line) => {
      const { run, changes } = await table();
      expect(await run(line, { files })).toEqual({ stdout: patch, stderr: '', status: 1 });
      expect(changes()).toEqual([]);
    },
  );

  test('of the same table is empty, status 0', async () => {
    const { run } = await table();
    const { stdout } = await run('snapshot');
    expect(await run('diff -', { stdin: stdout })).toEqual({ stdout: '', stderr: '', status: 0 });
    expect(await run('diff rules', { files: { rules } })).toEqual({ stdout: '', stderr: '', status: 0 });
  });

  test('is held to a service, and to weights as they are', async () => {
    const { run } = await table();
    const { stdout, status } = await run('diff --keep-weights --only tcp:192.0.2.10:80 wanted.json', {
      files,
    });
    expect({ stdout, status }).toEqual({
      stdout: patch.replace(/^. -a .*18:80.*\n/gm, '').replace(/^- -A.*\n/m, ''),
      status: 1,
    });
  });

  test.each([
    ['a service that neither has', 'fwmark:99', /neither the table nor wanted\.json has that service/],
    ['no service', 'www', /^ipvsadm: --only www: a service is tcp:/],
  ])('--only with %s is a mistake', async (_name, name, message) => {
    const { stderr, status } = await (await table()).run(`diff --only ${name} wanted.json`, { files });
    expect({ says: message.test(stderr), status }).toEqual({ says: true, status: 2 });
  });

  test('as JSON', async () => {
    const { stdout, status } = await (await table()).run('diff --json wanted.json', { files });
    expect({ status, changes: JSON.parse(stdout).changes }).toMatchObject({
      status: 1,
      changes: [
        { change: 'add-server', service: 'tcp:192.0.2.10:80', to: { address: '10.0.0.19' } },
        { change: 'edit-server', to: { weight: 0 }, was: { weight: 3, upperThreshold: 9 } },
        { change: 'delete-server', was: { address: '10.0.0.17' } },
        { change: 'delete-service', service: 'fwmark:7:ipv6', was: { scheduler: 'wrr' } },
      ],
    });
  });

  const red = '\u001b[31m- -A -f 7 -6 -s wrr\u001b[39m\n';
  test.each([
    ['on a terminal', '', true, {}, true],
    ['on a terminal with NO_COLOR', '', true, { NO_COLOR: '1' }, false],
    ['elsewhere', '', false, {}, false],
    ['always', '--color always ', false, { NO_COLOR: '1' }, true],
    ['never', '--color never ', true, {}, false],
  ])('colours: %s', async (_name, option, terminal, environment, coloured) => {
    const { run } = await table();
    const { stdout } = await run(`diff ${option}wanted.json`, { files, terminal, environment });
    expect({ coloured: stdout.includes(red), plain: stdout === patch }).toEqual({
      coloured,
      plain: !coloured,
    });
  });

  test('without a kernel is an error, not a difference', async () => {
    const { kernel, run } = await table();
    kernel.familyMissing = true;
    expect((await run('diff wanted.json', { files })).status).toBe(2);
  });
});

describe('apply', () => {
  test('makes the table equal to the file; the second time there is nothing to change', async () => {
    const { kernel, run, saved, changes } = await table();
    expect(await run('apply wanted.json', { files })).toEqual({
      stdout: '4 changes made\n',
      stderr: '',
      status: 0,
    });
    expect(await saved()).toBe(
      '-A -t 192.0.2.10:80 -s rr -p 300\n-a -t 192.0.2.10:80 -r 10.0.0.18:80 -m -w 0 -x 9 -y 8\n' +
        '-a -t 192.0.2.10:80 -r 10.0.0.19:80 -m -w 1\n',
    );
    kernel.requests.length = 0;
    expect(await run('apply wanted.json', { files })).toEqual({
      stdout: 'nothing to change\n',
      stderr: '',
      status: 0,
    });
    expect(changes()).toEqual([]);
  });

  test('an empty file is a mistake, not an empty table', async () => {
    const { run, saved } = await table();
    const before = await saved();
    expect(await run('apply rules', { files: { rules: '\n' } })).toMatchObject({ status: 2 });
    expect(await saved()).toBe(before);
  });

  const empty = {
    'comments.rules': '# nothing yet\n',
    'timeouts.rules': '--set 900 120 300\n',
    'none.json': '{"format":"ipvsadm-state","version":1,"services":[]}',
    'keepalived.conf': 'virtual_server 192.0.2.10 80 {\n    protocol TCP\n}\n',
  };
  const would = 'has no virtual services: apply would delete 2 virtual services and 2 real servers';

  test.each(Object.keys(empty))('of %s, without a service, is refused unless --allow-empty', async (file) => {
    const { run, saved, changes } = await table();
    const { stdout, stderr, status } = await run(`apply ${file}`, { files: empty });
    expect({ stdout, status, changes: changes() }).toEqual({ stdout: '', status: 2, changes: [] });
    expect(stderr.split('\n').slice(-3)).toEqual([
      `ipvsadm: ${file} ${would}`,
      'ipvsadm: nothing was changed; --allow-empty permits it',
      '',
    ]);
    const dry = await run(`apply --dry-run ${file}`, { files: empty });
    const diff = await run(`diff ${file}`, { files: empty });
    expect(diff).toEqual(dry);
    expect(diff).toMatchObject({ stdout: expect.stringContaining('- -A -f 7 -6 -s wrr\n'), status: 1 });
    expect(diff.stderr).toContain(`ipvsadm: note: ${file} ${would}; it requires --allow-empty\n`);
    const noted = (await run(`apply --dry-run --allow-empty ${file}`, { files: empty })).stderr;
    expect(noted).not.toContain('would delete');
    expect(await run(`apply --allow-empty ${file}`, { files: empty })).toMatchObject({ status: 0 });
    expect(await saved()).toBe('');
    // Now there is nothing that it would delete.
    expect(await run(`apply ${file}`, { files: empty })).toMatchObject({
      stdout: 'nothing to change\n',
      status: 0,
    });
  });

  test('sync daemons count, too; services that --only names may be deleted', async () => {
    const { run, saved } = await table();
    await run('daemon start master --mcast-interface lo');
    const nothing = {
      'nothing.json': '{"format":"ipvsadm-state","version":1,"services":[],"daemons":[]}',
    };
    const { stderr } = await run('apply nothing.json', { files: nothing });
    expect(stderr).toContain('apply would delete 2 virtual services, 2 real servers and 1 sync daemon\n');
    const only = 'apply --only fwmark:7:ipv6 --only tcp:192.0.2.10:80 comments.rules';
    expect(await run(only, { files: empty })).toEqual({ stdout: '2 changes made\n', stderr: '', status: 0 });
    expect(await saved()).toBe('');
    expect((await run('apply nothing.json', { files: nothing })).stderr).toContain(
      'apply would delete 1 sync daemon\n',
    );
  });

  test('undoes its changes when one is refused', async () => {
    const { kernel, run, saved } = await table();
    const before = await saved();
    let changes = 0;
    kernel.refuse = () => (changes++ === 1 ? 12 : 0);
    expect(await run('apply wanted.json', { files })).toEqual({
      stdout: '',
      stderr:
        'wanted.json:3:1: the kernel refused: Memory allocation problem\n' +
        '    {"address":"10.0.0.18","forwarding":"masquerading","weight":0,"upperThreshold":9,"lowerThreshold":8}...\n' +
        '    ^\nipvsadm: edit-server was refused with ENOMEM (12). No known cause.\n' +
        'ipvsadm: the table is as it was before\n',
      status: 255,
    });
    expect(await saved()).toBe(before);
  });

  test('prints the remaining changes when that fails, too', async () => {
    const { kernel, run } = await table();
    let changes = 0;
    kernel.refuse = () => (changes++ >= 1 ? 12 : 0);
    const { stderr, status } = await run('apply wanted.json', { files });
    expect({ status, left: stderr.split('\n').slice(-6) }).toEqual({
      status: 3,
      left: [
        'ipvsadm: some changes could NOT be undone',
        'ipvsadm: these changes would bring the former table back:',
        '--- the table',
        '+++ the former table',
        '- -a -t 192.0.2.10:80 -r 10.0.0.19:80 -m -w 1',
        '',
      ],
    });
  });

  test('shows its progress on a terminal when it takes more than a second', async () => {
    const { run } = await table();
    const many = Array.from({ length: 300 }, (_, at) => `{"fwmark":${at + 10}}`).join(',');
    let clock = 0;
    const now = () => {
      clock += 600;
      return clock;
    };
    const { stderr, status } = await run('apply a.json', {
      files: { 'a.json': document(many) },
      terminal: true,
      now,
    });
    expect(status).toBe(0);
    expect(stderr).toMatch(/^\r(\d+) of 302 changes\r[\s\S]*\r +\r$/);
  });
});

test('schema prints the JSON Schemas', async () => {
  const { run } = await table();
  const titles = [];
  for (const line of ['schema', 'schema connection']) titles.push(JSON.parse((await run(line)).stdout).title);
  expect(titles).toEqual(['State of IPVS', 'IPVS connection']);
});
