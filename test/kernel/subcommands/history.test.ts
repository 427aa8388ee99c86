/** What undo leaves is what the genuine program saw before, on a real table. */
import { shellCommand } from '../../lab';
import { connectLab } from '../../lab/client';

const lab = connectLab();

async function run(script: string) {
  const { stdout, stderr } = await lab.run({ script, timeoutSeconds: 200 });
  return { stdout: stdout.toString(), stderr: stderr.toString() };
}

const table = `
mkdir -p /var/lib/ipvsadm && mount -t tmpfs none /var/lib/ipvsadm
C=$IPVSADM_C; I=$IPVSADM_NODE
$C -A -t 192.0.2.10:80 -s wrr -p 300
$C -a -t 192.0.2.10:80 -r 10.0.0.17:8080 -m -w 3 -x 100 -y 80
$C -a -t 192.0.2.10:80 -r 10.0.0.18 -i -w 2 --tun-type gue --tun-port 6080
$C -A -f 7 -6 -s sh -b sh-port
$C --set 800 100 200
seen() { $C -Sn; $C -Ln --thresholds; $C -Ln --timeout; $C -Ln --daemon; }`;

const changes = [
  'service add --udp 192.0.2.10:53 --scheduler rr',
  'service set --tcp 192.0.2.10:80 --scheduler wlc --no-persistent',
  'service edit --fwmark 7 --ipv6 --scheduler rr',
  'service delete --tcp 192.0.2.10:80',
  'server add --tcp 192.0.2.10:80 --real-server 10.0.0.19 --real-server 10.0.0.20 --gatewaying',
  'server set --tcp 192.0.2.10:80 --real-server 10.0.0.17:8080 --weight 0',
  'server edit --tcp 192.0.2.10:80 --real-server 10.0.0.17:8080 --masquerading',
  'server drain --tcp 192.0.2.10:80 --real-server 10.0.0.18',
  'server drain --tcp 192.0.2.10:80 --real-server 10.0.0.18 --wait --delete',
  'server delete --tcp 192.0.2.10:80 --real-server 10.0.0.18',
  'set-timeouts --tcp 60',
  'daemon start master --mcast-interface lo --syncid 3',
  'clear',
  'apply rules',
  'restore rules',
];

test('the table is as it was, after each change alone and after all of them', async () => {
  const { stdout, stderr } = await run(`${table}
ip link set lo up
echo '-A -t 192.0.2.12:80 -s rr' >rules
seen >first
${changes
  .map(
    (change) => `seen >before; last=$(ls /var/lib/ipvsadm/history 2>/dev/null | sort -n | tail -n 1)
$I ${change} >out 2>err || cat err
seen | cmp -s before && echo 'nothing changed: ${change}'
$I undo $((\${last:-0} + 1)) >out; seen | diff before - && echo ok`,
  )
  .join('\n')}
${changes.map((change) => `$I ${change} >out 2>err`).join('\n')}
$I undo 1; seen | diff first - && echo first`);
  const [last, sum, ...undone] = stdout.trimEnd().split('\n').reverse();
  expect(stderr).toBe('');
  expect(undone).toEqual(changes.map(() => 'ok'));
  expect([sum, last]).toEqual([
    expect.stringMatching(/^\d+ changes made: the table is as it was before 1$/),
    'first',
  ]);
}, 220_000);

test('--dry-run changes nothing, and what it prints is what diff prints', async () => {
  const { stdout, stderr } = await run(`${table}
seen >before
${changes
  .filter((change) => !change.includes('--wait'))
  .map((change) => `$I ${change.replace('rules', '-')} --dry-run </dev/null >out 2>err; seen | diff before -`)
  .join('\n')}
$I server set --tcp 192.0.2.10:80 --real-server 10.0.0.18 --weight 9 --dry-run | tail -n +3 >printed
$I snapshot >table.json
sed 's/"weight":2/"weight":9/' table.json >wanted.json
$I diff wanted.json | tail -n +3 | diff printed - && echo same
ls /var/lib/ipvsadm/history 2>/dev/null`);
  expect({ stdout, stderr }).toEqual({ stdout: 'same\n', stderr: '' });
}, 220_000);

test('two programs at once get a number each, and a full disk stops no change', async () => {
  const { stdout, stderr } = await run(`${table}
mkdir -p /var/lib/ipvsadm/history
for net in 1 2 3; do
  unshare -n sh -c "ip link set lo up; $I service add --fwmark $net" &
done
wait
ls /var/lib/ipvsadm/history
mount -t tmpfs -o size=4k,nr_inodes=3 none /var/lib/ipvsadm/history
dd if=/dev/zero of=/var/lib/ipvsadm/history/full bs=4k count=1 2>/dev/null
$I clear; echo $?; $C -Sn; ls /var/lib/ipvsadm/history`);
  expect(stdout).toBe('1\n2\n3\n0\nfull\n');
  expect(stderr).toBe(
    'ipvsadm: note: the table before this is not kept for undo: /var/lib/ipvsadm/history: No space left on device\n',
  );
}, 220_000);

const rules = '-A -t 192.0.2.12:80 -s rr\n-a -t 192.0.2.12:80 -r 10.0.0.9 -g -w 1\n';

/** Classic command lines, each with its standard input, and whether it changes the table. */
const classic: readonly (readonly [line: string, input: string, changes: boolean])[] = [
  ['ipvsadm -A -u 192.0.2.10:53 -s rr', '', true],
  ['ipvsadm -E -t 192.0.2.10:80 -s wlc', '', true],
  ['ipvsadm -D -t 192.0.2.10:80', '', true],
  ['ipvsadm -a -t 192.0.2.10:80 -r 10.0.0.19:81 -m -w 4', '', true],
  ['ipvsadm -e -t 192.0.2.10:80 -r 10.0.0.17:8080 -m -w 0', '', true],
  ['ipvsadm -d -t 192.0.2.10:80 -r 10.0.0.18', '', true],
  ['ipvsadm --set 60 0 0', '', true],
  ['ipvsadm --start-daemon master --mcast-interface lo --syncid 3', '', true],
  ['ipvsadm -C', '', true],
  ['ipvsadm -R', `-D -f 7 -6\n${rules}`, true],
  ['ipvsadm -R', '-A -t 192.0.2.10:80 -s rr\n-A -f 8\n-L -n\n-A -f x\n', true],
  ['ipvsadm-restore', `# comment\n${rules}`, true],
  ['ipvsadm -A -t 192.0.2.10:80 -s rr', '', false],
  ['ipvsadm -e -t 192.0.2.10:80 -r 10.0.0.99 -w 1', '', false],
  ['ipvsadm -Z', '', false],
  ['ipvsadm -A -t x', '', false],
  ['ipvsadm -C -t 192.0.2.10:80', '', false],
  ['ipvsadm-save -n', '', false],
];

describe.each([
  ['the program on Node', '$(dirname "$IPVSADM_NODE")'],
  ['the native program', `${process.cwd()}/dist/native`],
])('with "history: on" classic command lines of %s', (_engine, folder) => {
  const prepared = `${table}
mount -t tmpfs none /usr/local/sbin && ln -s "$C" /usr/local/sbin/ipvsadm # where the C program's scripts search
ip link set lo up
mkdir -p /etc/ipvsadm && mount -t tmpfs none /etc/ipvsadm && echo 'history: on' >/etc/ipvsadm/config
mkdir ours c && ln -s "$C" c/ipvsadm && ln -s "$(dirname "$C")"/ipvsadm-restore "$(dirname "$C")"/ipvsadm-save c/
for name in ipvsadm ipvsadm-restore ipvsadm-save; do ln -s "${folder}/$name" ours/; done
$C -Sn >first
again() { $C -C; $C --stop-daemon master 2>/dev/null; $C -R <first; $C --set 800 100 200; }
by() { PATH=$PWD/$1:$PATH; shift; "$@"; }`;

  test('print and do what the C program does, and are undone', async () => {
    const steps = classic.map(([line, input], index) => {
      const words = shellCommand(line.split(' '));
      return `again; ${shellCommand(['printf', '%s', input])} >input
( by c ${words} ) <input >wanted 2>&1; echo "status $?" >>wanted; seen >>wanted
again; seen >before; last=$(ls /var/lib/ipvsadm/history 2>/dev/null | sort -n | tail -n 1)
( by ours ${words} ) <input >printed 2>&1; echo "status $?" >>printed; seen >>printed
diff wanted printed
now=$(ls /var/lib/ipvsadm/history 2>/dev/null | sort -n | tail -n 1)
if [ "$now" != "$last" ]; then $I undo >undone; seen | diff before - && echo '${index} undone'; else echo '${index} not kept'; fi`;
    });
    const { stdout, stderr } = await run(`${prepared}\n${steps.join('\n')}`);
    expect({ stdout: stdout.trimEnd().split('\n'), stderr }).toEqual({
      stdout: classic.map(([, , changes], index) => `${index} ${changes ? 'undone' : 'not kept'}`),
      stderr: '',
    });
  }, 220_000);

  test('print nothing of a history that cannot be written, and change the table', async () => {
    const { stdout, stderr } = await run(`${prepared}
mkdir -p /var/lib/ipvsadm/history
mount -t tmpfs -o size=4k,nr_inodes=3 none /var/lib/ipvsadm/history
dd if=/dev/zero of=/var/lib/ipvsadm/history/full bs=4k count=1 2>/dev/null
( by ours ipvsadm -C ); echo $?; $C -Sn
mount -o remount,ro /var/lib/ipvsadm/history; again
( by ours ipvsadm -C ); echo $?; $C -Sn
umount /var/lib/ipvsadm/history; rmdir /var/lib/ipvsadm/history; echo file >/var/lib/ipvsadm/history; again
( by ours ipvsadm-restore <first ); echo $?; $C -Sn | cmp first - && echo restored
rm /var/lib/ipvsadm/history; mkdir /var/lib/ipvsadm/history; echo damaged >/var/lib/ipvsadm/history/7
( by ours ipvsadm -C ); echo $?; $C -Sn; ls /var/lib/ipvsadm/history`);
    expect({ stdout, stderr }).toEqual({ stdout: '0\n0\n0\nrestored\n0\n7\n8\n', stderr: '' });
  }, 220_000);

  test('keep the table of the network namespace that they name', async () => {
    const { stdout, stderr } = await run(`${prepared}
mkdir -p /run/netns && ip netns add blue && $C -Sn >before
( by ours ipvsadm --netns blue -A -f 9 -s rr ); ip netns exec blue $C -Sn
$I --netns blue undo; ip netns exec blue $C -Sn; $C -Sn | cmp - before; $I undo`);
    expect(stdout).toBe('-A -f 9 -s rr\n1 change made: the table is as it was before 1\n');
    expect(stderr).toContain('what it has is of other network namespaces');
  }, 60_000);

  test('open no other file than they did before for a listing, and one for a change', async () => {
    const { stdout } = await run(`${prepared}
opened() { strace -f -e trace=open,openat,stat,statx,newfstatat -o trace "$@" >/dev/null 2>&1; grep -c ipvsadm/config trace; grep -c ipvsadm/history trace; }
opened ours/ipvsadm -Ln; opened ours/ipvsadm-save -n
echo 'history: off' >/etc/ipvsadm/config; opened ours/ipvsadm -A -f 9; rm /etc/ipvsadm/config; opened ours/ipvsadm -D -f 9`);
    expect(stdout.trimEnd().split('\n')).toEqual(['0', '0', '0', '0', '1', '0', '1', '0']);
  }, 220_000);
});

describe('the native program', () => {
  const native = `${process.cwd()}/dist/native/ipvsadm`;
  const on = `mkdir -p /etc/ipvsadm /var/lib/ipvsadm && mount -t tmpfs none /etc/ipvsadm && mount -t tmpfs none /var/lib/ipvsadm
echo 'history: on' >/etc/ipvsadm/config; mkdir bin`;

  test.each([
    ['there is no program on Node', 'export IPVSADM_WORDS=/nonexistent'],
    ['PATH has no node', 'unset IPVSADM_WORDS; PATH=$PWD/bin'],
    [
      'Node is too old',
      `sed 's/process.versions.node/"18.0.0"/' ${process.cwd()}/dist/ipvsadm.cjs >old.cjs
printf '#!/bin/sh\\nwhile [ "\${1#-}" != "$1" ]; do shift; done\\nshift\\nexec %s %s/old.cjs "$@"\\n' "$(command -v node)" "$PWD" >bin/node
chmod +x bin/node; PATH=$PWD/bin:$PATH`,
    ],
  ])(
    'goes on and keeps nothing where %s',
    async (_why, without) => {
      const { stdout, stderr } = await run(`${on}
C=$IPVSADM_C; LS=$(command -v ls)
(${without}
${native} -A -f 7; echo $?
${native} -A -f 7; echo $?)
$C -Sn; $LS /var/lib/ipvsadm`);
      expect({ stdout, stderr }).toEqual({
        stdout: '0\n255\n-A -f 7 -s wlc\n',
        stderr: 'Service already exists\n',
      });
    },
    60_000,
  );

  test('keeps nothing for another user, whose rights Node would not have', async () => {
    const { stdout, stderr } = await run(`${on}
chmod 755 . && cp ${native} setuid && chmod 4755 setuid
/usr/bin/setpriv --reuid 65534 --regid 65534 --clear-groups ./setuid -A -f 7; echo $?
$IPVSADM_C -Sn; ls /var/lib/ipvsadm`);
    expect({ stdout, stderr }).toEqual({ stdout: '0\n-A -f 7 -s wlc\n', stderr: '' });
  }, 60_000);
});
