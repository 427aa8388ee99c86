/** The progress of a restore on a terminal. */
import { runSubcommand } from '../../src/commands';
import { program } from '../../src/program/program';
import { FakeKernel } from '../helpers/fake-kernel';
import { type Outcome, runIn, type TestWorld } from '../helpers/test-system';

/** 600 rules, of which the first is refused the second time. */
const block = `-A -f 1 -s rr\n${'-Z\n'.repeat(599)}`;
const blocks = [block, block, block];

async function restore(args: string, world: Partial<TestWorld> = {}): Promise<Outcome> {
  const kernel = new FakeKernel();
  let now = 0;
  return await runIn(
    {
      args: args.split(' '),
      stdin: blocks,
      terminal: true,
      openTransport: () => kernel.open(),
      now: () => {
        now += 700;
        return now;
      },
      ...world,
    },
    (system) => program(system, (inner) => runSubcommand({ ...system, ...inner })),
  );
}

test('the subcommand restore shows lines, rate and refusals, and erases the line before it prints anything else', async () => {
  const { stderr, status } = await restore('restore');
  expect(status).toBe(0);
  const shown = stderr
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  expect(shown[0]).toBe('Service already exists');
  expect(shown.filter((line) => line.includes('lines,')).length).toBeGreaterThan(0);
  for (const line of shown) {
    expect(line).toMatch(/^(Service already exists|\d+ lines, \d+ a second, [12] refused)$/);
  }
  expect(stderr).toMatch(/\r +\r$/);
});

test.each([
  ['restore', false],
  ['-R', true],
  ['--progress -R', false],
])('%s, terminal: %p: nothing but the error messages', async (args, terminal) => {
  const { stderr } = await restore(args, { terminal });
  expect(stderr).toBe('Service already exists\nService already exists\n');
});

test('--progress before -R shows it', async () => {
  const times = jest.spyOn(Date, 'now');
  for (const at of Array.from({ length: 200 }, (_, index) => index * 700)) times.mockReturnValueOnce(at);
  const { stderr } = await restore('--progress -R');
  times.mockRestore();
  expect(stderr).toMatch(/\r\d+ lines, \d+ a second, 2 refused *\r/);
  expect(stderr).toMatch(/\r +\r$/);
});

test.each(['--progress -Ln', '--progress list', '--progress'])('%s is an error', async (args) => {
  expect(await restore(args)).toMatchObject({
    stdout: '',
    status: 2,
    stderr: expect.stringMatching(/is for -R/),
  });
});

test('fewer than 1000 lines show nothing, however long they take', async () => {
  const lines = (count: number) => [`-A -f 1 -s rr\n${'-Z\n'.repeat(count - 1)}`];
  expect((await restore('restore', { stdin: lines(999) })).stderr).toBe('');
  expect((await restore('restore', { stdin: lines(1000) })).stderr).toMatch(
    /\r1000 lines, \d+ a second, 0 refused\r/,
  );
});
