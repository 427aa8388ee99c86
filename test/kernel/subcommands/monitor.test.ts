/** `monitor` without a daemon on the real kernel: another program changes the table. */
import { connectLab } from '../../lab/client';

test('tells what the genuine program changes, and gives each event to a command', async () => {
  const { stdout } = await connectLab().run({
    script: `exec 2>&1
"$IPVSADM_C" -A -t 127.0.0.9:80 -s wrr
"$IPVSADM_C" -a -t 127.0.0.9:80 -r 127.0.0.1:8080 -m -w 3
"$IPVSADM_NODE" monitor --poll 0.1 --exec 'sed "s/.*\\"kind\\":\\"\\([a-z-]*\\).*/\\1/" >>kinds' >events &
monitor=$!
# The first one shows that it has begun to look.
tries=0
until [ -s events ] || [ $tries -gt 150 ]; do tries=$((tries + 1)); "$IPVSADM_C" -A -f $tries -s rr; sleep 0.2; done
tell() { "$IPVSADM_C" "$@"; sleep 1; }
tell -e -t 127.0.0.9:80 -r 127.0.0.1:8080 -m -w 5
tell -a -t 127.0.0.9:80 -r 127.0.0.2:8080 -m
tell --set 100 20 30
tell --start-daemon backup --mcast-interface lo --syncid 7
tell -D -t 127.0.0.9:80
kill $monitor; wait $monitor; echo "status $?"
sed 's/^[0-9-]* [0-9:]* //' events | grep -v fwmark
grep -v service-added kinds | tr '\\n' ' '`,
    timeoutSeconds: 120,
  });
  expect(stdout.toString().trimEnd().split('\n')).toEqual([
    'status 143',
    'weight        tcp:127.0.0.9:80/127.0.0.1:8080: weight 3 -> 5',
    'server-added  tcp:127.0.0.9:80/127.0.0.2:8080: -a -t 127.0.0.9:80 -r 127.0.0.2:8080 -m -w 1',
    expect.stringMatching(/^timeouts {6}--set 100 20 30, was --set 900 120 300$/),
    expect.stringMatching(/^daemon-started --start-daemon backup --mcast-interface lo --syncid 7/),
    expect.stringMatching(/^server-deleted tcp:127\.0\.0\.9:80\/127\.0\.0\.[12]:8080: /),
    expect.stringMatching(/^server-deleted tcp:127\.0\.0\.9:80\/127\.0\.0\.[12]:8080: /),
    'service-deleted tcp:127.0.0.9:80: -A -t 127.0.0.9:80 -s wrr',
    'weight server-added timeouts daemon-started server-deleted server-deleted service-deleted',
  ]);
}, 180_000);
