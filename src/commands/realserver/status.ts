import { exitStatus } from '../../errors/exit-status';
import { describeStep, formerOf } from '../../setup/kinds';
import { IpvsCommand } from '../support/base';
import { asksData, dataFlags, writeValue } from '../support/data';
import { journalOf, withMachine } from '../support/machine';

export default class RealServerStatus extends IpvsCommand {
  static override summary = 'show what realserver up made, and whether it still is so';
  static override description = 'The exit status is 1 if something is not as realserver up made it.';
  static override examples = ['<%= config.bin %> realserver status'];
  static override flags = dataFlags();

  async run(): Promise<void> {
    const { flags } = await this.parse(RealServerStatus);
    const { output, system } = this.context;
    await withMachine(system, async (machine) => {
      const entries = journalOf('realserver', system).read();
      const steps = entries.map(({ step }) => ({ step, asMade: formerOf(step, machine) === undefined }));
      if (asksData(flags)) writeValue(this.context, flags, { steps });
      else if (steps.length === 0) output.write('realserver up has made nothing\n');
      else {
        for (const { step, asMade } of steps) {
          output.write(`${asMade ? 'ok     ' : 'changed'} ${describeStep(step)}\n`);
        }
      }
      if (steps.some(({ asMade }) => !asMade)) this.context.status = exitStatus.differs;
    });
  }
}
