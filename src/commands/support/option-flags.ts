/**
 * The flags of the subcommands that stand for options of classic commands, made from the table of
 * options.
 */
import type { Interfaces } from '@oclif/core';
import * as Flags from '@oclif/core/flags';
import type { CommandName } from '../../command-line/command-table';
import { type GlobalOption, globalOptions } from '../../command-line/global-options';
import { legalOptions } from '../../command-line/legal-options';
import { type OptionSpec, options } from '../../command-line/options';
import { listFormats } from '../../command-line/request';

type Flag = Interfaces.FlagInput[string];

/** The flags of a subcommand: one for each option that the classic command takes. */
export function flagsFor(command: CommandName): Interfaces.FlagInput {
  return Object.fromEntries(
    options
      .filter((option) => legalityOf(option, command) !== undefined)
      .map((option) => [flagName(option), flagOf(option, command)]),
  );
}

/** The flags of a command that leaves alone what is not given. */
export function withoutDefaults(flags: Interfaces.FlagInput): Interfaces.FlagInput {
  return Object.fromEntries(
    Object.entries(flags).map(([name, flag]) => {
      const description = flag.description?.replace(/ \(default\)|, default \d+/g, '');
      return [name, { ...flag, description } as Flag];
    }),
  );
}

/**
 * The flags of a listing for names: subcommands print numbers, so that they do not wait for name
 * servers and what they save can be restored.
 */
export function nameFlags({ numeric }: Interfaces.FlagInput) {
  return {
    numeric: {
      ...numeric,
      description: 'no effect: addresses and ports are numbers by default',
    } as Interfaces.BooleanFlag<boolean>,
    resolve: Flags.boolean({
      description: 'names of hosts and ports instead of numbers, where there are any',
      exclusive: ['numeric'],
    }),
  };
}

/** The name of an option's flag, without dashes. */
export function flagName(option: OptionSpec): string {
  return option.flag ?? option.long;
}

/** The options of every command, as help shows them. */
export function globalFlags(): Interfaces.FlagInput {
  const flags = Object.entries<GlobalOption>(globalOptions).map(([name, { argument, summary }]) => {
    const common = { description: summary, helpGroup: 'GLOBAL' };
    return [name, argument ? Flags.string({ ...common, helpValue: argument }) : Flags.boolean(common)];
  });
  return Object.fromEntries(flags);
}

function legalityOf({ long, name }: OptionSpec, command: CommandName) {
  const legal = legalOptions[command];
  return long === 'ipv6' ? legal.get('service-address') : name && legal.get(name);
}

function flagOf(option: OptionSpec, command: CommandName): Flag {
  const common = {
    option, // completion and the manual read it: TableFlag
    description: option.summary,
    ...(option.letter ? { char: option.letter as Interfaces.AlphabetLowercase } : {}),
    ...relationsOf(option, command),
  };
  return option.argument === undefined
    ? Flags.boolean(common)
    : Flags.string({ ...common, helpValue: option.argument });
}

/**
 * Options with the same name in the table exclude each other, and exactly one of them is required
 * when that name is. So do options that the command marks as exclusive.
 */
function relationsOf(
  option: OptionSpec,
  command: CommandName,
): Pick<Flag, 'required' | 'exactlyOne' | 'exclusive' | 'dependsOn'> {
  if (option.long === 'ipv6') return { dependsOn: ['fwmark'] };
  const legality = legalityOf(option, command);
  const alike = (other: OptionSpec) =>
    other.name === option.name || (legality === 'exclusive' && legalityOf(other, command) === legality);
  const group = options.filter((other) => other.name !== undefined && alike(other)).map(flagName);
  if (legality === 'required') return group.length === 1 ? { required: true } : { exactlyOne: group };
  const others = [...group, ...(command === 'list' ? listConflicts(option) : [])];
  const exclusive = [...new Set(others)].filter((name) => name !== flagName(option));
  return exclusive.length > 0 ? { exclusive } : {};
}

/**
 * What an option of a listing excludes. The C program shows the columns of the first of several, and
 * refuses the other pairs.
 */
function listConflicts({ name }: OptionSpec): string[] {
  const formats: readonly string[] = listFormats;
  if (!name || !formats.includes(name)) return [];
  const listings = name === 'tun-info' ? [] : ['timeout', 'daemon'];
  const connections = name === 'tun-info' || name === 'persistent-conn' ? [] : ['connection'];
  return [...formats, ...connections, ...listings];
}
