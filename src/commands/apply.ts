import * as Flags from '@oclif/core/flags';
import { exitStatus } from '../errors/exit-status';
import { kernelSentence } from '../errors/kernel-messages';
import { errnoOf } from '../netlink/errors';
import type { Session } from '../operations/session';
import type { ReadState } from '../state/files/read';
import { type Applied, applyPlan } from '../state/plan/apply';
import type { PlannedChange } from '../state/plan/diff';
import { patchLines } from '../state/plan/patch';
import type { RefusedChange } from '../state/plan/send';
import type { WholeState } from '../state/table/table-state';
import { PlanCommand, type PlanFlags, planArgs, planFlags } from './support/plan-command';
import { progressOn } from './support/progress';
import { tellRefusals } from './support/refusals';

export default class Apply extends PlanCommand {
  static override explains = true;
  static override summary =
    'make the table what a file says with the fewest changes: connections and counters of what stays survive';
  static override examples = [
    '<%= config.bin %> apply table.json',
    '<%= config.bin %> apply --dry-run rules',
    '<%= config.bin %> apply --only tcp:192.0.2.10:80 --keep-weights table.yaml',
  ];
  static override args = planArgs;
  static override flags = {
    ...planFlags,
    'dry-run': Flags.boolean({ description: 'change nothing; the same as diff' }),
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
    const progress = progressOn(system, plan.length, 'changes');
    const applied = applyPlan(plan, before, connection.client, (sent) => progress.show(sent));
    progress.end();
    if (applied.kind !== 'done') return this.explain(applied, read);
    if (flags.json) this.print(plan, before, read.source.name, flags);
    else output.write(plan.length === 0 ? 'nothing to change\n' : `${counted(plan.length)} made\n`);
    return exitStatus.ok;
  }

  private explain(applied: Exclude<Applied, { kind: 'done' }>, read: ReadState): number {
    const { output } = this.context;
    const refused: readonly RefusedChange[] = applied.refused;
    tellRefusals(read, refused, this.context);
    if (applied.failure !== undefined) {
      output.error(`ipvsadm: ${kernelSentence('restore', errnoOf(applied.failure))}`);
    }
    if (applied.kind === 'put-back') {
      output.error('ipvsadm: the table is as it was before');
      return exitStatus.refused;
    }
    output.error('ipvsadm: NOT everything could be put back');
    if (!applied.left) output.error('ipvsadm: the table cannot be read');
    else {
      output.error('ipvsadm: this would make the table what it was before:');
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
