import * as Args from '@oclif/core/args';
import { shellScript } from '../../setup/shell-script';
import { IpvsCommand } from '../support/base';
import { CommandLineError } from '../support/command-line-error';
import { checkWords, realServerFlags, stepsElsewhere } from './support';

const ACTIONS = ['up', 'down'] as const;

export default class RealServerScript extends IpvsCommand {
  static override summary = 'print a shell script that does what realserver up does';
  static override description =
    'For machines without this program: any POSIX shell, with iproute2; without tunnels busybox alone will do. Without --interface it sets the ARP settings of ' +
    '`all` alone, which are enough: the larger of the two counts.';
  static override examples = [
    '<%= config.bin %> realserver script up 192.0.2.10 | ssh web03 sh',
    '<%= config.bin %> realserver script down 192.0.2.10 | ssh web03 sh',
  ];
  static override strict = false;
  static override args = {
    action: Args.string({
      required: true,
      ignoreStdin: true,
      options: [...ACTIONS],
      description: 'up or down',
    }),
    vip: Args.string({ ignoreStdin: true, description: 'a virtual IP address; several may follow' }),
  };
  static override flags = realServerFlags;

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(RealServerScript);
    const [action, ...vips] = argv as [(typeof ACTIONS)[number], ...string[]];
    if (vips.length === 0) throw new CommandLineError(['a VIP is missing, such as 192.0.2.10']);
    checkWords(vips, flags);
    this.context.output.write(shellScript(action, stepsElsewhere(vips, flags)));
  }
}
