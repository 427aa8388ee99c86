/** The table that candidates.awk reads, made from the table of options and from the subcommands. */
import type { Command } from '@oclif/core';
import { type CommandName, type CommandSpec, requestCommands } from '../command-line/command-table';
import { classicOptions, type GlobalOption, globalOptions } from '../command-line/global-options';
import { legalOptions } from '../command-line/legal-options';
import { type OptionSpec, options } from '../command-line/options';
import { schedulerFlagNames } from '../model/scheduler-flags';

/**
 * The kind of a value:
 *
 *   ''                there is no value, or it may be left out
 *   any               a value that cannot be completed
 *   choice A B …      one of these
 *   list A B …        some of these, separated by commas
 *   service -t        the address of a service in the table; -t, -u, --sctp-service or -f names it
 *   server            a real server of the virtual service that the command line names
 *   servers           a real server of any virtual service
 *   target            a virtual service as subcommands name it, or --service
 *   tended            a real server that the director daemon knows, or a virtual service of it
 *   entry             the number of a change in the history
 *   file, interface, namespace
 */
type Kind = string;

/** The subcommands: those parts of oclif's classes that completion reads. */
export type CommandTree = Readonly<Record<string, CommandParts>>;
interface CommandParts extends Pick<Command.Class, 'summary' | 'hidden' | 'args'> {
  readonly flags?: Readonly<Record<string, Command.Class['flags'][string] & TableFlag>>;
}

/** Holds the option of the table that a flag stands for, if it stands for one. */
export interface TableFlag {
  readonly option?: OptionSpec;
}

/**
 * The completion table: lines whose cells are separated by tabs.
 *
 *   subcommand NAME SUMMARY
 *   classic    NAMES CONTEXT SUMMARY        a classic command; CONTEXT, its long name, has its options
 *   option     CONTEXT NAMES KIND SUMMARY   in context * as long as there is no classic command
 *   former     CONTEXT NAME OPTION KIND     a former name of an option, which is accepted and not offered
 *   argument   CONTEXT KIND                 the positional arguments, in order
 *   global     NAME WORDS                   a global option, and the number of its words
 */
export function completionTable(tree: CommandTree): string {
  const rows = [
    ['subcommand', 'help', 'print help on a subcommand'],
    ...Object.entries(tree).flatMap(([id, command]) => subcommandRows(id.replaceAll(':', ' '), command)),
    ...requestCommands.flatMap(classicRows),
    ...Object.entries<GlobalOption>({ ...globalOptions, ...classicOptions }).map(([name, { argument }]) => {
      return ['global', `--${name}`, argument ? '2' : '1'];
    }),
    ...leadingRows('*', { ...globalOptions, ...classicOptions }),
    ...options.map((option) => optionRow('*', option, undefined)),
  ];
  // A cell may not hold a tab or a newline.
  return rows.map((row) => `${row.map((cell) => cell.replace(/\s+/g, ' ')).join('\t')}\n`).join('');
}

function subcommandRows(
  name: string,
  { summary, hidden, flags = {}, args = {} }: CommandTree[string],
): string[][] {
  if (hidden) return [];
  const command = requestCommands.find((known) => known.subcommand === name)?.name;
  return [
    ['subcommand', name, summary ?? ''],
    ...leadingRows(name, globalOptions),
    ...Object.entries(flags)
      .filter(([long, flag]) => !flag.hidden && !Object.hasOwn(globalOptions, long))
      .flatMap(([long, flag]) => {
        const names = flag.char ? `--${long} -${flag.char}` : `--${long}`;
        const kind = flag.option ? kindOf(flag.option, command) : kindOfFlag(flag);
        const former = (flag.aliases ?? []).map((alias) => ['former', name, `--${alias}`, `--${long}`, kind]);
        return [['option', name, names, kind, flag.description ?? flag.summary ?? ''], ...former];
      }),
    ...Object.entries(args).map(([placeholder, argument]) => [
      'argument',
      name,
      kindOfValue(argument, placeholder),
    ]),
  ];
}

/** The options of every command. */
function leadingRows(context: string, leading: Readonly<Record<string, GlobalOption>>): string[][] {
  return Object.entries(leading).map(([name, { argument, summary }]) => {
    return ['option', context, `--${name}`, argument ? 'namespace' : '', summary];
  });
}

function classicRows(command: CommandSpec): string[][] {
  const context = `--${command.long}`;
  const names = [context, ...[...command.letters].map((letter) => `-${letter}`)].join(' ');
  const legal = legalOptions[command.name];
  const taken = options.filter(
    ({ name, long }) => (name && legal.has(name)) || (long === 'ipv6' && legal.has('service-address')),
  );
  const state = command.argument === 'STATE' ? 'choice master backup' : '';
  return [
    ['classic', names, context, command.summary],
    ['option', '*', names, state, ''],
    ...taken.map((option) => optionRow(context, option, command.name)),
    ...(command.positional ?? '')
      .split(' ')
      .filter(Boolean)
      .map(() => ['argument', context, 'any']),
  ];
}

function optionRow(context: string, option: OptionSpec, command: CommandName | undefined): string[] {
  const names = option.letter ? `--${option.long} -${option.letter}` : `--${option.long}`;
  return ['option', context, names, kindOf(option, command), option.summary];
}

/**
 * The kind of the value of an option in the table. A service that is to be added is not in the
 * kernel's table yet.
 */
function kindOf(option: OptionSpec, command: CommandName | undefined): Kind {
  if (!option.argument || option.optional) return '';
  if (option.name === 'service-address') {
    const short = option.letter ? `-${option.letter}` : `--${option.long}`;
    return command === 'add-service' ? 'any' : `service ${short}`;
  }
  if (option.name === 'real-server') return command === 'add-server' ? 'servers' : 'server';
  if (option.values) return `choice ${option.values.join(' ')}`;
  return kinds[option.long] ?? 'any';
}

const kinds: Partial<Record<OptionSpec['long'], Kind>> = {
  'sched-flags': `list ${schedulerFlagNames.join(' ')}`,
  'mcast-interface': 'interface',
};

function kindOfFlag(flag: Command.Class['flags'][string]): Kind {
  return flag.type === 'boolean' ? '' : kindOfValue(flag, flag.helpValue);
}

/** What arguments and values of these names are. */
const placeholders: Readonly<Record<string, Kind>> = {
  service: 'target',
  SERVICE: 'target',
  name: 'tended',
  number: 'entry',
};

/** The kind of the value of a flag or argument that a subcommand declares itself. */
function kindOfValue({ options: choices }: { options?: readonly string[] }, placeholder: unknown): Kind {
  if (choices) return `choice ${choices.join(' ')}`;
  const known = placeholders[String(placeholder)];
  if (known) return known;
  return /file|path/i.test(String(placeholder)) ? 'file' : 'any';
}
