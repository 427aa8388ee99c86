/** VIPs with a lifetime on a real kernel: who takes them away, and what the neighbours make of it. */
import { buildPrograms, playDirectors } from './ground';

beforeAll(buildPrograms);

const holders = `
v6=2001:db8::100
digits=20010db8000000000000000000000100
network d1 d2
for d in d1 d2 c; do ip -n $d addr add 2001:db8::\${d#?}1/64 dev eth0 nodad 2>/dev/null || ip -n $d addr add 2001:db8::c/64 dev eth0 nodad; done
holds() { # DIRECTOR
  : >/tmp/$1.log
  within_namespace $1 node "$holder" "$helper" eth0 $vip $v6 >/tmp/$1.log 2>&1 &
  echo $! >/tmp/$1.pid
  within 20 "grep -q held /tmp/$1.log"
}
looks() {
  node /tmp/absent.js "$(cat d1.sleep)" $vip $digits >/tmp/absent 2>&1 &
  absent=$!
  sleep 1
}
looked() {
  sleep 5
  kill -USR2 $absent
  within 20 'grep -q missing /tmp/absent'
  cat /tmp/absent
}
holds d1
`;

interface Absence {
  readonly missing: number;
  readonly gone: number;
}

test.each(['KILL', 'STOP'])(
  'never missing while renewed, and gone within its life after SIG%s',
  async (signal) => {
    const lines = await playDirectors(`${holders}
looks
sleep 6
kill -USR1 $absent; kill -${signal} $(cat d1.pid)
looked
cat d1.log`);
    const [ipv4, ipv6] = JSON.parse(lines[0]!) as Absence[];
    expect([ipv4!.missing, ipv6!.missing]).toEqual([0, 0]);
    for (const gone of [ipv4!.gone, ipv6!.gone]) {
      expect(gone).toBeGreaterThan(1000);
      expect(gone).toBeLessThan(3300);
    }
    expect(lines.at(-1)).toBe('held true');
  },
  300_000,
);

test('announcing moves the entries of the neighbours, IPv4 and IPv6; release takes them away at once', async () => {
  const lines = await playDirectors(`${holders}
n c ping -c 1 -W 5 $vip >/dev/null && n c ping -6 -c 1 -W 5 $v6 >/dev/null && echo reached
knows() { for v in $vip $v6; do ip -n c neigh show $v | grep -o '02:[0-9a-f:]*'; done | tr '\\n' ' '; }
[ "$(knows)" = "$(mac d1) $(mac d1) " ] && echo at d1
kill -TERM $(cat d1.pid)
within 5 'grep -q "held false" d1.log' && cat d1.log
ip -n d1 addr show dev eth0 | grep -c -e $vip/ -e $v6/
holds d2
[ "$(knows)" = "$(mac d1) $(mac d1) " ] && echo at d1 still
kill -USR1 $(cat d2.pid)
within 10 'grep -q announced d2.log'
within 5 '[ "$(knows)" = "$(mac d2) $(mac d2) " ]' && echo at d2`);
  expect(lines).toEqual(['reached', 'at d1', 'held true', 'held false', '0', 'at d1 still', 'at d2']);
}, 300_000);

test('another machine that answers is seen, a quiet real server is not', async () => {
  const lines = await playDirectors(`${holders}
kill -USR2 $(cat d1.pid)
within 10 'grep -q rivals d1.log'
ip -n d2 addr add $vip/32 dev eth0
ip -n d2 addr add $v6/128 dev eth0 nodad
kill -USR2 $(cat d1.pid)
within 10 'grep -q "rivals: 1" d1.log'
ip -n d1 link set eth0 down
sleep 0.5
kill -USR2 $(cat d1.pid)
sleep 3
cat d1.log`);
  expect(lines[0]).toBe('held true');
  expect(lines[1]).toBe('rivals: none');
  expect(lines[2]).toMatch(/^rivals: 10\.9\.0\.100 (02(?::[0-9a-f]{2}){5}), 2001:db8::100 \1$/);
  expect(lines).toContain('rivals: none');
}, 300_000);
