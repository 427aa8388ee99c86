import type { Settings } from '../../command-line/settings';
import { toKey, toServerKey } from '../../command-line/settings-to-request';
import type { Change } from '../../model/change';
import { changedServer, checkSomethingSet } from '../../operations/edit-server';
import type { Session } from '../../operations/session';
import { sameServer } from '../../state/table/equality';
import { IpvsCommand } from '../support/base';
import { changeFlags } from '../support/dry-run';
import { withoutDefaults } from '../support/option-flags';
import { runAll } from '../support/run-all';
import { findServer } from './support/find-server';
import { serversFlags } from './support/several-servers';

export default class ServerSet extends IpvsCommand {
  static override summary = 'change only the given attributes of real servers';
  static override description =
    'An option that is not given leaves its attribute as it is in the kernel. ' +
    'Of several real servers, none is changed if one is missing.';
  static override examples = [
    '<%= config.bin %> server set --tcp 192.0.2.10:80 --real-server 10.0.0.17 --weight 0',
    '<%= config.bin %> server set -t 192.0.2.10:80 -r 10.0.0.17 -r 10.0.0.18 -x 1000 -y 800',
  ];
  static override flags = { ...withoutDefaults(serversFlags('edit-server')), ...changeFlags };

  async run(): Promise<void> {
    const { flags } = await this.parse(ServerSet);
    const wanted: Settings[] = [];
    for (const server of flags['real-server'] as readonly string[]) {
      wanted.push(await this.settingsFor('edit-server', { ...flags, 'real-server': server }));
    }
    const [first] = wanted as [Settings, ...Settings[]];
    checkSomethingSet(first);
    const key = toKey(first);
    const work = (session: Session) => {
      const changes = wanted.flatMap((settings): Change[] => {
        const live = findServer(session.connection.client, key, toServerKey(settings));
        const server = changedServer(live, key, settings, flags);
        return sameServer(live, server) ? [] : [{ kind: 'edit-server', key, server }];
      });
      return runAll(changes, session, {});
    };
    await this.changing(work, { kind: 'delete-server', key, server: toServerKey(first) }, true);
  }
}
