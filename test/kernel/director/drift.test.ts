/** Others at the daemon's table: what is repaired, what is taken over, and what is left alone. */
import { playDirector } from './ground';

test('heals its own, keeps a weight set by hand, leaves strangers alone, and ends a fight', async () => {
  const lines = await playDirector(`
network
c() { n d "$IPVSADM_C" "$@"; }
c -A -t 192.0.2.10:443 -s rr
c -a -t 192.0.2.10:443 -r 10.0.0.17:443 -m
daemon
within 10 "$both" && echo full
talks 10
c -E -t 192.0.2.10:80 -s lc
within 6 'table | grep -q "10:80 -s rr;"' && echo scheduler healed
c -d -t 192.0.2.10:80 -r 10.0.0.18:80
within 6 "$both" && echo server healed
c -e -t 192.0.2.10:80 -r 10.0.0.17:80 -m -w 7
sleep 6
table | grep -o '17:80 -m -w 7'
asks health | awk '$1 == "web/web01" { print $2, $4, $5, $6, $7 }'
asks server ready web/web01
within 6 "$both" && echo ready again
c -L -n -t 192.0.2.10:443 | tail -n 1 | tr -s ' '
echo "$(alive) alive"
status others
c -C
within 8 "$both" && echo -C healed
table; echo
(while sleep 0.3; do c -E -t 192.0.2.10:80 -s lc; done) &
fight=$!
within 60 '[ "$(status contested)" = "[\\"web\\"]" ]' && echo contested
kill $fight
asks director adopt web
within 10 'table | grep -q "10:80 -s rr;"' && echo ours again
asks director stop`);
  expect(lines).toEqual([
    'full',
    'scheduler healed',
    'server healed',
    '17:80 -m -w 7',
    'up weight by hand 7',
    'web/web01: ready',
    'ready again',
    expect.stringMatching(/10\.0\.0\.17:443 Masq 1/),
    '10 alive',
    '["tcp:192.0.2.10:443"]',
    '-C healed',
    '-A -t 192.0.2.10:80 -s rr;-a -t 192.0.2.10:80 -r 10.0.0.17:80 -m -w 1;-a -t 192.0.2.10:80 -r 10.0.0.18:80 -m -w 1;',
    'contested',
    'web is ours now',
    'ours again',
    'the daemon stops: table and VIPs stay',
  ]);
}, 300_000);
