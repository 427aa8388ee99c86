/** Failover by keepalived on a real kernel: who leads, what survives, who is told. */
import { keepalivedConfiguration } from '../../../src/ha/keepalived/configuration';
import { buildPrograms, countedIn, playDirectors } from './ground';

beforeAll(buildPrograms);

const pair = `
network d1 d2
director d1 150 "\${fields-}"
director d2 100 "\${fields-}"
elected
`;

test('keepalived itself finds nothing wrong with its configuration', async () => {
  const settings = { kind: 'keepalived', id: 51, priority: 150 } as const;
  const common = { name: 'd1', interface: 'eth0', paths: { fifo: '/tmp/notify', priority: '/tmp/priority' } };
  const texts = [
    { settings, source: '10.9.0.11' },
    { settings: { ...settings, id: 255, priority: 254 }, source: 'fe80::1' },
    { settings: { ...settings, peers: ['10.9.0.12', '10.9.0.13'] }, source: '10.9.0.11' },
    { settings: { ...settings, peers: ['2001:db8::2'] }, source: '2001:db8::1' },
  ].map((each) => keepalivedConfiguration({ ...common, ...each }));
  const lines = await playDirectors(`network d1
echo 0 >/tmp/priority
${texts
  .map(
    (each) => `cat >k.conf <<'EOF'
${'text' in each ? each.text : each.problem}
EOF
n d1 $keepalived -t -f /tmp/k.conf; echo "status $?"`,
  )
  .join('\n')}`);
  expect(lines).toEqual(texts.map(() => 'status 0'));
}, 120_000);

test('the VIP is where the leader is, and connections survive a hand-over and a restart', async () => {
  const lines = await playDirectors(`${pair}
[ "$(holders)" = "$leader " ] && echo with the leader
counts
kill -USR1 $(cat $leader.pid)
within 20 'grep -q " resign " $leader.log'
within 10 '[ "$(role $standby)" = leader ]'
[ "$(holders)" = "$standby " ] && echo with the other
grep -o 'resign .*' $leader.log
kill -USR2 $(cat $standby.pid)
within 20 'grep -q stopped $standby.log'
again $standby
within 20 '[ "$(grep -c "role leader" $standby.log)" = 2 ]'
counted 2
[ "$(holders)" = "$standby " ] && echo still
[ "$(role $leader)" = standby ] && echo the first one stands by
n d1 "$IPVSADM_C" -Sn | wc -l`);
  expect(lines.filter((line) => !line.startsWith('{'))).toEqual([
    'with the leader',
    'with the other',
    'resign another director leads',
    'still',
    'the first one stands by',
    '3',
  ]);
  expect(countedIn(lines)).toMatchObject([{ long: 20, at: [expect.any(Number)] }]);
}, 300_000);

test('keepalived ends, by itself or with its daemon, and takes nothing along', async () => {
  const lines = await playDirectors(`${pair}
table() { echo "table $(n $leader "$IPVSADM_C" -Sn | wc -l)"; }
table
kill -9 $(cat /tmp/run-$leader/keepalived.pid)
within 20 '[ "$(role $standby)" = leader ]'
within 20 '[ "$(role $leader)" = standby ]'
[ "$(holders)" = "$standby " ] && echo with the other
table
kill -9 $(cat $standby.pid)
within 20 '[ "$(role $leader)" = leader ]'
within 10 '[ -z "$(processes_of $standby)" ]' && echo no orphan
within 10 '[ "$(holders)" = "$leader " ]' && echo back again
again $standby
within 20 '[ "$(tail -n 1 $standby.log | cut -d" " -f2,3)" = "role standby" ]'
for d in $standby $leader; do
  kill -TERM $(cat $d.pid)
  within 20 '[ -z "$(processes_of $d)" ]' && echo no orphan
done
echo "[$(holders)] $(ip -n $leader addr show lo | grep -c 127.86)"
table`);
  expect(lines).toEqual([
    'table 3',
    'with the other',
    'table 3',
    'no orphan',
    'back again',
    'no orphan',
    'no orphan',
    '[] 0',
    'table 3',
  ]);
}, 300_000);

test('a standby that does not move is no candidate', async () => {
  const lines = await playDirectors(`${pair}
kill -STOP $(cat $standby.pid)
within 20 '[ "$(keepalives $standby)" = 0 ]' && echo no candidate
kill -CONT $(cat $standby.pid)
within 30 '[ "$(grep -c "role standby" $standby.log)" = 2 ]' && echo stands by again
[ "$(holders)" = "$leader " ] && echo with the leader`);
  expect(lines).toEqual(['no candidate', 'stands by again', 'with the leader']);
}, 300_000);

test('directors that do not see each other both lead, and say so within 5 s; then one yields', async () => {
  const lines = await playDirectors(`
network d1 d2
director d1 150 '"peers":["10.9.0.12"]'
director d2 100 '"peers":["10.9.0.11"]'
elected
apart on
within 20 '[ "$(role $standby)" = leader ]'
for d in d1 d2; do within 20 'grep -q "alarm peers" $d.log'; done
for d in d1 d2; do grep 'alarm peers' $d.log | head -n 1 | cut -d' ' -f4-; done
led=$(sed -n 's/ role leader.*//p' $standby.log)
for d in d1 d2; do echo $(($(grep 'alarm peers' $d.log | head -n 1 | cut -d' ' -f1) - led)); done
holders; echo
apart off
within 20 '[ "$(holders | wc -w)" = 1 ]' && echo one`);
  const [first, second, ofFirst, ofSecond, both, one] = lines;
  expect(first).toMatch(/^10\.9\.0\.12: no answer: /);
  expect(second).toMatch(/^10\.9\.0\.11: no answer: /);
  expect(Math.max(Number(ofFirst), Number(ofSecond))).toBeLessThan(5000);
  expect([both, one]).toEqual(['d1 d2 ', 'one']);
}, 300_000);

test('a VIP that another machine answers for is told within 5 s', async () => {
  const lines = await playDirectors(`${pair}
at=$(awk '{ print int($1 * 1000) }' /proc/uptime)
ip -n c addr add $vip/32 dev eth0
told="alarm duplicate $vip is also at $(mac c):" # keepalived may have told of another, at the election
within 20 'grep -q "$told" $leader.log' || cat $leader.log
echo $(($(grep "$told" $leader.log | head -n 1 | cut -d' ' -f1) - at))
[ "$(holders)" = "$leader " ] && echo with the leader
ip -n c addr del $vip/32 dev eth0
within 20 'grep -q "duplicate is over" $leader.log' && echo over`);
  expect(Number(lines[0])).toBeLessThan(5000);
  expect(lines.slice(1)).toEqual(['with the leader', 'over']);
}, 300_000);

test('a frozen keepalived is ended, and the VIP is on one director again', async () => {
  const lines = await playDirectors(`${pair}
kill -STOP $(cat /tmp/run-$leader/vrrp.pid)
within 30 '[ "$(role $standby)" = leader ]'
within 30 'grep -q "alarm keepalived keepalived does not answer" $leader.log' && echo found out
within 30 '[ "$(holders)" = "$standby " ]' && echo with the other
within 30 '[ "$(role $leader)" = standby ]' && keepalives $leader`);
  expect(lines).toEqual(['found out', 'with the other', '2']);
}, 300_000);

test('a keepalived of somebody else is heard, also with a FIFO that is made anew', async () => {
  const lines = await playDirectors(`
network d1
mkdir -p /tmp/run-d1
alone d1 150
kill $! ; wait $! 2>/dev/null
sed -i '1i global_defs {\\n  vrrp_notify_fifo /tmp/theirs\\n}' d1.conf
director d1 150 '"fifo":"/tmp/theirs","instance":"alone"'
within 20 'grep -q "alarm fifo /tmp/theirs: ENOENT" d1.log' && echo no fifo
cp d1.pid engine.pid
run_alone d1
within 30 '[ "$(role d1)" = leader ]' && holders
kill $(cat d1.pid)
within 30 '[ "$(role d1)" = unfit ] || [ "$(role d1)" = standby ]'; holders; echo gone
within 20 '[ ! -e /tmp/theirs ]'
run_alone d1
within 30 '[ "$(role d1)" = leader ]' && holders
kill -TERM $(cat engine.pid)
within 20 'grep -q stopped d1.log'
holders`);
  expect(lines).toEqual(['no fifo', 'd1 gone', 'd1 d1']);
}, 300_000);
