/** `top` on a screen that is played, and --once. */
import { runSubcommand } from '../../src/commands';
import type { DirectorQuestion } from '../../src/platform/director-system';
import type { Screen, ScreenEvent } from '../../src/platform/screen';
import { main } from '../../src/program/classic';
import { FakeKernel } from '../helpers/fake-kernel';
import { runIn, type TestWorld } from '../helpers/test-system';

const rules = [
  '-A -t 192.0.2.10:80 -s wrr',
  '-a -t 192.0.2.10:80 -r 10.0.0.17:80 -m -w 3',
  '-a -t 192.0.2.10:80 -r 10.0.0.18:80 -m -w 0',
  '-A -f 7 -s rr',
].join('\n');

async function top(line: string, world: Partial<TestWorld> = {}, kernel = new FakeKernel()) {
  const openTransport = () => kernel.open();
  await runIn({ args: ['-R'], stdin: rules, openTransport }, main);
  return await runIn(
    { args: ['top', ...line.split(' ').filter(Boolean)], openTransport, ...world },
    runSubcommand,
  );
}

/** A screen on which these events happen, one after the other. */
function played(events: readonly ScreenEvent[]) {
  const frames: string[] = [];
  let at = 0;
  let closed = 0;
  let suspended = 0;
  const screen: Screen = {
    columns: 80,
    rows: 12,
    draw: (lines) => frames.push(lines.join('\n')),
    async next() {
      return events[at++] ?? { kind: 'signal', signal: 'SIGTERM' };
    },
    suspend() {
      suspended += 1;
    },
    close() {
      closed += 1;
    },
  };
  return { frames, openScreen: () => screen, closed: () => closed, suspended: () => suspended };
}

const keys = (text: string): ScreenEvent => ({ kind: 'keys', text });

test('--once prints everything', async () => {
  const { status, stdout, stderr } = await top('--once');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const lines = stdout.split('\n');
  expect(lines[0]).toMatch(
    /^ipvsadm top {2}\d\d:\d\d:\d\d {2}2 virtual services, 2 real servers {2}0 active {2}0 conn\/s {2}every 2 s$/,
  );
  expect(lines.slice(2).map((text) => text.split(/ {2,}/).slice(0, 3))).toEqual([
    ['TCP 192.0.2.10:80 wrr', '0', '0'],
    ['', '10.0.0.18:80', 'down'],
    ['', '10.0.0.17:80', '3'],
    ['FWM 7 rr', 'empty', '0'],
    [''],
  ]);
});

test('--once --json', async () => {
  const { stdout } = await top('--once --json 10.0.0.17');
  expect(JSON.parse(stdout)).toEqual([
    expect.objectContaining({
      key: 'tcp:192.0.2.10:80',
      state: '',
      active: 0,
      connectionRate: 0,
      servers: [expect.objectContaining({ key: '10.0.0.17:80', weight: 3, meant: 1, outByteRate: 0 })],
    }),
  ]);
});

test('names, states and the last events are the daemon’s', async () => {
  const answers: Readonly<Record<string, unknown>> = {
    '/v1/health?results=1': [
      {
        service: 'web',
        server: 'web01',
        key: { service: 'tcp:192.0.2.10:80', server: '10.0.0.17:80' },
        state: 'down',
      },
    ],
    '/v1/events?since=0': [
      { id: 2, at: 0, kind: 'server-down', text: 'web/web01 is down' },
      { id: 1, at: 0, kind: 'started', text: 'the daemon has started' },
    ],
  };
  const askDirector = ({ path }: DirectorQuestion) => ({ status: 200, text: JSON.stringify(answers[path]) });
  const { stdout } = await top('--once', { askDirector, files: { '/run/ipvsadm/director.sock': '' } });
  expect(stdout).toMatch(/^ {2}web01 10\.0\.0\.17:80 +down /m);
  expect(stdout.split('\n').slice(-3, -1)).toEqual([
    expect.stringMatching(/ started +the daemon has started$/),
    expect.stringMatching(/ server-down +web\/web01 is down$/),
  ]);
});

test('a daemon that does not answer is told of, and the table is shown', async () => {
  const world: Partial<TestWorld> = {
    askDirector: () => ({ failure: 'EACCES' }),
    files: { '/run/ipvsadm/director.sock': '' },
  };
  const { status, stdout } = await top('--once', world);
  expect(status).toBe(0);
  expect(stdout).toContain('10.0.0.17:80');
  expect(stdout).toContain("permission denied: 'director run --group' names who may ask");
});

test('without a terminal it says what would be right', async () => {
  expect(await top('')).toEqual({
    status: 2,
    stdout: '',
    stderr: 'ipvsadm: top: standard input and output must be a terminal: give --once\n',
  });
});

test('keys change the next frame, q ends, and the screen is given back', async () => {
  const play = played([keys('/18'), keys('\r'), keys('\x1b'), keys('?'), keys('q')]);
  expect(await top('', play)).toEqual({ status: 0, stdout: '', stderr: '' });
  const has = (text: string) => play.frames.map((frame) => frame.includes(text));
  expect(has('10.0.0.17:80')).toEqual([true, false, false, true, false]);
  expect(has('filter: 18_')).toEqual([false, true, false, false, false]);
  expect(has('WHAT IT DOES')).toEqual([false, false, false, false, true]);
  expect(play.closed()).toBe(1);
});

test('it looks again when it is time, unless it stands still', async () => {
  const kernel = new FakeKernel();
  const openTransport = () => kernel.open();
  const play = played([{ kind: 'time' }, keys(' '), { kind: 'time' }, { kind: 'resized' }, keys('q')]);
  const changes = ['-e -t 192.0.2.10:80 -r 10.0.0.18:80 -m -w 5', '', '-D -t 192.0.2.10:80'];
  const screen = play.openScreen();
  const openScreen = (): Screen => ({
    ...screen,
    async next(milliseconds) {
      const change = changes.shift();
      if (change) await runIn({ args: change.split(' '), openTransport }, main);
      return await screen.next(milliseconds);
    },
  });
  expect((await top('', { openScreen }, kernel)).status).toBe(0);
  const rows = play.frames.map((frame) => /10\.0\.0\.18:80 +(down)? +(\d)/.exec(frame)?.[2]);
  expect(rows).toEqual(['0', '5', '5', '5', '5']);
});

test.each([
  ['SIGTERM', 143],
  ['SIGINT', 130],
  ['SIGHUP', 129],
] as const)('%s ends it with status %d, and the screen is given back', async (signal, status) => {
  const play = played([{ kind: 'signal', signal }]);
  expect((await top('', play)).status).toBe(status);
  expect(play.closed()).toBe(1);
});

test('Ctrl-Z stands back', async () => {
  const play = played([keys('\x1a'), keys('q')]);
  expect((await top('', play)).status).toBe(0);
  expect(play.suspended()).toBe(1);
});
