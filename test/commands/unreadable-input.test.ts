/** Subcommands whose standard input cannot be read to its end. */
import { runSubcommand } from '../../src/commands';
import { FakeKernel } from '../helpers/fake-kernel';
import { runIn } from '../helpers/test-system';

const EIO = 5;
const rule = '-A -f 7 -s rr\n';

/** Runs a subcommand whose standard input fails after a rule. */
async function run(line: string) {
  const kernel = new FakeKernel();
  const outcome = await runIn(
    { args: line.split(' '), stdin: rule, stdinErrno: EIO, openTransport: () => kernel.open() },
    runSubcommand,
  );
  return { ...outcome, services: kernel.entries.length };
}

test.each(['restore -', 'apply -', 'diff -', 'restore --check --no-trial -', 'convert --to json -'])(
  '%s is an error, and changes nothing',
  async (line) => {
    expect(await run(line)).toEqual({
      stdout: '',
      stderr: expect.stringMatching(/^\(standard input\): cannot be read: Input\/output error\n/),
      status: 2,
      services: 0,
    });
  },
);

test('restore without a file is an error after the lines before', async () => {
  expect(await run('restore')).toEqual({
    stdout: '',
    stderr: 'ipvsadm: standard input cannot be read: Input/output error; the lines before are in effect\n',
    status: 2,
    services: 1,
  });
});
