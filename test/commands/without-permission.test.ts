/** Users without CAP_NET_ADMIN: what everyone may read, marked as partial; otherwise the refusal. */
import { unicodeFromBytes } from '../../src/bytes/unicode';
import { runSubcommand } from '../../src/commands';
import { errno } from '../../src/errors/errno';
import { NetlinkError } from '../../src/netlink/errors';
import { main } from '../../src/program/classic';
import { FakeKernel } from '../helpers/fake-kernel';
import { runIn } from '../helpers/test-system';

const table = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
TCP  C000020A:0050 wrr persistent 36000 FFFFFFFF
  -> 0A000012:0050      Tunnel  0      2          7         
  -> 0A000011:1F90      Masq    3      0          0         
UDP  C000020A:0035 rr 
`;
const note =
  'ipvsadm: without CAP_NET_ADMIN the listing is partial: /proc/net/ip_vs lacks counters, rates, thresholds, ' +
  'persistent connections, persistence timeouts and engines, scheduler flags, tunnel data\n';
const user = { '/proc/self/status': 'CapEff:\t0000000000000000\n', '/proc/net/ip_vs': table };

async function run(line: string, files: Readonly<Record<string, string | undefined>> = user) {
  const openTransport = () => {
    throw new NetlinkError(errno.EPERM);
  };
  const args = line.split(' ').filter((word) => word !== '');
  const program = /^(-|$)/.test(line) ? main : runSubcommand;
  const loadModule = () => {};
  const outcome = await runIn({ args, files, loadModule, openTransport }, program);
  return { ...outcome, stdout: unicodeFromBytes(outcome.stdout) };
}

test('list', async () => {
  expect(await run('list')).toEqual({
    stdout: `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
TCP  192.0.2.10:80 wrr persistent ?
  -> 10.0.0.17:8080               Masq    3      0          0         
  -> 10.0.0.18:80                 Tunnel  0      2          7         
UDP  192.0.2.10:53 rr
`,
    stderr: note,
    status: 0,
  });
});

test('list --pretty, with a filter', async () => {
  const { stdout, stderr, status } = await run('list --pretty --state draining');
  expect({ stderr, status }).toEqual({ stderr: note, status: 0 });
  expect(stdout).toBe(`TCP 192.0.2.10:80  scheduler wrr  persistent ? s
┌──────────────┬───────────┬────────┬───────┬────────┬──────────┬──────────┐
│ Real server  │ Method    │ Weight │ Share │ Active │ Inactive │ State    │
├──────────────┼───────────┼────────┼───────┼────────┼──────────┼──────────┤
│ 10.0.0.18:80 │ tunneling │      0 │    0% │      2 │        7 │ draining │
└──────────────┴───────────┴────────┴───────┴────────┴──────────┴──────────┘
`);
});

test('list --json leaves out what is not known, and is no state document that could be loaded', async () => {
  const { stdout, stderr, status } = await run('list --json --tcp 192.0.2.10:80');
  expect({ stderr, status }).toEqual({ stderr: note, status: 0 });
  const document = JSON.parse(stdout) as { partial: boolean; services: { servers: object[] }[] };
  expect(document.partial).toBe(true);
  expect(document.services[0]!.servers[0]).toEqual({
    family: 'ipv4',
    address: '10.0.0.17',
    port: 8080,
    forwarding: 'masquerading',
    weight: 3,
    connections: { active: 0, inactive: 0 },
  });
  const loaded = await runIn(
    {
      args: ['apply', '--dry-run', 'table.json'],
      files: { ...user, 'table.json': stdout },
      openTransport: () => new FakeKernel().open(),
    },
    runSubcommand,
  );
  expect(loaded.status).not.toBe(0);
  expect(loaded.stderr).toContain("'partial'");
});

test('service show and server list', async () => {
  const shown = await run('service show 192.0.2.10:80');
  expect(shown).toMatchObject({ stderr: note, status: 0 });
  expect(shown.stdout).toMatch(/since the last reset {2}unknown\n {2}a second {14}unknown\n/);
  expect(await run('server list')).toEqual({
    stdout: `Service            Real server     Method        Weight  Share  Active  Inactive  State
TCP 192.0.2.10:80  10.0.0.17:8080  masquerading       3   100%       0         0  -
TCP 192.0.2.10:80  10.0.0.18:80    tunneling          0     0%       2         7  draining
`,
    stderr: note,
    status: 0,
  });
});

test('a service that is not there', async () => {
  expect(await run('list --tcp 192.0.2.11:80')).toEqual({
    stdout: expect.any(String),
    stderr: `${note}ipvsadm: the table has no service tcp:192.0.2.11:80; it has: tcp:192.0.2.10:80, udp:192.0.2.10:53\n`,
    status: 1,
  });
});

test.each([
  'list --stats',
  'list --rate --pretty',
  'list --sort rate',
  'list --state overloaded',
  'server list --rate',
  'save',
  '-ln',
  '-L',
  '',
])("'%s' needs what the file lacks: the kernel's refusal is the answer", async (line) => {
  const { stdout, stderr, status } = await run(line);
  expect({ stdout, status }).toEqual({ stdout: '', status: 2 });
  expect(stderr).toMatch(/^Can't initialize ipvs: Permission denied/);
});

test('a kernel without IPVS, and a refusal in spite of the capability', async () => {
  const none = await run('list', { ...user, '/proc/net/ip_vs': undefined });
  expect(none).toMatchObject({ stdout: '', status: 2 });
  const capable = { '/proc/self/status': 'CapEff:\t000001ffffffffff\n', '/proc/net/ip_vs': table };
  expect(await run('list', capable)).toMatchObject({ stderr: note, status: 0 });
});
