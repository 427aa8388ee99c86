import { version } from '../../package.json';
import { IpvsCommand } from './support/base';
import { asksData, dataFlags, writeValue } from './support/data';

export default class Version extends IpvsCommand {
  static override summary = 'print the version of this program and its engine';
  static override examples = ['<%= config.bin %> version', '<%= config.bin %> version --json'];
  static override flags = dataFlags();

  async run(): Promise<void> {
    const { flags } = await this.parse(Version);
    const engine = { name: 'Node.js', version: process.version };
    if (asksData(flags)) writeValue(this.context, flags, { version, engine });
    else this.context.output.write(`ipvsadm for Node ${version} (${engine.name} ${engine.version})\n`);
  }
}
