import { summaryOf } from '../../command-line/command-table';
import type { Change } from '../../model/change';
import { serverName, serviceName } from '../../state/table/table-state';
import { IpvsCommand } from '../support/base';
import { changeFlags } from '../support/dry-run';
import { serverDifference } from '../support/reset-note';
import { existOk } from '../support/tolerance';
import { findServerIfPresent } from './support/find-server';
import { serversFlags } from './support/several-servers';

type AddServer = Extract<Change, { readonly kind: 'add-server' | 'edit-server' }>;

export default class ServerAdd extends IpvsCommand {
  static override summary = summaryOf('add-server');
  static override description = 'Several --real-server get the same attributes.';
  static override examples = [
    '<%= config.bin %> server add --tcp 192.0.2.10:80 --real-server 10.0.0.17 --gatewaying',
    '<%= config.bin %> server add -t 192.0.2.10:80 -r 10.0.0.18 -r 10.0.0.19 --exist-ok',
  ];
  static override flags = { ...serversFlags('add-server'), 'exist-ok': existOk, ...changeFlags };

  async run(): Promise<void> {
    const { flags } = await this.parse(ServerAdd);
    const requests = (await this.requestsFor('add-server', flags)) as AddServer[];
    await this.performAll(requests, {
      existing: flags['exist-ok']
        ? (client, request) => {
            const { key, server } = request as AddServer;
            const live = findServerIfPresent(client, key, server);
            const what = live && serverDifference(live, server);
            return what && `${serverName(server)} of ${serviceName(key)} ${what}`;
          }
        : undefined,
    });
  }
}
