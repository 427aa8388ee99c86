/** `monitor` without a daemon: what happens to the table, seen by looks at it. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runSubcommand } from '../../src/commands';
import type { DirectorQuestion } from '../../src/platform/director-system';
import { main } from '../../src/program/classic';
import { FakeKernel } from '../helpers/fake-kernel';
import { runIn, type TestWorld } from '../helpers/test-system';

const rules = [
  '-A -t 192.0.2.10:80 -s wrr',
  '-a -t 192.0.2.10:80 -r 10.0.0.17:80 -m -w 3',
  '-a -t 192.0.2.10:80 -r 10.0.0.18:80 -g -w 1',
  '-A -f 7 -s rr',
].join('\n');

/** Runs `monitor` while classic command lines change the table: one before each look. */
async function monitor(line: string, changes: readonly string[], world: Partial<TestWorld> = {}) {
  const kernel = new FakeKernel();
  const openTransport = () => kernel.open();
  const classic = async (lines: string) => {
    for (const args of lines.split('\n')) await runIn({ args: args.split(' '), openTransport }, main);
    return undefined;
  };
  await classic(rules);
  const waiting = [...changes];
  const outcome = await runIn(
    {
      args: ['monitor', ...line.split(' ').filter(Boolean)],
      openTransport,
      askDirector: () => ({ failure: 'ENOENT' }),
      sleep: () => {
        const next = waiting.shift();
        return next === undefined ? 'SIGTERM' : classic(next);
      },
      ...world,
    },
    runSubcommand,
  );
  const lines = outcome.stdout.split('\n').filter(Boolean);
  return { ...outcome, lines: lines.map((each) => each.replace(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d /, '')) };
}

test('tells each kind of change in words, with the rule as the classic program has it', async () => {
  const { lines, status, stderr } = await monitor('--poll 1', [
    '-e -t 192.0.2.10:80 -r 10.0.0.17:80 -m -w 5',
    '-e -t 192.0.2.10:80 -r 10.0.0.18:80 -i -w 1',
    '-d -t 192.0.2.10:80 -r 10.0.0.18:80\n-a -t 192.0.2.10:80 -r 10.0.0.19:80 -m',
    '-E -t 192.0.2.10:80 -s wlc -p 60',
    '-D -f 7\n-A -u 192.0.2.10:53 -s rr',
    '-D -t 192.0.2.10:80',
  ]);
  expect(lines).toEqual([
    'weight        tcp:192.0.2.10:80/10.0.0.17:80: weight 3 -> 5',
    'server-changed tcp:192.0.2.10:80/10.0.0.18:80: -a -t 192.0.2.10:80 -r 10.0.0.18:80 -i -w 1 --tun-type ipip, was -a -t 192.0.2.10:80 -r 10.0.0.18:80 -g -w 1',
    'server-added  tcp:192.0.2.10:80/10.0.0.19:80: -a -t 192.0.2.10:80 -r 10.0.0.19:80 -m -w 1',
    'server-deleted tcp:192.0.2.10:80/10.0.0.18:80: -a -t 192.0.2.10:80 -r 10.0.0.18:80 -i -w 1 --tun-type ipip',
    'service-changed tcp:192.0.2.10:80: -A -t 192.0.2.10:80 -s wlc -p 60, was -A -t 192.0.2.10:80 -s wrr',
    'service-added udp:192.0.2.10:53: -A -u 192.0.2.10:53 -s rr',
    'service-deleted fwmark:7: -A -f 7 -s rr',
    'server-deleted tcp:192.0.2.10:80/10.0.0.17:80: -a -t 192.0.2.10:80 -r 10.0.0.17:80 -m -w 5',
    'server-deleted tcp:192.0.2.10:80/10.0.0.19:80: -a -t 192.0.2.10:80 -r 10.0.0.19:80 -m -w 1',
    'service-deleted tcp:192.0.2.10:80: -A -t 192.0.2.10:80 -s wlc -p 60',
  ]);
  expect([status, stderr]).toEqual([143, '']);
});

test('--json has the entry as it was and as it is; a name asks for a service or a server', async () => {
  const changes = ['-e -t 192.0.2.10:80 -r 10.0.0.17:80 -m -w 5', '-D -f 7'];
  for (const name of ['tcp:192.0.2.10:80', '192.0.2.10:80', '192.0.2.10:80/10.0.0.17:80']) {
    const { lines } = await monitor(`${name} --poll --json`, changes);
    expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
      {
        id: 1,
        at: expect.any(Number),
        kind: 'weight',
        service: 'tcp:192.0.2.10:80',
        server: '10.0.0.17:80',
        text: 'tcp:192.0.2.10:80/10.0.0.17:80: weight 3 -> 5',
        was: expect.objectContaining({ address: '10.0.0.17', weight: 3 }),
        to: expect.objectContaining({ address: '10.0.0.17', weight: 5 }),
      },
    ]);
  }
  expect((await monitor('192.0.2.10:80/10.0.0.18:80 --poll --json', changes)).lines).toEqual([]);
});

test('timeouts and sync daemons are part of the table', async () => {
  const { lines } = await monitor('--poll', [
    '--set 100 20 30',
    '--start-daemon master --mcast-interface lo',
    '--stop-daemon master',
  ]);
  expect(lines.map((line) => line.split(/ +/)[0])).toEqual(['timeouts', 'daemon-started', 'daemon-stopped']);
  expect(lines[0]).toMatch(/--set 100 20 30, was --set \d+ \d+ \d+$/);
});

test('without a daemon the table is looked at every two seconds, and that is said', async () => {
  const slept: number[] = [];
  const { stderr, status } = await monitor('', [], {
    sleep: (milliseconds) => {
      slept.push(milliseconds);
      return 'SIGINT';
    },
  });
  expect(stderr).toBe('ipvsadm: note: no director daemon runs here: the table is looked at every 2 s\n');
  expect([slept, status]).toEqual([[2000], 130]);
});

test('what only a daemon has is asked of it', async () => {
  for (const line of ['--once', '--since 0']) {
    const { stderr, status } = await monitor(line, []);
    expect([status, stderr]).toEqual([2, expect.stringContaining('no director daemon runs here')]);
  }
  const asked: DirectorQuestion[] = [];
  await monitor('--poll', [], {
    askDirector: (question) => {
      asked.push(question);
      return { status: 200, text: '[]' };
    },
  });
  expect(asked).toEqual([]);
});

test.each(['--poll --once', '--poll --since 3', '--exec true --once', '--poll 0.01'])(
  '%s is refused',
  async (line) => {
    expect((await monitor(line, [])).status).toBe(2);
  },
);

test('--exec runs for each event, in order; one that fails is told, and the rest goes on', async () => {
  const changes = ['-D -f 7', '-A -f 8 -s rr', '-A -f 9 -s rr'];
  const folder = mkdtempSync(join(tmpdir(), 'ipvsadm-monitor-'));
  const file = `${folder}/events`;
  const { status, stderr } = await monitor('--poll', changes, {
    args: ['monitor', '--poll', '--exec', `cat >>${file}; ! grep -q 'fwmark:9' ${file}`],
  });
  const text = readFileSync(file, 'utf8');
  rmSync(folder, { recursive: true });
  const events = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { id: number; kind: string });
  expect(events.map(({ id, kind }) => [id, kind])).toEqual([
    [1, 'service-deleted'],
    [2, 'service-added'],
    [3, 'service-added'],
  ]);
  expect([status, stderr]).toEqual([143, 'ipvsadm: note: --exec: /bin/sh: exit status 1\n']);
});
