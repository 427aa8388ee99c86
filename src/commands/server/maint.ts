import { AdminCommand } from '../support/admin-command';

export default class ServerMaint extends AdminCommand {
  static override summary = 'take a real server out of service: no new connections, and no checks';
  static override description =
    'The director daemon gives it weight 0 and stops checking it, until server ready, or for the time of --for. Restarts of the daemon do not change that.';
  static override examples = [
    '<%= config.bin %> server maint web/web03 --for 2h --reason "new disk"',
    '<%= config.bin %> server maint --host 10.0.0.17',
  ];

  async run(): Promise<void> {
    await this.setAdmin('maint');
  }
}
