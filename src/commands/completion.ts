import * as Args from '@oclif/core/args';
import { completionScripts } from '../completion/scripts';
import { IpvsCommand } from './support/base';
import { commands } from './tree';

type Shell = keyof typeof completionScripts;

export default class Completion extends IpvsCommand {
  static override summary = 'print a script by which a shell completes command lines of ipvsadm';
  static override examples = [
    'source <(<%= config.bin %> completion bash)',
    '<%= config.bin %> completion zsh >/usr/local/share/zsh/site-functions/_ipvsadm',
    '<%= config.bin %> completion fish >~/.config/fish/completions/ipvsadm.fish',
  ];
  static override args = {
    shell: Args.string({
      required: true,
      ignoreStdin: true,
      options: Object.keys(completionScripts),
      description: 'the shell that reads the script',
    }),
  };

  async run(): Promise<void> {
    const { args } = await this.parse(Completion);
    this.context.output.write(completionScripts[args.shell as Shell](commands));
  }
}
