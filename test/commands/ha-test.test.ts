/** `ha test`: directors and the counting client are made up. */
import { runSubcommand } from '../../src/commands';
import { FakeKernel } from '../helpers/fake-kernel';
import { runIn, type TestWorld } from '../helpers/test-system';

interface Ground {
  readonly roles?: readonly [string, string];
  /** What `ha resign` answers. */
  readonly problem?: string;
  readonly ready?: boolean;
  readonly cut?: number;
  readonly sleep?: TestWorld['sleep'];
  readonly words?: string;
}

/** The roles change places with each hand-over. */
async function tested({ problem, ready = true, cut = 0, sleep, words = '', ...rest }: Ground = {}) {
  let [first, second] = rest.roles ?? ['leader', 'standby'];
  const asked: string[] = [];
  let ended = 0;
  const args = ['ha', 'test', '10.0.0.13:80', '--director', 'ssh lb03', '--director', 'ssh lb04'];
  const outcome = await runIn(
    {
      args: [...args, ...words.split(' ').filter(Boolean)],
      openTransport: () => new FakeKernel().open(),
      ...(sleep && { sleep }),
      runProgramAside(name, given) {
        const [host, program, ...order] = given;
        const line = order.join(' ');
        if (line !== 'ha status --json') asked.push(`${name} ${host} ${program} ${line}`);
        if (line === 'ha resign') {
          if (problem !== undefined) return { status: 2, stdout: '', stderr: `ipvsadm: ${problem}\n` };
          [first, second] = [second, first];
          return { status: 0, stdout: 'another director leads\n', stderr: '' };
        }
        return {
          status: 0,
          stdout: JSON.stringify({ name: host, role: host === 'lb03' ? first : second }),
          stderr: '',
        };
      },
      countLosses: () => ({
        ready: async () => ready,
        mark() {},
        count: () => ({ requests: 300, lost: 2, gap: 61 }),
        async end() {
          ended += 1;
          return cut;
        },
      }),
    },
    runSubcommand,
  );
  return { ...outcome, asked, ended };
}

test('moves the VIPs to and fro, and says what was lost', async () => {
  expect(await tested()).toMatchObject({
    status: 0,
    stdout:
      'MOVE          REQUESTS  LOST  NOT SERVED\n' +
      'lb03 to lb04  300       2     0.06 s\n' +
      'lb04 to lb03  300       2     0.06 s\n' +
      'connections that stayed: 0 of 20 lost\n',
    stderr: '',
    asked: ['ssh lb03 ipvsadm ha resign', 'ssh lb04 ipvsadm ha resign'],
    ended: 1,
  });
});

test('as JSON, with a connection that was lost', async () => {
  const { status, stdout } = await tested({ cut: 1, words: '--json --moves 1 --connections 5' });
  expect([status, JSON.parse(stdout)]).toEqual([
    1,
    {
      moves: [{ from: 'lb03', to: 'lb04', requests: 300, lost: 2, gap: 61 }],
      connections: { kept: 5, lost: 1 },
    },
  ]);
});

test.each<[string, Ground, string]>([
  [
    'nobody is fit',
    { roles: ['leader', 'unfit'] },
    'no other director is fit: lb03 is leader, lb04 is unfit: nothing was moved',
  ],
  [
    'both lead',
    { roles: ['leader', 'leader'] },
    'not one director leads: lb03 is leader, lb04 is leader: nothing was moved',
  ],
  [
    'nobody leads',
    { roles: ['standby', 'standby'] },
    'not one director leads: lb03 is standby, lb04 is standby: nothing was moved',
  ],
  ['the VIP is not reached', { ready: false }, '10.0.0.13:80: no connection within 5 s: is it a client?'],
])('%s: refuses, and moves nothing', async (_name, ground, message) => {
  const { status, stderr, asked } = await tested(ground);
  expect({ status, stderr, asked }).toEqual({
    status: 2,
    stderr: `ipvsadm: ha test: ${message}\n`,
    asked: [],
  });
});

test('a hand-over that fails ends it, and what was counted is shown', async () => {
  const { status, stdout, stderr, ended } = await tested({ problem: 'no other director took over' });
  expect([status, ended, stderr]).toEqual([2, 1, 'ipvsadm: ha test: lb03: no other director took over\n']);
  expect(stdout).toContain('connections that stayed: 0 of 20 lost');
});

test('an interruption moves nothing any more', async () => {
  const { status, asked, ended } = await tested({ sleep: () => 'SIGINT' });
  expect([status, asked, ended]).toEqual([2, [], 1]);
});

test('one director is not enough', async () => {
  const outcome = await runIn(
    {
      args: ['ha', 'test', '10.0.0.13:80', '--director', 'ssh lb03'],
      openTransport: () => new FakeKernel().open(),
    },
    runSubcommand,
  );
  expect(outcome.status).toBe(2);
  expect(outcome.stderr).toContain('--director ssh lb03: one is not enough: name each director');
});
