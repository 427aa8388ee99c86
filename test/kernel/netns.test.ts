/** --netns: the same table as from inside the namespace, by name, process and path. */
import { connectLab } from '../lab/client';

const lab = connectLab();

async function run(script: string): Promise<string[]> {
  const { stdout } = await lab.run({ script });
  return stdout.toString().trimEnd().split('\n');
}

test('a namespace by name, by process and by path, in both spellings', async () => {
  const lines = await run(`
    mkdir -p /run/netns
    ip netns add blue && ip -n blue link set lo up
    $IPVSADM_NODE --netns blue -A -f 7 -s rr
    $IPVSADM_NODE -A -f 8 -s rr
    ip netns exec blue sleep 60 & process=$!
    while [ "$(readlink /proc/$process/ns/net)" = "$(readlink /proc/self/ns/net)" ]; do :; done
    ip netns exec blue $IPVSADM_C -Sn
    $IPVSADM_NODE --netns=blue -Sn
    $IPVSADM_NODE --netns $process -Sn
    $IPVSADM_NODE --netns /run/netns/blue -Sn
    $IPVSADM_NODE -Sn
    kill $process`);
  const blue = '-A -f 7 -s rr';
  expect(lines).toEqual([blue, blue, blue, blue, '-A -f 8 -s rr']);
}, 60_000);

test('standard input and the exit status pass through', async () => {
  const lines = await run(`
    mkdir -p /run/netns
    ip netns add blue
    echo '-A -f 7 -s rr' | $IPVSADM_NODE --netns blue -R; echo $?
    $IPVSADM_NODE --netns blue -D -f 9 2>&1; echo $?
    $IPVSADM_NODE --netns blue -Sn`);
  expect(lines).toEqual(['0', 'No such service', '255', '-A -f 7 -s rr']);
}, 60_000);

test('a namespace that there is not', async () => {
  const lines = await run(`
    mkdir -p /run/netns
    ip netns add blue; ip netns add green
    $IPVSADM_NODE --netns red -Ln 2>&1; echo $?
    $IPVSADM_NODE --netns /nowhere/red -Ln 2>&1; echo $?`);
  expect(lines).toEqual([
    "ipvsadm: there is no network namespace 'red' in /run/netns: there are blue, green",
    '2',
    'ipvsadm: the network namespace /nowhere/red cannot be entered: No such file or directory',
    '2',
  ]);
}, 60_000);
