/** What is wrong with the flags of a command in words is said in this program's words, with the help's name. */
import { CLIError } from '@oclif/core/errors';
import { runSubcommand } from '../../src/commands';
import { asUsageError } from '../../src/commands/support/oclif-errors';
import { FakeKernel } from '../helpers/fake-kernel';
import { runIn } from '../helpers/test-system';

const drain = 'server drain --tcp 192.0.2.10:80 --real-server 10.0.0.1';

test.each([
  [`${drain} --wait --timeout abc`, '--timeout must be 0 to 2147483 seconds', 'server drain'],
  [`${drain} --wait --interval 0`, '--interval must be 0.1 to 2147483 seconds', 'server drain'],
  ['apply', 'Missing argument: file', 'apply'],
  ['convert x', 'Missing required flag --to', 'convert'],
  [
    'server drain',
    'Exactly one of the following must be provided: --fwmark, --sctp, --tcp, --udp\n  Missing required flag --real-server',
    'server drain',
  ],
  ['list --pretty --json', '--json cannot also be provided when using --pretty', 'list'],
  [
    'list --tcp 192.0.2.10:80 --udp 192.0.2.10:53',
    '--tcp=192.0.2.10:80 cannot also be provided when using --udp',
    'list',
  ],
])('%s', async (line, problem, words) => {
  const kernel = new FakeKernel();
  const outcome = await runIn({ args: line.split(' '), openTransport: () => kernel.open() }, runSubcommand);
  expect(outcome).toEqual({
    stdout: '',
    stderr: `ipvsadm: ${problem}\nSee: ipvsadm ${words} --help\n`,
    status: 2,
  });
});

test('colours of oclif are left out', () => {
  const error = asUsageError(new CLIError('\x1b[2mMissing required flag to\x1b[22m'), ['convert']);
  expect((error as Error).message).toBe('ipvsadm: Missing required flag --to\nSee: ipvsadm convert --help');
});

test('--no-trial without --check changes nothing', async () => {
  const kernel = new FakeKernel();
  const outcome = await runIn(
    {
      args: ['restore', '--no-trial', 'rules'],
      files: { rules: '-A -f 1\n' },
      openTransport: () => kernel.open(),
    },
    runSubcommand,
  );
  expect(outcome).toEqual({ stdout: '', stderr: 'ipvsadm: --no-trial is for --check\n', status: 2 });
});
