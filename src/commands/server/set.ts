import { toKey, toServerKey } from '../../command-line/settings-to-request';
import { exitStatus } from '../../errors/exit-status';
import { changedServer, checkSomethingSet } from '../../operations/edit-server';
import { run } from '../../operations/run';
import { sameServer } from '../../state/table/equality';
import { flagsFor, IpvsCommand } from '../support/base';
import { findServer } from './support/find-server';

export default class ServerSet extends IpvsCommand {
  static override explains = true;
  static override summary = 'change of a real server what is named; everything else stays as it is';
  static override description =
    'The real server is read from the kernel first. What is called the default below is what server add and server edit ' +
    'take: here an option that is not given leaves its value alone.';
  static override examples = [
    '<%= config.bin %> server set --tcp 192.0.2.10:80 --real-server 10.0.0.17 --weight 0',
    '<%= config.bin %> server set --tcp 192.0.2.10:80 --real-server 10.0.0.17 --u-threshold 1000 --l-threshold 800',
  ];
  static override flags = flagsFor('edit-server');

  async run(): Promise<void> {
    const { flags } = await this.parse(ServerSet);
    const settings = await this.settingsFor('edit-server', flags);
    checkSomethingSet(settings);
    const key = toKey(settings);
    await this.connected((session) => {
      const live = findServer(session.connection.client, key, toServerKey(settings));
      const server = changedServer(live, key, settings);
      if (sameServer(live, server)) return exitStatus.ok;
      return run({ kind: 'edit-server', key, server }, session);
    });
  }
}
