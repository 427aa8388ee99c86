import { bytesFromUnicode } from '../../bytes/unicode';
import { exitStatus } from '../../errors/exit-status';
import { IpvsCommand } from '../support/base';
import { asksData, dataFlags, writeData } from '../support/data';
import { ask, parsed, socketFlag } from '../support/director';
import { type ShareStatus, shareLines } from '../support/ha-text';

export default class HaStatus extends IpvsCommand {
  static override summary = 'show which director has the VIPs, and the role of this one';
  static override description = 'The exit status is 1 if something wants attention.';
  static override examples = ['<%= config.bin %> ha status'];
  static override flags = { ...socketFlag, ...dataFlags() };

  async run(): Promise<void> {
    const { flags } = await this.parse(HaStatus);
    const { output } = this.context;
    const text = await ask(this.context, flags.socket, { method: 'GET', path: '/v1/ha' });
    const status = parsed<ShareStatus | null>(text);
    if (asksData(flags)) writeData(this.context, flags, text);
    else output.write(bytesFromUnicode(status ? shareLines(status) : 'the VIPs are not shared\n'));
    if (status && status.problems.length > 0) this.context.status = exitStatus.differs;
  }
}
