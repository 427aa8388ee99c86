import { runSubcommand } from '../../src/commands';
import type { Interruption, LockAttempt } from '../../src/platform/interactive-system';
import { main } from '../../src/program/classic';
import { FakeKernel } from '../helpers/fake-kernel';
import { runIn, type TestWorld } from '../helpers/test-system';

const files = { rules: '-A -f 9\n', empty: '-A -f 1\n' };

/** Runs a subcommand on a table with one service; records when the lock is held. */
async function locking(line: string, world: Partial<TestWorld> = {}) {
  const kernel = new FakeKernel();
  const openTransport = () => kernel.open();
  const stdin = '-A -f 1\n-a -f 1 -r 10.0.0.1\n';
  await runIn({ args: ['-R'], stdin, openTransport }, main);
  let held = false;
  let taken = 0;
  let unlocked = 0;
  kernel.refuse = () => {
    if (!held) unlocked += 1;
    return 0;
  };
  const lockTable = (): LockAttempt => {
    taken += 1;
    held = true;
    return {
      kind: 'taken',
      release() {
        held = false;
      },
    };
  };
  const outcome = await runIn(
    { args: line.split(' '), openTransport, files, lockTable, ...world },
    runSubcommand,
  );
  return { kernel, outcome, taken, unlocked, held };
}

test.each([
  ['apply rules', 1],
  ['restore rules', 1],
  ['restore', 1],
  ['clear', 1],
  ['zero', 1],
  ['set-timeouts 1 2 3', 1],
  ['daemon start master --mcast-interface lo', 1],
  ['service add -f 2', 1],
  ['service edit -f 1 -s rr', 1],
  ['service delete -f 1', 1],
  ['server add -f 1 -r 10.0.0.2', 1],
  ['server edit -f 1 -r 10.0.0.1 -w 2', 1],
  ['server delete -f 1 -r 10.0.0.1', 1],
  ['server set -f 1 -r 10.0.0.1 -w 2', 1],
  ['server drain -f 1 -r 10.0.0.1', 1],
  ['server drain -f 1 -r 10.0.0.1 --wait --delete', 2],
  ['apply --dry-run rules', 0],
  ['diff rules', 0],
  ['snapshot', 0],
  ['save', 0],
  ['list', 0],
  ['restore --check --no-trial rules', 0],
])('%s takes the lock %i times, and changes nothing without it', async (line, times) => {
  const { taken, unlocked, held } = await locking(line, { stdin: '-A -f 2\n' });
  expect({ taken, unlocked, held }).toEqual({ taken: times, unlocked: 0, held: false });
});

test('server drain --wait does not hold it while it waits', async () => {
  let held = false;
  let waits = 0;
  const lockTable = (): LockAttempt => {
    held = true;
    return {
      kind: 'taken',
      release() {
        held = false;
      },
    };
  };
  const kernel = new FakeKernel();
  const openTransport = () => kernel.open();
  await runIn({ args: ['-R'], stdin: '-A -f 1\n-a -f 1 -r 10.0.0.1\n', openTransport }, main);
  const connections = (activeConnections: number) => {
    Object.assign(kernel.entries[0]!.destinations[0]!, { activeConnections });
  };
  connections(1);
  await runIn(
    {
      args: 'server drain -f 1 -r 10.0.0.1 --wait'.split(' '),
      openTransport,
      lockTable,
      sleep() {
        expect(held).toBe(false);
        waits += 1;
        connections(0);
        return undefined;
      },
    },
    runSubcommand,
  );
  expect({ waits, held }).toEqual({ waits: 1, held: false });
});

describe('when another process has the lock,', () => {
  const WAITING = 'ipvsadm: another ipvsadm (process 1234) is changing this table; waiting up to 10 s\n';

  /** A lock that is held for a time in milliseconds, and a clock that sleeps set. */
  const heldFor = (time: number, holder?: number): Partial<TestWorld> => {
    let now = 0;
    return {
      now: () => now,
      sleep(milliseconds) {
        now += milliseconds;
        return undefined;
      },
      lockTable: () => (now < time ? { kind: 'held', holder } : { kind: 'taken', release() {} }),
    };
  };

  test('a command waits for it', async () => {
    const { kernel, outcome } = await locking('apply rules', heldFor(3000, 1234));
    expect(outcome).toEqual({ stdout: '2 changes made\n', stderr: WAITING, status: 0 });
    expect(kernel.entries.map(({ service }) => service.fwmark)).toEqual([9]);
  });

  test.each([
    [1234, ' (process 1234)'],
    [undefined, ''],
  ])('it gives up after 10 s, and says that process %s has it', async (holder, named) => {
    const { kernel, outcome } = await locking('apply rules', heldFor(60_000, holder));
    expect(outcome).toEqual({
      stdout: '',
      stderr:
        WAITING.replace(' (process 1234)', named) +
        `ipvsadm: another ipvsadm${named} is still changing this table after 10 s: nothing was changed; try again when it has ended\n`,
      status: 2,
    });
    expect(kernel.entries.map(({ service }) => service.fwmark)).toEqual([1]);
  });

  test.each<[Interruption, number]>([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])('%s ends the wait', async (signal, status) => {
    const { outcome } = await locking('clear', { ...heldFor(60_000, 1234), sleep: () => signal });
    expect(outcome).toEqual({
      stdout: '',
      stderr: `${WAITING}ipvsadm: interrupted while waiting: nothing was changed\n`,
      status,
    });
  });
});

test('without a lock a command warns, and goes on', async () => {
  const { kernel, outcome } = await locking('clear', {
    lockTable: () => ({ kind: 'unavailable', reason: '/run/ipvsadm: Read-only file system' }),
  });
  expect(outcome).toEqual({
    stdout: '',
    stderr:
      'ipvsadm: warning: the table is not locked (/run/ipvsadm: Read-only file system): let no other ipvsadm change it now\n',
    status: 0,
  });
  expect(kernel.entries).toEqual([]);
});
