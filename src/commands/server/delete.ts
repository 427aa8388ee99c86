import { summaryOf } from '../../command-line/command-table';
import type { Change } from '../../model/change';
import { IpvsCommand } from '../support/base';
import { changeFlags } from '../support/dry-run';
import { missingOk } from '../support/tolerance';
import { serversFlags } from './support/several-servers';

export default class ServerDelete extends IpvsCommand {
  static override summary = summaryOf('delete-server');
  static override examples = [
    '<%= config.bin %> server delete --tcp 192.0.2.10:80 --real-server 10.0.0.17:80',
    '<%= config.bin %> server delete -t 192.0.2.10:80 -r 10.0.0.17 --missing-ok',
  ];
  static override flags = { ...serversFlags('delete-server'), 'missing-ok': missingOk, ...changeFlags };

  async run(): Promise<void> {
    const { flags } = await this.parse(ServerDelete);
    const requests = (await this.requestsFor('delete-server', flags)) as Change[];
    await this.performAll(requests, { missing: flags['missing-ok'] });
  }
}
