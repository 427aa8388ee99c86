/** The director daemon itself on two machines that share a VIP: a round of each failover, counted by a client. */
import { type FailoverName, playDaemons, playFailovers } from './daemon';
import { buildPrograms } from './ground';

beforeAll(buildPrograms);

const any = Number.POSITIVE_INFINITY;
/**
 * Those of a machine that has other work: a request counts as lost after a quarter of a second.
 * `npm run bench:failover` has the figures of ten rounds (docs/benchmarks.md).
 */
const most = { oneAt: 6000, lost: any, outage: 6000, nowhere: 6000 };
/** The leader serves until the other one does, so that it does not matter how long the command takes. */
const orderly = { oneAt: any, lost: 50, outage: 1500, nowhere: 1500 };
const limits: Readonly<Record<FailoverName, typeof most>> = {
  'machine gone': most,
  'daemon killed': most,
  'daemon frozen': most,
  'handed over': orderly,
  'daemon stopped': orderly,
};

test('every failover ends with one VIP, and with all connections', async () => {
  const names = Object.keys(limits) as FailoverName[];
  const counted = await playFailovers(names, 'daemon');
  for (const [index, one] of counted.entries()) {
    const { oneAt, lost, outage, nowhere } = limits[names[index]!];
    expect([names[index], one]).toEqual([
      names[index],
      expect.objectContaining({ long: 20, at: [expect.any(Number)] }),
    ]);
    expect(one.servedAgain).toBeGreaterThanOrEqual(0);
    expect(one.nowhere).toBeLessThanOrEqual(nowhere);
    expect(one.oneAt).toBeLessThanOrEqual(oneAt);
    expect(one.lost).toBeLessThanOrEqual(lost);
    expect(one.outage).toBeLessThanOrEqual(outage);
  }
}, 300_000);

test('a conflict is told within 5 s, a clock that jumps changes nothing, and ha test moves the VIP to and fro', async () => {
  const lines = await playDaemons(`pair
jump() { date -s "$(date -d "@$(($(date +%s) + $1))" '+%Y-%m-%d %H:%M:%S')" >/dev/null; }
told=$(cat d1.log d2.log | wc -l)
for hours in 3 -6 3; do
  jump $((hours * 3600))
  sleep 3
done
echo "[$(holders)] $(($(cat d1.log d2.log | wc -l) - told))"
for d in d1 d2; do
  printf '#!/bin/sh\\nshift\\nexec ip netns exec %s "$IPVSADM_NODE" "$@" --socket /tmp/%s.sock\\n' $d $d >at-$d
  chmod +x at-$d
done
n c "$IPVSADM_NODE" ha test $vip:80 --director /tmp/at-d1 --director /tmp/at-d2; echo "status $?"
apart on
within 20 'daemon_is d2 leader'
at=$(cut -d. -f1 /proc/uptime)
for d in d1 d2; do within 10 'grep -q "alarm: 10.9.0.1[12]: no answer" $d.log'; done
echo $(($(cut -d. -f1 /proc/uptime) - at))
for d in d1 d2; do asks $d ha status | grep -o 'no answer'; asks $d metrics | grep '^lvs_director_role{role="leader"}'; done
apart off
within 20 '[ "$(holders | wc -w)" = 1 ]' && echo one
n c "$IPVSADM_NODE" ha test $vip:80 --director /tmp/at-d1 --director /tmp/at-d1; echo "status $?"`);
  const [clock, head, there, back, stayed, status, seconds, ...rest] = lines;
  expect([clock, head, stayed, status]).toEqual([
    '[d1 ] 0',
    expect.stringMatching(/^MOVE +REQUESTS +LOST +NOT SERVED$/),
    'connections that stayed: 0 of 20 lost',
    'status 0',
  ]);
  for (const [line, move] of [
    [there, 'd1 to d2'],
    [back, 'd2 to d1'],
  ] as const) {
    const [, name, lost, gap] = /^(d. to d.) +\d+ +(\d+) +(\d+\.\d\d) s$/.exec(line!) ?? [line];
    expect(name).toBe(move);
    expect(Number(lost)).toBeLessThanOrEqual(orderly.lost);
    expect(Number(gap)).toBeLessThanOrEqual(orderly.outage / 1000);
  }
  expect(Number(seconds)).toBeLessThanOrEqual(5);
  const both = ['no answer', 'lvs_director_role{role="leader"} 1'];
  expect(rest.slice(0, 5)).toEqual([...both, ...both, 'one']);
  expect(rest.at(-1)).toBe('status 2');
}, 300_000);
