/** `server drain NAME --wait`: the daemon drains, the table says when the connections have ended. */
import { runSubcommand } from '../../src/commands';
import type { DirectorQuestion } from '../../src/platform/director-system';
import { main } from '../../src/program/classic';
import { FakeKernel } from '../helpers/fake-kernel';
import { runIn, type TestWorld } from '../helpers/test-system';

const before = `-A -t 192.0.2.10:80 -s wrr
-a -t 192.0.2.10:80 -r 10.0.0.17:80 -m -w 3
-a -t 192.0.2.10:80 -r 10.0.0.18:80 -m -w 1
`;
const health = ['10.0.0.17', '10.0.0.18'].map((address, index) => ({
  service: 'web',
  server: `web0${index + 1}`,
  key: { service: 'tcp:192.0.2.10:80', server: `${address}:80` },
}));

/** @param course the active connections of web01, which change at each sleep; the last one stays. */
async function drain(
  words: string,
  course: readonly number[],
  /** After how many sleeps the daemon has set the weight; undefined: never. */
  weightless: number | undefined,
  sleep: TestWorld['sleep'] = () => undefined,
) {
  const kernel = new FakeKernel();
  const openTransport = () => kernel.open();
  await runIn({ args: ['-R'], stdin: before, openTransport }, main);
  const asked: Pick<DirectorQuestion, 'method' | 'path' | 'body'>[] = [];
  let count = 0;
  let now = 0;
  const become = () => {
    const server = kernel.entries[0]!.destinations.find(({ address }) => address![3] === 17);
    Object.assign(server!, {
      activeConnections: course[Math.min(count, course.length - 1)]!,
      ...(weightless !== undefined && count >= weightless && { weight: 0 }),
    });
  };
  become();
  const outcome = await runIn(
    {
      args: ['server', 'drain', ...words.split(' ')],
      openTransport,
      environment: { USER: 'ann' },
      askDirector({ method, path, body }) {
        asked.push({ method, path, ...(body === undefined ? {} : { body }) });
        const json = path.startsWith('/v1/health') ? health : { ok: true, text: 'web/web01: drain' };
        return { status: 200, text: `${JSON.stringify(json)}\n` };
      },
      now: () => now,
      sleep(milliseconds) {
        now += milliseconds;
        count += 1;
        become();
        return sleep?.(milliseconds);
      },
    },
    runSubcommand,
  );
  return { ...outcome, asked };
}

const order = (selector: object) => ({
  method: 'POST',
  path: '/v1/admin',
  body: { ...selector, admin: 'drain', author: 'ann' },
});
const look = (path: string) => ({ method: 'GET', path: `/v1/health${path}?results=0` });
const web01 = { service: 'web', server: 'web01' };

test('without --wait it asks the daemon alone', async () => {
  expect(await drain('web/web01', [3], undefined)).toEqual({
    stdout: 'web/web01: drain\n',
    stderr: '',
    status: 0,
    asked: [order(web01)],
  });
});

test('it waits until the daemon has set the weight, and until the connections have ended', async () => {
  expect(await drain('web/web01 --wait --until idle', [3, 3, 1, 0], 1)).toEqual({
    stdout: 'web/web01: drain\nweb/web01 is idle\n',
    stderr: [
      '10.0.0.17:80: 3 active, 0 inactive, 0 persistent connections',
      '10.0.0.17:80: 1 active, 0 inactive, 0 persistent connections',
      '10.0.0.17:80: 0 active, 0 inactive, 0 persistent connections',
      '',
    ].join('\n'),
    status: 0,
    asked: [order(web01), look('/web/web01')],
  });
});

test.each([
  ['--host 10.0.0.17', { host: '10.0.0.17' }, ''],
  [
    'tcp:192.0.2.10:80/10.0.0.17:80',
    { service: 'tcp:192.0.2.10:80', server: '10.0.0.17:80' },
    '/tcp%3A192.0.2.10%3A80/10.0.0.17%3A80',
  ],
])('%s names the same server', async (words, selector, path) => {
  const { stdout, asked } = await drain(`${words} --wait`, [0], 0);
  expect(stdout).toBe('web/web01: drain\nweb/web01 is empty\n');
  expect(asked).toEqual([order(selector), look(path)]);
});

test('--timeout ends the wait, and the message says what takes the server back', async () => {
  const { stderr, status } = await drain('web/web01 --wait --timeout 2', [3], 0);
  expect(stderr.split('\n').slice(-3)).toEqual([
    'ipvsadm: web/web01 is not empty after 2 s: it has 3 active, 0 inactive, 0 persistent connections',
    'ipvsadm: it stays drained; to take it back: ipvsadm server ready web/web01',
    '',
  ]);
  expect(status).toBe(1);
});

test('--json prints the answer of the daemon, and how the wait ended, an object a line', async () => {
  const { stdout, status } = await drain('web/web01 --wait --json', [0], 0);
  expect({
    lines: stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
    status,
  }).toEqual({
    lines: [
      { ok: true, text: 'web/web01: drain' },
      {
        service: 'tcp:192.0.2.10:80',
        server: '10.0.0.17:80',
        outcome: 'empty',
        connections: { active: 0, inactive: 0, persistent: 0 },
        deleted: false,
      },
    ],
    status: 0,
  });
});

test('a signal ends the wait', async () => {
  const { stderr, status } = await drain('web/web01 --wait', [3], 0, () => 'SIGINT');
  expect(stderr).toMatch(/interrupted; web\/web01 has 3 active/);
  expect(status).toBe(130);
});

test('a daemon that does not set the weight is said to', async () => {
  const { stderr, status } = await drain('web/web01 --wait', [3], undefined);
  expect(stderr).toBe("ipvsadm: web/web01 has weight 3 after 5 s: 'ipvsadm director status' may say why\n");
  expect(status).toBe(1);
});

test.each([
  ['--wait', /^ipvsadm: which server\? name one as SERVICE\/SERVER, or give --host ADDRESS, or --tcp/],
  ['web/web01 --host 10.0.0.17', /^ipvsadm: which server\?/],
  ['web/web01 --timeout 3', /wait/],
  ['web/web01 --delete', /delete/],
])('%s is an error', async (words, naming) => {
  const { stdout, stderr, status, asked } = await drain(words, [3], undefined);
  expect({ stdout, status, asked }).toEqual({ stdout: '', status: 2, asked: [] });
  expect(stderr).toMatch(naming);
});
