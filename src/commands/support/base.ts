import type { Interfaces } from '@oclif/core';
import { Command } from '@oclif/core/command';
import * as Flags from '@oclif/core/flags';
import type { CommandName } from '../../command-line/command-table';
import { type GlobalOption, globalOptions } from '../../command-line/global-options';
import { legalOptions } from '../../command-line/legal-options';
import { type OptionSpec, options } from '../../command-line/options';
import type { Request } from '../../command-line/request';
import { applyDaemonState, applyOption, newSettings, type Settings } from '../../command-line/settings';
import { toRequest } from '../../command-line/settings-to-request';
import { connect } from '../../operations/connect';
import { run } from '../../operations/run';
import type { Session } from '../../operations/session';
import type { InteractiveSystem } from '../../platform/interactive-system';
import { type Names, withNames } from '../../platform/names';
import type { Output } from '../../platform/output';

type Flag = Interfaces.FlagInput[string];
type FlagValues = Readonly<Record<string, unknown>>;

/** What a word command gets from `runSubcommand` beside its arguments. */
export interface CommandContext {
  readonly system: InteractiveSystem;
  readonly output: Output;
  /** Each name is looked up once, whether a flag or a listing asks for it. */
  readonly names: Names;
  /** What was explained already: operation and errno. */
  readonly explained: Set<string>;
  /** Set by a command that ends well, but not with 0. */
  status: number;
}

/** A command in words that does what a classic command does. */
export abstract class IpvsCommand extends Command {
  /** For help: `takeGlobals` has taken them out of the arguments before a command sees these. */
  static override baseFlags = globalFlags();

  /** Whether a refusal is explained without --explain. */
  static explains = false;

  protected context!: CommandContext;

  /** Runs the command as oclif does, in the context given. @throws what oclif finds wrong, IpvsadmError. */
  async runIn(context: CommandContext): Promise<void> {
    this.context = context;
    await this._run();
  }

  /** Hands an error on as it is: oclif's own `catch` would set the process's exit status, which is not a command's to set. */
  override async catch(error: Error): Promise<never> {
    throw error;
  }

  /** The request of a classic command, from the flags and arguments of the word command. */
  protected async requestFor(
    command: CommandName,
    flags: FlagValues,
    { state, positional = [] }: { state?: string | undefined; positional?: readonly string[] } = {},
  ): Promise<Request> {
    return toRequest(await this.settingsFor(command, flags, state), positional);
  }

  /** What the flags of the table say, before anything is asked of them as a whole. */
  protected async settingsFor(command: CommandName, flags: FlagValues, state?: string): Promise<Settings> {
    const { names } = this.context;
    return await withNames(() => {
      const settings = newSettings(command);
      if (state !== undefined) applyDaemonState(settings, state);
      for (const option of options) {
        const value = flags[flagName(option)];
        if (value === undefined || value === false) continue;
        applyOption(settings, option, typeof value === 'string' ? value : undefined, names);
      }
      return settings;
    });
  }

  /** Connects and carries the request out. @throws IpvsadmError. */
  protected async perform(request: Request): Promise<void> {
    await this.connected((session) => run(request, session));
  }

  /** Connects, does `work` and ends with the status that it returns. @throws IpvsadmError. */
  protected async connected(work: (session: Session) => number | Promise<number>): Promise<void> {
    await connectedIn(this.context, work);
  }
}

/** The same in a context of one's own. */
export async function connectedIn(
  context: CommandContext,
  work: (session: Session) => number | Promise<number>,
): Promise<void> {
  const { system, output, names } = context;
  const connection = connect(system);
  try {
    if (connection.warning) output.error(connection.warning);
    context.status = await work({ system, names, output, connection });
  } finally {
    connection.client.close();
  }
}

/** The options of every command, as help shows them. */
function globalFlags(): Interfaces.FlagInput {
  const flags = Object.entries<GlobalOption>(globalOptions).map(([name, { argument, summary }]) => {
    const common = { description: summary, helpGroup: 'GLOBAL' };
    return [name, argument ? Flags.string({ ...common, helpValue: argument }) : Flags.boolean(common)];
  });
  return Object.fromEntries(flags);
}

/** The oclif flags of a word command: those options of the table that the classic command takes. */
export function flagsFor(command: CommandName): Interfaces.FlagInput {
  const legal = legalOptions[command];
  const flags: Interfaces.FlagInput = {};
  for (const option of options) {
    const mark =
      option.long === 'ipv6' ? legal.get('service-address') : option.name && legal.get(option.name);
    if (mark) flags[flagName(option)] = flagOf(option, mark === 'required');
  }
  return flags;
}

function flagName(option: OptionSpec): string {
  return option.flag ?? option.long;
}

/** Flags of options that share a name in the table exclude each other; of required ones one must be given. */
function flagOf(option: OptionSpec, required: boolean): Flag {
  const group = options.filter(({ name }) => name !== undefined && name === option.name).map(flagName);
  const common = {
    description: option.summary,
    ...(option.letter ? { char: option.letter as Interfaces.AlphabetLowercase } : {}),
    ...(group.length > 1
      ? required
        ? { exactlyOne: group }
        : { exclusive: group.filter((name) => name !== flagName(option)) }
      : {}),
    ...(required && group.length === 1 ? { required } : {}),
  };
  return option.argument === undefined
    ? Flags.boolean(common)
    : Flags.string({ ...common, helpValue: option.argument });
}
