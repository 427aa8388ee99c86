import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { exitStatus } from '../errors/exit-status';
import { failure } from '../operations/run';
import type { Session } from '../operations/session';
import { writtenFormats } from '../state/files/writers';
import { readLive } from '../state/table/live';
import { IpvsCommand } from './support/base';
import { writeStateFile } from './support/write-state';

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
      default: 'json',
      description:
        'json, a state document, holds everything; rules, keepalived and ldirectord cannot express all of it',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Snapshot);
    await this.connected((session) =>
      writeStateFile(args.file, { flag: '--format', format: flags.format }, this.live(session), this.context),
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
