/** Arguments that are not UTF-8, with /proc and without. */
import { connectLab } from '../../lab/client';

const lab = connectLab();

async function run(script: string): Promise<string[]> {
  const { stdout } = await lab.run({ script, timeoutSeconds: 100 });
  return stdout.toString('latin1').trimEnd().split('\n');
}

test('pass through --netns', async () => {
  const lines = await run(`
    mkdir -p /run/netns
    ip netns add blue
    name=$(printf '\\377')
    echo '-A -f 7 -s rr' >"$name.rules"
    $IPVSADM_NODE --netns blue restore "$name.rules"; echo $?
    $IPVSADM_NODE --netns blue diff "$name.rules"; echo $?
    $IPVSADM_NODE --netns blue snapshot "$name"; echo $?
    test -s "$name" && echo written
    for name in "$name" "$(printf 'caf\\303\\251')"; do
      : >"/run/netns/$name"; mount --bind /proc/self/ns/net "/run/netns/$name"
      $IPVSADM_NODE --netns "$name" list --all-netns | grep current
    done`);
  expect(lines).toEqual([
    '0',
    '0',
    '0',
    'written',
    'network namespace \\xff (current):',
    // The same one under both names.
    'network namespace caf\xc3\xa9 (current):',
    'network namespace \\xff (current):',
  ]);
}, 120_000);

test('are an error without /proc, if they are not UTF-8', async () => {
  const lines = await run(`
    mount -t tmpfs none /proc
    $IPVSADM_NODE convert --to json "$(printf '\\377.json')" 2>&1; echo $?
    $IPVSADM_NODE -A -f 7 -s "$(printf '\\377')" 2>&1; echo $?
    $IPVSADM_NODE convert --to json "$(printf 'caf\\303\\251.json')" 2>&1; echo $?`);
  const refused =
    'ipvsadm: an argument is not UTF-8, which Node reads from /proc/self/cmdline: mount /proc, or name it in UTF-8';
  expect(lines).toEqual([
    refused,
    '2',
    refused,
    '2',
    'caf\xc3\xa9.json: cannot be read: No such file or directory',
    'ipvsadm: nothing was changed',
    '2',
  ]);
}, 120_000);
