import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { summaryOf } from '../command-line/command-table';
import { timeoutProblem } from '../command-line/value-problems';
import { IpvsCommand } from './support/base';
import { CommandLineError, InvalidValueError } from './support/command-line-error';
import { changeFlags } from './support/dry-run';

/** Its value stays a text. */
async function seconds(text: string): Promise<string> {
  const problem = timeoutProblem(text);
  if (problem !== undefined) throw new InvalidValueError(problem);
  return text;
}

const timeouts = {
  tcp: 'seconds, for TCP connections',
  'tcp-fin': 'seconds, for TCP connections after a FIN',
  udp: 'seconds, for UDP',
} as const;
type Timeout = keyof typeof timeouts;
const names = Object.keys(timeouts) as Timeout[];

const argument = (description: string) =>
  Args.string({ required: false, ignoreStdin: true, description, parse: seconds });
const flag = (description: string) =>
  Flags.string({
    description: `${description}; others are left as they are`,
    helpValue: 'SECONDS',
    parse: seconds,
  });

export default class SetTimeouts extends IpvsCommand {
  static override summary = summaryOf('set');
  static override examples = [
    '<%= config.bin %> set-timeouts 900 120 300',
    '<%= config.bin %> set-timeouts --tcp-fin 30',
  ];
  static override args = {
    tcp: argument(timeouts.tcp),
    tcpfin: argument(timeouts['tcp-fin']),
    udp: argument(timeouts.udp),
  };
  static override flags = {
    tcp: flag(timeouts.tcp),
    'tcp-fin': flag(timeouts['tcp-fin']),
    udp: flag(timeouts.udp),
    ...changeFlags,
  };
  static forms = [{ args: SetTimeouts.args, flags: changeFlags }, { flags: SetTimeouts.flags }];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(SetTimeouts);
    const given = [args.tcp, args.tcpfin, args.udp].filter((text) => text !== undefined);
    const named = names.some((name) => flags[name] !== undefined);
    const problems = named ? tooMany(given) : missing(given);
    if (problems.length > 0) throw new CommandLineError(problems);
    // 0 leaves a timeout as it is.
    const positional = named ? names.map((name) => flags[name] ?? '0') : given;
    await this.perform(await this.requestFor('set', {}, { positional }));
  }
}

function tooMany([first]: readonly string[]): string[] {
  return first === undefined ? [] : [`unexpected argument '${first}': leave it out, or leave out the flags`];
}

function missing({ length }: readonly string[]): string[] {
  return ['TCP', 'TCPFIN', 'UDP'].slice(length).map((name) => `missing argument ${name}`);
}
