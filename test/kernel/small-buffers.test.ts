/**
 * Restores with small socket buffers (net.core.wmem_max and the like), which all jobs of a guest
 * share: they are reset at once. A machine of its own keeps its buffers (test/lab: host), and the
 * restores are compared with usual ones.
 */
import { connectLab } from '../lab/client';

const lab = connectLab();

test.each([
  ['a small send buffer', 'wmem', 16384],
  ['the smallest receive buffer', 'rmem', 2304],
])(
  'with %s, -R loads and refuses what the C program does',
  async (_name, name, bytes) => {
    const { stdout, stderr } = await lab.run({
      timeoutSeconds: 100,
      script: `
awk 'BEGIN { print "-A -t 192.0.2.1:80 -s rr"
  for (i = 0; i < 2000; i++) print "-a -t 192.0.2.1:80 -r 10.1." int(i / 250) "." i % 250 + 1 ":80 -m -w 1" }' >rules
cat rules rules >twice
mkdir proc && mount -t proc proc proc
buffers() { # of sockets opened from now on
  [ -e /lab/first-netns ] || return 0
  nsenter --net=/lab/first-netns sh -c "cd proc/sys/net/core && echo $1 >${name}_default && echo $2 >${name}_max"
}
former=$(cat proc/sys/net/core/${name}_default proc/sys/net/core/${name}_max)
buffers ${bytes} ${bytes}
for program in "$IPVSADM_C" "$IPVSADM_OURS"; do
  "$program" -C; "$program" -R <twice 2>errors; echo $?; sort errors | uniq -c; "$program" -Sn | sort | cksum
done
buffers $former`,
    });
    const theirs = stdout.toString().split('\n').slice(0, 4);
    expect(theirs[1]).toMatch(/^ *2000 Destination already exists$/);
    expect({ stdout: stdout.toString(), stderr: stderr.toString() }).toEqual({
      stdout: `${theirs.join('\n')}\n`.repeat(2),
      stderr: '',
    });
  },
  120_000,
);
