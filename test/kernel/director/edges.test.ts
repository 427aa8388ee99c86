/** What is around the daemon: apply, other subcommands, metrics of the document, the default route. */
import { playDirector } from './ground';

test('apply gives its file to the daemon; what changes the kernel without it is noted and put back', async () => {
  const lines = await playDirector(`
network
daemon
within 40 "$both" && echo full
talks 10
document wrr 3 >new.yaml
asks apply new.yaml --confirm 4s
table; echo
within 15 'table | grep -q "rr;"' && within 15 "$both" && echo taken back
document lc >lc.yaml
asks apply --no-daemon lc.yaml
within 20 'table | grep -q "rr;"' && echo put back
asks server delete --tcp 192.0.2.10:80 --real-server 10.0.0.18:80
within 20 "$both" && echo put back
n d "$IPVSADM_NODE" -d -t 192.0.2.10:80 -r 10.0.0.18:80 && echo classic
within 20 "$both" && echo put back
asks service add --tcp 192.0.2.10:81 --scheduler rr && echo another service
n c "$IPVSADM_NODE" apply new.yaml
n c "$IPVSADM_C" -Sn | wc -l
echo "$(alive) alive"
asks director stop
wait $daemon
asks apply new.yaml --confirm 4s
asks apply --allow-empty new.yaml`);
  const note =
    'ipvsadm: note: the director daemon tends tcp:192.0.2.10:80: it takes weights over, and puts the rest back ' +
    "within 5 s; 'director reload FILE' gives it another file";
  expect(lines).toEqual([
    'full',
    'ipvsadm: the director daemon tends this table: it takes new.yaml as its document (--no-daemon: it is not asked)',
    'generation 2 is in effect',
    '-A -t 192.0.2.10:80 -s wrr;-a -t 192.0.2.10:80 -r 10.0.0.17:80 -m -w 3;-a -t 192.0.2.10:80 -r 10.0.0.18:80 -m -w 1;',
    'taken back',
    note,
    '1 change made',
    'put back',
    note,
    'put back',
    'classic',
    'put back',
    'another service',
    '3 changes made',
    '3',
    '10 alive',
    'the daemon stops: table and VIPs stay',
    "ipvsadm: --confirm: no director daemon runs here: 'ipvsadm director run FILE' is one",
    expect.stringMatching(/changes made$/),
  ]);
}, 300_000);

test('serves metrics where the document says, and the command line wins', async () => {
  const lines = await playDirector(`
network
served() { n d /lab/busybox wget -qO- "http://$1/metrics" 2>/dev/null | grep -c '^lvs_generation'; }
with() { document; echo "director: { metrics: { listen: \\"$1\\" } }"; }
with 127.0.0.1:9300 >lvs.yaml
daemon
echo "9300: $(served 127.0.0.1:9300)"
with 127.0.0.2:9301 >new.yaml
asks director reload new.yaml
echo "9300: $(served 127.0.0.1:9300), 9301: $(served 127.0.0.2:9301)"
asks director rollback
within 40 '[ "$(served 127.0.0.1:9300)" = 2 ]' && echo "back, 9301: $(served 127.0.0.2:9301)"
asks director stop
wait $daemon
daemon --metrics 127.0.0.1:9302
echo "9300: $(served 127.0.0.1:9300), 9302: $(served 127.0.0.1:9302)"
with 192.0.2.1:9300 >lvs.yaml
asks restore --check --no-trial lvs.yaml 2>&1 | grep read
asks director stop`);
  expect(lines).toEqual([
    '9300: 2',
    'generation 2 is in effect',
    '9300: 0, 9301: 2',
    'generation 1 is in effect again, as generation 3',
    'back, 9301: 0',
    'the daemon stops: table and VIPs stay',
    '9300: 0, 9302: 2',
    expect.stringContaining('note: whoever reaches this address can read the metrics'),
    'the daemon stops: table and VIPs stay',
  ]);
}, 300_000);

test('asks the gateway of the default route: states freeze while the link is away', async () => {
  const lines = await playDirector(`
network
ip -n d route add default via 10.0.0.99
host gateway lan 10.0.0.99/24
daemon
within 40 "$both" && within 40 'status sight | grep -q gateway'
status sight
ip link set d1 down
within 40 '[ "$(status blind)" = true ]'
echo "blind $(status blind)"
before=$(table)
sleep 8
[ "$(table)" = "$before" ] && echo frozen
ip link set d1 up
within 40 '[ "$(status blind)" = false ]'
echo "blind $(status blind)"
grep -c server-down log
asks director stop`);
  expect(lines).toEqual([
    '{"gateway":"10.0.0.99"}',
    'blind true',
    'frozen',
    'blind false',
    '0',
    'the daemon stops: table and VIPs stay',
  ]);
}, 300_000);
