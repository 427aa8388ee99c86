/** `list --watch`: frames, what they mark, and what is left on the terminal. */
import { unicodeFromBytes } from '../../../src/bytes/unicode';
import { runSubcommand } from '../../../src/commands';
import { main } from '../../../src/program/classic';
import { FakeKernel } from '../../helpers/fake-kernel';
import { runIn, type TestWorld } from '../../helpers/test-system';

const rules = `-A -t 192.0.2.10:80 -s wrr
-a -t 192.0.2.10:80 -r 10.0.0.1 -m -w 1
-a -t 192.0.2.10:80 -r 10.0.0.2 -m -w 1
`;
type Step = (kernel: FakeKernel) => void;
const weight =
  (last: number, value: number): Step =>
  ({ entries }) => {
    const server = entries[0]!.destinations.find(({ address }) => address?.[3] === last);
    Object.assign(server!, { weight: value });
  };
const without =
  (last: number): Step =>
  ({ entries }) => {
    const { destinations } = entries[0]!;
    destinations.splice(
      destinations.findIndex(({ address }) => address?.[3] === last),
      1,
    );
  };
const flush: Step = ({ entries }) => {
  entries.splice(0);
};

const ENTER = '\x1b[?1049h';
const LEAVE = '\x1b[?1049l';

/**
 * Watches while each of `steps` changes the table before the next frame; then a signal comes.
 * @returns what was written, in pieces, with the time of day taken out.
 */
async function watch(line: string, steps: readonly Step[] = [], world: Partial<TestWorld> = {}) {
  const kernel = new FakeKernel();
  const openTransport = () => kernel.open();
  const change = (stdin: string) => runIn({ args: ['-R'], stdin, openTransport }, main);
  await change(rules);
  const writes: string[] = [];
  const sleeps: number[] = [];
  const changes = [...steps];
  const outcome = await runIn(
    {
      args: ['list', ...line.split(' ')],
      openTransport,
      terminal: true,
      environment: { NO_COLOR: '1' },
      height: 40,
      onWrite: (_stream, text) =>
        writes.push(
          unicodeFromBytes(text)
            .replace(/\d\d:\d\d:\d\d/, 'TIME')
            .replaceAll('\x1b[K', ''),
        ),
      sleep(milliseconds) {
        sleeps.push(milliseconds);
        const step = changes.shift();
        if (!step) return 'SIGINT';
        step(kernel);
        return undefined;
      },
      ...world,
    },
    runSubcommand,
  );
  return { writes, sleeps, status: outcome.status, stderr: outcome.stderr };
}

test('a frame is one write; the former screen comes back after a signal', async () => {
  const { writes, sleeps, status, stderr } = await watch('--watch');
  expect({ status, stderr, sleeps }).toEqual({ status: 130, stderr: '', sleeps: [2000] });
  expect(writes).toEqual([
    `${ENTER}\x1b[?7l\x1b[Hevery 2 s, TIME, changes in reverse video; Ctrl-C ends

TCP 192.0.2.10:80  scheduler wrr
┌─────────────┬──────────────┬────────┬───────┬────────┬──────────┐
│ Real server │ Method       │ Weight │ Share │ Active │ Inactive │
├─────────────┼──────────────┼────────┼───────┼────────┼──────────┤
│ 10.0.0.1:80 │ masquerading │      1 │   50% │      0 │        0 │
│ 10.0.0.2:80 │ masquerading │      1 │   50% │      0 │        0 │
└─────────────┴──────────────┴────────┴───────┴────────┴──────────┘\x1b[J\x1b[?7h`,
    LEAVE,
  ]);
});

test('what has changed is in reverse video, once; what is gone is named, once', async () => {
  const { writes } = await watch('--watch 0.5', [weight(2, 3), () => {}, without(1), flush]);
  const rows = writes.map((frame) =>
    frame.split('\n').filter((line) => /10\.0\.0|no longer|no virtual/.test(line)),
  );
  expect(rows).toEqual([
    [expect.not.stringContaining('\x1b['), expect.not.stringContaining('\x1b[')],
    [
      '│ 10.0.0.1:80 │ masquerading │      1 │   \x1b[7m25%\x1b[27m │      0 │        0 │',
      '│ 10.0.0.2:80 │ masquerading │      \x1b[7m3\x1b[27m │   \x1b[7m75%\x1b[27m │      0 │        0 │',
    ],
    [expect.not.stringContaining('\x1b['), expect.not.stringContaining('\x1b[')],
    [
      '│ 10.0.0.2:80 │ masquerading │      3 │  \x1b[7m100%\x1b[27m │      0 │        0 │',
      'no longer listed: TCP 192.0.2.10:80  10.0.0.1:80\x1b[J\x1b[?7h',
    ],
    ['no virtual services', 'no longer listed: TCP 192.0.2.10:80\x1b[J\x1b[?7h'],
    [],
  ]);
});

test('a frame that is higher than the terminal says what is left out', async () => {
  const { writes } = await watch('--watch', [], { height: 5 });
  expect(writes[0]!.split('\n').slice(3)).toEqual([
    expect.stringMatching(/^┌/),
    '5 more lines: --service, --server and --state list less\x1b[J\x1b[?7h',
  ]);
});

test('the interval may be left out, and must be a time', async () => {
  const { sleeps } = await watch('--watch 0.5 --rate');
  expect(sleeps).toEqual([500]);
  expect((await watch('--rate --watch')).sleeps).toEqual([2000]);
  expect((await watch('--watch=3')).sleeps).toEqual([3000]);
  expect((await watch('--watch 0')).stderr).toMatch(/^ipvsadm: --watch 0: must be 0\.1 to \d+ seconds\n/);
});

test.each([
  ['--watch', { terminal: false }, '--watch: standard output is not a terminal: leave out --watch'],
  ['--watch --no-pretty', {}, '--watch and --no-pretty cannot be used together: give one of them'],
  ['--watch --json', {}, '--json and --watch cannot be used together'],
  ['--watch --connection', {}, '--connection and --watch cannot be used together'],
  ['--watch soon', {}, "unexpected argument 'soon'"],
])('%s is refused', async (line, world, message) => {
  const { writes, status } = await watch(line, [], world);
  expect({ writes, status }).toEqual({
    writes: [`ipvsadm: ${message}\nSee: ipvsadm list --help\n`],
    status: 2,
  });
});

test('the screen is put back before an error is reported', async () => {
  const { writes, status } = await watch('--watch --tcp 192.0.2.10:80', [flush]);
  expect(status).toBe(1);
  expect(writes.slice(1, 3)).toEqual([LEAVE, expect.stringMatching(/^No such service: /)]);
});
