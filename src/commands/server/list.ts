import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import type { ListServices } from '../../command-line/request';
import { exitStatus } from '../../errors/exit-status';
import { type SortKey, sortKeys } from '../../live/table-order';
import { failure } from '../../operations/run';
import type { TableSource } from '../../operations/table-source';
import { withNames } from '../../platform/names';
import { serviceName } from '../../state/table/table-state';
import { IpvsCommand } from '../support/base';
import { colourFlag, useColour } from '../support/colour-flag';
import { findServices, SERVICE_DESCRIPTION, serviceTargetOf } from '../support/find-service';
import { givenNames } from '../support/known-servers';
import { type Entry, selectedOf, terminalWidth, withoutUnknown } from '../support/list-table';
import { flagsFor, nameFlags } from '../support/option-flags';
import { answeredInPart, readTable } from '../support/read-table';
import { queryOf, tableFlags } from '../support/table-flags';

const { protocol, server, state, sort } = tableFlags;
const { stats, rate } = flagsFor('list');

export default class ServerList extends IpvsCommand {
  static override summary = 'list real servers, each with its virtual service';
  static override description =
    'The real servers of all virtual services, or of one, in one table: with borders on a terminal, without them ' +
    'elsewhere. --sort orders them over all services.';
  static override examples = [
    '<%= config.bin %> server list',
    '<%= config.bin %> server list 192.0.2.10:80 --sort active',
    '<%= config.bin %> server list --state draining --json',
  ];
  static override args = {
    service: Args.string({ ignoreStdin: true, description: SERVICE_DESCRIPTION }),
  };
  static override flags = {
    ...nameFlags(flagsFor('list')),
    protocol,
    server,
    state,
    sort,
    stats: Flags.boolean({ description: stats!.description!, exclusive: ['rate'] }),
    rate: Flags.boolean({ description: rate!.description!, exclusive: ['stats'] }),
    exact: Flags.boolean({ char: 'X', description: 'counters as exact numbers' }),
    json: Flags.boolean({ description: 'a JSON object a line' }),
    color: colourFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ServerList);
    const target = args.service === undefined ? undefined : serviceTargetOf(args.service);
    const query = { ...queryOf(flags), services: target ? [target] : [] };
    const request: ListServices = {
      kind: 'list-services',
      format: flags.stats ? 'stats' : flags.rate ? 'rate' : 'plain',
      numeric: !flags.resolve,
      exact: flags.exact,
      sorted: true,
    };
    const key = flags.sort ?? 'address';
    const colour = useColour(flags.color, this.context.system);
    const list = async (source: TableSource) => {
      if (target) findServices(source, args.service!, target);
      const view = { style: 'pretty', query, sort: 'address', colour } as const;
      const { entries } = selectedOf(request, source, view);
      if (flags.json) this.writeJson(entries, key, source.partial);
      else await this.writeTable(entries, key, request, colour);
      return exitStatus.ok;
    };
    const reported = async (source: TableSource) => {
      try {
        return await list(source);
      } catch (error) {
        throw failure(request.kind, error, exitStatus.listing);
      }
    };
    await readTable(this.context, request, reported, answeredInPart(request, query, key));
  }

  private writeJson(entries: readonly Entry[], key: SortKey, partial: boolean): void {
    const { writeServer } =
      require('../../state/document/write') as typeof import('../../state/document/write');
    const known = partial ? entries.map(withoutUnknown) : entries;
    for (const { listed, server } of sorted(known, key)) {
      const text = writeServer(server, true);
      this.context.output.write(`{"service":"${serviceName(listed.service.key)}",${text.slice(1)}\n`);
    }
  }

  private async writeTable(
    entries: readonly Entry[],
    key: SortKey,
    request: ListServices,
    colour: boolean,
  ): Promise<void> {
    const { system, names, output } = this.context;
    const { formatServers } = require('../../format/pretty') as typeof import('../../format/pretty');
    const width = terminalWidth(system);
    const given = await givenNames(this.context);
    const options = { ...request, names: request.numeric ? undefined : names, given, width, colour };
    const rows = sorted(entries, key);
    if (options.names) await names.lookUpAddresses(rows.map(({ server }) => server.address));
    const boxed = system.stdoutIsTerminal();
    output.asIs(); // coloured
    if (rows.length === 0 && boxed) output.write('no real servers\n');
    else output.write(await withNames(() => formatServers(rows, options, boxed)));
  }
}

/** The real servers of all services, the largest first unless they are sorted by address. */
function sorted(entries: readonly Entry[], key: SortKey) {
  const rows = entries.flatMap((listed) => listed.servers.map((server) => ({ listed, server })));
  const numberOf = sortKeys[key];
  return numberOf ? rows.sort((a, b) => numberOf(b.server) - numberOf(a.server)) : rows;
}
