import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { exitStatus, IpvsadmError, strerror } from '../errors';
import { failure } from '../run';
import type { Session } from '../session';
import { readLive } from '../state/live';
import { jsonSnapshot, rulesSnapshot } from '../state/snapshot';
import { OutputError } from '../system';
import { IpvsCommand } from './base';

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
      options: ['json', 'rules'],
      default: 'json',
      description: 'a state document, which holds everything, or ipvsadm rules',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Snapshot);
    await this.connected((session) => this.write(args.file, flags.format, session));
  }

  private write(file: string, format: string, session: Session): number {
    const { output, system } = this.context;
    let status: number = exitStatus.ok;
    const lost = (rule: string) => {
      output.error(`ipvsadm: rules cannot say all of this (--format json can): ${rule}`);
      status = exitStatus.differs;
    };
    const state = this.live(session);
    const blocks = format === 'json' ? jsonSnapshot(state) : rulesSnapshot(state, lost);
    if (file !== '-') this.replace(file, blocks);
    else for (const block of blocks) system.write('stdout', block);
    return status;
  }

  private live({ connection }: Session): ReturnType<typeof readLive> {
    try {
      return readLive(connection.client);
    } catch (error) {
      throw failure('save', error, exitStatus.listing);
    }
  }

  private replace(file: string, blocks: Iterable<Uint8Array>): void {
    try {
      this.context.system.replaceFile(file, blocks);
    } catch (error) {
      if (!(error instanceof OutputError)) throw error;
      throw new IpvsadmError(`ipvsadm: cannot write ${file}: ${strerror(error.errno)}`, exitStatus.listing);
    }
  }
}
