import { bytesFromUnicode } from '../../bytes/unicode';
import type { Generation } from '../../director/types';
import { IpvsCommand } from '../support/base';
import { asksData, dataFlags, writeData } from '../support/data';
import { ask, parsed, socketFlag } from '../support/director';
import { columns, timeText } from '../support/director-text';

export default class DirectorHistory extends IpvsCommand {
  static override summary = 'list the documents that the director daemon has accepted';
  static override examples = ['<%= config.bin %> director history'];
  static override flags = { ...socketFlag, ...dataFlags() };

  async run(): Promise<void> {
    const { flags } = await this.parse(DirectorHistory);
    const { output } = this.context;
    const text = await ask(this.context, flags.socket, { method: 'GET', path: '/v1/generations' });
    if (asksData(flags)) return writeData(this.context, flags, text);
    const rows = parsed<Generation[]>(text).map(({ number, at, sha256, applied, author, confirmUntil }) => [
      String(number),
      timeText(at),
      sha256.slice(0, 12),
      confirmUntil === undefined ? (applied ? 'applied' : 'not applied') : `until ${timeText(confirmUntil)}`,
      author,
    ]);
    const table = columns([['GENERATION', 'SINCE', 'SHA-256', 'STATE', 'AUTHOR'], ...rows]);
    output.write(bytesFromUnicode(table));
  }
}
