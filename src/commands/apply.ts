import * as Flags from '@oclif/core/flags';
import { bytesFromUnicode } from '../bytes/unicode';
import { exitStatus } from '../errors/exit-status';
import { usageError } from '../errors/ipvsadm-error';
import type { Session } from '../operations/session';
import { DIRECTOR_SOCKET } from '../platform/director-system';
import type { Interruption } from '../platform/interactive-system';
import { terminalProgress } from '../platform/progress';
import type { ReadState } from '../state/files/read';
import { applyPlan, type Planned } from '../state/plan/apply';
import { ALLOW_EMPTY, emptiedTable } from './support/allow-empty';
import type { DaemonFlags } from './support/apply-by-daemon';
import { durationFlag } from './support/director';
import { PlanCommand, type PlanFlags, planArgs, planFlags } from './support/plan-command';
import { counted, reportUndone } from './support/report-undone';

export default class Apply extends PlanCommand {
  static override summary = 'make the table equal to a file, with the fewest changes';
  static override description =
    'Services and real servers that are already as the file says keep their connections and counters. ' +
    'When the kernel refuses a change, or a signal arrives, the changes made so far are undone.';
  static override examples = [
    '<%= config.bin %> apply table.json',
    '<%= config.bin %> apply --dry-run rules',
    '<%= config.bin %> apply --only tcp:192.0.2.10:80 --keep-weights table.yaml',
  ];
  static override args = planArgs;
  static override flags = {
    ...planFlags,
    'dry-run': Flags.boolean({ description: 'change nothing; print what diff prints' }),
    'allow-empty': Flags.boolean({
      description: 'delete the complete table if the file has no virtual services',
    }),
    confirm: durationFlag({
      description: 'by the director daemon: take it back after this time, unless director confirm keeps it',
    }),
    daemon: Flags.boolean({
      allowNo: true,
      default: true,
      description: 'give the file to the director daemon, if one runs and the file is for it',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Apply);
    const changes = !flags['dry-run'];
    const instead = async (read: ReadState) => changes && flags.daemon && (await this.byDaemon(read, flags));
    await this.planned(
      args.file,
      flags,
      async (planned, read, session, replan) => {
        const { plan, before } = planned;
        const emptied = flags['allow-empty'] ? undefined : emptiedTable(read, before, flags);
        if (!changes) {
          if (emptied !== undefined) this.note(emptied);
          this.print(plan, before, read.source.name, flags);
          return plan.length > 0 ? exitStatus.differs : exitStatus.ok;
        }
        if (emptied !== undefined) {
          const advice = `nothing was changed; ${ALLOW_EMPTY} permits it`;
          throw usageError(bytesFromUnicode(`ipvsadm: ${emptied}\nipvsadm: ${advice}`));
        }
        return await this.carryOut(planned, read, session, replan, flags);
      },
      { changes, instead },
    );
  }

  /** Gives the file to the director daemon. @returns whether it is for that. */
  private async byDaemon(read: ReadState, flags: DaemonFlags): Promise<boolean> {
    if (flags.confirm === undefined && this.context.system.fileMode(DIRECTOR_SOCKET) === undefined)
      return false;
    const { appliedByDaemon } =
      require('./support/apply-by-daemon') as typeof import('./support/apply-by-daemon');
    return await appliedByDaemon(read, flags, this.context);
  }

  private async carryOut(
    planned: Planned,
    read: ReadState,
    { connection }: Session,
    replan: () => Planned,
    flags: PlanFlags,
  ): Promise<number> {
    const { output, system } = this.context;
    const { plan, before } = planned;
    const progress = terminalProgress(system, system.now);
    let signal: Interruption | undefined;
    const applied = await system.interruptible(
      async (sleep) =>
        await applyPlan(planned, connection.client, {
          progress: (sent) => progress?.show(() => `${sent} of ${plan.length} changes`),
          pause: async () => {
            signal ??= await sleep(0);
            return signal !== undefined;
          },
          replan: () => {
            progress?.clear();
            output.error('ipvsadm: another program has changed the table: planning again');
            return replan();
          },
        }),
      () => output.error('ipvsadm: ended by a second signal: some changes are made, others are not'),
    );
    progress?.clear();
    if (applied.kind !== 'done') return reportUndone(applied, before, signal, read, this.context);
    if (flags.json) this.print(plan, before, read.source.name, flags);
    else output.write(applied.made === 0 ? 'nothing to change\n' : `${counted(applied.made)} made\n`);
    if (applied.made > 0) await this.noteTended(() => plan.map(({ change }) => change));
    return exitStatus.ok;
  }
}
