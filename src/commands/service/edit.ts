import { summaryOf } from '../../command-line/command-table';
import type { Change } from '../../model/change';
import { IpvsCommand } from '../support/base';
import { changeFlags } from '../support/dry-run';
import { flagsFor } from '../support/option-flags';
import { serviceResetNote } from '../support/reset-note';

type EditService = Extract<Change, { readonly kind: 'add-service' | 'edit-service' }>;

export default class ServiceEdit extends IpvsCommand {
  static override summary = summaryOf('edit-service');
  static override description = 'A message on standard error names the attributes that were reset.';
  static override examples = ['<%= config.bin %> service edit --tcp 192.0.2.10:80 --scheduler rr'];
  static override flags = { ...flagsFor('edit-service'), ...changeFlags };

  async run(): Promise<void> {
    const { flags } = await this.parse(ServiceEdit);
    const settings = await this.settingsFor('edit-service', flags);
    const request = this.checkedRequest(settings, flags) as EditService;
    const { service } = request;
    await this.performTelling(request, (client) =>
      serviceResetNote(client.service(service.key), service, settings.given),
    );
  }
}
