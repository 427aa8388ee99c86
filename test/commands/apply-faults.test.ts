/** apply and restore FILE when the conversation with the kernel fails, or signals arrive. */
import { runSubcommand } from '../../src/commands';
import { errno } from '../../src/errors/errno';
import { TransportError } from '../../src/netlink/errors';
import type { Transport } from '../../src/netlink/transport';
import type { Interruption } from '../../src/platform/interactive-system';
import { main } from '../../src/program/classic';
import { FakeKernel } from '../helpers/fake-kernel';
import { runIn, type TestWorld } from '../helpers/test-system';

const former =
  '-A -t 192.0.2.10:80 -s rr -p 300\n-a -t 192.0.2.10:80 -r 10.0.0.17:80 -m -w 3\n' +
  '-a -t 192.0.2.10:80 -r 10.0.0.18:80 -m -w 1\n-A -f 7 -s wrr\n-a -f 7 -r 10.0.0.9 -g -w 2\n';
const wanted =
  '-A -t 192.0.2.10:80 -s wlc\n-a -t 192.0.2.10:80 -r 10.0.0.18:80 -m -w 5\n' +
  '-a -t 192.0.2.10:80 -r 10.0.0.19:80 -m -w 1\n-A -f 8 -s wrr\n-a -f 8 -r 10.0.0.9 -g -w 2\n--set 100 50 20\n';

/** A kernel that holds `former`, and subcommands for it over a transport that `alter` changes. */
async function table() {
  const kernel = new FakeKernel();
  const openTransport = () => kernel.open();
  await runIn({ args: ['-R'], stdin: former, openTransport }, main);
  const saved = async () => {
    const { stdout } = await runIn({ args: ['snapshot', '--to', 'rules'], openTransport }, runSubcommand);
    return stdout.split('\n').sort().join('\n');
  };
  const run = (
    line: string,
    alter: (transport: Transport) => Transport = (same) => same,
    world: Partial<TestWorld> = {},
  ) =>
    runIn(
      {
        args: line.split(' '),
        openTransport: () => alter(kernel.open()),
        files: { wanted },
        loadModule() {},
        ...world,
      },
      runSubcommand,
    );
  return { kernel, run, saved };
}

type Fault = 'ENOBUFS' | 'ENOMEM' | 'EINTR' | 'EPERM' | 'truncated';
const faults: readonly Fault[] = ['ENOBUFS', 'ENOMEM', 'EINTR', 'EPERM', 'truncated'];

/** A transport whose calls `from` up to `to` (of send and receive together) have a fault. */
function faulty(
  transport: Transport,
  fault: Fault,
  calls: { count: number; from: number; to: number },
): Transport {
  const due = () => {
    calls.count += 1;
    return calls.count > calls.from && calls.count <= calls.to;
  };
  const fail = () => {
    throw new TransportError('injected', fault === 'truncated' ? errno.ENOBUFS : errno[fault]);
  };
  return {
    send(datagram) {
      if (due() && fault !== 'truncated') fail();
      transport.send(datagram);
    },
    receive() {
      const faultyNow = due();
      if (faultyNow && fault !== 'truncated') fail();
      const datagram = transport.receive();
      return faultyNow ? datagram.subarray(0, datagram.length - 4) : datagram;
    },
    close: () => transport.close(),
  };
}

/** The tables before and after an apply that succeeds, and how many calls of a transport it takes. */
async function usual() {
  const { run, saved } = await table();
  const before = await saved();
  const calls = { count: 0, from: 0, to: 0 };
  const { stdout } = await run('apply wanted', (transport) => faulty(transport, 'EPERM', calls));
  return { before, after: await saved(), stdout, calls: calls.count };
}

describe.each(faults)('%s at any send or receive of apply', (fault) => {
  test('once: it is finished or undone, and the message is true', async () => {
    const { before, after, stdout, calls } = await usual();
    const ends = { finished: 0, undone: 0, refused: 0 };
    for (let from = 0; from < calls; from++) {
      const { run, saved } = await table();
      const state = { count: 0, from, to: from + 1 };
      const outcome = await run('apply wanted', (transport) => faulty(transport, fault, state));
      const now = await saved();
      if (outcome.status === 0) {
        ends.finished += 1;
        expect({ from, now, ...outcome }).toEqual({ from, now: after, stdout, stderr: '', status: 0 });
      } else {
        const undone = outcome.stderr.endsWith('ipvsadm: the table is as it was before\n');
        ends[undone ? 'undone' : 'refused'] += 1;
        expect({ from, now, stdout: outcome.stdout }).toEqual({ from, now: before, stdout: '' });
        expect(outcome.stderr).not.toContain('Invalid operation');
        expect({ from, undone, status: outcome.status }).toMatchObject(undone ? { status: 255 } : {});
      }
    }
    // What may pass, and what was lost, is tried again: only EPERM from the socket ends an apply.
    expect(ends.finished > 0 && ends.finished + ends.undone + ends.refused).toBe(calls);
    if (fault !== 'EPERM') expect(ends).toMatchObject({ undone: 0 });
  });

  test('from then on: what is left is printed, and brings the former table back', async () => {
    const { before, calls } = await usual();
    for (let from = 0; from < calls; from++) {
      const { kernel, run, saved } = await table();
      const state = { count: 0, from, to: Number.POSITIVE_INFINITY };
      const { stdout, stderr, status } = await run('apply wanted', (transport) =>
        faulty(transport, fault, state),
      );
      if (status === 3) {
        expect(stderr).toContain('ipvsadm: the table cannot be read: ');
        const patch = stderr.slice(stderr.indexOf('+++ the former table\n')).split('\n').slice(1, -1);
        await takeBack(patch, kernel);
      }
      expect({ from, stdout, now: await saved() }).toEqual({ from, stdout: '', now: before });
    }
  });
});

/** Carries out a patch by classic commands: entries that are added, then those that are removed. */
async function takeBack(patch: readonly string[], kernel: FakeKernel): Promise<void> {
  const openTransport = () => kernel.open();
  const lines = (sign: string) =>
    patch.filter((line) => line.startsWith(`${sign} `)).map((line) => line.slice(2));
  const added = lines('+');
  const run = (line: string) => runIn({ args: line.split(' '), openTransport }, main);
  for (const line of added) {
    const { status } = await run(line);
    if (status !== 0) await run(line.replace(/^-A/, '-E').replace(/^-a/, '-e'));
  }
  const keyOf = (line: string) =>
    line
      .split(' ')
      .slice(0, line.startsWith('-a') ? 5 : 3)
      .join(' ');
  for (const line of lines('-').reverse()) {
    if (line.startsWith('--') || added.some((other) => keyOf(other) === keyOf(line))) continue;
    await run(keyOf(line).replace(/^-A/, '-D').replace(/^-a/, '-d'));
  }
}

const counted = (count: number) => `${count} change${count === 1 ? '' : 's'}`;

describe('a signal', () => {
  const many = Array.from({ length: 300 }, (_, at) => `-A -f ${at + 10} -s rr\n`).join('');
  const files = { wanted, many, 'many-too': `${former}${many}` };

  test.each<[Interruption, number]>([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])('%s between any two datagrams of apply undoes it, status %s', async (signal, status) => {
    let batches = 0;
    for (let at = 1; ; at++) {
      const { run, saved } = await table();
      const before = await saved();
      let pauses = 0;
      const outcome = await run('apply many', undefined, {
        files,
        sleep: () => (++pauses === at ? signal : undefined),
      });
      if (outcome.status === 0) break;
      batches += 1;
      const made = Math.min(128 * at, 300);
      expect({ ...outcome, now: await saved() }).toEqual({
        stdout: '',
        stderr: `ipvsadm: interrupted after ${counted(made)}\nipvsadm: the table is as it was before\n`,
        status,
        now: before,
      });
    }
    expect(batches).toBe(3); // 300 additions take 3 datagrams, then come the deletions
  });

  test('does not stop a restore of a file, and is reported', async () => {
    const { kernel, run } = await table();
    let pauses = 0;
    const outcome = await run('restore many', undefined, {
      files,
      sleep: () => (++pauses === 1 ? 'SIGTERM' : undefined),
    });
    expect({ outcome, services: kernel.entries.length }).toEqual({
      outcome: {
        stdout: '',
        stderr: 'ipvsadm: interrupted, but everything of many is in the table\n',
        status: 143,
      },
      services: 302,
    });
  });
});

describe('the true reason of a failure', () => {
  test.each<[string, Fault, number, string]>([
    ['service add -f 99', 'EPERM', 4, 'ipvsadm: cannot send to the kernel: Operation not permitted\n'],
    ['clear', 'ENOBUFS', 4, 'ipvsadm: cannot send to the kernel: No buffer space available\n'],
    ['snapshot', 'ENOMEM', 4, 'ipvsadm: cannot send to the kernel: Cannot allocate memory\n'],
    [
      'clear',
      'EPERM',
      5,
      'ipvsadm: no reply from the kernel: Operation not permitted; the change may have been made\n',
    ],
    ['list', 'EPERM', 0, 'ipvsadm: cannot send to the kernel: Operation not permitted\n'],
  ])('%s, %s from call %i on', async (line, fault, from, stderr) => {
    const { run } = await table();
    const calls = { count: 0, from, to: Number.POSITIVE_INFINITY };
    const outcome = await run(line, (transport) => faulty(transport, fault, calls));
    expect(outcome).toMatchObject({ stdout: '', stderr });
    expect(outcome.status).not.toBe(0);
  });
});
