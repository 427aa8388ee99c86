/** `server set` and `server drain` on a real table, with real connections that end. */
import { connectLab } from '../../lab/client';

const lab = connectLab();

async function run(script: string) {
  const { stdout, stderr } = await lab.run({ script, timeoutSeconds: 100 });
  return { stdout: stdout.toString(), stderr: stderr.toString() };
}

test('server set changes only what is given: method, thresholds and tunnel stay', async () => {
  const { stdout, stderr } = await run(`
    $IPVSADM_C -A -t 192.0.2.10:80 -s wrr
    $IPVSADM_C -a -t 192.0.2.10:80 -r 10.0.0.17:8080 -m -w 3 -x 100 -y 80
    $IPVSADM_C -a -t 192.0.2.10:80 -r 10.0.0.18 -i -w 2 --tun-type gue --tun-port 6080 --tun-csum
    $IPVSADM_NODE server set --tcp 192.0.2.10:80 --real-server 10.0.0.17:8080 --weight 0; echo $?
    $IPVSADM_NODE server set --tcp 192.0.2.10:80 --real-server 10.0.0.18 --u-threshold 7; echo $?
    $IPVSADM_NODE -Sn; $IPVSADM_C -Ln --thresholds | tail -n 2
    $IPVSADM_NODE server set --tcp 192.0.2.10:80 --real-server 10.0.0.18 --l-threshold 9; echo $?`);
  expect(stdout.split('\n')).toEqual([
    '0',
    '0',
    '-A -t 192.0.2.10:80 -s wrr',
    '-a -t 192.0.2.10:80 -r 10.0.0.17:8080 -m -w 0 -x 100 -y 80',
    '-a -t 192.0.2.10:80 -r 10.0.0.18:80 -i -w 2 --tun-type gue --tun-port 6080 --tun-csum -x 7 -y 0',
    expect.stringMatching(/^ {2}-> 10\.0\.0\.17:8080 +100 +80 +0 +0 +$/),
    expect.stringMatching(/^ {2}-> 10\.0\.0\.18:80 +7 +0 +0 +0 +$/),
    '255',
    '',
  ]);
  expect(stderr).toMatch(/confirmed: the thresholds are out of order/);
}, 60_000);

test('service set changes only what is given, and takes away what it is told to', async () => {
  const { stdout, stderr } = await run(`
    $IPVSADM_C -A -t 192.0.2.10:80 -s sh -p 300 -M 255.255.255.0 -b sh-port
    $IPVSADM_NODE service set --tcp 192.0.2.10:80 --persistent 100; echo $?; $IPVSADM_C -Sn
    $IPVSADM_NODE service set --tcp 192.0.2.10:80 --no-persistent; echo $?; $IPVSADM_C -Sn
    $IPVSADM_NODE service set --tcp 192.0.2.10:80 --scheduler wlc; echo $?; $IPVSADM_C -Sn
    $IPVSADM_NODE service set --tcp 192.0.2.10:80 --scheduler nosuch; echo $?; $IPVSADM_C -Sn`);
  expect(stdout.split('\n')).toEqual([
    '0',
    '-A -t 192.0.2.10:80 -s sh -p 100 -M 255.255.255.0 -b sh-port',
    '0',
    '-A -t 192.0.2.10:80 -s sh -b sh-port',
    '0',
    '-A -t 192.0.2.10:80 -s wlc',
    '255',
    '-A -t 192.0.2.10:80 -s wlc',
    '',
  ]);
  expect(stderr).not.toBe('');
}, 60_000);

test('a deployment can run twice', async () => {
  const deployment = `
    $IPVSADM_NODE service add --tcp 192.0.2.10:80 --scheduler wrr --exist-ok || echo failed
    $IPVSADM_NODE server add --tcp 192.0.2.10:80 -r 10.0.0.17 -r 10.0.0.18 --weight 2 --exist-ok || echo failed
    $IPVSADM_NODE server delete --tcp 192.0.2.10:80 -r 10.0.0.16 -r 10.0.0.15 --missing-ok || echo failed
    $IPVSADM_NODE service delete --tcp 192.0.2.11:80 --missing-ok || echo failed
    $IPVSADM_NODE set-timeouts --tcp-fin 77 || echo failed`;
  const { stdout, stderr } = await run(`${deployment}${deployment}
    $IPVSADM_C -a -t 192.0.2.10:80 -r 10.0.0.16
    ${deployment}
    $IPVSADM_C -Sn; $IPVSADM_C -Ln --timeout`);
  expect({ stdout, stderr }).toEqual({
    stdout: `-A -t 192.0.2.10:80 -s wrr
-a -t 192.0.2.10:80 -r 10.0.0.17:80 -g -w 2
-a -t 192.0.2.10:80 -r 10.0.0.18:80 -g -w 2
Timeout (tcp tcpfin udp): 900 77 300
`,
    stderr: '',
  });
}, 100_000);

/**
 * A director, and a client that holds a connection to its service for each of `ends`. After SIGUSR1
 * the client resets each of them after so many milliseconds; IPVS removes it ten seconds later.
 */
const traffic = (ends: readonly number[]) => `
  ip netns add client
  ip link add switch type veth peer name eth0 netns client
  ip link set lo up; ip link set switch up; ip addr add 10.9.0.1/24 dev switch
  ip -n client link set eth0 up; ip -n client addr add 10.9.0.9/24 dev eth0
  $IPVSADM_C --set 900 1 300
  $IPVSADM_C -A -t 10.9.0.1:80 -s rr
  $IPVSADM_C -a -t 10.9.0.1:80 -r 10.9.0.1:80 -g -w 5
  node -e 'net.createServer((socket) => socket.on("error", () => {}).resume()).listen(80, () => console.log("up"))' >up &
  server=$!
  until [ -s up ]; do sleep 0.1; done
  nsenter --net=/run/netns/client node -e '
    const ends = ${JSON.stringify(ends)};
    let count = 0;
    for (const end of ends) {
      const socket = net.connect(80, "10.9.0.1", () => {
        if (++count === ends.length) console.log("connected");
      });
      socket.on("error", () => {});
      process.on("SIGUSR1", () => setTimeout(() => socket.resetAndDestroy(), end));
    }' >connected &
  client=$!
  until [ -s connected ]; do sleep 0.1; done
`;
const end = 'kill $server $client 2>/dev/null; wait';
const drain = '$IPVSADM_NODE server drain --tcp 10.9.0.1:80 --real-server 10.9.0.1';

test('server drain --wait waits for the connections to end, and deletes the server', async () => {
  const { stdout, stderr } = await run(`${traffic([500, 3000])}
    kill -USR1 $client
    ${drain} --wait --timeout 60 --interval 0.2 --delete; echo $?
    $IPVSADM_C -Sn
    ${end}`);
  expect(stdout).toBe(
    '10.9.0.1:80 of tcp:10.9.0.1:80 is empty and was deleted\n0\n-A -t 10.9.0.1:80 -s rr\n',
  );
  const lines = stderr.trimEnd().split('\n');
  const seen = lines.map((line) =>
    /: (\d+) active, (\d+) inactive, 0 persistent/.exec(line)!.slice(1).map(Number),
  );
  const totals = seen.map(([active, inactive]) => active! + inactive!);
  expect(totals[0]).toBe(2);
  expect(totals.at(-1)).toBe(0);
  expect([...totals].sort((a, b) => b - a)).toEqual(totals);
  expect(seen.some(([, inactive]) => inactive! > 0)).toBe(true);
  expect(new Set(lines).size).toBe(lines.length);
}, 120_000);

test('when a connection outlives --timeout, the weight stays 0', async () => {
  const { stdout, stderr } = await run(`${traffic([0])}
    ${drain} --wait --timeout 1.5 --delete; echo $?
    $IPVSADM_C -Sn
    ${end}`);
  expect(stdout).toBe('1\n-A -t 10.9.0.1:80 -s rr\n-a -t 10.9.0.1:80 -r 10.9.0.1:80 -g -w 0\n');
  expect(stderr).toBe(`10.9.0.1:80: 1 active, 0 inactive, 0 persistent connections
ipvsadm: 10.9.0.1:80 of tcp:10.9.0.1:80 is not empty after 1.5 s: it has 1 active, 0 inactive, 0 persistent connections
ipvsadm: its weight stays 0; to set it back to 5: ipvsadm server set --tcp 10.9.0.1:80 --real-server 10.9.0.1:80 --weight 5
`);
}, 120_000);

test.each([
  ['INT', 130],
  ['TERM', 143],
])(
  'SIG%s: the remaining connections are reported, the status is %d',
  async (signal, status) => {
    const { stdout, stderr } = await run(`${traffic([0])}
    timeout -s ${signal} 3 ${drain} --wait; echo $?
    $IPVSADM_C -Sn | tail -n 1
    ${end}`);
    expect(stdout).toBe(`${status}\n-a -t 10.9.0.1:80 -r 10.9.0.1:80 -g -w 0\n`);
    expect(stderr).toBe(`10.9.0.1:80: 1 active, 0 inactive, 0 persistent connections
ipvsadm: interrupted; 10.9.0.1:80 of tcp:10.9.0.1:80 has 1 active, 0 inactive, 0 persistent connections
ipvsadm: its weight stays 0; to set it back to 5: ipvsadm server set --tcp 10.9.0.1:80 --real-server 10.9.0.1:80 --weight 5
`);
  },
  120_000,
);

test('Ctrl-C in another network namespace reaches the program inside, whose status passes through', async () => {
  const { stdout, stderr } = await run(`${traffic([0])}
    setsid $IPVSADM_NODE --netns /proc/self/ns/net server drain --tcp 10.9.0.1:80 --real-server 10.9.0.1 --wait 2>errors &
    drain=$!
    until [ -s errors ]; do sleep 0.1; done
    kill -INT -$drain
    wait $drain; echo $?
    grep -c interrupted errors
    ${end}`);
  expect({ stdout, stderr }).toEqual({ stdout: '130\n1\n', stderr: '' });
}, 120_000);
