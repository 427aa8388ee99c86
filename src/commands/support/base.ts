import type { Interfaces } from '@oclif/core';
import { Command } from '@oclif/core/command';
import type { CommandName } from '../../command-line/command-table';
import { options } from '../../command-line/options';
import type { Request } from '../../command-line/request';
import { applyDaemonState, applyOption, newSettings, type Settings } from '../../command-line/settings';
import { toRequest } from '../../command-line/settings-to-request';
import type { CommandTree } from '../../completion/table';
import { isChange } from '../../ipvs/change';
import { connect } from '../../operations/connect';
import { withTrueReason } from '../../operations/conversation';
import { run } from '../../operations/run';
import type { Session } from '../../operations/session';
import type { InteractiveSystem } from '../../platform/interactive-system';
import { type Names, withNames } from '../../platform/names';
import type { Output } from '../../platform/output';
import { flagName, globalFlags } from './option-flags';
import { parseCommandLine } from './parse-command-line';

type FlagValues = Readonly<Record<string, unknown>>;
/** What oclif calls FlagOutput and ArgOutput. */
// biome-ignore lint/suspicious/noExplicitAny: as oclif declares it
type Table = Record<string, any>;

/** What `runSubcommand` gives a subcommand in addition to its arguments. */
export interface CommandContext {
  readonly system: InteractiveSystem;
  readonly output: Output;
  /** Shared by flags and listings, so that each name is looked up once. */
  readonly names: Names;
  /** The refusals explained so far, as operation and errno. */
  readonly explained: Set<string>;
  /** All subcommands, for completion. */
  readonly commands: CommandTree;
  /** The exit status of a command that does not fail; 0 unless the command sets it. */
  status: number;
}

/** The base class of all subcommands. */
export abstract class IpvsCommand extends Command {
  /**
   * Shown by help only: `takeGlobals` removes these options before a command parses its arguments.
   */
  static override baseFlags = globalFlags();

  /** Whether the command explains a refusal without --explain. */
  static explains = false;

  protected context!: CommandContext;

  /** Runs the command as oclif does, in `context`. @throws CommandLineError, IpvsadmError. */
  async runIn(context: CommandContext): Promise<void> {
    this.context = context;
    await this._run();
  }

  /** Rethrows the error: oclif's `catch` would set the exit status of the process. */
  override async catch(error: Error): Promise<never> {
    throw error;
  }

  /** Parses the arguments. @throws CommandLineError with every problem of the command line. */
  protected override async parse<F extends Table, B extends Table, A extends Table>(
    declared: Interfaces.Input<F, B, A>,
    argv = this.argv,
  ): Promise<Interfaces.ParserOutput<F, B, A>> {
    const { flags, baseFlags, args = {}, strict = true } = declared as Interfaces.Input<Table, Table, Table>;
    const all = { ...baseFlags, ...flags };
    return await parseCommandLine({ flags: all, args, strict }, argv, (unchecked, line) =>
      super.parse(unchecked, line),
    );
  }

  /**
   * The request of the classic command `command`, from the flags and arguments of the subcommand.
   */
  protected async requestFor(
    command: CommandName,
    flags: FlagValues,
    { state, positional = [] }: { state?: string | undefined; positional?: readonly string[] } = {},
  ): Promise<Request> {
    return toRequest(await this.settingsFor(command, flags, state), positional);
  }

  /** The values of the flags, before they are checked together. */
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

  /** Connects and carries out the request. @throws IpvsadmError. */
  protected async perform(request: Request): Promise<void> {
    const connected = isChange(request) ? this.changing : this.connected;
    await connected.call(this, (session) => run(request, session));
  }

  /** As `connected`; meanwhile no other subcommand changes the table. */
  protected async changing(work: (session: Session) => number | Promise<number>): Promise<void> {
    await this.connected((session) => this.locked(async () => work(session)));
  }

  /** Does `work` while no other subcommand changes the table. @throws IpvsadmError. */
  protected async locked<T>(work: () => Promise<T>): Promise<T> {
    const { whileLocked } =
      require('../../operations/table-lock') as typeof import('../../operations/table-lock');
    return await whileLocked(this.context.system, this.context.output, work);
  }

  /** Connects and does `work`, which returns the exit status. @throws IpvsadmError. */
  protected async connected(work: (session: Session) => number | Promise<number>): Promise<void> {
    await connectedIn(this.context, work);
  }
}

/** Connects and does `work` in `context`; `work` returns the exit status. @throws IpvsadmError. */
export async function connectedIn(
  context: CommandContext,
  work: (session: Session) => number | Promise<number>,
): Promise<void> {
  const { system, output, names } = context;
  try {
    const connection = connect(system);
    try {
      if (connection.warning) output.error(connection.warning);
      context.status = await work({ system, names, output, connection });
    } finally {
      connection.client.close();
    }
  } catch (error) {
    throw withTrueReason(error);
  }
}
