import { asciiJson, bytesFromUnicode } from '../../bytes/unicode';
import { IpvsCommand } from '../support/base';
import { asksData, dataFlags, writeData } from '../support/data';
import { columns, timeText } from '../support/director-text';
import { readTokens, tokenFileFlag } from './support/token-file';

export default class WebTokens extends IpvsCommand {
  static override summary = 'list who may use the web page';
  static override examples = ['<%= config.bin %> web tokens'];
  static override flags = { ...tokenFileFlag, ...dataFlags() };

  async run(): Promise<void> {
    const { flags } = await this.parse(WebTokens);
    const { output, system } = this.context;
    const all = readTokens(this.context, flags.file);
    if (asksData(flags)) {
      const shown = all.map(({ sha256: _, ...rest }) => rest);
      return writeData(this.context, flags, `${asciiJson(shown)}\n`);
    }
    const rows = all.map(({ name, role, since, until }) => [
      ...[name, role, timeText(since)],
      until === undefined ? '-' : timeText(until),
    ]);
    if (rows.length === 0)
      output.error("ipvsadm: nobody may use the web page: 'ipvsadm web token' makes tokens");
    else
      output.write(
        bytesFromUnicode(columns([['NAME', 'ROLE', 'SINCE', 'UNTIL'], ...rows], system.stdoutWidth())),
      );
  }
}
