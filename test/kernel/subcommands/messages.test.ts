/** What subcommands say about refusals of a real kernel, beside what the genuine program does. */
import { connectLab } from '../../lab/client';

const lab = connectLab();

async function run(script: string): Promise<string[]> {
  const { stdout } = await lab.run({ script: `exec 2>&1\n${script}`, timeoutSeconds: 100 });
  return stdout.toString().trimEnd().split('\n');
}

test('the kernel knows a real server by its address and port, and the explanation says so', async () => {
  const lines = await run(`
    $IPVSADM_C -A -t 192.0.2.10:80 -s rr
    $IPVSADM_C -a -t 192.0.2.10:80 -r 10.0.0.1:8080 -m; echo $?
    $IPVSADM_C -a -t 192.0.2.10:80 -r 10.0.0.1:8081 -m; echo $?
    $IPVSADM_C -a -t 192.0.2.10:80 -r 10.0.0.1:7070 -g; echo $?
    $IPVSADM_C -a -t 192.0.2.10:80 -r 10.0.0.1:7070 -i; echo $?
    $IPVSADM_C -A -f 7 -s rr
    $IPVSADM_C -a -f 7 -r 10.0.0.1:8080 -g; echo $?
    $IPVSADM_C -a -f 7 -r 10.0.0.1:8081 -g; echo $?
    for server in '-t 192.0.2.10:80 -r 10.0.0.1:8080 -m' '-t 192.0.2.10:80 -r 10.0.0.1:7070 -i' '-f 7 -r 10.0.0.1:8080 -g'; do
      $IPVSADM_NODE --explain -a $server
    done`);
  const same =
    'the service already has a real server with that address and port, whatever its forwarding method';
  const port = '; without masquerading, its port is that of the service (80), whatever port is given';
  expect(lines.slice(0, 7)).toEqual(['0', '0', '0', 'Destination already exists', '255', '0', '0']);
  expect(lines.filter((line) => line.includes('confirmed'))).toEqual([
    `  confirmed: ${same}`,
    `  confirmed: ${same}${port}`,
    `  confirmed: ${same}`,
  ]);
}, 60_000);

test('a port of its own without masquerading is refused, and the table stays as it was', async () => {
  expect(
    await run(`
    $IPVSADM_C -A -t 192.0.2.10:80 -s rr
    $IPVSADM_NODE server add -t 192.0.2.10:80 -r 10.0.0.1:8080 2>&1 | head -n 1
    $IPVSADM_NODE server add -f 7 -r 10.0.0.1:8080 2>&1 | head -n 1
    $IPVSADM_NODE daemon start master 2>&1 | head -n 1
    $IPVSADM_NODE server add -t 192.0.2.10:80 -r 10.0.0.1:8080 -m -w 7 -x 9; echo $?
    $IPVSADM_NODE server edit -t 192.0.2.10:80 -r 10.0.0.1:8080 -m -w 7; echo $?
    $IPVSADM_NODE server delete -t 192.0.2.10:80 -r 10.0.0.1 2>&1 | head -n 1
    $IPVSADM_C -Sn; $IPVSADM_NODE save`),
  ).toEqual([
    'ipvsadm: --real-server 10.0.0.1:8080: only masquerading changes the port, here from 80 to 8080: give --masquerading, or leave the port out',
    'Service not defined: the table has no service fwmark:7; it has tcp:192.0.2.10:80',
    expect.stringMatching(
      /^No such device: there is no interface 'eth0' \(the default\): give --mcast-interface one of .*\blo\b/,
    ),
    '0',
    'ipvsadm: not given, and therefore reset to the default: --u-threshold 9; server set changes only what is given',
    '0',
    'No such destination: tcp:192.0.2.10:80 has no real server 10.0.0.1:80; it has 10.0.0.1:8080',
    '-A -t 192.0.2.10:80 -s rr',
    '-a -t 192.0.2.10:80 -r 10.0.0.1:8080 -m -w 7',
    '-A -t 192.0.2.10:80 -s rr',
    '-a -t 192.0.2.10:80 -r 10.0.0.1:8080 -m -w 7',
  ]);
}, 60_000);

test('the statuses are those of docs/exit-status.md, with --quiet and without', async () => {
  const service = '-t 192.0.2.10:80';
  const other = '-t 192.0.2.11:80';
  const cases: readonly (readonly [line: string, status: number])[] = [
    [`service add ${service} -s sh`, 255],
    [`service add ${service} -s sh --exist-ok`, 0],
    [`service add ${other} -s nosuch`, 255],
    [`service set ${other} -s rr`, 255],
    [`service delete ${other} --missing-ok`, 0],
    [`server add ${other} -r 10.0.0.1`, 255],
    [`server drain ${service} -r 10.0.0.1`, 255],
    [`server drain ${service} -r 10.0.0.1 --missing-ok`, 0],
    ['apply gone', 2],
    ['server ready web/web01', 2],
    ['restore --check rules', 0],
    ['diff rules', 1],
    ['apply rules', 0],
    ['diff rules', 0],
  ];
  const lists: readonly (readonly [line: string, status: number])[] = [
    [`list ${other}`, 1],
    ['service show 192.0.2.11:80', 1],
    ['what-if tcp:192.0.2.11:80 --client 192.0.2.7', 255],
    ['history show 99', 2],
    ['save rules.json', 2],
    ['save /nowhere/rules', 1],
  ];
  const lines = await run(`
    $IPVSADM_C -A ${service} -s sh
    printf '%s\\n' '-A ${service} -s rr' >rules
    ${lists.map(([line]) => `$IPVSADM_NODE ${line} >out 2>&1; echo $?`).join('\n')}
    ${cases.map(([line]) => `$IPVSADM_NODE ${line} -q >out 2>err; echo $?; cat out`).join('\n')}
    $IPVSADM_C -C; $IPVSADM_C -A ${service} -s sh
    ${cases.map(([line]) => `$IPVSADM_NODE ${line} >out 2>&1; echo $?`).join('\n')}`);
  const statuses = cases.map(([, status]) => `${status}`);
  expect(lines).toEqual([...lists.map(([, status]) => `${status}`), ...statuses, ...statuses]);
}, 100_000);
