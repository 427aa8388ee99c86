/** The native executable: its file, and its behaviour without a kernel. */
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { version } from '../../package.json';
import { nativeProgram, nativeProgramFor, root } from '../../scripts/native/build';
import { architectures, findToolchain } from '../../scripts/native/toolchain';
import { connectLab } from '../lab/client';

function run(program: string, args: readonly string[], env: Record<string, string> = {}) {
  const { stdout, stderr, status } = spawnSync(program, args, {
    env: { PATH: process.env.PATH ?? '', ...env },
    encoding: 'latin1',
  });
  return { stdout, stderr, status };
}

test.each(architectures)('the executable for %s is small', (architecture) => {
  expect(statSync(nativeProgramFor(architecture)).size).toBeLessThan(1_200_000);
});

test('it holds no path of the machine that built it', () => {
  const content = readFileSync(nativeProgram, 'latin1');
  expect(content).toContain('program.js'); // the names of its bundles
  expect([root, 'ipvsadm-native-'].filter((path) => content.includes(path))).toEqual([]);
});

test('it needs only the C library', () => {
  const { stdout } = run('ldd', [nativeProgram]);
  const libraries = [...stdout.matchAll(/^\s*(\S+) =>/gm)].map(([, name]) => name);
  expect(libraries.sort()).toEqual(['libc.so.6', 'libm.so.6']);
});

/** What SECURITY.md says of the executable. */
test.each(architectures)('the one for %s is hardened', async (architecture) => {
  const { objdump } = (await findToolchain(architecture)).programs;
  const { stdout } = run(objdump, ['-p', '-T', nativeProgramFor(architecture)]);
  const found = {
    pie: /FLAGS_1 .*0x0*8000001\b/.test(stdout),
    relro: /^ *RELRO /m.test(stdout),
    bindNow: /^ *FLAGS .*0x0*8\b/m.test(stdout),
    stack: /^ *STACK .*\n.*flags (\S+)/m.exec(stdout)?.[1],
    stackProtector: / __stack_chk_fail\b/.test(stdout),
    fortified: / __\w+_chk\b/.test(stdout),
    writableCode: /flags rwx/.test(stdout),
  };
  expect(found).toEqual({
    pie: true,
    relro: true,
    bindNow: true,
    stack: 'rw-',
    stackProtector: true,
    fortified: true,
    writableCode: false,
  });
});

test('help says what needs Node, unless the program on Node is there', () => {
  const ofNode = run(join(root, 'bin/ipvsadm-node'), ['-h']);
  expect(run(nativeProgram, ['-h'], { PATH: '/nonexistent' })).toEqual(ofNode);
  const folder = mkdtempSync(join(tmpdir(), 'ipvsadm-native-'));
  try {
    copyFileSync(nativeProgram, join(folder, 'ipvsadm'));
    const { stdout, stderr, status } = run(join(folder, 'ipvsadm'), ['-h'], { PATH: '/nonexistent' });
    const note = `
This is the native program. Subcommands need ipvsadm for Node and Node.js 20 or later;
everything above works without them.
`;
    expect({ stdout, stderr, status }).toEqual({ stdout: ofNode.stdout + note, stderr: '', status: 0 });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('in a checkout subcommands are run by the program of the checkout', () => {
  const outcome = run(nativeProgram, ['help']);
  expect(outcome).toEqual(run(join(root, 'bin/ipvsadm-node'), ['help']));
  expect(outcome).toMatchObject({ stdout: expect.stringContaining('snapshot'), status: 0 });
});

describe.each([
  ['the native program', nativeProgram],
  ['the launcher of both', join(root, 'bin/ipvsadm')],
  ['the program on Node', join(root, 'bin/ipvsadm-node')],
])('%s', (_name, program) => {
  test('says that a subcommand needs Node if there is none', () => {
    expect(run(program, ['list', '--numeric'], { PATH: '/nonexistent' })).toEqual({
      stdout: '',
      stderr: "ipvsadm: 'ipvsadm list' needs Node.js, but PATH has no node: install Node.js 20 or later\n",
      status: 2,
    });
  });

  test('says that a subcommand needs a newer Node', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ipvsadm-old-node-'));
    try {
      // The program asks process.versions.
      const old = `Object.defineProperty(process.versions, 'node', { value: '18.20.4' });\n`;
      writeFileSync(join(folder, 'old.js'), old);
      writeFileSync(join(folder, 'node'), `#!/bin/sh\nexec ${process.execPath} -r ${folder}/old.js "$@"\n`, {
        mode: 0o755,
      });
      expect(run(program, ['list'], { PATH: `${folder}:/usr/bin:/bin` })).toEqual({
        stdout: '',
        stderr: expect.stringMatching(/^ipvsadm: needs Node\.js 20 or later, but this is .*: put .*\n$/),
        status: 2,
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

test('version works without Node, and names the engine', () => {
  const outcome = run(nativeProgram, ['version'], { PATH: '/nonexistent' });
  expect(outcome).toEqual({
    stdout: expect.stringMatching(
      new RegExp(`^ipvsadm for Node ${version} \\(native, QuickJS [0-9-]+\\)\\n$`),
    ),
    stderr: '',
    status: 0,
  });
});

test('subcommands are run by the program on Node', () => {
  const nodeProgram = join(root, 'bin/ipvsadm-node');
  const outcome = run(nativeProgram, ['service', 'add', '--help'], { IPVSADM_WORDS: nodeProgram });
  expect(outcome).toEqual(run(nodeProgram, ['service', 'add', '--help']));
  expect(outcome.stdout).toContain('--scheduler');
});

test.each([
  ['the executable', nativeProgram],
  ['its launcher', join(root, 'bin/ipvsadm')],
])('%s named as the program on Node does not become itself for ever', (_, program) => {
  const outcome = run(nativeProgram, ['service', 'add', '--help'], { IPVSADM_WORDS: program });
  expect(outcome).toEqual(run(join(root, 'bin/ipvsadm-node'), ['service', 'add', '--help']));
});

test('a launcher that bash found by PATH runs nothing from beside the working directory', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'ipvsadm-native-test-')));
  try {
    mkdirSync(join(folder, 'work'));
    for (const path of ['dist/native/x64/ipvsadm', 'dist/native/arm64/ipvsadm']) {
      mkdirSync(join(folder, path, '..'), { recursive: true });
      writeFileSync(join(folder, path), '#!/bin/sh\necho planted\n', { mode: 0o755 });
    }
    const inWork = (words: string) =>
      run('bash', ['-c', `cd ${folder}/work && PATH=${root}/bin:$PATH && ${words}`]);
    expect(inWork('bash ipvsadm version').stdout).toContain('(native, ');
    expect(inWork('bash ipvsadm-node version').stdout).toContain('(Node.js ');
    expect(inWork(`cd ${root}/bin && bash ipvsadm version`).stdout).toContain('(native, ');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('with the set-user-ID bit it starts no program that its caller names', async () => {
  const { stdout, stderr } = await connectLab().run({
    script: `chmod 755 . && cp ${nativeProgram} setuid && chmod 4755 setuid
printf '#!/bin/sh\necho wrong\n' >words && chmod 755 words
IPVSADM_WORDS=$PWD/words /usr/bin/setpriv --reuid 65534 --regid 65534 --clear-groups ./setuid list; echo $?
IPVSADM_WORDS=$PWD/words ./setuid list; echo $?`,
  });
  expect(stdout.toString()).toBe('2\nwrong\n0\n');
  expect(stderr.toString()).toContain('/../lib/ipvsadm/bin/ipvsadm cannot be started');
});

test('the program on Node is found relative to the executable', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'ipvsadm-native-test-')));
  try {
    for (const directory of ['sbin', 'lib/ipvsadm/bin'])
      mkdirSync(join(folder, directory), { recursive: true });
    copyFileSync(nativeProgram, join(folder, 'sbin/ipvsadm'));
    writeFileSync(join(folder, 'lib/ipvsadm/bin/ipvsadm'), '#!/bin/sh\necho "node: $*"\n', { mode: 0o755 });
    symlinkSync('sbin/ipvsadm', join(folder, 'elsewhere'));
    const outcome = run(join(folder, 'elsewhere'), ['list', '--numeric']);
    expect(outcome).toEqual({ stdout: 'node: list --numeric\n', stderr: '', status: 0 });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('without /proc the program on Node is not searched relative to the working directory', async () => {
  const { stdout, stderr } = await connectLab().run({
    script: `mkdir -p lib/ipvsadm/bin here && printf '#!/bin/sh\\necho wrong\\n' >lib/ipvsadm/bin/ipvsadm
chmod +x lib/ipvsadm/bin/ipvsadm; cd here
unshare -m env -u IPVSADM_WORDS sh -c 'mount -t tmpfs none /proc; exec ${nativeProgram} list'; echo $?`,
  });
  expect(stdout.toString()).toBe('2\n');
  expect(stderr.toString()).toContain('/usr/sbin/../lib/ipvsadm/bin/ipvsadm cannot be started');
});

test('without the program on Node subcommands are an error', () => {
  const outcome = run(nativeProgram, ['list'], { IPVSADM_WORDS: '/nonexistent/ipvsadm' });
  expect(outcome).toEqual({
    stdout: '',
    stderr: expect.stringMatching(
      /^ipvsadm: the subcommand 'list' needs .* \/nonexistent\/ipvsadm cannot be started: .*\n$/,
    ),
    status: 2,
  });
});

test('too little memory is an error that says so, wherever it ends', async () => {
  const { stdout } = await connectLab().run({
    script: `awk 'BEGIN { print "-A -f 1"; for (i = 1; i < 200; i++) print "-a -f 1 -r 10.0.0." i " -w 1" }' >rules
${nativeProgram} -R <rules
for words in -h -Ln '-L --json' -Sn; do
  for kib in $(seq 4500 250 8000); do
    (ulimit -v $kib; exec ${nativeProgram} $words >out 2>err)
    status=$?
    [ $status = 127 ] || echo $status "$(sed 's/: raise .*//' err)" # 127: the loader failed
  done
done | sort -u`,
  });
  expect(stdout.toString()).toBe('0 \n1 ipvsadm: out of memory\n');
}, 60_000);
