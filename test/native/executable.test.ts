/** The native executable: its file, and its behaviour without a kernel. */
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { version } from '../../package.json';
import { nativeProgram, root } from '../../scripts/native/build';
import { connectLab } from '../lab/client';

function run(program: string, args: readonly string[], env: Record<string, string> = {}) {
  const { stdout, stderr, status } = spawnSync(program, args, {
    env: { PATH: process.env.PATH ?? '', ...env },
    encoding: 'latin1',
  });
  return { stdout, stderr, status };
}

test('the executable is small', () => {
  expect(statSync(nativeProgram).size).toBeLessThan(1_200_000);
});

test('it needs only the C library', () => {
  const { stdout } = run('ldd', [nativeProgram]);
  const libraries = [...stdout.matchAll(/^\s*(\S+) =>/gm)].map(([, name]) => name);
  expect(libraries.sort()).toEqual(['libc.so.6', 'libm.so.6']);
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
  const nodeProgram = join(root, 'bin/ipvsadm');
  const outcome = run(nativeProgram, ['service', 'add', '--help'], { IPVSADM_WORDS: nodeProgram });
  expect(outcome).toEqual(run(nodeProgram, ['service', 'add', '--help']));
  expect(outcome.stdout).toContain('--scheduler');
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
