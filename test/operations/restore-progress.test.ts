/** What a restore shows on a terminal while it goes on. */
import { runSubcommand } from '../../src/commands';
import { restoreProgress } from '../../src/operations/restore-progress';
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
    (system) => program(system, (inner, globals) => runSubcommand({ ...system, ...inner }, globals)),
  );
}

test('restore in words shows lines, rate and refusals, and clears the line before it says anything else', async () => {
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
])('%s, terminal: %p: nothing but the sentences', async (args, terminal) => {
  const { stderr } = await restore(args, { terminal });
  expect(stderr).toBe('Service already exists\nService already exists\n');
});

test('--progress shows it in front of -R', async () => {
  const times = jest.spyOn(Date, 'now');
  for (const at of Array.from({ length: 200 }, (_, index) => index * 700)) times.mockReturnValueOnce(at);
  const { stderr } = await restore('--progress -R');
  times.mockRestore();
  expect(stderr).toMatch(/\r\d+ lines, \d+ a second, 2 refused *\r/);
  expect(stderr).toMatch(/\r +\r$/);
});

test.each(['--progress -Ln', '--progress list', '--progress'])('%s makes no sense', async (args) => {
  expect(await restore(args)).toMatchObject({
    stdout: '',
    status: 2,
    stderr: expect.stringMatching(/is for -R/),
  });
});

test('short work shows nothing, neither in time nor in lines', () => {
  let now = 0;
  let written = '';
  const system = {
    stderrIsTerminal: () => true,
    write: (_stream: string, bytes: Uint8Array) => {
      written += Buffer.from(bytes).toString('latin1');
    },
  };
  const progress = restoreProgress(system, () => now)!;
  progress.show(100_000, 0);
  now = 999;
  progress.show(200_000, 0);
  now = 60_000;
  progress.show(999, 0);
  progress.clear();
  expect(written).toBe('');
  progress.show(3000, 1);
  now += 99;
  progress.show(4000, 1);
  progress.clear();
  const text = '3000 lines, 50 a second, 1 refused';
  expect(written).toBe(`\r${text}\r\r${' '.repeat(text.length)}\r`);
});
