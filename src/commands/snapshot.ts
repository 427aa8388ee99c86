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
  static override explains = true;
  static override summary =
    'write everything: services, real servers, timeouts, sync daemons; restore and apply read it';
  static override examples = [
    '<%= config.bin %> snapshot table.json',
    '<%= config.bin %> snapshot --format rules > rules',
  ];
  static override args = {
    file: Args.string({ ignoreStdin: true, default: '-', description: 'where to; - is standard output' }),
  };
  static override flags = {
    format: Flags.string({
      options: [...writtenFormats],
      default: 'json',
      description:
        'a state document (json), which holds everything, ipvsadm rules, keepalived.conf or ldirectord.cf',
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
