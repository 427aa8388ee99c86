import { summaryOf } from '../command-line/command-table';
import { IpvsCommand } from './support/base';
import { flagsFor } from './support/option-flags';
import { quietFlag } from './support/quiet';

export default class Zero extends IpvsCommand {
  static override summary = summaryOf('zero');
  static override examples = ['<%= config.bin %> zero', '<%= config.bin %> zero --tcp 192.0.2.10:80'];
  static override flags = { ...flagsFor('zero'), ...quietFlag };

  async run(): Promise<void> {
    const { flags } = await this.parse(Zero);
    await this.perform(await this.requestFor('zero', flags));
  }
}
