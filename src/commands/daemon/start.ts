import { summaryOf } from '../../command-line/command-table';
import { IpvsCommand } from '../support/base';
import { changeFlags } from '../support/dry-run';
import { flagsFor } from '../support/option-flags';
import { stateArgument } from './state';

export default class DaemonStart extends IpvsCommand {
  static override summary = summaryOf('start-daemon');
  static override examples = ['<%= config.bin %> daemon start master --mcast-interface eth0'];
  static override args = stateArgument;
  static override flags = { ...flagsFor('start-daemon'), ...changeFlags };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(DaemonStart);
    await this.perform(await this.requestFor('start-daemon', flags, { state: args.state }));
  }
}
