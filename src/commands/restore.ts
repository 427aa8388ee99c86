import { summaryOf } from '../options';
import { flagsFor, IpvsCommand } from './base';

export default class Restore extends IpvsCommand {
  static override summary = summaryOf('restore');
  static override examples = ['<%= config.bin %> restore < rules'];
  static override flags = flagsFor('restore');

  async run(): Promise<void> {
    const { flags } = await this.parse(Restore);
    await this.perform(await this.requestFor('restore', flags));
  }
}
