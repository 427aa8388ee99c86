/**
 * The manual pages: the templates in docs/man, their lists filled from the tables of options and
 * commands.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from '@oclif/core';
import { requestCommands } from '../../src/command-line/command-table';
import { classicOptions, type GlobalOption, globalOptions } from '../../src/command-line/global-options';
import { type OptionSpec, options } from '../../src/command-line/options';
import { commands as subcommands } from '../../src/commands/tree';
import type { TableFlag } from '../../src/completion/table';
import { takenOptions } from '../../src/format/help';
import { bold, escaped, phrase, sentence, tagged, withPlaceholders } from './roff';

const root = join(__dirname, '../..');
const templates = join(root, 'docs/man');

export interface Edition {
  version: string;
  /** As 2026-01-31. */
  date: string;
}

/** The text of every page, by its file name: ipvsadm.8 and so on. */
export function manualPages({ version, date }: Edition): Record<string, string> {
  const parts: Readonly<Record<string, string>> = {
    version,
    date,
    commands: requestCommands.map(commandEntry).join('\n'),
    options: options.map(optionEntry).join('\n'),
    leading: Object.entries<GlobalOption>({ ...globalOptions, ...classicOptions })
      .map(([name, { argument, summary }]) =>
        tagged(bold(`--${name}`) + (argument ? ` ${withPlaceholders(argument)}` : ''), phrase(summary)),
      )
      .join('\n'),
    subcommands: Object.entries(subcommands).flatMap(subcommandEntry).join('\n'),
  };
  const filled = (text: string) => text.replace(/@(\w+)@/g, (_, name: string) => parts[name]!);
  return Object.fromEntries(
    readdirSync(templates).map((name) => [name, filled(readFileSync(join(templates, name), 'utf8'))]),
  );
}

function commandEntry(command: (typeof requestCommands)[number]): string {
  const names = [...command.letters].map((letter) => `-${letter}`).concat(`--${command.long}`);
  const value = command.argument ?? command.positional;
  const tag = names.map(bold).join(', ') + (value ? ` ${withPlaceholders(value)}` : '');
  const taken = takenOptions(command);
  return tagged(
    tag,
    // `ipvsadm version` prints the version of this program, -v that of ipvsadm 1.31.
    sentence(command.summary) +
      (command.name === 'version' ? '' : `\nSubcommand: ${bold(`ipvsadm ${command.subcommand}`)}.`),
    taken && withPlaceholders(taken),
  );
}

function optionEntry(option: OptionSpec): string {
  const names = [...(option.letter ? [`-${option.letter}`] : []), `--${option.long}`];
  const value = option.argument && (option.optional ? `[${option.argument}]` : option.argument);
  const flag = option.flag ? `In subcommands: ${bold(`--${option.flag}`)}.` : '';
  const text = [phrase(option.summary), flag].filter(Boolean).join('\n');
  return tagged(names.map(bold).join(', ') + (value ? ` ${withPlaceholders(value)}` : ''), text);
}

function subcommandEntry([id, command]: [string, (typeof subcommands)[string]]): string[] {
  if (command.hidden) return [];
  const values = Object.entries(command.args ?? {}).map(([name, { required }]) =>
    required ? `\\fI${escaped(name.toUpperCase())}\\fR` : `[\\fI${escaped(name.toUpperCase())}\\fR]`,
  );
  const tag = [bold(`ipvsadm ${id.replaceAll(':', ' ')}`), ...values].join(' ');
  const flags = Object.entries(command.flags ?? {}).filter(([, flag]) => !flag.hidden);
  const shared = flags.filter(([, flag]) => isTableFlag(flag)).map(([name]) => bold(`--${name}`));
  const own = flags.filter(([, flag]) => !isTableFlag(flag));
  const entries = own.map(([name, flag]) =>
    tagged(flagTag(name, flag), phrase(flag.description ?? name) + (flag.required ? ' Required.' : '')),
  );
  return [
    tagged(tag, sentence(command.summary ?? id), phrase(command.description ?? ''), shared.join(', ')),
    ...(entries.length > 0 ? ['.RS', ...entries, '.RE'] : []),
  ];
}

/** Whether a flag stands for an option of the table, which the section OPTIONS describes. */
function isTableFlag(flag: object): boolean {
  return (flag as TableFlag).option !== undefined;
}

function flagTag(name: string, flag: Command.Class['flags'][string]): string {
  const long = flag.type === 'boolean' && flag.allowNo ? `--[no-]${name}` : `--${name}`;
  const names = [...(flag.char ? [`-${flag.char}`] : []), long].map(bold).join(', ');
  if (flag.type === 'boolean') return names;
  const value = flag.options?.join('|') ?? flag.helpValue ?? name.toUpperCase();
  return `${names} \\fI${escaped(String(value))}\\fR`;
}
