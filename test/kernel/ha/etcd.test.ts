/**
 * Director daemons with a real etcd, one round of each event: who has the VIP at every moment, what
 * clients notice, and one document for all. `npm run bench:failover -- --engine etcd` plays more rounds.
 */

import { playEtcd } from './etcd-ground';
import { type Counted, countedIn } from './ground';

/** Set up, with a leader and with standbys that have the connections. */
const pair = `
machines_of d1 d2
store e1
directors d1 d2
leads() { leader=$(holders); leader=\${leader% }; standby=d1; [ $leader = d2 ] || standby=d2; }
`;

/** Never on two, in the end on one, after a while that depends on what else the machine does. */
function expectFailover(counted: Counted | undefined, within: number): void {
  expect(counted).toMatchObject({ several: 0, long: 20, at: [expect.any(Number)] });
  expect(counted!.oneAt).toBeLessThan(within);
}

/** A request may be late on a busy machine, and counts as lost then. */
const unnoticed = { several: 0, nowhere: 0, long: 20 };
/** The lease, etcd's look at it, the wait of the successor; and a busy machine. */
const LEASE = 7000;

test('a machine that is gone, a daemon that is killed: another director has the VIP', async () => {
  const lines = await playEtcd(`${pair}
leads; counts; gone $leader; counted 7
[ "$(holders)" = "$standby " ] && echo with the other
back $leader director
within 30 ready_standbys
leads; counts; kill -9 $(cat $leader.pid); counted 7
[ "$(holders)" = "$standby " ] && echo with the other
n $leader "$IPVSADM_C" -Sn | wc -l`);
  expect(lines.filter((line) => !line.startsWith('{'))).toEqual(['with the other', 'with the other', '3']);
  for (const counted of countedIn(lines)) expectFailover(counted, LEASE);
}, 180_000);

test('a daemon that is frozen, one that is relieved or stopped, and a VIP that another machine has', async () => {
  const lines = await playEtcd(`${pair}
leads; counts; kill -STOP $(cat $leader.pid); counted 7
kill -CONT $(cat $leader.pid)
within 30 'grep -q "this director stands by: the lease" $leader.log'
[ "$(holders)" = "$standby " ] && echo with the other
within 30 ready_standbys
leads; counts; on $leader "$IPVSADM_NODE" ha resign; counted 3
grep -c 'stands by: an operator wanted it' $leader.log
holders | wc -w
leads; ip -n c addr add $vip/32 dev eth0
within 20 'on $leader "$IPVSADM_NODE" metrics | grep -q "^lvs_duplicate_vip 1"' && echo a duplicate
ip -n c addr del $vip/32 dev eth0
within 20 'on $leader "$IPVSADM_NODE" metrics | grep -q "^lvs_duplicate_vip 0"' && echo none any more
within 30 ready_standbys
leads; counts; on $leader "$IPVSADM_NODE" director stop >/dev/null; counted 3
[ "$(holders)" = "$standby " ] && echo with the other`);
  expect(lines.filter((line) => !line.startsWith('{'))).toEqual([
    'with the other',
    expect.stringMatching(/^d[12] leads$/),
    '1',
    '1',
    'a duplicate',
    'none any more',
    'with the other',
  ]);
  const [frozen, ...orderly] = countedIn(lines);
  expectFailover(frozen, LEASE);
  expect(orderly).toHaveLength(2);
  for (const handedOver of orderly) {
    // The one serves on until the other one does, or for 0.6 s, on a machine that has other work.
    expect(handedOver).toMatchObject({ long: 20, at: [expect.any(Number)] });
    expect(handedOver.several).toBeLessThan(1500);
    expect(handedOver.nowhere).toBeLessThan(1500);
  }
}, 180_000);

test('directors that do not see each other, a slow etcd, a clock that is set: nobody notices', async () => {
  const lines = await playEtcd(`${pair}
counts; apart on; counted 6; apart off
counts; n e1 tc qdisc add dev eth0 root netem delay 150ms; counted 6; n e1 tc qdisc del dev eth0 root
counts; now=$(date +%s); date -s @$((now + 10800)) >/dev/null; sleep 4; date -s @$(($(date +%s) - 21600)) >/dev/null
counted 4; date -s @$(($(date +%s) + 10800)) >/dev/null
cat d?.log | grep -c role:`);
  expect(countedIn(lines)).toEqual(
    [unnoticed, unnoticed, unnoticed].map((each) => expect.objectContaining(each)),
  );
  // Both began as standbys, and then one led.
  expect(lines.at(-1)).toBe('3');
}, 180_000);

test('etcd is gone: the table stays, the VIPs go, and come back with it; a snapshot brings no old document', async () => {
  const lines = await playEtcd(`${pair}
tables() { for d in d1 d2; do n $d "$IPVSADM_C" -Sn | head -n 1; done; }
put() { document $1 >/tmp/new.yaml; on d1 "$IPVSADM_NODE" apply /tmp/new.yaml --wait all 2>&1 | grep -v tends; }
put wrr
control e1 snapshot save /tmp/old.db >/dev/null 2>&1
put wlc
on d2 "$IPVSADM_NODE" director status --all | awk '{ print $1, $4 }'
kill -9 $(cat e1.etcd.pid)
within 20 '[ -z "$(holders)" ]' && echo nowhere
tables
on d1 "$IPVSADM_NODE" director status | grep -c 'alarm .*etcd does not answer'
kill -9 $(cat d1.pid); director d1
within 30 'grep -q "generation 3, socket" d1.log' && echo the last one from disk
ETCDCTL_API=3 "$etcd/etcdctl" snapshot restore /tmp/old.db --data-dir /tmp/e1.again --name e1 \\
  --initial-cluster "$members" --initial-advertise-peer-urls "\${members#e1=}" >/dev/null 2>&1
member e1 /tmp/e1.again
within 30 '[ "$(holders | wc -w)" = 1 ]' && echo on one
for d in d1 d2; do within 30 'grep -q "is older than" $d.log'; grep -o 'generation 2 in etcd is older.*' $d.log | head -n 1; done
tables
put sed
on d2 "$IPVSADM_NODE" director status --all | awk '{ print $1, $4 }'`);
  const old = 'generation 2 in etcd is older than 3, which is applied: it is refused';
  const put = (generation: number) => [
    'ipvsadm: applied by d1, d2',
    `generation ${generation} is in etcd for all directors, and in effect here`,
  ];
  const all = (generation: number) => ['DIRECTOR GENERATION', `d1 ${generation}`, `d2 ${generation}`];
  const tables = ['-A -t 10.9.0.100:80 -s wlc', '-A -t 10.9.0.100:80 -s wlc'];
  expect(lines).toEqual([
    ...[...put(2), ...put(3), ...all(3), 'nowhere', ...tables, '1', 'the last one from disk', 'on one'],
    ...[old, old, ...tables, ...put(4), ...all(4)],
  ]);
}, 180_000);

test('of three directors and three members of etcd any may die', async () => {
  const lines = await playEtcd(`
machines_of d1 d2 d3
store e1 e2 e3
directors d1 d2 d3
counts
for e in e1 e2 e3; do
  kill -9 $(cat $e.etcd.pid); sleep 4
  member $e; within 30 "health $e"
done
within 60 '[ "$(holders | wc -w)" = 1 ]'; counted 1
within 60 ready_standbys
leader=$(holders); leader=\${leader% }
counts; gone $leader; counted 7
holders | wc -w`);
  const [members, director] = countedIn(lines);
  // Three of etcd and three directors are much for the guest's one processor: leases may end meanwhile.
  expect(members).toMatchObject({ several: 0, at: [expect.any(Number)] });
  expectFailover(director, LEASE);
  expect(lines.at(-1)).toBe('1');
}, 240_000);
