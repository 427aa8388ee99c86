/** Help on the subcommands, written by oclif. Its bundle is loaded only when help is asked for. */
import { join } from 'node:path';
import { type Command, Config, Help } from '@oclif/core';
import { type GlobalOption, globalOptions } from '../command-line/global-options';
import { usageOf } from './support/usage';
import { commands } from './tree';

// package.json names this bundle as the one that exports the commands to oclif.
export { commands };

/** The help on a subcommand, on a topic ('service'), or on everything ([]). */
export async function helpOn(words: readonly string[]): Promise<string> {
  const config = await Config.load({ root: join(__dirname, '..') });
  const help = new CollectedHelp(config, { hideCommandSummaryInDescription: true });
  await help.showHelp([...words]);
  return help.text;
}

/** Collects the help that oclif would print, so that it is written like all other output. */
class CollectedHelp extends Help {
  text = '';

  override formatCommand(command: Command.Loadable): string {
    const { flags = {}, baseFlags = {}, args = {}, strict } = commands[command.id.replaceAll(' ', ':')]!;
    const usage = `<%= command.id %> ${usageOf({ ...flags, ...baseFlags }, args, { strict })}`;
    return super.formatCommand({ ...command, usage });
  }

  override formatRoot(): string {
    const rows = Object.entries<GlobalOption>(globalOptions).map(
      ([name, { argument, summary }]): [string, string] => [
        `--${name}${argument ? `=${argument}` : ''}`,
        summary,
      ],
    );
    const options = this.renderList(rows, {
      indentation: 2,
      spacer: '\n',
      stripAnsi: this.opts.stripAnsi ?? false,
    });
    return [super.formatRoot(), '', this.section('GLOBAL OPTIONS', options)].join('\n');
  }

  protected override log(...lines: string[]): void {
    this.text += `${lines.join(' ')}\n`;
  }
}
