/**
 * The static executable against the C program: names of hosts(5), services(5) and DNS, without
 * nsswitch.conf(5), and that it needs no file.
 */
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../../../scripts/debian/command';
import { buildNative } from '../../../scripts/native/build';
import { findToolchain } from '../../../scripts/native/toolchain';
import { connectLab } from '../../lab/client';
import { throwAwayDirectory } from '../../packaging/places';

const directory = throwAwayDirectory('static');
const program = join(directory, 'ipvsadm');
const sanitized = join(directory, 'sanitized');

beforeAll(async () => {
  const entry = 'src/engines/quickjs/main.ts';
  await buildNative({ entry, executable: program, isStatic: true });
  await buildNative({ entry, executable: sanitized, isStatic: true, sanitized: true });
}, 300_000);

afterAll(() => rmSync(directory, { recursive: true, force: true }));

const files = `
rm -rf /tmp/etc; cp -r /etc /tmp/etc && mount --bind /tmp/etc /etc && rm -f /etc/nsswitch.conf || exit
printf '%b\\n' '# 192.0.2.1 comment' '192.0.2.11\\tweb www.web.test # 192.0.2.2 behind' '192.0.2.12 web later' \\
  '2001:db8::11 six' '192.0.2.13 Mixed.Case' '::ffff:192.0.2.14 mapped' '::1 localhost loopback6' '127.0.0.1 localhost' \\
  '192.0.2.300 wrong' '192.0.2.15 with-return\\r' ' 192.0.2.16 indented' '2001:db8::12 rev6 alias6' '192.0.2.17' >/etc/hosts
printf '%s\\n' 'nameserver 127.0.0.1' 'search example.com second.example' >/etc/resolv.conf
printf '%s\\n' 'amqp 5672/sctp' 'first 7001/tcp second third' 'second 7002/tcp' 'first 7003/udp' 'odd 70000/tcp' 'octal 010/tcp' \\
  'none tcp' 'bad 12x/tcp' ' indented 7004/tcp # alias' 'CASE 7005/tcp' 'other 7001/tcp' 'last 7006/tcp alias6' >>/etc/services
node ${join(__dirname, 'dns-server.js')} >ready & server=$!
until grep -q ready ready 2>/dev/null; do sleep 0.1; done
`;

/** A script: what each program prints in an empty table, its status, and what the table is then. */
function outcomes(program: string, lines: readonly string[]): string {
  const each = (executable: string) =>
    lines.map(
      (line, index) =>
        `${executable} -C; echo "line ${index}"; ${line.replaceAll('ipvsadm -', () => `${executable} -`)}
echo "= $?"; "$IPVSADM_C" -Sn`,
    );
  const all = (executable: string) => `(\n${each(executable).join('\n')}\n)`;
  return `${all('"$IPVSADM_C"')} >theirs 2>&1\n${all(program)} >ours 2>&1`;
}

async function compare(program: string, lines: readonly string[]) {
  const { stdout, stderr } = await connectLab().run({
    script: `${files}export ASAN_OPTIONS=detect_leaks=0
${outcomes(program, lines)}
sed -i 's,${program},ipvsadm,g' ours; sed -i "s,$IPVSADM_C,ipvsadm,g" theirs
diff theirs ours; grep -c '^= 0' theirs; kill $server`,
    timeoutSeconds: 200,
  });
  return { stdout: stdout.toString(), stderr: stderr.toString() };
}

const hosts = [
  'web WEB www.web.test WWW.web.Test later six mixed.case mapped localhost loopback6 wrong with-return indented',
  'dns DNS dns.example.com dns.example.com. sub.dotted sub.dotted. absolute.test absolute unknown unknown.test',
  `behind comment 10.1 0x7f.1 192.0.2.17 - .. a..b web. web.web ${'x'.repeat(64)} ${'x'.repeat(63)}.test`,
  'x.'.repeat(130),
]
  .join(' ')
  .split(' ');

describe.each([
  ['static', program],
  ['with sanitizers', sanitized],
])('%s', (_name, program) => {
  test('it finds the addresses of names that the C program finds', async () => {
    const found = await compare(
      program,
      hosts.map((name) => `ipvsadm -A -t ${name}:80`),
    );
    expect(found).toEqual({ stdout: expect.stringMatching(/^[12]\d\n$/), stderr: '' });
  }, 300_000);

  test('it finds the ports of services that the C program finds', async () => {
    const names =
      'http www HTTP amqp first second third odd octal none bad indented alias case CASE other domain 80 080 +80 80x 70000';
    const few = ['http', 'amqp', 'first', 'second', 'domain'];
    const lines = [
      ...[...names.split(' '), ''].map((name) => `-t 192.0.2.1:${name}`),
      ...['-u', '--sctp-service'].flatMap((option) => few.map((name) => `${option} 192.0.2.1:${name}`)),
    ].map((service) => `ipvsadm -A ${service}`);
    const found = await compare(program, lines);
    expect(found).toEqual({ stdout: expect.stringMatching(/^[1-9]\d\n$/), stderr: '' });
  }, 300_000);

  test('it finds the names of addresses and ports that the C program finds', async () => {
    const addresses = [11, 12, 13, 14, 15, 16, 17, 41, 99].map((last) => `192.0.2.${last}`);
    const six = [
      '2001:db8::11',
      '2001:db8::12',
      '2001:db8::41',
      '2001:db8::99',
      '::1',
      '::1.2.3.4',
      '2001:db8:0:1:1:1:1:1',
    ];
    const ports = [80, 53, 5672, 7001, 7002, 7003, 7004, 8, 9, 70];
    const add = [
      ...[...addresses, ...six.map((address) => `[${address}]`)].map((address) => `-A -t ${address}:80`),
      ...ports.flatMap((port) =>
        ['-t', '-u', '--sctp-service'].map((option) => `-A ${option} 192.0.2.11:${port}`),
      ),
    ];
    const unique = [...new Set(add)];
    const rules = `printf '%s\\n' ${unique.map((rule) => `'${rule}'`).join(' ')} >/tmp/rules; ipvsadm -R </tmp/rules`;
    const found = await compare(
      program,
      ['-L', '-S', '-L --stats'].map((line) => `${rules}; ipvsadm ${line}`),
    );
    expect(found).toEqual({ stdout: '3\n', stderr: '' });
  }, 300_000);
});

test('it runs in a tree with nothing but itself', async () => {
  const { stdout, stderr } = await connectLab().run({
    script: `mkdir /tmp/tree && cp ${program} /tmp/tree/ipvsadm && cd /tmp/tree || exit
ln -s ipvsadm ipvsadm-save; ln -s ipvsadm ipvsadm-restore
alone() { busybox chroot /tmp/tree "/$@"; }
alone ipvsadm -A -t 192.0.2.10:80 -s rr; echo $?; alone ipvsadm -a -t 192.0.2.10:80 -r 10.0.0.17 -m
alone ipvsadm-save -n >/tmp/saved; alone ipvsadm -C; alone ipvsadm -R </tmp/saved; alone ipvsadm -Sn
alone ipvsadm -C; alone ipvsadm-restore </tmp/saved; alone ipvsadm -Ln >/tmp/ours; "$IPVSADM_C" -Ln | cmp - /tmp/ours
alone ipvsadm -L >/tmp/ours; "$IPVSADM_C" -Ln | cmp - /tmp/ours
alone ipvsadm -A -t unknown:80; echo $?; alone ipvsadm list; echo $?; ls`,
  });
  expect({ stdout: stdout.toString(), stderr: stderr.toString() }).toEqual({
    stdout: `0
-A -t 192.0.2.10:80 -s rr
-a -t 192.0.2.10:80 -r 10.0.0.17:80 -m -w 1
2
2
ipvsadm
ipvsadm-restore
ipvsadm-save
`,
    stderr: expect.stringMatching(
      /^illegal virtual server address\[:port\] specified\nipvsadm: the subcommand 'list' needs .* cannot be started: .*\n$/,
    ),
  });
}, 60_000);

test('it is small', () => {
  expect(statSync(program).size).toBeLessThan(1_100_000);
});

test('it needs no loader and no library, and is hardened', async () => {
  const { objdump } = (await findToolchain()).programs;
  const text = await runCommand(objdump, ['-p', program]);
  const found = {
    interpreter: /^ *INTERP /m.test(text),
    needed: /^ *NEEDED /m.test(text),
    pie: /FLAGS_1 .*0x0*8000001\b/.test(text),
    relro: /^ *RELRO /m.test(text),
    bindNow: /^ *FLAGS .*0x0*8\b/m.test(text),
    stack: /^ *STACK .*\n.*flags (\S+)/m.exec(text)?.[1],
    textRelocations: /^ *TEXTREL /m.test(text),
    writableCode: /flags rwx/.test(text),
  };
  expect(found).toEqual({
    interpreter: false,
    needed: false,
    pie: true,
    relro: true,
    bindNow: true,
    stack: 'rw-',
    textRelocations: false,
    writableCode: false,
  });
});
