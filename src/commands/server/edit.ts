import { summaryOf } from '../../command-line/command-table';
import type { Change } from '../../model/change';
import { IpvsCommand } from '../support/base';
import { changeFlags } from '../support/dry-run';
import { flagsFor } from '../support/option-flags';
import { serverResetNote } from '../support/reset-note';
import { findServerIfPresent } from './support/find-server';

type EditServer = Extract<Change, { readonly kind: 'add-server' | 'edit-server' }>;

export default class ServerEdit extends IpvsCommand {
  static override summary = summaryOf('edit-server');
  static override description =
    'A message on standard error names the attributes that were reset. server set keeps them.';
  static override examples = [
    '<%= config.bin %> server edit -t 192.0.2.10:80 -r 10.0.0.17 --gatewaying --weight 0',
  ];
  static override flags = { ...flagsFor('edit-server'), ...changeFlags };

  async run(): Promise<void> {
    const { flags } = await this.parse(ServerEdit);
    const settings = await this.settingsFor('edit-server', flags);
    const request = this.checkedRequest(settings, flags) as EditServer;
    const { key, server } = request;
    await this.performTelling(request, (client) => {
      const live = findServerIfPresent(client, key, server);
      return live && serverResetNote(live, server, settings.given);
    });
  }
}
