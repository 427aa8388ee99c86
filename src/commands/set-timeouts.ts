import * as Args from '@oclif/core/args';
import { summaryOf } from '../command-line/command-table';
import { timeoutProblem } from '../command-line/value-problems';
import { IpvsCommand } from './support/base';
import { InvalidValueError } from './support/command-line-error';

/** A timeout. Its value stays a text. */
const secondsArgument = (description: string) =>
  Args.string({
    required: true,
    ignoreStdin: true,
    description,
    parse: async (text) => {
      const problem = timeoutProblem(text);
      if (problem !== undefined) throw new InvalidValueError(problem);
      return text;
    },
  });

export default class SetTimeouts extends IpvsCommand {
  static override summary = summaryOf('set');
  static override examples = ['<%= config.bin %> set-timeouts 900 120 300'];
  static override args = {
    tcp: secondsArgument('seconds, for TCP connections'),
    tcpfin: secondsArgument('seconds, for TCP connections after a FIN'),
    udp: secondsArgument('seconds, for UDP'),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(SetTimeouts);
    const positional = [args.tcp, args.tcpfin, args.udp];
    await this.perform(await this.requestFor('set', flags, { positional }));
  }
}
