import { exitStatus } from '../errors/exit-status';
import { emptiedTable } from './support/allow-empty';
import { PlanCommand, planArgs, planFlags } from './support/plan-command';

export default class Diff extends PlanCommand {
  static override summary = 'show what apply would change';
  static override description = 'Prints a patch. The exit status is 1 when there is something to change.';
  static override examples = [
    '<%= config.bin %> diff table.json',
    '<%= config.bin %> diff --only tcp:192.0.2.10:80 --keep-weights rules',
  ];
  static override args = planArgs;
  static override flags = planFlags;

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Diff);
    await this.planned(args.file, flags, async ({ plan, before }, read) => {
      const emptied = emptiedTable(read, before, flags);
      if (emptied !== undefined) this.note(emptied);
      this.print(plan, before, read.source.name, flags);
      return plan.length > 0 ? exitStatus.differs : exitStatus.ok;
    });
  }
}
