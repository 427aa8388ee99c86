import * as Args from '@oclif/core/args';
import { completionScripts, type Shell } from '../completion/scripts';
import { IpvsCommand } from './support/base';
import candidates from './support/candidates-program';

export default class Completion extends IpvsCommand {
  static override summary = 'print a completion script for a shell';
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
      description: 'the shell to complete in',
    }),
  };

  async run(): Promise<void> {
    const { args } = await this.parse(Completion);
    const { commands, output } = this.context;
    output.write(completionScripts[args.shell as Shell](commands, candidates));
  }
}
