/**
 * What subcommands print holds no control characters, wherever hostile text comes from: arguments, the
 * names and contents of files, the kernel, the resolver.
 */

import { isSubcommand } from '../../src/command-line/subcommands';
import { runSubcommand } from '../../src/commands';
import { commands } from '../../src/commands/tree';
import { program } from '../../src/program/program';
import { FakeKernel } from '../helpers/fake-kernel';
import { runIn, type TestWorld } from '../helpers/test-system';

/** ESC; DEL and CSI in UTF-8; U+202E; CSI as one byte, and another that is not UTF-8; CR. */
const evils = ['\x1b[7m', '\x7f\xc2\x9b7m', '\xe2\x80\xae', '\x9b\xff', '\r'] as const;

/** What must not be printed, in text of one character per byte. */
const hostile =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is searched for
  /[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\xaa-\xae]|\xe2\x81[\xa6-\xa9]|(?<![\xc2-\xf4][\x80-\xbf]{0,2})[\x80-\xbf]|\xff/;

// biome-ignore lint/suspicious/noControlCharactersInRegex: our own colours
const ansi = /\x1b\[[0-9;]*m/g;

async function hostileKernel(evil: string): Promise<FakeKernel> {
  const kernel = new FakeKernel();
  const openTransport = () => kernel.open();
  const rules = '-A -t 192.0.2.10:80 -s rr -p 9\n-a -t 192.0.2.10:80 -r 10.0.0.18:80 -m\n-A -f 7 -s wrr\n';
  await runIn({ args: ['restore'], stdin: rules, openTransport }, runSubcommand);
  await runIn({ args: 'daemon start master --mcast-interface lo'.split(' '), openTransport }, runSubcommand);
  const [entry] = kernel.entries;
  entry!.service = { ...entry!.service, scheduler: evil, persistenceEngine: evil };
  kernel.daemons = [1, 2].map((state) => ({ ...kernel.daemons[0]!, state, interface: evil }));
  return kernel;
}

const files = (evil: string) => {
  const json = JSON.stringify(Buffer.from(evil, 'latin1').toString('utf8')).slice(1, -1);
  const document = (services: string, rest = '') =>
    `{"format":"ipvsadm-state","version":1,${rest}"services":[${services}]}`;
  return {
    'a.json': document(`{"fwmark":1,"scheduler":"${json}"}`),
    'b.json': document(`{"fwmark":1,"${json}":1}`),
    'c.json': document('{"fwmark":1}', `"daemons":[{"state":"master","interface":"${json}"}],`),
    'd.json': document(`{"fwmark":1,"flags":["${json}"],"persistence":{"engine":"${json}"}}`),
    'e.json': `{"format":"${json}"}`,
    'f.json': evil,
    'a.yaml': `format: ipvsadm-state\nversion: 1\nservices:\n  - fwmark: 1\n    "${json}": "${json}"\n`,
    'b.yaml': `${evil}: ${evil}\n*${evil}\n`,
    rules: `-A -f 1 -s ${evil}\n-A -t ${evil}\n-${evil}\n--${evil} ${evil}\n--start-daemon master --mcast-interface ${evil}\n`,
    'good.rules': `-A -f 1 -s x${evil}\n--start-daemon master --mcast-interface x${evil}\n`,
    'keepalived.conf':
      `virtual_server 192.0.2.1 80 {\n  lvs_sched x${evil}\n  ${evil} ${evil}\n  real_server ${evil} 80 {\n  weight ${evil}\n}\n}\n` +
      `${evil} {\n}\n`,
    'good-keepalived.conf': `virtual_server 192.0.2.1 80 {\n  lvs_sched x${evil}\n  real_server 10.0.0.1 80 {\n  }\n}\n`,
    'a.cf': `virtual=${evil}:80\n  real=${evil}:80 gate\n${evil}=${evil}\nvirtual=192.0.2.1:80\n  scheduler=x${evil}\n  real=10.0.0.1:80 ${evil}\n`,
    [`${evil}.json`]: '{',
    [evil]: '-A',
    [`good${evil}`]: '-A -f 1\n',
    '/proc/net/ip_vs_conn': `titles\nTCP 0A000001 0001 0A010064 0050 0A020003 1F90 ESTABLISHED     899 sip ${evil}\n`,
  };
};

/** Command lines: words separated by tabs. */
function lines(evil: string): string[][] {
  const names = [...Object.keys(files(evil)).filter((name) => !name.startsWith('/')), `missing${evil}`];
  const service = ['--tcp', '192.0.2.10:80'];
  return [
    ...names.flatMap((name) => [
      ['restore', name],
      ['restore', '--check', name],
      ['restore', '--check', '--no-trial', name],
      ['restore', '--check', '--json', name],
      ['restore', '--check', '--yaml', name],
      ['diff', name],
      ['diff', '--json', name],
      ['diff', '--yaml', name],
      ['diff', '--color', 'always', name],
      ['apply', '--dry-run', name],
      ['apply', name],
      ...['json', 'rules', 'keepalived', 'ldirectord'].map((format) => ['convert', '--to', format, name]),
    ]),
    ['snapshot', evil],
    ...['json', 'rules', 'keepalived', 'ldirectord'].map((format) => ['snapshot', '--to', format]),
    ['snapshot', `${evil}.yaml`],
    ['snapshot', '--to', 'rules', `${evil}.json`],
    ['save', '-n'],
    ['save', evil],
    ['save', `${evil}.json`],
    ['list'],
    ['list', '-n'],
    ['list', '--json'],
    ['list', '--yaml'],
    ['list', '--all-netns', '--yaml'],
    ['list', '--pretty'],
    ['list', '--pretty', '--color', 'always'],
    ['list', '--connection'],
    ['list', '--connection', '--persistent-conn'],
    ['list', '--daemon'],
    ['list', '--all-netns'],
    ['list', '--all-netns', '--json'],
    ['list', '--all-netns', '--pretty'],
    ['list', '--no-pretty', '--sort', 'weight'],
    ['list', '--resolve', '--service', '192.0.2.10'],
    ['service', 'show', '192.0.2.10:80', '--resolve'],
    ['service', 'show', '192.0.2.10:80', '--color', 'always'],
    ['service', 'show', '192.0.2.10:80', '--json'],
    ['service', 'show', '192.0.2.10:80', '--yaml'],
    ['server', 'list', '--resolve'],
    ['server', 'list', '--json'],
    ['server', 'drain', ...service, '--real-server', evil],
    ['server', 'set', ...service, '--real-server', '10.0.0.18', '--weight', evil],
    ['service', 'add', '--tcp', evil, '--scheduler', evil],
    ['service', 'add', '--fwmark', '9', '--scheduler', `x${evil}`],
    ['service', 'delete', ...service, evil],
    ['diff', '--only', evil, 'a.json'],
    ['help', evil],
    [evil],
    ['service', evil],
    ['schema', evil],
    ['--netns', evil, 'list'],
    ['--netns', `/${evil}`, 'list'],
    ...Object.keys(commands).flatMap((id) => {
      const words = id.split(':');
      return [
        [...words, evil],
        [...words, `--${evil}`],
        [...words, `--netns=${evil}`],
        [...words, `-${evil}`],
      ];
    }),
  ];
}

async function printed(args: readonly string[], evil: string, terminal: boolean) {
  const kernel = await hostileKernel(evil);
  const world: TestWorld = {
    args,
    terminal,
    environment: { NO_COLOR: '1' },
    files: files(evil),
    hosts: `10.0.0.18 ${evil.replace(/\s/g, 'x')}host\n192.0.2.10 ${evil.replace(/\s/g, 'x')}\n`,
    directories: { '/run/netns': [evil] },
    links: { [evil]: evil },
    openTransport: () => kernel.open(),
    runInNamespace: () => ({ status: 1, stdout: '', stderr: `${evil} failed` }),
    runInNewNamespace: () => '[[0,2]]',
    enterNamespace: () => ({ errno: 1, reason: `no ${evil}` }),
    onReplace() {},
    // What looks again and again ends at its first wait.
    sleep: (milliseconds) => (milliseconds >= 1000 ? 'SIGINT' : undefined),
  };
  return await runIn(world, (system) => program(system, (inner) => runSubcommand(inner as typeof system)));
}

/** Whether standard output is data, which is made visible on a terminal only. */
function isData(args: readonly string[]): boolean {
  return ['save', 'snapshot', 'convert'].includes(args[0]!) || args.includes('--yaml');
}

/** Anything else is classic syntax. */
function namesSubcommand(args: readonly string[]): boolean {
  const first = args[0] === '--netns' ? args[2]! : args[0]!;
  return isSubcommand([first]);
}

test.each(evils.map((evil) => [JSON.stringify(evil), evil] as const))(
  'nothing that subcommands print holds %s',
  async (_name, evil) => {
    const found: unknown[] = [];
    for (const args of lines(evil).filter(namesSubcommand)) {
      for (const terminal of isData(args) ? [false, true] : [false]) {
        const { stdout, stderr } = await printed(args, evil, terminal);
        const text = terminal || !isData(args) ? stdout.replace(ansi, '') : '';
        if (hostile.test(stderr) || hostile.test(text)) found.push({ args, terminal, stdout, stderr });
      }
    }
    expect(found).toEqual([]);
  },
  120_000,
);

test('data in a pipe keeps its bytes', async () => {
  const outcome = async (terminal: boolean) =>
    (await printed(['snapshot', '--to', 'rules'], '\x1b', terminal)).stdout;
  expect(await outcome(false)).toContain('-s \x1b ');
  expect(await outcome(true)).toContain('-s \\x1b ');
});

describe('a name from the kernel cannot become another line', () => {
  const snapshot = async (name: string, format: string) => {
    const kernel = await hostileKernel(name);
    const openTransport = () => kernel.open();
    const args = ['snapshot', '--to', format];
    return (await runIn({ args, openTransport }, runSubcommand)).stdout;
  };

  test.each(['rr\n-C', 'rr\n-C\n#', 'rr -C', 'ipvsadm'])('of rules: %j', async (name) => {
    const stdout = await snapshot(name, 'rules');
    const [entry, ...further] = stdout.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect([entry, ...further]).toEqual([
      '--set 900 120 300',
      '-a -t 192.0.2.10:80 -r 10.0.0.18:80 -m -w 1',
      '-A -f 7 -s wrr',
    ]);
  });

  test.each([
    ['keepalived', 'rr\n}\nvirtual_server 192.0.2.99 80 {\n real_server 10.0.0.9 80 {\n }'],
    ['keepalived', '}'],
    ['keepalived', '\r'],
    ['ldirectord', 'rr\nvirtual = 192.0.2.99:80'],
  ])('of %s: %j', async (format, name) => {
    const stdout = await snapshot(name, format);
    expect(stdout).not.toMatch(/^ *virtual\w* *=? *192\.0\.2\.99/m);
    const read = await runIn(
      {
        args: ['convert', '--format', format, '--to', 'rules', '-'],
        stdin: stdout,
        openTransport: () => new FakeKernel().open(),
      },
      runSubcommand,
    );
    expect(read.stdout).not.toContain('192.0.2.99');
    expect(read.status).not.toBe(2);
  });
});
