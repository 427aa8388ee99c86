import * as Args from '@oclif/core/args';
import { IpvsCommand } from './support/base';
import { liveState } from './support/live-state';
import { formatToWrite, outputFormatFlag, writeStateFile } from './support/write-state';

export default class Snapshot extends IpvsCommand {
  static override summary = 'write the complete table: services, real servers, timeouts and sync daemons';
  static override description = 'restore and apply read the file.';
  static override examples = [
    '<%= config.bin %> snapshot table.json',
    '<%= config.bin %> snapshot table.yaml',
    '<%= config.bin %> snapshot --to rules > rules',
  ];
  static override args = {
    file: Args.string({
      ignoreStdin: true,
      default: '-',
      description: 'the file to write; - is standard output',
    }),
  };
  static override flags = {
    to: {
      ...outputFormatFlag(
        'json or yaml, a state document, holds everything; rules, keepalived and ldirectord cannot express all of it; ' +
          'default: by the name of the file (.json, .yaml, .rules, keepalived.conf, .cf), otherwise json',
      ),
      aliases: ['format'], // its former name
    },
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Snapshot);
    const format = formatToWrite(args.file, flags.to, this.context);
    await this.connected((session) =>
      writeStateFile(args.file, { flag: '--to', format }, liveState(session), this.context),
    );
  }
}
