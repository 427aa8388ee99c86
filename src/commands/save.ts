import { summaryOf } from '../command-line/command-table';
import { IpvsCommand } from './support/base';
import { flagsFor, nameFlags } from './support/option-flags';

export default class Save extends IpvsCommand {
  static override summary = summaryOf('save');
  static override examples = ['<%= config.bin %> save > rules'];
  static override flags = { ...flagsFor('save'), ...nameFlags(flagsFor('save')) };

  async run(): Promise<void> {
    const { flags } = await this.parse(Save);
    const { output, system } = this.context;
    if (!system.stdoutIsTerminal()) output.asIs(); // rules are data
    await this.perform(await this.requestFor('save', { ...flags, numeric: !flags.resolve }));
  }
}
