import * as Flags from '@oclif/core/flags';
import { bytesFromUnicode } from '../bytes/unicode';
import { exitStatus } from '../errors/exit-status';
import { usageError } from '../errors/ipvsadm-error';
import type { Session } from '../operations/session';
import { DIRECTOR_SOCKET } from '../platform/director-system';
import type { ReadState } from '../state/files/read';
import type { Planned } from '../state/plan/apply';
import { ALLOW_EMPTY, emptiedTable } from './support/allow-empty';
import type { DaemonFlags } from './support/apply-by-daemon';
import { carryOutPlan } from './support/carry-out';
import { asksData } from './support/data';
import { durationFlag } from './support/director';
import { PlanCommand, type PlanFlags, planArgs, planFlags } from './support/plan-command';
import { counted } from './support/report-undone';

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
    wait: Flags.string({
      options: ['all'],
      description: 'with directors that share a document: end when all have applied it, and say who has not',
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
    if (
      flags.confirm === undefined &&
      flags.wait === undefined &&
      this.context.system.fileMode(DIRECTOR_SOCKET) === undefined
    )
      return false;
    const { appliedByDaemon } =
      require('./support/apply-by-daemon') as typeof import('./support/apply-by-daemon');
    return await appliedByDaemon(read, flags, this.context);
  }

  private async carryOut(
    planned: Planned,
    read: ReadState,
    session: Session,
    replan: () => Planned,
    flags: PlanFlags,
  ): Promise<number> {
    const { output } = this.context;
    const { plan, before } = planned;
    const done = await carryOutPlan(planned, read, session, replan, this.context);
    if ('status' in done) return done.status;
    if (asksData(flags)) this.print(plan, before, read.source.name, flags);
    else output.done(done.made === 0 ? 'nothing to change\n' : `${counted(done.made)} made\n`);
    if (done.made > 0) await this.noteTended(() => plan.map(({ change }) => change));
    return exitStatus.ok;
  }
}
