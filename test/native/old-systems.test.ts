/**
 * The executables in a tree that holds nothing but themselves and the C library of Debian 11, beside
 * the C program: on x64, and on arm64 by emulation.
 */
import { runCommand } from '../../scripts/debian/command';
import { nativeProgramFor } from '../../scripts/native/build';
import { findToolchain } from '../../scripts/native/toolchain';
import { connectLab } from '../lab/client';
import { emulation } from './arm64/emulation';
import { oldLibc } from './old-libc';

const lab = connectLab();

/** Names come from these files only. */
const hosts = '192.0.2.10 web.example\n10.0.0.17 real.example real\n2001:db8::1 six.example\n';
const switchFile = 'hosts: files\nservices: files\nprotocols: files\n';

/** Classic command lines, in this order on one table. */
const lines = [
  '-v',
  '-A -t web.example:http -s wrr -p 300',
  '-a -t web.example:http -r real.example:8080 -m -w 3',
  '-a -t web.example:80 -r 10.0.0.18 -g',
  '-A -u [2001:db8::1]:domain -s sh -b sh-port',
  '-a -u [2001:db8::1]:53 -r [2001:db8::53] -i --tun-type gre --tun-csum',
  '-A -f 7 -M 255.255.255.0 -p',
  '--set 900 120 300',
  ...['-L', '-Ln', '-S', '-Sn', '-Ln --stats', '-L --rate', '-Ln --thresholds', '-Ln --persistent-conn'],
  ...['-L --timeout', '-L --daemon', '-Lnc', '-L -t web.example:http --exact', '-Ln --sort'],
  ...['-A -t nowhere.example:http', '-A -t web.example:nothing', '-A -t bad', '-a -t 1.2.3.4:80', '--bogus'],
  ...[
    '-A -t web.example:http',
    '-e -f 7 -r 10.0.0.1',
    '-A -f 9 -s nothing',
    '-Z -f 7',
    '-D -f 7',
    '-d -f 7 -r 1',
  ],
  ...['-C', '-Ln'],
];

/** A script's first lines: /tmp/root has only the C library, the program, the files of names and /proc. */
const root = (
  tree: string,
  program: string,
) => `mkdir -p /tmp/root/etc /tmp/root/proc && mount --bind /proc /tmp/root/proc
cp -r ${tree}/lib* /tmp/root && cp ${program} /tmp/root/ipvsadm
cp /etc/hosts /etc/services /etc/protocols /tmp/root/etc
printf '${switchFile.replaceAll('\n', '\\n')}' >/tmp/root/etc/nsswitch.conf
`;

async function run(script: string) {
  const { stdout, stderr } = await lab.run({ script, hosts, timeoutSeconds: 280 });
  return { stdout: stdout.toString(), stderr: stderr.toString() };
}

/** The command lines, with the name by which the program was called made the same. */
async function play(setUp: string, program: string) {
  const commands = lines.map((line) => `echo '$ ${line}'; echo '$ ${line}' >&2; ${program} ${line}; echo $?`);
  const { stdout, stderr } = await run(`${setUp}${commands.join('\n')}`);
  return { stdout, stderr: stderr.replace(/(?<=`| ')\S*ipvsadm/g, 'PROGRAM') };
}

test('on x64 they print what the C program prints', async () => {
  const tree = await oldLibc('amd64');
  const setUp = root(tree, nativeProgramFor('x64'));
  const ours = await play(setUp, 'chroot /tmp/root /ipvsadm');
  expect(ours).toEqual(await play('', '"$IPVSADM_C"'));
  expect(ours.stdout).toContain('real.example:8080');
  expect(ours.stderr).toContain('PROGRAM -h');
  const { stdout } = await run(`${setUp}cp /tmp/root/ipvsadm /tmp/here
/tmp/here -h >/tmp/help; chroot /tmp/root /ipvsadm -h | cmp - /tmp/help && wc -l </tmp/help; ls /tmp/root`);
  expect(stdout).toMatch(/^[0-9]{2,}\netc\nipvsadm\nlib\nlib64\nproc\n$/);
}, 300_000);

test('on arm64 they print what the C program prints', async () => {
  const tree = await oldLibc('arm64');
  const { qemu, passSocket, library } = await emulation();
  const setUp = `${root(tree, nativeProgramFor('arm64'))}cp ${qemu} /tmp/root/qemu; cp ${library} /tmp/root/socket.so\n`;
  const emulated = 'chroot /tmp/root /qemu -E LD_PRELOAD=/socket.so /ipvsadm';
  const ours = await play(setUp, `${passSocket} ${emulated}`);
  expect(ours).toEqual(await play('', '"$IPVSADM_C"'));
  const { stdout } = await run(`${setUp}${emulated} -h >/tmp/there; cp ${nativeProgramFor('x64')} /tmp/here
/tmp/here -h | cmp - /tmp/there && wc -l </tmp/there; ${emulated} version`);
  expect(stdout).toMatch(/^[0-9]{2,}\nipvsadm for Node .* \(native, QuickJS .*\)\n$/);
}, 300_000);

test.each(['x64', 'arm64'] as const)(
  'the program for %s needs no glibc after 2.17',
  async (architecture) => {
    const { objdump } = (await findToolchain(architecture)).programs;
    const symbols = await runCommand(objdump, ['-T', nativeProgramFor(architecture)]);
    const versions = [...symbols.matchAll(/\(GLIBC_2\.([0-9]+)[.0-9]*\)/g)].map(([, minor]) => Number(minor));
    expect(versions.length).toBeGreaterThan(50);
    expect(Math.max(...versions)).toBeLessThanOrEqual(17);
  },
  60_000,
);
