/** What undo leaves is what the genuine program saw before, on a real table. */
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
