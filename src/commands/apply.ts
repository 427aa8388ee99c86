import * as Flags from '@oclif/core/flags';
import { exitStatus } from '../errors/exit-status';
import { kernelSentence } from '../errors/kernel-messages';
import { errnoOf } from '../netlink/errors';
import type { Session } from '../operations/session';
import { terminalProgress } from '../platform/progress';
import type { ReadState } from '../state/files/read';
import { type Applied, applyPlan } from '../state/plan/apply';
import type { PlannedChange } from '../state/plan/diff';
import { patchLines } from '../state/plan/patch';
import type { WholeState } from '../state/table/table-state';
import { PlanCommand, type PlanFlags, planArgs, planFlags } from './support/plan-command';
import { reportRefusals } from './support/refusals';

export default class Apply extends PlanCommand {
  static override summary = 'make the table equal to a file, with the fewest changes';
  static override description =
    'Services and real servers that are already as the file says keep their connections and counters. ' +
    'When the kernel refuses a change, the changes made so far are undone.';
  static override examples = [
    '<%= config.bin %> apply table.json',
    '<%= config.bin %> apply --dry-run rules',
    '<%= config.bin %> apply --only tcp:192.0.2.10:80 --keep-weights table.yaml',
  ];
  static override args = planArgs;
  static override flags = {
    ...planFlags,
    'dry-run': Flags.boolean({ description: 'change nothing; print what diff prints' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Apply);
    await this.planned(args.file, flags, (plan, before, read, session) => {
      if (flags['dry-run']) {
        this.print(plan, before, read.source.name, flags);
        return plan.length > 0 ? exitStatus.differs : exitStatus.ok;
      }
      return this.carryOut(plan, before, read, session, flags);
    });
  }

  private carryOut(
    plan: readonly PlannedChange[],
    before: WholeState,
    read: ReadState,
    { connection }: Session,
    flags: PlanFlags,
  ): number {
    const { output, system } = this.context;
    const progress = terminalProgress(system, system.now);
    const applied = applyPlan(plan, before, connection.client, (sent) =>
      progress?.show(() => `${sent} of ${plan.length} changes`),
    );
    progress?.clear();
    if (applied.kind !== 'done') return this.explainFailure(applied, read);
    if (flags.json) this.print(plan, before, read.source.name, flags);
    else output.write(plan.length === 0 ? 'nothing to change\n' : `${counted(plan.length)} made\n`);
    return exitStatus.ok;
  }

  private explainFailure(applied: Exclude<Applied, { kind: 'done' }>, read: ReadState): number {
    const { output } = this.context;
    reportRefusals(read, applied.refused, this.context);
    if (applied.failure !== undefined) {
      output.error(`ipvsadm: ${kernelSentence('restore', errnoOf(applied.failure))}`);
    }
    if (applied.kind === 'put-back') {
      output.error('ipvsadm: the table is as it was before');
      return exitStatus.refused;
    }
    output.error('ipvsadm: some changes could NOT be undone');
    if (!applied.left) output.error('ipvsadm: the table cannot be read');
    else {
      output.error('ipvsadm: these changes would bring the former table back:');
      const now = { timeouts: { tcp: 0, tcpFin: 0, udp: 0 }, daemons: [], services: [] };
      for (const { sign, text } of patchLines(applied.left, now, 'the former table')) {
        output.error(sign === 'head' ? text : `${sign} ${text}`);
      }
    }
    return exitStatus.halfDone;
  }
}

function counted(changes: number): string {
  return changes === 1 ? '1 change' : `${changes} changes`;
}
