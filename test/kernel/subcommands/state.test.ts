/** State documents on a real kernel: snapshot, restore, diff, apply. */
import { connectLab } from '../../lab/client';
import { stateRoundTrips } from '../state-cases';

const lab = connectLab();

async function run(script: string) {
  const { stdout, stderr, status } = await lab.run({ script, timeoutSeconds: 100 });
  return { stdout: stdout.toString(), stderr: stderr.toString(), status };
}

const document = (services: object[]) =>
  JSON.stringify({ format: 'ipvsadm-state', version: 1, services }, null, 1);
const tcp = (port: number, rest: object = {}) => ({ protocol: 'tcp', address: '192.0.2.1', port, ...rest });

test('random tables survive snapshot, clear and restore; apply turns any table into any other', async () => {
  const seed = Number(process.env.IPVSADM_STATE_SEED ?? Date.now() % 1e9);
  expect({ seed, complaints: await stateRoundTrips(lab, 6, seed) }).toEqual({ seed, complaints: '' });
}, 600_000);

test('--check finds what only the kernel knows, with its place, and changes nothing', async () => {
  const bad = document([
    tcp(80, { scheduler: 'nosuch' }),
    tcp(81, { servers: [{ address: '127.255.255.255' }] }),
  ]);
  const outcome = await run(`cat >bad.json <<'END'
${bad}
END
"$IPVSADM_NODE" -A -f 9
"$IPVSADM_NODE" restore --check bad.json; echo $?
"$IPVSADM_NODE" restore --check --no-trial bad.json; echo $?
"$IPVSADM_C" -Sn`);
  expect(outcome).toEqual({
    stdout: '255\nbad.json: 2 services, 1 real server\n0\n-A -f 9 -s wlc\n',
    stderr:
      'bad.json:9:17: the kernel refused: Scheduler or persistence engine not found\n' +
      '       "scheduler": "nosuch"\n' +
      '                    ^^^^^^^^\n' +
      'bad.json:17:17: the kernel refused: Invalid operation.  Possibly wrong module version, address not unicast, ...\n' +
      '         "address": "127.255.255.255"\n' +
      '                    ^^^^^^^^^^^^^^^^^\n',
    status: 0,
  });
}, 60_000);

test('without privileges --check reports that the trial was left out', async () => {
  const outcome = await run(`echo '-A -f 1' >rules
chmod 755 .
/usr/bin/setpriv --reuid 65534 --regid 65534 --clear-groups "$IPVSADM_NODE" restore --check rules; echo $?`);
  expect(outcome).toMatchObject({
    stdout: 'rules: 1 service, 0 real servers\n0\n',
    stderr: expect.stringMatching(/^ipvsadm: not tried on the kernel: unshare: .*not permitted\n$/i),
  });
}, 60_000);

test('a refusal in the middle undoes the changes', async () => {
  const wanted = document([
    tcp(80, { servers: [{ address: '10.0.0.2' }] }),
    tcp(81, { servers: [{ address: '10.0.0.2' }] }),
    tcp(82, { scheduler: 'nosuch' }),
  ]);
  const outcome = await run(`cat >wanted.json <<'END'
${wanted}
END
printf -- '-A -t 192.0.2.1:80 -s rr\\n-a -t 192.0.2.1:80 -r 10.0.0.1 -m -w 7\\n-A -f 3 -s rr\\n' | "$IPVSADM_C" -R
"$IPVSADM_C" -Sn >before
"$IPVSADM_NODE" apply wanted.json; echo $?
"$IPVSADM_C" -Sn | diff before - && echo same`);
  expect(outcome.stdout).toBe('255\nsame\n');
  expect(outcome.stderr).toMatch(/^wanted\.json:\d+:\d+: the kernel refused: Scheduler/);
  expect(outcome.stderr).toMatch(/\nipvsadm: the table is as it was before\n$/);
}, 60_000);

test('10,000 servers and one change: one request to the kernel', async () => {
  const outcome = await run(`
awk 'BEGIN { print "-A -t 192.0.2.1:80 -s rr"
  for (i = 0; i < 10000; i++) print "-a -t 192.0.2.1:80 -r 10.1." int(i / 250) "." i % 250 + 1 ":80 -m -w 1" }' >rules
"$IPVSADM_NODE" restore rules; echo $?
sed 's/10.1.7.7:80 -m -w 1/10.1.7.7:80 -m -w 5/' rules >wanted
"$IPVSADM_NODE" diff wanted; echo $?
strace -f -xx -s 20 -e trace=write -o trace "$IPVSADM_NODE" apply wanted
# After the netlink header of 16 bytes: the command (6: SET_DEST; 5, 7: NEW_DEST, DEL_DEST), the
# family's version.
grep -cE '"(\\\\x..){16}\\\\x06\\\\x01\\\\x00\\\\x00"' trace
grep -cE '"(\\\\x..){16}\\\\x0[57]\\\\x01\\\\x00\\\\x00"' trace
"$IPVSADM_C" -Sn | sort >now; sort wanted | diff - now && echo same`);
  expect(outcome).toMatchObject({
    stdout:
      '0\n--- the table\n+++ wanted\n  -A -t 192.0.2.1:80 -s rr\n- -a -t 192.0.2.1:80 -r 10.1.7.7:80 -m -w 1\n' +
      '+ -a -t 192.0.2.1:80 -r 10.1.7.7:80 -m -w 5\n1\n1 change made\n1\n0\nsame\n',
    stderr: '',
  });
}, 120_000);

test('300,000 connections as JSON, 55 MB, need no more memory than one', async () => {
  const outcome = await run(`
mkdir -p proc/net
awk 'BEGIN { print "titles"
  for (i = 0; i < 300000; i++) printf "TCP 0A01%04X %04X 0A010064 0050 0A020003 1F90 ESTABLISHED     899\\n", i / 10, i % 10 + 1 }' >proc/net/ip_vs_conn
mount --bind proc /proc
NODE_OPTIONS=--max-old-space-size=20 "$IPVSADM_NODE" -L -c --json >listed; echo $?
wc -l <listed; tail -n 1 listed`);
  expect(outcome).toEqual({
    stdout:
      '0\n300000\n{"protocol":"tcp","client":{"address":"10.1.117.47","port":10},"virtual":{"address":"10.1.0.100","port":80},' +
      '"server":{"address":"10.2.0.3","port":8080},"state":"ESTABLISHED","expires":899}\n',
    stderr: '',
    status: 0,
  });
}, 120_000);

test('listings as JSON, connections too', async () => {
  const outcome = await run(`"$IPVSADM_NODE" restore - <<'END'
-A -t 192.0.2.1:80 -s rr
-a -t 192.0.2.1:80 -r 10.0.0.1 -i --tun-type gre --tun-csum
--start-daemon backup --mcast-interface lo --syncid 3
END
"$IPVSADM_NODE" -L --json >all; "$IPVSADM_NODE" list --json --tcp 192.0.2.1:80 | cmp - all && echo same
"$IPVSADM_NODE" -L --daemon --json | grep -c '"syncId":3'
"$IPVSADM_NODE" -L -c --json; echo $?
grep -o '"tunnel":{[^}]*}' all`);
  expect(outcome).toEqual({
    stdout: 'same\n1\n0\n"tunnel":{"type":"gre","flags":["checksum"]}\n',
    stderr: '',
    status: 0,
  });
}, 60_000);
