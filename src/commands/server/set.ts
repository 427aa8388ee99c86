import { toKey, toServerKey } from '../../command-line/settings-to-request';
import { exitStatus } from '../../errors/exit-status';
import { changedServer, checkSomethingSet } from '../../operations/edit-server';
import { run } from '../../operations/run';
import type { Session } from '../../operations/session';
import { sameServer } from '../../state/table/equality';
import { IpvsCommand } from '../support/base';
import { changeFlags } from '../support/dry-run';
import { flagsFor } from '../support/option-flags';
import { findServer } from './support/find-server';

export default class ServerSet extends IpvsCommand {
  static override summary = 'change only the given attributes of a real server';
  static override description =
    'An option that is not given leaves its attribute as it is in the kernel: ' +
    'the defaults shown are those of server add and server edit.';
  static override examples = [
    '<%= config.bin %> server set --tcp 192.0.2.10:80 --real-server 10.0.0.17 --weight 0',
    '<%= config.bin %> server set -t 192.0.2.10:80 -r 10.0.0.17 -x 1000 -y 800',
  ];
  static override flags = { ...flagsFor('edit-server'), ...changeFlags };

  async run(): Promise<void> {
    const { flags } = await this.parse(ServerSet);
    const settings = await this.settingsFor('edit-server', flags);
    checkSomethingSet(settings);
    const key = toKey(settings);
    const wanted = toServerKey(settings);
    const work = (session: Session) => {
      const live = findServer(session.connection.client, key, wanted);
      const server = changedServer(live, key, settings, flags);
      if (sameServer(live, server)) return exitStatus.ok;
      return run({ kind: 'edit-server', key, server }, session);
    };
    await this.changing(work, { kind: 'delete-server', key, server: wanted }, true);
  }
}
