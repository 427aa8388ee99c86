/** Help on the subcommands, laid out by oclif. Its bundle is loaded only when help is asked for. */
import type { Command, Config, Interfaces } from '@oclif/core';
import { Help } from '@oclif/core/help';
import { name, oclif, version } from '../../package.json';
import { type GlobalOption, globalOptions } from '../command-line/global-options';
import { exitMeanings } from '../errors/exit-status';
import { usagesOf } from './support/usage';
import { commands, type SubcommandClass } from './tree';

/** The help on a subcommand, on a topic ('service'), or on everything ([]). */
export async function helpOn(words: readonly string[]): Promise<string> {
  const help = new CollectedHelp(helpConfig(), { hideCommandSummaryInDescription: true });
  await help.showHelp([...words]);
  return help.text;
}

/**
 * The part of oclif's configuration that help needs. oclif's own `Config.load` looks for plugins and
 * a theme in the home directory, and runs code from there.
 */
function helpConfig(): Config {
  const loaded = Object.entries(commands).map(([id, command]) => helpCommand(id, command));
  const topics = Object.entries(oclif.topics).map(([topic, { description }]) => ({
    name: topic,
    description,
  }));
  const config = {
    bin: oclif.bin,
    pjson: { oclif: { description: oclif.description } },
    topicSeparator: oclif.topicSeparator,
    userAgent: `${name}/${version} ${process.platform}-${process.arch} node-${process.version}`,
    plugins: new Map(),
    commandIDs: Object.keys(commands),
    commands: loaded,
    // A topic is listed if another one is below it, so that the commands have to be topics, too.
    topics: [...topics, ...loaded.map(({ id }) => ({ name: id, hidden: true }))],
    findCommand: (id: string) => loaded.find((command) => command.id === id),
    findTopic: (topic: string) => topics.find((known) => known.name === topic),
  };
  return config as unknown as Config;
}

/** What oclif would cache of a command: the parts that help shows. */
function helpCommand(id: string, command: SubcommandClass): Command.Loadable {
  const { summary, description, examples, hidden, strict, args = {}, flags = {}, baseFlags = {} } = command;
  return {
    id,
    aliases: [],
    hiddenAliases: [],
    summary,
    description,
    examples,
    hidden,
    strict,
    args: named(args),
    flags: named({ ...baseFlags, ...flags }),
  } as unknown as Command.Loadable;
}

function named(table: Interfaces.FlagInput | Interfaces.ArgInput): Record<string, object> {
  return Object.fromEntries(Object.entries(table).map(([key, value]) => [key, { ...value, name: key }]));
}

/** Collects the help that oclif would print, so that it is written like all other output. */
class CollectedHelp extends Help {
  text = '';

  override formatCommand(command: Command.Loadable): string {
    const usage = usagesOf(commands[command.id.replaceAll(' ', ':')]!).map(
      (words) => `<%= command.id %> ${words}`,
    );
    return super.formatCommand({ ...command, usage });
  }

  override formatRoot(): string {
    const rows = Object.entries<GlobalOption>(globalOptions).map(
      ([name, { argument, summary }]): [string, string] => [
        `--${name}${argument ? `=${argument}` : ''}`,
        summary,
      ],
    );
    const layout = { indentation: 2, spacer: '\n', stripAnsi: this.opts.stripAnsi ?? false };
    const options = this.section('GLOBAL OPTIONS', this.renderList(rows, layout));
    const statuses = this.section(
      'EXIT STATUS',
      this.renderList(
        exitMeanings.map((row) => [...row]),
        layout,
      ),
    );
    return [super.formatRoot(), '', options, '', statuses].join('\n');
  }

  protected override log(...lines: string[]): void {
    this.text += `${lines.join(' ')}\n`;
  }
}
