/** What listings choose from a real table, and what users without CAP_NET_ADMIN see of it. */
import { connectLab } from '../../lab/client';

const lab = connectLab();

async function run(script: string) {
  const { stdout, stderr } = await lab.run({ script: `${table}\n${script}`, timeoutSeconds: 100 });
  return { lines: stdout.toString().split('\n'), stderr: stderr.toString() };
}

const table = `
$IPVSADM_C -A -t 192.0.2.10:80 -s wrr -p 300 -M 255.255.255.0
$IPVSADM_C -a -t 192.0.2.10:80 -r 10.0.0.17:8080 -m -w 3 -x 100 -y 80
$IPVSADM_C -a -t 192.0.2.10:80 -r 10.0.0.18 -i -w 0
$IPVSADM_C -A -u 192.0.2.10:53 -s rr -o
$IPVSADM_C -A -t [2001:db8::10]:443 -s sh -p 100 -M 64
$IPVSADM_C -a -t [2001:db8::10]:443 -r [2001:db8::17]:443 -g -w 2
$IPVSADM_C -A -f 7 -6 -s wlc
$IPVSADM_C -a -f 7 -6 -r [2001:db8::18]:0 -g -w 1
user() { /usr/bin/setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; }
# Root, which may read the lab's libraries of the C program, without capabilities.
powerless() { /usr/bin/setpriv --bounding-set=-all --inh-caps=-all "$@"; }`;

test('filters choose lines of the classic listing, which are those of the C program', async () => {
  const { lines, stderr } = await run(`
    $IPVSADM_C -ln >all
    for filter in '--service 192.0.2.10:80' '--state down' '--state empty' '--server 2001:db8::17 --server 10.0.0.17' '--sort weight'; do
      $IPVSADM_NODE list $filter >some; echo $?
      grep -c . some
      grep -vxFf all some
    done`);
  expect(stderr).toBe('');
  expect(lines.slice(0, -1)).toEqual(['0', '6', '0', '5', '0', '4', '0', '7', '0', '11']);
}, 120_000);

test('a table for people has the names of the document of the machine', async () => {
  const { lines, stderr } = await run(`
    cp -r /etc /tmp/etc 2>/dev/null; mkdir -p /tmp/etc/ipvsadm; mount --bind /tmp/etc /etc
    echo 'names: /tmp/lvs.yaml' >/etc/ipvsadm/config
    cat >/tmp/lvs.yaml <<'END'
format: ipvsadm-state
version: 2
services:
  - { name: web, protocol: tcp, address: 192.0.2.10, port: 80, servers: [{ name: web01, address: 10.0.0.17, port: 8080 }] }
END
    $IPVSADM_NODE list --pretty --service 192.0.2.10:80 | grep -o 'web TCP 192.0.2.10:80\\|web01 10.0.0.17:8080'
    $IPVSADM_NODE list | grep -c web`);
  expect(stderr).toBe('');
  expect(lines.slice(0, -1)).toEqual(['web TCP 192.0.2.10:80', 'web01 10.0.0.17:8080', '0']);
}, 120_000);

test("a user without CAP_NET_ADMIN gets the C program's lines, but for the time of persistence", async () => {
  const { lines, stderr } = await run(`
    $IPVSADM_C -ln | sed 's/persistent [0-9]*/persistent ?/' >all
    sed -i 's/ $//' all
    user $IPVSADM_NODE list >/tmp/some; echo $?
    sed 's/ $//' /tmp/some | diff all - && echo same
    user $IPVSADM_NODE list --pretty >/dev/null; echo $?
    user $IPVSADM_NODE list --json | grep -c '"partial": true'
    user $IPVSADM_NODE service show 192.0.2.10:80 | head -n 1
    user $IPVSADM_NODE server list | wc -l`);
  const note = 'ipvsadm: without CAP_NET_ADMIN the listing is partial: /proc/net/ip_vs lacks counters, ';
  expect(stderr.split('\n').slice(0, -1)).toEqual(Array(5).fill(expect.stringMatching(`^${note}`)));
  expect(lines.slice(0, -1)).toEqual(['0', 'same', '0', '1', 'TCP 192.0.2.10:80', '5']);
}, 120_000);

test('in the classic syntax, and for what that file lacks, such a user is refused as by the C program', async () => {
  const { lines, stderr } = await run(`
    for line in '' -L -ln '-ln --stats'; do
      powerless $IPVSADM_C $line >theirs 2>&1; echo $? >>theirs
      powerless $IPVSADM_NODE $line >ours 2>&1; echo $? >>ours
      cmp ours theirs && echo same
    done
    user $IPVSADM_NODE list --rate 2>/dev/null; echo $?
    user $IPVSADM_NODE server list --sort traffic 2>/dev/null; echo $?`);
  expect(stderr).toBe('');
  expect(lines.slice(0, -1)).toEqual(['same', 'same', 'same', 'same', '2', '2']);
}, 120_000);
