import * as Flags from '@oclif/core/flags';
import { exitStatus } from '../../errors/exit-status';
import type { Session } from '../../operations/session';
import { undoSetup } from '../../setup/carry-out';
import { describeStep } from '../../setup/kinds';
import type { Step } from '../../setup/step';
import { applyPlan } from '../../state/plan/apply';
import { planChanges } from '../../state/plan/diff';
import { readLive } from '../../state/table/live';
import { IpvsCommand } from '../support/base';
import { journalOf, leftLines, withMachine } from '../support/machine';
import { quietFlag } from '../support/quiet';
import { counted } from '../support/report-undone';
import { type FormerTable, readFormerTable, writeFormerTable } from './former-table';

const isVip = (step: Step) => step.kind === 'address';

export default class DirectorDown extends IpvsCommand {
  static override summary = 'put back what was there before director up';
  static override description =
    'First the VIPs, then the services that director up added or changed, then the kernel settings. What somebody ' +
    'else has changed or added since stays, and is told.';
  static override examples = ['<%= config.bin %> director down'];
  static override flags = {
    json: Flags.boolean({ description: 'print what was done as JSON' }),
    ...quietFlag,
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(DirectorDown);
    const { output, system } = this.context;
    await withMachine(system, async (machine) => {
      await this.changing(async (session) => {
        const journal = journalOf('director', system);
        const vips = await undoSetup(machine, journal, isVip);
        const former = readFormerTable(system);
        const changes = former ? await this.putBack(former, session) : 0;
        const rest = await undoSetup(machine, journal);
        const left = [...vips.left, ...rest.left];
        if (flags.json) {
          const done = { undone: [...vips.undone, ...rest.undone], changes, left };
          output.write(`${JSON.stringify(done, undefined, 2)}\n`);
        } else {
          for (const step of vips.undone) output.done(`- ${describeStep(step)}\n`);
          if (changes > 0) output.done(`- table: ${counted(changes)}\n`);
          for (const step of rest.undone) output.done(`- ${describeStep(step)}\n`);
          const count = vips.undone.length + changes + rest.undone.length + left.length;
          if (count === 0) output.done('nothing to change\n');
        }
        for (const line of leftLines(left)) output.error(line);
        return left.length > 0 ? exitStatus.differs : exitStatus.ok;
      });
    });
  }

  /** @returns the number of changes. */
  private async putBack({ names, state }: FormerTable, { connection }: Session): Promise<number> {
    const { output, system } = this.context;
    const { client } = connection;
    const { services, ...rest } = state;
    const before = readLive(client);
    const plan = [
      ...planChanges(before, { services: services ?? [] }, { only: new Set(names) }),
      ...planChanges(before, rest),
    ];
    const applied = await applyPlan({ plan, before }, client);
    if (applied.kind === 'done') {
      await writeFormerTable(undefined, system);
      return applied.made;
    }
    output.error(
      'ipvsadm: the kernel refused to put the table back: it stays; director down again tries again',
    );
    return 0;
  }
}
