/** `top` on a real terminal with a real table: what it shows, and that it gives the terminal back. */
import { connectLab } from '../../lab/client';

const lab = connectLab();
// xterm: the other screen, without a cursor and without wrapping; and back.
const ENTER = '\x1b[?1049h\x1b[?25l\x1b[?7l';
const LEAVE = '\x1b[?7h\x1b[?25h\x1b[?1049l';

/** Runs `top` on a pseudo-terminal of 24 rows and 100 columns, with what `types` prints as keys. */
async function onTerminal(types: string, more = '') {
  const { stdout } = await lab.run({
    script: `mkdir -p /dev/pts
mount -t devpts devpts /dev/pts -o newinstance,ptmxmode=0666
mount --bind /dev/pts/ptmx /dev/ptmx
ip link set lo up
"$IPVSADM_C" -A -t 127.0.0.9:80 -s wrr
"$IPVSADM_C" -a -t 127.0.0.9:80 -r 127.0.0.1:8080 -m -w 3
"$IPVSADM_C" -a -t 127.0.0.9:80 -r 127.0.0.2:8080 -m -w 1
cat >run.sh <<'END'
stty rows 24 cols 100
stty -g >before
${more}
"$IPVSADM_NODE" top
echo "status $?"
stty -g >after
END
shown() { tries=0; until grep -q "$1" seen || [ $tries -gt 300 ]; do tries=$((tries + 1)); sleep 0.1; done; }
: >seen
{ ${types}; } | script -qfec 'sh run.sh' seen >/dev/null
cat seen; cmp before after && echo "the terminal is as before"`,
    timeoutSeconds: 100,
  });
  return stdout.toString();
}

test('q ends it, and the terminal is as before', async () => {
  const seen = await onTerminal("shown 127.0.0.2:8080; printf '?'; shown 'WHAT IT DOES'; printf q; sleep 1");
  const [before, shown = '', after] = seen.split(/.\[\?1049[hl]/);
  expect([before!.includes('SERVICE'), after!.includes('SERVICE')]).toEqual([false, false]);
  expect(shown).toMatch(/TCP 127\.0\.0\.9:80 wrr/);
  expect(shown).toMatch(/ {2}127\.0\.0\.1:8080 +3 +75 %/);
  expect(shown).toContain('WHAT IT DOES');
  // Each frame is one screen: it begins at its first row, and clears what was below.
  const frames = shown.split('\x1b[H').slice(1);
  expect(frames.length).toBeGreaterThanOrEqual(2);
  for (const frame of frames) expect(frame.split('\r\n')).toHaveLength(24);
  expect(seen).toContain(ENTER);
  expect(seen.indexOf(LEAVE)).toBeGreaterThan(seen.indexOf(ENTER));
  expect(seen).toContain('status 0');
  expect(seen).toContain('the terminal is as before');
}, 120_000);

test.each([
  ['TERM', 143],
  ['HUP', 129],
  ['INT', 130],
])(
  'SIG%s ends it with status %d, and the terminal is as before',
  async (signal, status) => {
    const killer = `(tries=0; until grep -q 127.0.0.2:8080 seen || [ $tries -gt 300 ]; do tries=$((tries + 1)); sleep 0.1; done
  for p in /proc/[0-9]*; do tr '\\0' ' ' <$p/cmdline | grep -q 'node.* top' && kill -${signal} \${p#/proc/}; done) &`;
    const seen = await onTerminal('sleep 8', killer);
    expect(seen).toContain(LEAVE);
    expect(seen).toContain(`status ${status}`);
    expect(seen).toContain('the terminal is as before');
  },
  120_000,
);

test('--once in a script, with what the kernel counts', async () => {
  const { stdout, stderr, status } = await lab.run({
    script: `"$IPVSADM_C" -A -t 127.0.0.9:80 -s wrr; "$IPVSADM_C" -a -t 127.0.0.9:80 -r 127.0.0.1:8080 -m -w 3
"$IPVSADM_NODE" top --once | tail -n 2; "$IPVSADM_NODE" top </dev/null`,
  });
  expect({ stdout: stdout.toString(), stderr: stderr.toString(), status }).toEqual({
    stdout: expect.stringMatching(
      /^TCP 127\.0\.0\.9:80 wrr +0 +0 .*\n {2}127\.0\.0\.1:8080 +3 +100 % +0 .*\n$/,
    ),
    stderr: 'ipvsadm: top: standard input and output must be a terminal: give --once\n',
    status: 2,
  });
}, 60_000);
