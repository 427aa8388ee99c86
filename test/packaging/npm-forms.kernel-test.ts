/**
 * The commands that npm installs, in each form that they can have: links to the native program, the
 * launcher that finds it (--ignore-scripts), and the launcher where no native program fits.
 */
import {
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../../scripts/debian/command';
import { connectLab } from '../lab/client';
import { installGlobally, pack } from './npm-package';
import { throwAwayDirectory } from './places';

const lab = connectLab();
const names = ['ipvsadm', 'ipvsadm-restore', 'ipvsadm-save'];
let directory: string;
let tarball: string;

/** The forms, and what they start. */
const forms = {
  link: 'native, QuickJS',
  launcher: 'native, QuickJS',
  node: 'Node.js',
} as const;
type Form = keyof typeof forms;
const every = Object.keys(forms) as Form[];

const prefixOf = (form: Form) => join(directory, form);
const packageOf = (form: Form) => join(prefixOf(form), 'lib/node_modules/ipvsadm');

beforeAll(async () => {
  directory = throwAwayDirectory('npm-forms');
  ({ tarball } = await pack(directory));
  await installGlobally(tarball, prefixOf('link'));
  await installGlobally(tarball, prefixOf('launcher'), '--ignore-scripts');
  cpSync(prefixOf('launcher'), prefixOf('node'), { recursive: true, verbatimSymlinks: true });
  rmSync(join(packageOf('node'), 'dist/native'), { recursive: true });
}, 180_000);

afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Runs a script with a program as `ipvsadm` in PATH. */
async function run(program: Form | 'c', script: string) {
  const setUp =
    program === 'c'
      ? 'mkdir bin; ln -s "$IPVSADM_C" bin/ipvsadm; PATH=$PWD/bin:$PATH'
      : `PATH=${prefixOf(program)}/bin:$PATH`;
  const hosts = '192.0.2.10 web.example\n10.0.0.17 real.example\n';
  const { stdout, stderr } = await lab.run({ script: `${setUp}\n${script}`, hosts, timeoutSeconds: 100 });
  return { stdout: stdout.toString('latin1'), stderr: stderr.toString('latin1') };
}

/** Classic command lines, and standard streams as scripts leave them. */
const classic = `check() { echo "$*" >&2; "$@"; echo $?; }
check ipvsadm -v; check ipvsadm -A -t web.example:http -s wrr -p 300
check ipvsadm -a -t 192.0.2.10:80 -r real.example:8080 -m -w 3
check ipvsadm -a -t 192.0.2.10:80 -r 10.0.0.18 -g; check ipvsadm -A -f 7 -6 -s sh -b sh-port
check ipvsadm -L; check ipvsadm -ln; check ipvsadm -Sn; check ipvsadm -S; check ipvsadm -Ln --stats
check ipvsadm --bogus; check ipvsadm -A; check ipvsadm -A -t bad; check ipvsadm foo
check ipvsadm -A -f 7 -6; check ipvsadm -A -f 8 -s "$(printf '\\377\\342\\202')"; check ipvsadm ''
check ipvsadm -A -t "a  b
c:1"; printf '%s\\n' '-A -f 9' '-a -f 9 -r 10.0.0.1 -w' '-A -f 10' | check ipvsadm -R
ipvsadm -Sn | check ipvsadm -R
check ipvsadm -Ln | head -c 0; check ipvsadm -Z; check ipvsadm -C; check ipvsadm -Ln`;

test('classic command lines print in each form what the C program prints', async () => {
  const theirs = await run('c', classic);
  for (const form of every) expect({ form, ...(await run(form, classic)) }).toEqual({ form, ...theirs });
  expect(theirs.stdout).toContain('real.example:http-alt');
  expect(theirs.stderr).toContain("`ipvsadm -h'");
}, 300_000);

/** What the C program does not have, or does differently, and what needs Node. */
const ours = `check() { echo "$*" >&2; "$@"; echo $?; }
check ipvsadm -h; check ipvsadm-save -x; check ipvsadm-restore --help; check ipvsadm-restore words
printf '%s\\n' '-A -f 7 -s rr' '-a -f 7 -r 10.0.0.1:0 -m' | check ipvsadm-restore; check ipvsadm-save -n
check ipvsadm -L --json; check ipvsadm --netns nothing -Ln; check ipvsadm --explain -A -f 7
check ipvsadm list; check ipvsadm service --help; check ipvsadm server add --bogus; check ipvsadm help
check ipvsadm snapshot --to rules; check ipvsadm snapshot - >&-; check ipvsadm -R <&-; check ipvsadm -Ln >&-
ipvsadm -Sn >rules; check ipvsadm apply rules; check ipvsadm restore /nothing
ln -s "$(command -v ipvsadm)" other; check ./other -Sn; check ./other --bogus
ln -s "$(command -v ipvsadm)" ipvsadm-save; check ./ipvsadm-save -n`;

test('everything else prints the same in each form', async () => {
  const onNode = await run('node', ours);
  for (const form of every) expect({ form, ...(await run(form, ours)) }).toEqual({ form, ...onNode });
  expect(onNode.stdout).toContain('virtual services');
  expect(onNode.stderr).toContain("`./other -h'");
}, 300_000);

test.each(every)(
  'the form %s has the engine that it should have',
  async (form) => {
    const { stdout } = await run(form, 'ipvsadm version; cd / && env -i "$(command -v ipvsadm)" version');
    const line = new RegExp(`^ipvsadm for Node \\S+ \\(${forms[form]} `);
    expect(stdout.split('\n')[0]).toMatch(line);
  },
  60_000,
);

test('the launcher needs no other process, and finds the program behind npm links only', async () => {
  const trace = `strace -f -qq -e trace=execve,clone,clone3,fork,vfork -o trace`;
  const script = `${trace} ipvsadm -v; grep -c execve trace; grep -Ec 'clone|fork' trace
readlink -f "$(command -v ipvsadm)" >elsewhere
mkdir -p shared/bin shared/lib/node_modules; chmod 1777 shared; ln -s "$(cat elsewhere)" shared/bin/ipvsadm
cp -r ${packageOf('launcher')} shared/lib/node_modules && cd shared/lib/node_modules/ipvsadm
ln -sf "$(cat /tmp/elsewhere)" bin/ipvsadm; printf '#!/bin/sh\\necho planted\\n' >dist/native/x64/ipvsadm
/tmp/shared/bin/ipvsadm version | sed 's/ .*//'`;
  const { stdout } = await run('launcher', `cd /tmp; ${script}`);
  expect(stdout.split('\n').slice(1)).toEqual(['2', '0', 'ipvsadm', '']);
}, 60_000);

test('without glibc the launcher starts Node', async () => {
  // What Alpine Linux and NixOS lack; a guest cannot do without its loader.
  const script = `mkdir /tmp/etc && cp -r /etc/. /tmp/etc && rm /tmp/etc/ld.so.cache && mount --bind /tmp/etc /etc
ipvsadm version; ipvsadm -A -f 7; ipvsadm-save -n`;
  const { stdout, stderr } = await run('launcher', script);
  expect({ stdout, stderr }).toEqual({
    stdout: expect.stringMatching(/^ipvsadm for Node .* \(Node\.js .*\)\n-A -f 7 -s wlc\n$/),
    stderr: '',
  });
}, 60_000);

test('the installation links to the program that runs, and removes one that does not', async () => {
  const links = names.map((name) => readlinkSync(join(prefixOf('link'), 'bin', name)));
  expect(links).toEqual(names.map(() => '../lib/node_modules/ipvsadm/bin/ipvsadm'));
  const program = join(packageOf('link'), 'dist/native', process.arch, 'ipvsadm');
  expect(realpathSync(join(prefixOf('link'), 'bin/ipvsadm'))).toBe(program);
  expect(lstatSync(join(packageOf('launcher'), 'bin/ipvsadm')).isFile()).toBe(true);

  const broken = join(directory, 'broken');
  cpSync(packageOf('launcher'), broken, { recursive: true });
  const native = join(broken, 'dist/native');
  cpSync(join(native, 'arm64/ipvsadm'), join(native, 'x64/ipvsadm'));
  await runCommand(process.execPath, [join(broken, 'packaging/npm/postinstall.js')]);
  expect(readdirSync(native)).not.toContain('x64');
  expect(await runCommand(join(broken, 'bin/ipvsadm'), ['version'])).toContain('Node.js');
}, 60_000);

test('the installation writes code caches that are used', async () => {
  const report = join(__dirname, '../helpers/report-code-cache.cjs');
  const program = join(packageOf('link'), 'dist/ipvsadm.cjs');
  const node = ['-c', `"$0" --no-rehash-snapshot -r "$1" "$2" version 2>&1 >/dev/null`];
  const reported = await runCommand('sh', [...node, process.execPath, report, program]);
  expect(reported).toBe('classic.js: from its cache\ncommands.js: from its cache\n');
  const caches = readdirSync(join(packageOf('link'), 'dist')).filter((name) => name.endsWith('.cache'));
  expect(caches).toHaveLength(4);
  for (const name of ['.', ...caches]) {
    expect(statSync(join(packageOf('link'), 'dist', name)).mode & 0o022).toBe(0);
  }
}, 60_000);

/** npm as a user who is not root, with a umask that lets the group write. */
function asUser(home: string, command: readonly string[]): Promise<string> {
  const user =
    process.getuid?.() === 0 ? ['setpriv', '--reuid', '4321', '--regid', '4321', '--clear-groups'] : [];
  const script = [
    'env',
    `HOME=${home}`,
    `npm_config_cache=${home}/npm`,
    'sh',
    '-c',
    'umask 002; exec "$@"',
    'sh',
  ];
  const [program, ...args] = [...user, ...script, ...command] as [string, ...string[]];
  return runCommand(program, args, { cwd: '/' });
}

test('an ordinary user installs, updates and removes it, and nothing is left', async () => {
  const home = mkdtempSync(join(tmpdir(), 'ipvsadm-npm-'));
  try {
    const archive = join(home, 'ipvsadm.tgz');
    cpSync(tarball, archive);
    if (process.getuid?.() === 0) await runCommand('chown', ['-R', '4321:4321', home]);
    const npm = (...args: string[]) =>
      asUser(home, ['npm', ...args, '--global', '--prefix', `${home}/prefix`, '--no-audit', '--no-fund']);
    for (const _ of ['install', 'update']) {
      await npm('install', archive);
      expect(await asUser(home, [`${home}/prefix/bin/ipvsadm`, 'version'])).toContain('native, QuickJS');
      const installed = join(home, 'prefix/lib/node_modules/ipvsadm');
      expect(statSync(join(installed, 'dist')).mode & 0o022).toBe(0);
      expect(readdirSync(join(installed, 'dist')).filter((name) => name.endsWith('.cache'))).toHaveLength(4);
    }
    await npm('uninstall', 'ipvsadm');
    const left = readdirSync(join(home, 'prefix'), { recursive: true, encoding: 'utf8' });
    expect(left.filter((path) => path.includes('ipvsadm'))).toEqual([]);
    expect(readdirSync(join(home, 'prefix/bin'))).toEqual([]);
  } finally {
    rmSync(home, { recursive: true });
  }
}, 300_000);

test('in a project the command is the native program too', async () => {
  const project = join(directory, 'project');
  mkdirSync(project);
  await runCommand('npm', [
    'install',
    '--prefix',
    project,
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
    tarball,
  ]);
  const said = await runCommand(join(project, 'node_modules/.bin/ipvsadm'), ['version']);
  expect(said).toContain('native, QuickJS');
}, 120_000);
