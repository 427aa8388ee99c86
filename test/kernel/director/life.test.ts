/** The life of the daemon on a real kernel: what restarts and reloads change, and what they do not. */
import { playDirector } from './ground';

test('fills an empty table; restart, kill -9, stop and reload of the same file send nothing', async () => {
  const lines = await playDirector(`
network
daemon
within 10 "$both" && echo full
talks 10
before=$(table)
asks director run lvs.yaml 2>&1 | sed 's/process [0-9]*/process N/'
kill -HUP $daemon
within 10 'grep -q "SIGHUP: generation 2 is in effect" log'
changes=$(status changesSent)
kill -9 $daemon
daemon
sleep 6
echo "after kill -9: $(status changesSent) changes"
start=$(cut -d. -f1 /proc/uptime)
kill -TERM $daemon
wait $daemon
echo "SIGTERM: status $?, $(($(cut -d. -f1 /proc/uptime) - start < 3)), socket $(ls /run/ipvsadm/director.sock 2>/dev/null)"
daemon
sleep 6
echo "after SIGTERM: $(status changesSent) changes"
asks director stop
wait $daemon
asks health
[ "$(table)" = "$before" ] && echo same table
echo "$(alive) alive, first run sent $changes"
grep -v -e 'daemon runs' -e 'has stopped' -e SIG -e reloaded log`);
  expect(lines).toEqual([
    'full',
    "ipvsadm: director run: another director daemon (process N) tends the table of this network namespace: 'ipvsadm director stop' ends it",
    'after kill -9: 0 changes',
    'SIGTERM: status 0, 1, socket ',
    'after SIGTERM: 0 changes',
    'the daemon stops: table and VIPs stay',
    "ipvsadm: /run/ipvsadm/director.sock: no director daemon runs here: 'ipvsadm director run FILE' starts one",
    'same table',
    '10 alive, first run sent 3',
  ]);
}, 300_000);

test('reloads by difference, refuses mistakes, rolls back, and takes back what is not confirmed', async () => {
  const lines = await playDirector(`
network
daemon
within 10 "$both"
talks 10
document wrr 3 >new.yaml
asks director reload new.yaml
table; echo
echo 'timeout: 3' >>new.yaml
asks director reload new.yaml 2>&1 | head -n 2
asks director rollback
table; echo
document lc >new.yaml
asks director reload new.yaml --confirm 3s
table | grep -o 'lc;' | head -n 1
within 10 'table | grep -q "rr;"' && echo taken back
asks director reload new.yaml --confirm 10s
asks director confirm
sleep 11
table | grep -o 'lc;' | head -n 1
asks director confirm
echo "status $?"
echo "$(alive) alive"
asks director history | awk '{ print $1, $NF }'
asks director stop`);
  const rules = (scheduler: string, weight: number) =>
    `-A -t 192.0.2.10:80 -s ${scheduler};-a -t 192.0.2.10:80 -r 10.0.0.17:80 -m -w ${weight};-a -t 192.0.2.10:80 -r 10.0.0.18:80 -m -w 1;`;
  expect(lines).toEqual([
    'generation 2 is in effect',
    rules('wrr', 3),
    expect.stringMatching(/^ipvsadm: new\.yaml:\d+:\d+: /),
    expect.any(String),
    'generation 1 is in effect again, as generation 3',
    rules('rr', 1),
    'generation 4 is in effect',
    'lc;',
    'taken back',
    expect.stringMatching(/^generation 6 is in effect$/),
    'generation 6 is confirmed',
    'lc;',
    'ipvsadm: no document waits to be confirmed',
    'status 2',
    '10 alive',
    'GENERATION AUTHOR',
    '6 root',
    '5 window',
    '4 root',
    '3 root',
    '2 root',
    '1 start',
    'the daemon stops: table and VIPs stay',
  ]);
}, 300_000);
