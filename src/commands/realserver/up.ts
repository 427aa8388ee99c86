import * as Flags from '@oclif/core/flags';
import { exitStatus } from '../../errors/exit-status';
import { makeSetup, openSteps } from '../../setup/carry-out';
import { describeStep, kindOf } from '../../setup/kinds';
import { IpvsCommand } from '../support/base';
import { journalOf, withMachine } from '../support/machine';
import { quietFlag } from '../support/quiet';
import { openFiles, persist, wordsFor } from './persist';
import { checkWords, defaultRouteProblems, realServerFlags, stepsHere, vipsArgument } from './support';

export default class RealServerUp extends IpvsCommand {
  static override summary = 'make this machine a real server: the VIPs on lo, unseen by the network';
  static override description =
    'Sets arp_ignore and arp_announce, so that neighbours never learn that this machine has the VIP, and adds the ' +
    'VIPs to lo; with tunnels also the device that unpacks packets. What is as wanted already stays; what was there ' +
    'before is remembered until realserver down puts it back, or the machine starts anew. ' +
    'With masquerading nothing is needed but the default route, which is checked.';
  static override examples = [
    '<%= config.bin %> realserver up 192.0.2.10',
    '<%= config.bin %> realserver up 192.0.2.10 2001:db8::10 --interface eth0',
    '<%= config.bin %> realserver up 192.0.2.10 --method gue --local 10.2.0.18',
    '<%= config.bin %> realserver up 192.0.2.10 --persist',
    '<%= config.bin %> realserver up 192.0.2.10 --dry-run',
  ];
  static override strict = false;
  static override args = vipsArgument;
  static override flags = {
    ...realServerFlags,
    persist: Flags.boolean({
      description: 'also write files in /etc, so that it is so again after the machine starts anew (systemd)',
    }),
    'dry-run': Flags.boolean({ description: 'change nothing; print the ip and sysctl commands' }),
    json: Flags.boolean({ description: 'print the steps as JSON' }),
    ...quietFlag,
  };

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(RealServerUp);
    const vips = argv as string[];
    const { output, system } = this.context;
    checkWords(vips, flags);
    const words = flags.persist ? wordsFor(vips, flags) : undefined;
    await withMachine(system, async (machine) => {
      if (flags.method === 'masquerading') {
        const problems = defaultRouteProblems(flags, machine, vips);
        for (const problem of problems) output.error(`ipvsadm: ${problem}`);
        if (problems.length > 0) this.context.status = exitStatus.differs;
        else output.done('nothing to change\n');
        return;
      }
      const steps = stepsHere(vips, flags, machine);
      if (flags['dry-run']) {
        const open = openSteps(steps, machine).map(({ step }) => step);
        const files = words ? openFiles(steps, words, system).map(({ path }) => path) : [];
        if (flags.json) output.write(`${JSON.stringify({ steps: open, files }, undefined, 2)}\n`);
        else {
          for (const step of open) output.write(`${kindOf(step).shell(step).make}\n`);
          for (const path of files) output.write(`# writes ${path}\n`);
        }
        return;
      }
      const { made, files } = await this.locked(async () => ({
        ...(await makeSetup(steps, machine, journalOf('realserver', system))),
        files: words ? await persist(steps, words, system) : [],
      }));
      if (flags.json) output.write(`${JSON.stringify({ made, files }, undefined, 2)}\n`);
      else if (made.length + files.length === 0) output.done('nothing to change\n');
      else {
        for (const step of made) output.done(`+ ${describeStep(step)}\n`);
        for (const path of files) output.done(`+ ${path}\n`);
      }
    });
  }
}
