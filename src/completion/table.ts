/** What completion knows, as lines for `candidates.ts`, made from the tables of options and of the word commands. */
import type { Command } from '@oclif/core';
import { type CommandName, type CommandSpec, requestCommands } from '../command-line/command-table';
import { classicOptions, type GlobalOption, globalOptions } from '../command-line/global-options';
import { legalOptions } from '../command-line/legal-options';
import { type OptionSpec, options } from '../command-line/options';
import { schedulerFlagNames } from '../model/scheduler-flags';

/**
 * What can stand for a value:
 *
 *   ''                nothing: there is no value, or it may be left out
 *   any               something that is not known here
 *   words A B …       one of these; list A B …: some of these, with commas
 *   service -t        the address of a service of the table, -t, -u, --sctp-service or -f being its option
 *   server            a real server of the service that the command line names; servers: of any service
 *   file, interface, namespace
 */
type Kind = string;

/** A part of oclif's tree: what this file reads of it. */
export type CommandTree = Readonly<
  Record<string, Pick<Command.Class, 'summary' | 'hidden' | 'flags' | 'args'>>
>;

/**
 * The lines, their cells separated by tabs:
 *
 *   word     COMMAND SUMMARY              a command in words
 *   classic  NAMES CONTEXT SUMMARY        a classic command; its long name is the context of its options
 *   option   CONTEXT NAMES KIND SUMMARY   in context * for classic command lines whose command is still to come
 *   argument CONTEXT KIND                 positional arguments, in order
 *   global   NAME WORDS                   what may stand before every command, and how many words it is
 */
export function completionTable(tree: CommandTree): string {
  const rows = [
    ['word', 'help', 'help on a command'],
    ...Object.entries(tree).flatMap(([id, command]) => wordRows(id.replaceAll(':', ' '), command)),
    ...requestCommands.flatMap(classicRows),
    ...Object.entries<GlobalOption>({ ...globalOptions, ...classicOptions }).map(([name, { argument }]) => {
      return ['global', `--${name}`, argument ? '2' : '1'];
    }),
    ...leadingRows('*', { ...globalOptions, ...classicOptions }),
    ...options.map((option) => optionRow('*', option, undefined)),
  ];
  // A summary of several lines is one cell all the same.
  return rows.map((row) => `${row.map((cell) => cell.replace(/\s+/g, ' ')).join('\t')}\n`).join('');
}

function wordRows(
  words: string,
  { summary, hidden, flags = {}, args = {} }: CommandTree[string],
): string[][] {
  if (hidden) return [];
  const command = requestCommands.find((known) => known.subcommand === words)?.name;
  return [
    ['word', words, summary ?? ''],
    ...leadingRows(words, globalOptions),
    ...Object.entries(flags)
      .filter(([name, flag]) => !flag.hidden && !Object.hasOwn(globalOptions, name))
      .map(([name, flag]) => {
        const names = flag.char ? `--${name} -${flag.char}` : `--${name}`;
        const known = options.find(
          (option) => (option.flag ?? option.long) === name && option.summary === flag.description,
        );
        const kind = known
          ? kindOf(known, command)
          : flag.type === 'boolean'
            ? ''
            : kindOfValue(flag, flag.helpValue);
        return ['option', words, names, kind, flag.description ?? flag.summary ?? ''];
      }),
    ...Object.entries(args).map(([name, argument]) => ['argument', words, kindOfValue(argument, name)]),
  ];
}

/** Options that every command takes. */
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
  const state = command.argument === 'STATE' ? 'words master backup' : '';
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

/** What a value of the table's options is; services and servers that are to be added are not there yet. */
function kindOf(option: OptionSpec, command: CommandName | undefined): Kind {
  if (!option.argument || option.optional) return '';
  if (option.name === 'service-address') {
    const short = option.letter ? `-${option.letter}` : `--${option.long}`;
    return command === 'add-service' ? 'any' : `service ${short}`;
  }
  if (option.name === 'real-server') return command === 'add-server' ? 'servers' : 'server';
  if (option.values) return `words ${option.values.join(' ')}`;
  return kinds[option.long] ?? 'any';
}

const kinds: Partial<Record<OptionSpec['long'], Kind>> = {
  'sched-flags': `list ${schedulerFlagNames.join(' ')}`,
  'mcast-interface': 'interface',
};

/** The value of a flag or argument that oclif declares. */
function kindOfValue({ options: choices }: { options?: readonly string[] }, placeholder: unknown): Kind {
  if (choices) return `words ${choices.join(' ')}`;
  return /file|path/i.test(String(placeholder)) ? 'file' : 'any';
}
