import * as Flags from '@oclif/core/flags';
import { summaryOf } from '../command-line/command-table';
import type { ListServices, Request } from '../command-line/request';
import type { SortKey } from '../live/table-order';
import { asksAll } from '../live/table-query';
import { run } from '../operations/run';
import type { Session } from '../operations/session';
import type { TableSource } from '../operations/table-source';
import { type CommandContext, connectedIn, IpvsCommand } from './support/base';
import { colourFlag, useColour } from './support/colour-flag';
import { CommandLineError } from './support/command-line-error';
import { asksData, printingData, yamlFlag } from './support/data';
import { givenNames } from './support/known-servers';
import { listNamespaces } from './support/list-namespaces';
import { listTable, type TableView } from './support/list-table';
import { flagsFor, nameFlags } from './support/option-flags';
import { answeredInPart, readTable } from './support/read-table';
import { queryOf, type TableFlagValues, tableFlags } from './support/table-flags';
import { checkWatch, watchFlag, withSeconds } from './support/watch-flag';
import { watchTable } from './support/watch-table';

interface ListFlags extends TableFlagValues {
  readonly pretty?: boolean;
  readonly color: string;
  readonly sort?: SortKey | undefined;
  /** In milliseconds. */
  readonly watch?: number | undefined;
}

export default class List extends IpvsCommand {
  static override summary = summaryOf('list');
  static override description =
    'Services and real servers: on a terminal a table for people (--pretty), otherwise the listing of -L. ' +
    'Filters of different names have to be true together; the same one given twice asks for either.';
  static override examples = [
    '<%= config.bin %> list',
    '<%= config.bin %> list --stats --tcp 192.0.2.10:80',
    '<%= config.bin %> list --connection --resolve',
    '<%= config.bin %> list --pretty --rate --sort rate',
    '<%= config.bin %> list --state draining --state overloaded',
    '<%= config.bin %> list --server 10.0.0.17 --json',
    '<%= config.bin %> list --tcp 192.0.2.10:80 --yaml',
    '<%= config.bin %> list --watch --rate --tcp 192.0.2.10:80',
    '<%= config.bin %> list --all-netns --json',
  ];
  static override flags = {
    ...flagsFor('list'),
    ...nameFlags(flagsFor('list')),
    ...tableFlags,
    pretty: Flags.boolean({
      allowNo: true,
      description:
        'a table that fits the terminal, with shares of the traffic and states of the servers; ' +
        'the default on a terminal',
      exclusive: ['connection', 'timeout', 'daemon', 'json'],
    }),
    yaml: yamlFlag({ exclusive: ['connection', 'pretty', 'watch'] }),
    watch: watchFlag,
    color: colourFlag,
    'all-netns': Flags.boolean({
      description: 'the current network namespace and every named one (ip-netns(8))',
    }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(List, withSeconds(this.argv));
    checkWatch(flags.watch !== undefined, flags.pretty, this.context.system.stdoutIsTerminal());
    const { connection = false } = flags as { connection?: boolean };
    const json = asksData(flags);
    // In the classic syntax --sort takes no value.
    const listed = { ...flags, sort: undefined, numeric: !flags.resolve, json };
    const request = await this.requestFor('list', listed);
    const { context } = this;
    const list = async (inner: CommandContext) => {
      await this.list(request, flags, inner);
      return inner.status;
    };
    if (flags['all-netns'] && json && connection) {
      throw new CommandLineError([
        '--all-netns, --connection and --json cannot be used together: use --netns NAME with the last two',
      ]);
    }
    context.status = await printingData(context, flags, async (inner) =>
      flags['all-netns'] ? await listNamespaces(inner, json, list) : await list(inner),
    );
  }

  private async list(request: Request, flags: ListFlags, context: CommandContext): Promise<void> {
    if (request.kind === 'list-services') await listServices(request, flags, context);
    else await connectedIn(context, (session) => run(request, session), request);
  }
}

async function listServices(request: ListServices, flags: ListFlags, context: CommandContext): Promise<void> {
  const { system } = context;
  const style = styleOf(request, flags.pretty ?? system.stdoutIsTerminal());
  const view: TableView = {
    style,
    query: queryOf(flags),
    sort: flags.sort ?? 'address',
    colour: style === 'pretty' && useColour(flags.color, system),
    given: style === 'pretty' ? await givenNames(context) : undefined,
  };
  const { watch } = flags;
  const list = (source: TableSource) =>
    watch === undefined
      ? listTable(request, source, view, context)
      : watchTable(request, source, view, watch, context);
  // The whole table has ways of its own, which take less time and memory.
  const whole = style !== 'pretty' && view.sort === 'address' && asksAll(view.query);
  const direct = whole ? (session: Session) => run(request, session) : undefined;
  await readTable(context, request, list, answeredInPart(request, view.query, view.sort), direct);
}

function styleOf({ json }: ListServices, pretty: boolean): TableView['style'] {
  if (json) return 'json';
  return pretty ? 'pretty' : 'classic';
}
