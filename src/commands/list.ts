import { summaryOf } from '../options';
import { flagsFor, IpvsCommand } from './base';

export default class List extends IpvsCommand {
  static override summary = summaryOf('list');
  static override examples = [
    '<%= config.bin %> list --numeric',
    '<%= config.bin %> list --numeric --stats --tcp 192.0.2.10:80',
    '<%= config.bin %> list --connection --numeric',
  ];
  static override flags = flagsFor('list');

  async run(): Promise<void> {
    const { flags } = await this.parse(List);
    await this.perform(await this.requestFor('list', flags));
  }
}
