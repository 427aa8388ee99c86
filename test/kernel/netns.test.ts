/** --netns shows the same table as from inside the namespace, by name, process and path. */
import { connectLab } from '../lab/client';

const lab = connectLab();

async function run(script: string): Promise<string[]> {
  const { stdout } = await lab.run({ script });
  return stdout.toString().trimEnd().split('\n');
}

test('a namespace by name, by process and by path, in classic syntax and with a subcommand', async () => {
  const lines = await run(`
    mkdir -p /run/netns
    ip netns add blue && ip -n blue link set lo up
    $IPVSADM_OURS --netns blue -A -f 7 -s rr
    $IPVSADM_OURS -A -f 8 -s rr
    ip netns exec blue sleep 60 & process=$!
    while [ "$(readlink /proc/$process/ns/net)" = "$(readlink /proc/self/ns/net)" ]; do :; done
    ip netns exec blue $IPVSADM_C -Sn
    $IPVSADM_OURS --netns=blue -Sn
    $IPVSADM_OURS --netns $process -Sn
    $IPVSADM_OURS --netns /run/netns/blue -Sn
    $IPVSADM_OURS -Sn
    kill $process`);
  const blue = '-A -f 7 -s rr';
  expect(lines).toEqual([blue, blue, blue, blue, '-A -f 8 -s rr']);
}, 60_000);

test('standard input and the exit status pass through', async () => {
  const lines = await run(`
    mkdir -p /run/netns
    ip netns add blue
    echo '-A -f 7 -s rr' | $IPVSADM_OURS --netns blue -R; echo $?
    $IPVSADM_OURS --netns blue -D -f 9 2>&1; echo $?
    $IPVSADM_OURS --netns blue -Sn`);
  expect(lines).toEqual(['0', 'No such service', '255', '-A -f 7 -s rr']);
}, 60_000);

test('a namespace that does not exist', async () => {
  const lines = await run(`
    mkdir -p /run/netns
    ip netns add blue; ip netns add green
    $IPVSADM_OURS --netns red -Ln 2>&1; echo $?
    $IPVSADM_OURS --netns /nowhere/red -Ln 2>&1; echo $?`);
  expect(lines).toEqual([
    "ipvsadm: no network namespace 'red' in /run/netns: there are blue, green",
    '2',
    'ipvsadm: cannot enter the network namespace /nowhere/red: No such file or directory',
    '2',
  ]);
}, 60_000);

test('a file that is no network namespace', async () => {
  const lines = await run(`
    mkfifo pipe
    : >file
    for path in "$PWD/pipe" "$PWD/file" /proc/self/ns/uts; do
      timeout 20 $IPVSADM_OURS --netns "$path" -Ln 2>&1 | sed "s|$PWD|.|"
      timeout 20 $IPVSADM_OURS --netns "$path" -C 2>/dev/null; echo $?
    done`);
  const says = (path: string) => [
    `ipvsadm: cannot enter the network namespace ${path}: it is not a network namespace: --netns takes NAME|PID|PATH, such as /proc/1/ns/net`,
    '2',
  ];
  expect(lines).toEqual([...says('./pipe'), ...says('./file'), ...says('/proc/self/ns/uts')]);
}, 60_000);

test('list --all-netns: every table, as text and as JSON; a file that is not a namespace is reported', async () => {
  const { stdout, stderr } = await lab.run({
    script: `
    mkdir -p /run/netns
    ip netns add blue; ip netns add green
    $IPVSADM_NODE -A -f 1 -s rr; $IPVSADM_NODE --netns blue -A -f 2 -s rr; $IPVSADM_NODE --netns green -A -f 3 -s rr
    $IPVSADM_NODE list --all-netns --pretty; echo $?
    ip netns exec green $IPVSADM_NODE list --all-netns --json >all.json; echo $?
    node -e '
      const { namespaces } = JSON.parse(fs.readFileSync("all.json"));
      for (const { netns, current, state } of namespaces) console.log(netns, current, state.services[0].fwmark);'
    : >/run/netns/broken
    $IPVSADM_NODE list --all-netns --pretty >/dev/null; echo $?`,
  });
  expect(stdout.toString()).toBe(`current network namespace:
FWM 1  scheduler rr
  no real servers

network namespace blue:
FWM 2  scheduler rr
  no real servers

network namespace green:
FWM 3  scheduler rr
  no real servers
0
0
blue false 2
green true 3
1
`);
  expect(stderr.toString()).toBe(
    'ipvsadm: network namespace broken: cannot be entered: it is not a network namespace\n',
  );
}, 60_000);
