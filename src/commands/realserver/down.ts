import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { exitStatus } from '../../errors/exit-status';
import { formatAddress, parseAddress } from '../../model/address';
import { undoSetup } from '../../setup/carry-out';
import { describeStep } from '../../setup/kinds';
import type { Step } from '../../setup/step';
import { IpvsCommand } from '../support/base';
import { CommandLineError } from '../support/command-line-error';
import { journalOf, leftLines, withMachine } from '../support/machine';
import { quietFlag } from '../support/quiet';
import { forget } from './persist';

export default class RealServerDown extends IpvsCommand {
  static override summary = 'put back what was there before realserver up';
  static override description =
    'Without a VIP everything that realserver up made; with VIPs only their addresses, and the rest with the last ' +
    'of them. What somebody else has changed since stays, and is told. The files of realserver up --persist go, too.';
  static override examples = [
    '<%= config.bin %> realserver down',
    '<%= config.bin %> realserver down 192.0.2.10',
  ];
  static override strict = false;
  static override args = {
    vip: Args.string({
      ignoreStdin: true,
      description: 'a virtual IP address; several may follow; default: all',
    }),
  };
  static override flags = { json: Flags.boolean({ description: 'print the steps as JSON' }), ...quietFlag };

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(RealServerDown);
    const { output, system } = this.context;
    const journal = journalOf('realserver', system);
    const vips = (argv as string[]).map(canonical);
    await withMachine(system, async (machine) => {
      const { undone, left, files } = await this.locked(async () => {
        const present = journal.read().flatMap(({ step }) => (step.kind === 'address' ? [step.address] : []));
        checkKnown(vips, present);
        const all = vips.length === 0 || present.every((address) => vips.includes(address));
        const chosen = (step: Step) => all || (step.kind === 'address' && vips.includes(step.address));
        const files = await forget(all ? undefined : vips, system);
        return { ...(await undoSetup(machine, journal, chosen)), files };
      });
      if (flags.json) output.write(`${JSON.stringify({ undone, left, files }, undefined, 2)}\n`);
      else if (undone.length + left.length + files.length === 0) output.done('nothing to change\n');
      else {
        for (const path of files) output.done(`- ${path}\n`);
        for (const step of undone) output.done(`- ${describeStep(step)}\n`);
      }
      for (const line of leftLines(left)) output.error(line);
      if (left.length > 0) this.context.status = exitStatus.differs;
    });
  }
}

function canonical(vip: string): string {
  const bytes = parseAddress(vip);
  if (bytes) return formatAddress(bytes);
  throw new CommandLineError([`${vip} is not an IP address, such as 192.0.2.10 or 2001:db8::10`]);
}

function checkKnown(vips: readonly string[], present: readonly string[]): void {
  const unknown = vips.filter((vip) => !present.includes(vip));
  if (unknown.length === 0) return;
  const known = present.length > 0 ? `those are ${present.join(', ')}` : 'there are none';
  throw new CommandLineError([`${unknown.join(', ')}: not a VIP that realserver up made; ${known}`]);
}
