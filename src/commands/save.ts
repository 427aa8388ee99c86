import * as Args from '@oclif/core/args';
import { summaryOf } from '../command-line/command-table';
import type { Request } from '../command-line/request';
import { exitStatus } from '../errors/exit-status';
import { run } from '../operations/run';
import { IpvsCommand } from './support/base';
import { capturedOutput } from './support/captured';
import { liveState } from './support/live-state';
import { flagsFor, nameFlags } from './support/option-flags';
import {
  checkRulesFile,
  formatToWrite,
  outputFormatFlag,
  replaceFile,
  writeStateFile,
} from './support/write-state';

export default class Save extends IpvsCommand {
  static override summary = summaryOf('save');
  static override description =
    'restore and apply read them. snapshot --to rules, and the other formats, have timeouts and sync daemons, too.';
  static override examples = [
    '<%= config.bin %> save > rules',
    '<%= config.bin %> save ipvsadm.rules',
    '<%= config.bin %> save --to json',
  ];
  static override args = {
    file: Args.string({
      ignoreStdin: true,
      default: '-',
      description: 'the file to write; - is standard output',
    }),
  };
  static override flags = {
    ...flagsFor('save'),
    ...nameFlags(flagsFor('save')),
    to: {
      ...outputFormatFlag('rules (default), or what snapshot writes: json, yaml, keepalived or ldirectord'),
      exclusive: ['resolve'],
    },
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Save);
    if (flags.to !== undefined && flags.to !== 'rules') {
      const format = formatToWrite(args.file, flags.to, this.context);
      return await this.connected((session) =>
        writeStateFile(args.file, { flag: '--to', format }, liveState(session), this.context),
      );
    }
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
