/** `list --all-netns` with fake namespaces, in which a function stands for this program. */
import { runSubcommand } from '../../../src/commands';
import { main } from '../../../src/program/classic';
import { schemaProblems } from '../../../src/state/document/schema';
import { FakeKernel } from '../../helpers/fake-kernel';
import { runIn, type TestWorld } from '../../helpers/test-system';

const blue = '{"format":"ipvsadm-state","version":1,"services":[]}\n';

async function list(flags: string, world: Partial<TestWorld> = {}) {
  const kernel = new FakeKernel();
  const openTransport = () => kernel.open();
  await runIn({ args: ['-A', '-f', '7', '-s', 'rr'], openTransport }, main);
  const runs: unknown[] = [];
  const outcome = await runIn(
    {
      args: ['list', '--all-netns', ...flags.split(' ').filter((word) => word !== '')],
      openTransport,
      directories: { '/run/netns': ['red', 'blue'] },
      identities: { '/proc/self/ns/net': '4:1', '/run/netns/blue': '4:2', '/run/netns/red': '4:3' },
      runInNamespace(path, args, capture) {
        runs.push([path, args.join(' '), capture]);
        if (path.endsWith('red')) return { errno: 1 };
        return { status: 0, stdout: capture ? blue : '', stderr: '' };
      },
      ...world,
    },
    runSubcommand,
  );
  return { ...outcome, runs };
}

test('the current namespace first, then the named ones; one that cannot be entered does not stop the others', async () => {
  const { stdout, ...rest } = await list('-n');
  expect(stdout.replace(/size=\d+/, 'size=N')).toBe(`current network namespace:
IP Virtual Server version 1.2.1 (size=N)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
FWM  7 rr

network namespace blue:

network namespace red:
`);
  expect(rest).toEqual({
    stderr: 'ipvsadm: network namespace red: cannot be entered: Operation not permitted\n',
    status: 1,
    runs: [
      ['/run/netns/blue', 'list -n', false],
      ['/run/netns/red', 'list -n', false],
    ],
  });
});

test('a current namespace that has a name is listed once', async () => {
  const { stdout, runs } = await list('--pretty', {
    directories: { '/run/netns': ['blue'] },
    identities: { '/proc/self/ns/net': '4:2', '/run/netns/blue': '4:2' },
  });
  expect(stdout).toBe('network namespace blue (current):\nFWM 7  scheduler rr\n  no real servers\n');
  expect(runs).toEqual([]);
});

test('as JSON: one document with a state, or an error, for each', async () => {
  const { stdout, stderr, status, runs } = await list('--json');
  expect({ stderr, status, runs: runs.length }).toEqual({
    stderr: 'ipvsadm: network namespace red: cannot be entered: Operation not permitted\n',
    status: 1,
    runs: 2,
  });
  const { namespaces, ...head } = JSON.parse(stdout);
  expect(head).toEqual({ format: 'ipvsadm-namespaces', version: 1 });
  expect(namespaces).toEqual([
    {
      netns: null,
      current: true,
      state: expect.objectContaining({ services: [expect.objectContaining({ fwmark: 7 })] }),
    },
    { netns: 'blue', current: false, state: JSON.parse(blue) },
    { netns: 'red', current: false, error: 'cannot be entered: Operation not permitted' },
  ]);
  expect(namespaces.slice(0, 2).flatMap(({ state }: { state: unknown }) => schemaProblems(state))).toEqual(
    [],
  );
});

test('the highest status is that of the command, also when the listing fails in the current namespace', async () => {
  const { stdout, stderr, status } = await list('--json --tcp 192.0.2.1:80', {
    runInNamespace: () => ({
      status: 2,
      stdout: '',
      stderr: 'no ip_vs there\nipvsadm: connect was refused with EPERM (1). Causes:\n  confirmed: x\n',
    }),
  });
  expect({ stderr: stderr.split('\n'), status }).toEqual({
    stderr: [
      'ipvsadm: current network namespace: No such service: the table has no service tcp:192.0.2.1:80; it has fwmark:7',
      'ipvsadm: network namespace blue: no ip_vs there',
      'ipvsadm: network namespace red: no ip_vs there',
      '',
    ],
    status: 2,
  });
  const errors = JSON.parse(stdout).namespaces.map(({ error }: { error: string }) => error);
  expect(errors).toEqual([
    'No such service: the table has no service tcp:192.0.2.1:80; it has fwmark:7',
    'no ip_vs there',
    'no ip_vs there',
  ]);
});
