/** The changes of a subcommand on the fake kernel. */
import { runSubcommand } from '../../src/commands';
import { main } from '../../src/program/classic';
import { FakeKernel } from './fake-kernel';
import { runIn } from './test-system';

/**
 * Runs a subcommand on a table that these rules have made.
 * @param command of the family, whose requests are counted as `sent`.
 * @returns its outcome, and the rules that the table did not have before.
 */
export async function changedRules(rules: string, args: readonly string[], command: number) {
  const kernel = new FakeKernel();
  const openTransport = () => kernel.open();
  await runIn({ args: ['-R'], stdin: rules, openTransport }, main);
  const saved = async () => (await runIn({ args: ['-Sn'], openTransport }, main)).stdout.split('\n');
  const then = await saved();
  kernel.requests.length = 0;
  const outcome = await runIn({ args, openTransport }, runSubcommand);
  const sent = kernel.requests.filter((request) => request.command === command).length;
  const changes = (await saved()).filter((rule) => !then.includes(rule));
  return { ...outcome, sent, changes };
}
