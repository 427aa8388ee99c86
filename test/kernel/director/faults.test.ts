/** What goes wrong on the daemon's machine: it goes on, and says so. */
import { playDirector } from './ground';

test('a server that dies, a stopped daemon, a clock that jumps', async () => {
  const lines = await playDirector(`
network
daemon
within 10 "$both" && echo full
kill -9 $(cat /tmp/r2.pid)
within 10 'table | grep -q "18:80 -m -w 0;"' && echo out
asks health web/web02 | awk 'NR == 2 { print $2 }'
server r2
within 20 "$both" && echo in
kill -STOP $daemon
sleep 10
kill -CONT $daemon
sleep 3
eval "$both" && echo 'both in after a stop'
before=$(status changesSent)
date -s "$(date -d "@$(($(date +%s) + 10800))" '+%Y-%m-%d %H:%M:%S')" >/dev/null
sleep 3
eval "$both" && echo "both in after a jump, $(($(status changesSent) - before)) changes"
date -s "$(date -d "@$(($(date +%s) - 10800))" '+%Y-%m-%d %H:%M:%S')" >/dev/null
asks director stop`);
  expect(lines).toEqual([
    'full',
    'out',
    'down',
    'in',
    'both in after a stop',
    'both in after a jump, 0 changes',
    'the daemon stops: table and VIPs stay',
  ]);
}, 300_000);

test('full disks and a read-only /run are alarms; the socket is for root and a group', async () => {
  const lines = await playDirector(`
network
mkdir -p /tmp/small && mount -t tmpfs -o size=64k tmpfs /tmp/small
mkdir -p /tmp/run && mount -t tmpfs -o size=64k tmpfs /tmp/run
daemon --state-directory /tmp/small/director --run-directory /tmp/run/director --group 1234
stat -c '%A %u %g' /run/ipvsadm/director.sock
stat -c '%A' /tmp/run/director /tmp/run/director/owned.json /tmp/small/director/generations.json
within 10 "$both" && echo full
for full in /tmp/small /tmp/run; do head -c 100000 /dev/zero >$full/fill 2>/dev/null; done
asks server drain web/web01 --reason "$(head -c 190 /dev/zero | tr '\\0' x)"
within 5 'table | grep -q "17:80 -m -w 0;"' && echo drained
asks server ready web/web01
kill -9 $(cat /tmp/r2.pid)
within 10 'table | grep -q "18:80 -m -w 0;"' && echo out
asks director status | grep -c '^alarm'
asks director stop
wait $daemon
mkdir -p /tmp/ro && mount -t tmpfs -o ro tmpfs /tmp/ro
: >log
daemon --run-directory /tmp/ro/director
within 10 'table | grep -q "18:80 -m -w 0;"' && grep -c alarm: log
asks director stop`);
  expect(lines).toEqual([
    'srw-rw---- 0 1234',
    'drwx------',
    '-rw-------',
    '-rw-------',
    'full',
    'web/web01: drain',
    'drained',
    'web/web01: ready',
    'out',
    expect.stringMatching(/^[1-9]$/),
    'the daemon stops: table and VIPs stay',
    expect.stringMatching(/^[2-9]$/),
    'the daemon stops: table and VIPs stay',
  ]);
}, 300_000);
