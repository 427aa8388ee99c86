import { version } from '../../package.json';
import { IpvsCommand } from './support/base';

export default class Version extends IpvsCommand {
  static override summary = 'print the version of this program and its engine';
  static override examples = ['<%= config.bin %> version'];

  async run(): Promise<void> {
    await this.parse(Version);
    this.context.output.write(`ipvsadm for Node ${version} (Node.js ${process.version})\n`);
  }
}
