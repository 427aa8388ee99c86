import * as Flags from '@oclif/core/flags';
import { summaryOf } from '../command-line/command-table';
import type { ListServices, Request } from '../command-line/request';
import { run } from '../operations/run';
import type { Session } from '../operations/session';
import { type CommandContext, connectedIn, IpvsCommand } from './support/base';
import { colourFlag, useColour } from './support/colour-flag';
import { CommandLineError } from './support/command-line-error';
import { listNamespaces } from './support/list-namespaces';
import { listPretty } from './support/list-pretty';
import { flagsFor, nameFlags } from './support/option-flags';

export default class List extends IpvsCommand {
  static override summary = summaryOf('list');
  static override examples = [
    '<%= config.bin %> list',
    '<%= config.bin %> list --stats --tcp 192.0.2.10:80',
    '<%= config.bin %> list --connection --resolve',
    '<%= config.bin %> list --pretty --rate',
    '<%= config.bin %> list --all-netns --json',
  ];
  static override flags = {
    ...flagsFor('list'),
    ...nameFlags(flagsFor('list')),
    pretty: Flags.boolean({
      description: 'a table that fits the terminal, with shares of the traffic and states of the servers',
      exclusive: ['connection', 'timeout', 'daemon', 'json'],
    }),
    color: colourFlag,
    'all-netns': Flags.boolean({
      description: 'the current network namespace and every named one (ip-netns(8))',
    }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(List);
    const request = await this.requestFor('list', { ...flags, numeric: !flags.resolve });
    const { context } = this;
    if (!flags['all-netns']) return await this.list(request, flags, context);
    const { json = false, connection = false } = flags as { json?: boolean; connection?: boolean };
    if (json && connection) {
      throw new CommandLineError([
        '--all-netns, --connection and --json cannot be used together: use --netns NAME with the last two',
      ]);
    }
    context.status = await listNamespaces(context, json, async (inner) => {
      await this.list(request, flags, inner);
      return inner.status;
    });
  }

  private async list(
    request: Request,
    flags: { pretty: boolean; color: string },
    context: CommandContext,
  ): Promise<void> {
    const { system } = context;
    const work = (session: Session) =>
      flags.pretty
        ? listPretty(request as ListServices, session, system, useColour(flags.color, system))
        : run(request, session);
    await connectedIn(context, work, request);
  }
}
