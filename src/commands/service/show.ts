import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import type { ListServices } from '../../command-line/request';
import { exitStatus } from '../../errors/exit-status';
import { compareServerKeys } from '../../model/address-order';
import { failure } from '../../operations/run';
import type { TableSource } from '../../operations/table-source';
import { withNames } from '../../platform/names';
import { IpvsCommand } from '../support/base';
import { colourFlag, useColour } from '../support/colour-flag';
import { asksData, dataFlags, printingData } from '../support/data';
import { findService, SERVICE_DESCRIPTION, serviceTargetOf } from '../support/find-service';
import { givenNames } from '../support/known-servers';
import { listTable, terminalWidth } from '../support/list-table';
import { flagsFor, nameFlags } from '../support/option-flags';
import { readTable } from '../support/read-table';

export default class ServiceShow extends IpvsCommand {
  static override summary = 'show everything that is known of a virtual service';
  static override description =
    'Scheduler, flags, persistence, counters and rates, and its real servers with the share of new connections that ' +
    'the weights ask for (Share) and the share of the connections that each has (Has).';
  static override examples = [
    '<%= config.bin %> service show 192.0.2.10:80',
    '<%= config.bin %> service show udp:192.0.2.10:53 --json',
    '<%= config.bin %> service show fwmark:7 --resolve',
  ];
  static override args = {
    service: Args.string({ required: true, ignoreStdin: true, description: SERVICE_DESCRIPTION }),
  };
  static override flags = {
    ...nameFlags(flagsFor('list')),
    exact: Flags.boolean({ char: 'X', description: 'counters of the real servers as exact numbers' }),
    ...dataFlags('the same as a state document (docs/state.md)'),
    color: colourFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ServiceShow);
    const target = serviceTargetOf(args.service);
    const { context } = this;
    const { system, names, output } = context;
    const request: ListServices = {
      kind: 'list-services',
      format: 'plain',
      numeric: !flags.resolve,
      exact: flags.exact,
      sorted: true,
    };
    const show = async (source: TableSource) => {
      const { service, servers } = findService(source, args.service, target);
      const sorted = servers.toSorted(compareServerKeys);
      const colour = useColour(flags.color, system);
      const query = { services: [], protocols: [], servers: [], states: [] };
      const view = { style: 'json', query, sort: 'address', colour } as const;
      // Of what has been read: another look might find another table.
      const found = { ...source, entries: () => [{ service, servers: sorted }] };
      if (asksData(flags)) {
        return await printingData(context, flags, (inner) => listTable(request, found, view, inner));
      }
      const { formatServiceDetail } = require('../../format/pretty') as typeof import('../../format/pretty');
      const width = terminalWidth(system);
      const given = await givenNames(context);
      const options = { ...request, names: request.numeric ? undefined : names, given, width, colour };
      if (options.names) await names.lookUpAddresses(sorted.map(({ address }) => address));
      output.asIs(); // coloured
      output.write(
        await withNames(() => formatServiceDetail({ service, servers: sorted, all: sorted }, options)),
      );
      return exitStatus.ok;
    };
    await readTable(context, request, (source) => reported(() => show(source)), true);
  }
}

async function reported(work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    throw failure('list-services', error, exitStatus.listing);
  }
}
