import * as Flags from '@oclif/core/flags';
import { toKey } from '../../command-line/settings-to-request';
import { exitStatus } from '../../errors/exit-status';
import type { IpvsClient } from '../../ipvs/client';
import type { ServiceKey, VirtualService } from '../../model/virtual-service';
import { changedService, removals } from '../../operations/edit-service';
import { failure, run } from '../../operations/run';
import type { Session } from '../../operations/session';
import { sameService } from '../../state/table/equality';
import { IpvsCommand } from '../support/base';
import { changeFlags } from '../support/dry-run';
import { flagsFor, withoutDefaults } from '../support/option-flags';

const removing = Object.fromEntries(
  Object.entries(removals).map(([name, { summary, excludes }]) => [
    name,
    Flags.boolean({ description: summary, exclusive: [...excludes] }),
  ]),
);

export default class ServiceSet extends IpvsCommand {
  static override summary = 'change only the given attributes of a virtual service';
  static override description =
    'An option that is not given leaves its attribute as it is in the kernel. Another scheduler takes the flags of ' +
    'the former one away.';
  static override examples = [
    '<%= config.bin %> service set --tcp 192.0.2.10:80 --scheduler wlc',
    '<%= config.bin %> service set -t 192.0.2.10:80 --no-persistent',
  ];
  static override flags = { ...withoutDefaults(flagsFor('edit-service')), ...removing, ...changeFlags };

  async run(): Promise<void> {
    const { flags } = await this.parse(ServiceSet);
    const settings = await this.settingsFor('edit-service', flags);
    const key = toKey(settings);
    const work = (session: Session) => {
      const live = serviceOf(session.connection.client, key);
      const service = changedService(live, settings, flags);
      if (sameService(live, service)) return exitStatus.ok;
      return run({ kind: 'edit-service', service }, session);
    };
    await this.changing(work, { kind: 'delete-service', key }, true);
  }
}

/** A service as the table has it. @throws IpvsadmError when there is none. */
function serviceOf(client: IpvsClient, key: ServiceKey): VirtualService {
  try {
    return client.service(key);
  } catch (error) {
    throw failure('edit-service', error, exitStatus.refused);
  }
}
