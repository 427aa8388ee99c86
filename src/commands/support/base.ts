import type { Interfaces } from '@oclif/core';
import { Command } from '@oclif/core/command';
import type { CommandName } from '../../command-line/command-table';
import { options } from '../../command-line/options';
import type { Request } from '../../command-line/request';
import { applyDaemonState, applyOption, newSettings, type Settings } from '../../command-line/settings';
import { settingsProblems } from '../../command-line/settings-problems';
import { toRequest } from '../../command-line/settings-to-request';
import { valueContext, valueProblem } from '../../command-line/value-problems';
import type { CommandTree, TableFlag } from '../../completion/table';
import { IpvsadmError } from '../../errors/ipvsadm-error';
import { isChange } from '../../ipvs/change';
import type { IpvsClient } from '../../ipvs/client';
import type { Change } from '../../model/change';
import { isNetlinkFailure } from '../../netlink/errors';
import { connect } from '../../operations/connect';
import { withTrueReason } from '../../operations/conversation';
import { run } from '../../operations/run';
import type { Session } from '../../operations/session';
import { DIRECTOR_SOCKET } from '../../platform/director-system';
import type { InteractiveSystem } from '../../platform/interactive-system';
import { type Names, withNames } from '../../platform/names';
import type { Output } from '../../platform/output';
import { CommandLineError } from './command-line-error';
import { flagName, globalFlags } from './option-flags';
import { parseCommandLine } from './parse-command-line';
import { withDetail } from './refusal-detail';
import { runAll, type Tolerated } from './run-all';

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

  protected context!: CommandContext;
  /** Whether changes are only printed: --dry-run. */
  protected rehearses = false;

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
    const parsed = await parseCommandLine(
      { flags: all, args, strict },
      argv,
      (unchecked, line) => super.parse(unchecked, line),
      (flag, text, given) => this.valueProblem(flag as TableFlag, text, given),
    );
    this.rehearses = parsed.flags['dry-run'] === true;
    this.context.output.quiet = parsed.flags.quiet === true;
    return parsed;
  }

  /** What is wrong with the value of a flag that stands for an option of the table. */
  private async valueProblem(
    { option }: TableFlag,
    text: string,
    given: Readonly<Record<string, readonly string[] | boolean>>,
  ): Promise<string | undefined> {
    if (!option) return undefined;
    const values = Object.fromEntries(options.map((each) => [each.long, [given[flagName(each)]].flat()[0]]));
    return await withNames(() => valueProblem(option.long, text, valueContext(values, this.context.names)));
  }

  /**
   * The request of the classic command `command`, from the flags and arguments of the subcommand.
   * @throws CommandLineError with what is wrong with the options taken together.
   */
  protected async requestFor(
    command: CommandName,
    flags: FlagValues,
    { state, positional = [] }: { state?: string | undefined; positional?: readonly string[] } = {},
  ): Promise<Request> {
    return this.checkedRequest(await this.settingsFor(command, flags, state), flags, positional);
  }

  /** As `requestFor`: a request for each real server. */
  protected async requestsFor(command: CommandName, flags: FlagValues): Promise<Request[]> {
    const servers = flags['real-server'] as readonly string[];
    const requests: Request[] = [];
    for (const server of servers)
      requests.push(await this.requestFor(command, { ...flags, 'real-server': server }));
    return requests;
  }

  /** The request of settings that were made from `flags`. @throws CommandLineError as `requestFor`. */
  protected checkedRequest(
    settings: Settings,
    flags: FlagValues,
    positional: readonly string[] = [],
  ): Request {
    const problems = settingsProblems({ settings, flags });
    if (problems.length > 0) throw new CommandLineError(problems);
    return toRequest(settings, positional);
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
    const work = (session: Session) => run(request, session);
    if (isChange(request)) await this.changing(work, request);
    else await this.connected(work, request);
  }

  /** Connects and carries out changes, one after the other. @throws IpvsadmError. */
  protected async performAll(changes: readonly Change[], tolerated: Tolerated): Promise<void> {
    await this.changing((session) => runAll(changes, session, tolerated), changes[0]);
  }

  /**
   * As `connected`; meanwhile no other subcommand changes the table, which is kept as it was before.
   * With --dry-run the changes are printed instead.
   * @param compares whether `work` sends nothing that would set what is there.
   */
  protected async changing(
    work: (session: Session) => number | Promise<number>,
    request?: Request,
    compares = false,
  ): Promise<void> {
    if (this.rehearses) {
      const { rehearse } = require('./rehearse') as typeof import('./rehearse');
      return await this.connected((session) => rehearse(this.context, session, work), request);
    }
    const zeroes = request?.kind === 'zero'; // counters are not part of a table that is kept
    await this.connected((session) => {
      const change = async () => work(session);
      return zeroes ? this.locked(change) : this.lockedAndKept(session, change, compares);
    }, request);
    if (request && isChange(request)) await this.noteTended(() => [request]);
  }

  /** The daemon puts back what is changed of its services. Without its socket nothing of this is loaded. */
  protected async noteTended(changes: () => readonly Change[]): Promise<void> {
    if (this.context.system.fileMode(DIRECTOR_SOCKET) === undefined) return;
    const { noteTended, servicesOf } = require('./tended') as typeof import('./tended');
    await noteTended(this.context, servicesOf(changes()));
  }

  /** As `locked`; the table is kept as it was before. @throws IpvsadmError. */
  protected async lockedAndKept<T>(
    { connection }: Session,
    work: () => Promise<T>,
    compares: boolean,
  ): Promise<T> {
    const { keeping } = require('../../program/kept') as typeof import('../../program/kept');
    const { system, output } = this.context;
    const note = (why: string) =>
      output.note(`ipvsadm: note: the table before this is not kept for undo: ${why}`);
    return await this.locked(() => keeping({ system, note }, connection.client, work, compares));
  }

  /** Does `work` while no other subcommand changes the table. @throws IpvsadmError. */
  protected async locked<T>(work: () => Promise<T>): Promise<T> {
    const { whileLocked } =
      require('../../operations/table-lock') as typeof import('../../operations/table-lock');
    return await whileLocked(this.context.system, this.context.output, work);
  }

  /**
   * Connects and carries out a change.
   * @param note called before it; returns a message for standard error, written when the change has
   * been made.
   * @throws IpvsadmError.
   */
  protected async performTelling(
    request: Request,
    note: (client: IpvsClient) => string | undefined,
  ): Promise<void> {
    await this.changing(async (session) => {
      const text = unlessRefused(() => note(session.connection.client));
      const status = await run(request, session);
      if (text !== undefined) session.output.note(text);
      return status;
    }, request);
  }

  /**
   * Connects and does `work`, which returns the exit status.
   * @param request what `work` asks of the kernel, for the message if it is refused.
   * @throws IpvsadmError.
   */
  protected async connected(
    work: (session: Session) => number | Promise<number>,
    request?: Request,
  ): Promise<void> {
    await connectedIn(this.context, work, request);
  }
}

/** What `look` returns; undefined if the kernel refuses: the change that follows reports it. */
function unlessRefused<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (isNetlinkFailure(error) || error instanceof IpvsadmError) return undefined;
    throw error;
  }
}

/**
 * Connects and does `work` in `context`; `work` returns the exit status.
 * @param request what `work` asks of the kernel, for the message if it is refused.
 * @throws IpvsadmError.
 */
export async function connectedIn(
  context: CommandContext,
  work: (session: Session) => number | Promise<number>,
  request?: Request,
): Promise<void> {
  const { system, output, names } = context;
  try {
    const connection = connect(system);
    try {
      if (connection.warning) output.error(connection.warning);
      context.status = await work({ system, names, output, connection });
    } catch (error) {
      throw withDetail(error, request, { client: connection.client, system });
    } finally {
      connection.client.close();
    }
  } catch (error) {
    throw withTrueReason(error);
  }
}
