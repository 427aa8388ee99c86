/** `server drain` on the fake kernel, whose connections the tests end. */
import { runSubcommand } from '../../src/commands';
import { ipvsCommands } from '../../src/ipvs/commands';
import { main } from '../../src/program/classic';
import { FakeKernel } from '../helpers/fake-kernel';
import { runIn, type TestWorld } from '../helpers/test-system';

const before = `-A -t 192.0.2.10:80 -s wrr -p 300
-a -t 192.0.2.10:80 -r 10.0.0.18:80 -m -w 1
-a -t 192.0.2.10:80 -r 10.0.0.17:80 -m -w 3 -x 100 -y 80
`;
const NAME = '10.0.0.17:80 of tcp:192.0.2.10:80';
const PUT_BACK =
  'ipvsadm: its weight stays 0; to set it back to 3: ipvsadm server set --tcp 192.0.2.10:80 --real-server 10.0.0.17:80 --weight 3\n';

type Connections = readonly [active: number, inactive: number, persistent: number];

/**
 * Drains a server whose connections change to the next count of `course` at each sleep; the last
 * count stays.
 */
async function drain(
  flags: string,
  course: readonly Connections[],
  sleep: (count: number, kernel: FakeKernel) => ReturnType<NonNullable<TestWorld['sleep']>> = () => undefined,
  world: Partial<TestWorld> = {},
) {
  const kernel = new FakeKernel();
  const openTransport = () => kernel.open();
  await runIn({ args: ['-R'], stdin: before, openTransport }, main);
  let count = 0;
  let now = 0;
  const slept: number[] = [];
  const become = () => {
    const server = kernel.entries[0]!.destinations[0];
    const [activeConnections, inactiveConnections, persistentConnections] =
      course[Math.min(count, course.length - 1)]!;
    if (server) Object.assign(server, { activeConnections, inactiveConnections, persistentConnections });
  };
  kernel.requests.length = 0;
  become();
  const outcome = await runIn(
    {
      args: [
        'server',
        'drain',
        '--tcp',
        '192.0.2.10:80',
        '--real-server',
        '10.0.0.17',
        ...flags.split(' '),
      ].filter((word) => word !== ''),
      openTransport,
      now: () => now,
      sleep(milliseconds) {
        slept.push(milliseconds);
        now += milliseconds;
        count += 1;
        become();
        return sleep(count, kernel);
      },
      ...world,
    },
    runSubcommand,
  );
  const names = Object.entries(ipvsCommands);
  const sent = kernel.requests
    .map(({ command }) => names.find(([, number]) => number === command)![0])
    .filter((name) => !name.startsWith('get'));
  const server = kernel.entries[0]!.destinations.find(({ address }) => address![3] === 17);
  return { ...outcome, sent, weight: server?.weight, slept };
}

test('without --wait it sets the weight, and keeps the rest', async () => {
  expect(await drain('', [[3, 4, 1]])).toEqual({
    stdout: '',
    stderr: '',
    status: 0,
    sent: ['setDest'],
    weight: 0,
    slept: [],
  });
});

test('it waits until the server is empty, and reports every change of its connections', async () => {
  const course = [
    [3, 4, 1],
    [3, 4, 1],
    [0, 5, 1],
    [0, 0, 1],
    [0, 0, 0],
  ] as const;
  expect(await drain('--wait', course)).toEqual({
    stdout: `${NAME} is empty\n`,
    stderr: [
      '10.0.0.17:80: 3 active, 4 inactive, 1 persistent connections',
      '10.0.0.17:80: 0 active, 5 inactive, 1 persistent connections',
      '10.0.0.17:80: 0 active, 0 inactive, 1 persistent connections',
      '10.0.0.17:80: 0 active, 0 inactive, 0 persistent connections',
      '',
    ].join('\n'),
    status: 0,
    sent: ['setDest'],
    weight: 0,
    slept: [1000, 1000, 1000, 1000],
  });
});

test('--until idle does not wait for inactive and persistent connections; --delete deletes the server in the end', async () => {
  expect(
    await drain('--wait --until idle --interval 0.5 --delete', [
      [1, 0, 1],
      [0, 1, 1],
    ]),
  ).toEqual({
    stdout: `${NAME} is idle and was deleted\n`,
    stderr:
      '10.0.0.17:80: 1 active, 0 inactive, 1 persistent connections\n10.0.0.17:80: 0 active, 1 inactive, 1 persistent connections\n',
    status: 0,
    sent: ['setDest', 'delDest'],
    weight: undefined,
    slept: [500],
  });
});

test('on a terminal one line is rewritten, and erased in the end', async () => {
  const { stderr } = await drain(
    '--wait',
    [
      [13, 0, 0],
      [2, 0, 0],
      [0, 0, 0],
    ],
    undefined,
    { terminal: true },
  );
  const lines = [
    '10.0.0.17:80: 13 active, 0 inactive, 0 persistent connections (0 s)',
    '10.0.0.17:80: 2 active, 0 inactive, 0 persistent connections (1 s) ',
    '10.0.0.17:80: 0 active, 0 inactive, 0 persistent connections (2 s)',
    ' '.repeat(66),
  ];
  expect(stderr).toBe(lines.map((line) => `\r${line}\r`).join(''));
});

test('after --timeout it reports the remaining connections and how to set the weight back', async () => {
  expect(
    await drain('--wait --timeout 2.5 --delete', [
      [3, 0, 0],
      [1, 1, 0],
    ]),
  ).toEqual({
    stdout: '',
    stderr: `10.0.0.17:80: 3 active, 0 inactive, 0 persistent connections
10.0.0.17:80: 1 active, 1 inactive, 0 persistent connections
ipvsadm: ${NAME} is not empty after 2.5 s: it has 1 active, 1 inactive, 0 persistent connections
${PUT_BACK}`,
    status: 1,
    sent: ['setDest'],
    weight: 0,
    slept: [1000, 1000, 500],
  });
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s ends the wait with status %d', async (signal, status) => {
  const outcome = await drain('--wait --delete', [[3, 0, 0]], (count) => (count === 2 ? signal : undefined));
  expect(outcome).toEqual({
    stdout: '',
    stderr: `10.0.0.17:80: 3 active, 0 inactive, 0 persistent connections
ipvsadm: interrupted; ${NAME} has 3 active, 0 inactive, 0 persistent connections
${PUT_BACK}`,
    status,
    sent: ['setDest'],
    weight: 0,
    slept: [1000, 1000],
  });
});

test('a server that another program deletes is gone', async () => {
  const outcome = await drain('--wait --delete', [[3, 0, 0]], (_count, kernel) => {
    kernel.entries[0]!.destinations.shift();
    return undefined;
  });
  expect(outcome).toMatchObject({
    stdout: `${NAME} is gone: another program deleted it\n`,
    status: 0,
    sent: ['setDest'],
  });
});

test('it stops waiting when another program sets the weight', async () => {
  const outcome = await drain('--wait', [[3, 0, 0]], (_count, kernel) => {
    Object.assign(kernel.entries[0]!.destinations[0]!, { weight: 7 });
    return undefined;
  });
  expect(outcome).toMatchObject({ stdout: '', status: 1, sent: ['setDest'], weight: 7 });
  expect(outcome.stderr).toMatch(/gets connections again: another program set its weight to 7\n$/);
});

test.each([
  ['--timeout 3', /wait/],
  ['--delete', /wait/],
  ['--wait --until never', /empty/],
  ['--wait --timeout soon', /--timeout soon: must be 0 to/],
  ['--wait --interval 0', /--interval 0: must be 0\.1 to/],
  ['--wait --interval -1', /interval/],
  ['--weight 3', /weight/],
])('%s is an error', async (flags, naming) => {
  const outcome = await drain(flags, [[3, 0, 0]]);
  expect(outcome).toMatchObject({ stdout: '', status: 2, sent: [], weight: 3 });
  expect(outcome.stderr).toMatch(naming);
});

describe('--json', () => {
  const line = (outcome: string, active: number | undefined, deleted = false) => ({
    service: 'tcp:192.0.2.10:80',
    server: '10.0.0.17:80',
    outcome,
    ...(active !== undefined && { connections: { active, inactive: 0, persistent: 0 } }),
    deleted,
  });

  test.each([
    ['--json', [[3, 0, 0]], line('draining', 3), 0],
    [
      '--json --wait',
      [
        [3, 0, 0],
        [0, 0, 0],
      ],
      line('empty', 0),
      0,
    ],
    [
      '--json --wait --until idle --delete',
      [
        [3, 0, 0],
        [0, 0, 0],
      ],
      line('idle', 0, true),
      0,
    ],
    ['--json --wait --timeout 1', [[3, 0, 0]], line('timeout', 3), 1],
  ] as const)('%s', async (flags, course, expected, status) => {
    const outcome = await drain(flags, course);
    expect([JSON.parse(outcome.stdout), outcome.status]).toEqual([expected, status]);
  });

  test('of a server that is missing, or goes away', async () => {
    const away = (_count: number, kernel: FakeKernel) => {
      kernel.entries[0]!.destinations = [];
      return undefined;
    };
    const gone = await drain('--json --wait', [[3, 0, 0]], away);
    expect(JSON.parse(gone.stdout)).toEqual(line('gone', undefined));
    const kernel = new FakeKernel();
    const openTransport = () => kernel.open();
    await runIn({ args: ['-A', '-t', '192.0.2.10:80'], openTransport }, main);
    const args = 'server drain -t 192.0.2.10:80 -r 10.0.0.17:80 --missing-ok --json'.split(' ');
    const missing = await runIn({ args, openTransport }, runSubcommand);
    expect([JSON.parse(missing.stdout), missing.status]).toEqual([line('missing', undefined), 0]);
  });
});

test('--quiet prints errors only', async () => {
  const done = await drain('-q --wait', [
    [3, 0, 0],
    [0, 0, 0],
  ]);
  expect(done).toMatchObject({ stdout: '', stderr: '', status: 0, weight: 0 });
  const late = await drain('-q --wait --timeout 1', [[3, 0, 0]]);
  expect(late.stdout).toBe('');
  expect(late.stderr).toBe(
    `ipvsadm: ${NAME} is not empty after 1 s: it has 3 active, 0 inactive, 0 persistent connections\n${PUT_BACK}`,
  );
});

describe('several real servers', () => {
  const BOTH = '--real-server 10.0.0.17 --real-server 10.0.0.18';

  async function drainBoth(flags: string, servers = BOTH, course: readonly Connections[] = [[0, 0, 0]]) {
    const kernel = new FakeKernel();
    const openTransport = () => kernel.open();
    await runIn({ args: ['-R'], stdin: before, openTransport }, main);
    let [count, now] = [0, 0];
    const become = () => {
      const [activeConnections, inactiveConnections, persistentConnections] =
        course[Math.min(count, course.length - 1)]!;
      for (const server of kernel.entries[0]!.destinations)
        Object.assign(server, { activeConnections, inactiveConnections, persistentConnections });
    };
    become();
    const outcome = await runIn(
      {
        args: `server drain --tcp 192.0.2.10:80 ${servers} ${flags}`.trim().split(' '),
        openTransport,
        now: () => now,
        sleep(milliseconds) {
          now += milliseconds;
          count += 1;
          become();
          return undefined;
        },
      },
      runSubcommand,
    );
    const { stdout } = await runIn({ args: ['-Sn'], openTransport }, main);
    return {
      ...outcome,
      weights: [...stdout.matchAll(/-r 10\.0\.0\.(\d+):80 -m -w (\d)/g)]
        .map(([, r, w]) => `${r}=${w}`)
        .sort(),
    };
  }

  test('all are drained before one is waited for', async () => {
    const { status, stdout, weights } = await drainBoth('--wait', BOTH, [
      [1, 0, 0],
      [0, 0, 0],
    ]);
    expect({ status, weights }).toEqual({ status: 0, weights: ['17=0', '18=0'] });
    expect(stdout).toBe(`${NAME} is empty\n10.0.0.18:80 of tcp:192.0.2.10:80 is empty\n`);
  });

  test('one time limit is for all, and a message says how to set each back', async () => {
    const { status, stderr } = await drainBoth('--wait --timeout 3', BOTH, [[1, 0, 0]]);
    expect(status).toBe(1);
    expect(stderr).toContain('10.0.0.17:80 of tcp:192.0.2.10:80 is not empty after 3 s');
    expect(stderr).toContain(PUT_BACK);
    expect(stderr).toContain(
      'to set it back to 1: ipvsadm server set --tcp 192.0.2.10:80 --real-server 10.0.0.18:80',
    );
  });

  test('none is drained if one is missing, unless that is no error', async () => {
    const servers = '--real-server 10.0.0.17 --real-server 10.0.0.99';
    const refused = await drainBoth('', servers);
    expect(refused.status).not.toBe(0);
    expect(refused.weights).toEqual(['17=3', '18=1']);
    const tolerated = await drainBoth('--missing-ok --json', servers);
    expect({ status: tolerated.status, weights: tolerated.weights }).toEqual({
      status: 0,
      weights: ['17=0', '18=1'],
    });
    expect(tolerated.stdout).toMatch(
      /"server":"10.0.0.17:80","outcome":"draining".*\n.*"10.0.0.99:80","outcome":"missing"/,
    );
  });
});
