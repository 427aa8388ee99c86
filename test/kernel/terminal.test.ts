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
