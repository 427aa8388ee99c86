/** Output that appears on a real terminal only; script(1) provides one. */
import { connectLab } from '../lab/client';

const lab = connectLab();

/** Mounts devpts: jobs have no pseudo-terminals. */
const terminals = `
mkdir -p /dev/pts
mount -t devpts devpts /dev/pts -o newinstance,ptmxmode=0666
mount --bind /dev/pts/ptmx /dev/ptmx
`;

async function onTerminal(setUp: string, command: string): Promise<string> {
  const script = `${terminals}${setUp}\nscript -qec '${command}' /dev/null </dev/null`;
  const { stdout } = await lab.run({ script, timeoutSeconds: 60 });
  return stdout.toString();
}

test.each(['$IPVSADM_OURS --progress -R', '$IPVSADM_NODE restore'])(
  '%s shows how far it has come',
  async (command) => {
    const rules = 'yes ipvsadm -Z | head -n 1500 >rules';
    const shown = await onTerminal(rules, `{ cat rules; sleep 4; cat rules; } | ${command}`);
    expect(shown).toMatch(/\r\d+ lines, \d+ a second, 0 refused *\r\r +\r$/);
  },
  90_000,
);

test('-R alone shows nothing', async () => {
  expect(await onTerminal('', '{ echo -C; sleep 1.5; echo -C; } | $IPVSADM_OURS -R')).toBe('');
}, 90_000);

test('list --pretty uses the width of the terminal, and colours', async () => {
  const table = '$IPVSADM_C -A -f 7 -s rr; $IPVSADM_C -a -f 7 -r 10.0.0.1 -w 0';
  const shown = await onTerminal(table, 'stty cols 40; $IPVSADM_NODE list --pretty --numeric');
  expect(shown).toContain('too narrow for: Method, Weight, Share, Inactive');
  expect(shown).toContain('\x1b[2m10.0.0.1:0\x1b[22m');
}, 90_000);

test('list prints the table for people on a terminal, and classic syntax does not', async () => {
  const table = '$IPVSADM_C -A -f 7 -s rr';
  expect(await onTerminal(table, '$IPVSADM_NODE list')).toContain('FWM 7\x1b[22m  scheduler rr\r\n');
  for (const line of ['list --no-pretty', '', '-L', '-ln']) {
    const shown = await onTerminal(table, `$IPVSADM_NODE ${line}; $IPVSADM_C -ln`);
    const [ours, theirs] = shown.split(/(?<=\n)(?=IP Virtual)/);
    expect(ours).toBe(theirs);
    expect(theirs).toContain('FWM  7 rr\r\n');
  }
}, 180_000);

/** What list --watch writes until `end`, while the weight of its real server changes. */
async function watched(end: string): Promise<string> {
  const script = `${terminals}
$IPVSADM_C -A -f 7 -s rr; $IPVSADM_C -a -f 7 -r 10.0.0.1 -w 1
cat >watch <<'END'
stty cols 80 rows 24
stty -g >before
sh -c 'echo $$ >pid; exec $IPVSADM_NODE list --watch 0.2'
echo status $?
stty -g | cmp - before && echo as before
END
{
  sleep 6; $IPVSADM_C -e -f 7 -r 10.0.0.1 -w 5; sleep 3
  ${end}
  sleep 3
} | script -qec 'sh watch' /dev/null`;
  const { stdout } = await lab.run({ script, timeoutSeconds: 60 });
  return stdout.toString();
}

test.each([
  ['Ctrl-C', "printf '\\003'", 130],
  ['SIGTERM', 'kill -TERM $(cat pid)', 143],
])(
  'list --watch marks what has changed, and leaves the terminal as it was after %s',
  async (_end, end, status) => {
    const [before = '', during = '', after = '', ...rest] = (await watched(end))
      .replace('\x1b[?1049l', '\x1b[?1049h')
      .split('\x1b[?1049h');
    expect({ before, after, rest }).toEqual({
      before: '',
      after: expect.stringMatching(`^status ${status}\r\nas before\r\n$`),
      rest: [],
    });
    expect(during).toContain('\x1b[7m5\x1b[27m');
    const frames = during.replace('^C', '').split('\x1b[?7l\x1b[H').slice(1);
    expect(frames.length).toBeGreaterThan(5);
    for (const frame of frames)
      expect(frame.slice(0, 11) + frame.slice(-8)).toBe('every 0.2 s\x1b[J\x1b[?7h');
  },
  90_000,
);
