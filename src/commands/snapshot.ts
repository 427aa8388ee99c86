import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { exitStatus } from '../errors/exit-status';
import { failure } from '../operations/run';
import type { Session } from '../operations/session';
import { writtenFormats } from '../state/files/writers';
import { readLive } from '../state/table/live';
import { IpvsCommand } from './support/base';
import { formatToWrite, writeStateFile } from './support/write-state';

export default class Snapshot extends IpvsCommand {
  static override summary = 'write the complete table: services, real servers, timeouts and sync daemons';
  static override description = 'restore and apply read the file.';
  static override examples = [
    '<%= config.bin %> snapshot table.json',
    '<%= config.bin %> snapshot --format rules > rules',
  ];
  static override args = {
    file: Args.string({
      ignoreStdin: true,
      default: '-',
      description: 'the file to write; - is standard output',
    }),
  };
  static override flags = {
    format: Flags.string({
      options: [...writtenFormats],
      description:
        'json, a state document, holds everything; rules, keepalived and ldirectord cannot express all of it; ' +
        'default: by the name of the file (.json, .rules, keepalived.conf, .cf), otherwise json',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Snapshot);
    const flag = '--format';
    const format = formatToWrite(args.file, { flag, asked: flags.format }, this.context);
    await this.connected((session) =>
      writeStateFile(args.file, { flag, format }, this.live(session), this.context),
    );
  }

  private live({ connection }: Session): ReturnType<typeof readLive> {
    try {
      return readLive(connection.client);
    } catch (error) {
      throw failure('save', error, exitStatus.listing);
    }
  }
}
