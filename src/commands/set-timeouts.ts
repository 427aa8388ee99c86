import * as Args from '@oclif/core/args';
import { summaryOf } from '../command-line/command-table';
import { IpvsCommand } from './support/base';

export default class SetTimeouts extends IpvsCommand {
  static override summary = summaryOf('set');
  static override examples = ['<%= config.bin %> set-timeouts 900 120 300'];
  static override args = {
    tcp: Args.string({ required: true, ignoreStdin: true, description: 'seconds, for TCP connections' }),
    tcpfin: Args.string({
      required: true,
      ignoreStdin: true,
      description: 'seconds, for TCP connections after a FIN',
    }),
    udp: Args.string({ required: true, ignoreStdin: true, description: 'seconds, for UDP' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(SetTimeouts);
    const positional = [args.tcp, args.tcpfin, args.udp];
    await this.perform(await this.requestFor('set', flags, { positional }));
  }
}
