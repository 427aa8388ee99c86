/** `connections` beside the C program's listing of the same table, filtered by other tools. */
import { connectLab } from '../../lab/client';

const lab = connectLab();

/** A connection table in the kernel's format, mounted as /proc for both programs. */
const table = `
  mkdir -p /tmp/proc/net
  awk 'BEGIN {
    print "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData"
    for (i = 0; i < 3000; i++) {
      state = i % 3 ? "ESTABLISHED" : "TIME_WAIT"
      printf "%s %08X %04X 0A01000%d 0050 AC1000%02X 1F90 %-11s %7d\\n", i % 7 ? "TCP" : "UDP", 167772160 + i % 50, 1024 + i, i % 4, i % 11, state, i % 900
    }
    print "TCP 2001:0db8:0000:0000:0000:0000:0000:0007 1F90 2001:0db8:0000:0000:0000:0000:0000:0010 0050 2001:0db8:0000:0000:0000:0000:0000:0017 0050 ESTABLISHED 5"
  }' >/tmp/proc/net/ip_vs_conn
  mount --bind /tmp/proc /proc
  $IPVSADM_C -Lnc >/tmp/all
`;

test.each([
  ['', 'cat'],
  ['--client 10.0.0.7', "grep ' 10\\.0\\.0\\.7:'"],
  ['--client 10.0.0.0/29', "grep -E ' 10\\.0\\.0\\.[0-7]:[0-9]+ +10\\.1'"],
  ['--server 172.16.0.3:8080', "grep ' 172\\.16\\.0\\.3:8080'"],
  ['--service 10.1.0.2 --state time_wait', "grep TIME_WAIT | grep ' 10\\.1\\.0\\.2:80 '"],
  ['--client 2001:db8::/32', "grep '2001:db8::7'"],
  ['--protocol udp', 'grep ^UDP'],
])(
  'connections %s prints what the C program does through %s',
  async (options, filter) => {
    const { stdout } = await lab.run({
      script: `${table}
      tail -n +3 /tmp/all | ${filter} >/tmp/theirs
      $IPVSADM_NODE connections ${options} | tail -n +3 >/tmp/ours
      cmp /tmp/ours /tmp/theirs && wc -l </tmp/ours && $IPVSADM_NODE connections ${options} --count`,
    });
    const [lines, count] = stdout.toString().trim().split('\n');
    expect(Number(lines)).toBeGreaterThan(0);
    expect(count).toBe(lines?.trim());
  },
  60_000,
);

test('counts are those of sort and uniq', async () => {
  const { stdout } = await lab.run({
    script: `${table}
      tail -n +3 /tmp/all | awk '{ print $6 }' | sort | uniq -c | awk '{ print $1, $2 }' | sort >/tmp/theirs
      $IPVSADM_NODE connections --summary server | tail -n +2 | awk '{ print $1, $3 }' | sort >/tmp/ours
      cmp /tmp/ours /tmp/theirs && wc -l </tmp/ours`,
  });
  expect(stdout.toString().trim()).toBe('12');
}, 60_000);

test('real connections come and go', async () => {
  const { stdout } = await lab.run({
    script: `
      ip link set lo up
      ip addr add 192.0.2.10/32 dev lo
      $IPVSADM_C -A -t 192.0.2.10:80 -s rr
      $IPVSADM_C -a -t 192.0.2.10:80 -r 127.0.0.1:8080 -m
      node -e 'net.createServer((socket) => socket.on("error", () => {}).resume()).listen(8080, () => console.log("up"))' >up &
      server=$!
      until [ -s up ]; do sleep 0.1; done
      $IPVSADM_NODE connections --follow --interval 0.2 --service 192.0.2.10:80 >followed & follower=$!
      sleep 2
      node -e 'const socket = net.connect(80, "192.0.2.10", () => setTimeout(() => process.exit(), 1000))'
      sleep 2
      kill -INT $follower; wait $follower; echo $?
      kill $server
      $IPVSADM_NODE connections --client 192.0.2.10 --summary service
      cat followed`,
    timeoutSeconds: 60,
  });
  expect(stdout.toString()).toMatch(
    /^130\nCONNECTIONS {2}SHARE {2}SERVICE\n +1 100\.0% {2}tcp:192\.0\.2\.10:80\n\+ TCP [0-9:]+ +\w+ +192\.0\.2\.10:[0-9]+ +192\.0\.2\.10:80 +127\.0\.0\.1:8080\n/,
  );
}, 90_000);
