import { AdminCommand } from '../support/admin-command';

export default class ServerReady extends AdminCommand {
  static override summary = 'take a real server back into service';
  static override description =
    'Ends server drain and server maint, and takes a weight back that was set by hand: the director daemon follows health and file again.';
  static override examples = [
    '<%= config.bin %> server ready web/web03',
    '<%= config.bin %> server ready --host 10.0.0.17',
  ];

  async run(): Promise<void> {
    await this.setAdmin('ready');
  }
}
