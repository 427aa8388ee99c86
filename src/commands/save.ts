import * as Args from '@oclif/core/args';
import { summaryOf } from '../command-line/command-table';
import type { Request } from '../command-line/request';
import { exitStatus } from '../errors/exit-status';
import { run } from '../operations/run';
import { IpvsCommand } from './support/base';
import { capturedOutput } from './support/captured';
import { flagsFor, nameFlags } from './support/option-flags';
import { checkRulesFile, replaceFile } from './support/write-state';

export default class Save extends IpvsCommand {
  static override summary = summaryOf('save');
  static override description =
    'restore and apply read them. snapshot --to rules writes timeouts and sync daemons, too.';
  static override examples = ['<%= config.bin %> save > rules', '<%= config.bin %> save ipvsadm.rules'];
  static override args = {
    file: Args.string({
      ignoreStdin: true,
      default: '-',
      description: 'the file to write; - is standard output',
    }),
  };
  static override flags = { ...flagsFor('save'), ...nameFlags(flagsFor('save')) };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Save);
    checkRulesFile(args.file, this.context);
    const request = await this.requestFor('save', { ...flags, numeric: !flags.resolve });
    if (args.file !== '-') return await this.intoFile(args.file, request);
    const { output, system } = this.context;
    if (!system.stdoutIsTerminal()) output.asIs(); // rules are data
    await this.perform(request);
  }

  /** Replaces a file when everything is there to be written. */
  private async intoFile(file: string, request: Request): Promise<void> {
    const { system } = this.context;
    await this.connected(async (session) => {
      const { output, blocks } = capturedOutput(system);
      output.asIs(); // rules are data
      const status = await run(request, { ...session, output });
      output.flush();
      if (status === exitStatus.ok) await replaceFile(file, blocks, system);
      return status;
    }, request);
  }
}
