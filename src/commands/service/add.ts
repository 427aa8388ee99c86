import { summaryOf } from '../../command-line/command-table';
import type { Change } from '../../model/change';
import { serviceName } from '../../state/table/table-state';
import { IpvsCommand } from '../support/base';
import { changeFlags } from '../support/dry-run';
import { flagsFor } from '../support/option-flags';
import { serviceDifference } from '../support/reset-note';
import { existOk } from '../support/tolerance';

type AddService = Extract<Change, { readonly kind: 'add-service' | 'edit-service' }>;

export default class ServiceAdd extends IpvsCommand {
  static override summary = summaryOf('add-service');
  static override examples = [
    '<%= config.bin %> service add --tcp 192.0.2.10:80 --scheduler wrr --persistent 300',
    '<%= config.bin %> service add --fwmark 7 --ipv6 --exist-ok',
  ];
  static override flags = { ...flagsFor('add-service'), 'exist-ok': existOk, ...changeFlags };

  async run(): Promise<void> {
    const { flags } = await this.parse(ServiceAdd);
    const request = (await this.requestFor('add-service', flags)) as AddService;
    const { service } = request;
    await this.performAll([request], {
      existing: flags['exist-ok']
        ? (client) => {
            const what = serviceDifference(client.service(service.key), service);
            return what && `${serviceName(service.key)} ${what}`;
          }
        : undefined,
    });
  }
}
