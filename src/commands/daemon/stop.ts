import { summaryOf } from '../../command-line/command-table';
import { IpvsCommand } from '../support/base';
import { changeFlags } from '../support/dry-run';
import { flagsFor } from '../support/option-flags';
import { stateArgument } from './state';

export default class DaemonStop extends IpvsCommand {
  static override summary = summaryOf('stop-daemon');
  static override examples = ['<%= config.bin %> daemon stop master'];
  static override args = stateArgument;
  static override flags = { ...flagsFor('stop-daemon'), ...changeFlags };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(DaemonStop);
    await this.perform(await this.requestFor('stop-daemon', flags, { state: args.state }));
  }
}
