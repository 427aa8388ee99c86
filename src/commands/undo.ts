import { exitStatus } from '../errors/exit-status';
import type { Entry } from '../history/history';
import { carryOutPlan } from './support/carry-out';
import { asksData, dataFlags } from './support/data';
import { changeFlags } from './support/dry-run';
import { entryArgument, findEntry, openHistory, tableBefore } from './support/history';
import { PlanCommand, planFlags } from './support/plan-command';
import { counted } from './support/report-undone';

export default class Undo extends PlanCommand {
  static override summary = 'bring the table back to what it was before a change';
  static override description =
    'The fewest changes are made, as by apply: what is as it was keeps its connections and counters. ' +
    'An undo is a change like any other: a second one takes it back. Later changes of others are taken back, too.';
  static override examples = [
    '<%= config.bin %> undo',
    '<%= config.bin %> undo --dry-run',
    '<%= config.bin %> undo 12',
  ];
  static override args = {
    number: entryArgument(false, 'the change, as history lists it; default: the last one of this table'),
  };
  static override flags = {
    ...changeFlags,
    ...dataFlags('print the changes as JSON'),
    color: planFlags.color,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Undo);
    const history = openHistory(this.context);
    const entry = findEntry(history, args.number, this.context);
    const read = tableBefore(history, entry, this.context);
    const changes = !flags['dry-run'];
    await this.plannedFor(
      read,
      {},
      async (planned, session, replan) => {
        const { plan, before } = planned;
        if (!changes || asksData(flags)) this.print(plan, before, read.source.name, flags);
        if (!changes) return plan.length > 0 ? exitStatus.differs : exitStatus.ok;
        const done = await carryOutPlan(planned, read, session, replan, this.context);
        if ('status' in done) return done.status;
        if (!asksData(flags)) this.context.output.done(`${doneText(done.made, entry)}\n`);
        if (done.made > 0) await this.noteTended(() => plan.map(({ change }) => change));
        return exitStatus.ok;
      },
      changes,
    );
  }
}

function doneText(made: number, { number }: Entry): string {
  const then = `as it was before ${number}`;
  return made === 0
    ? `nothing to change: the table is ${then}`
    : `${counted(made)} made: the table is ${then}`;
}
