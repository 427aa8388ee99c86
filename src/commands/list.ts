import * as Flags from '@oclif/core/flags';
import { summaryOf } from '../options';
import type { ListServices } from '../request';
import { flagsFor, IpvsCommand } from './base';
import { colourFlag, wantsColour } from './colour-flag';
import { listPretty } from './list-pretty';

export default class List extends IpvsCommand {
  static override summary = summaryOf('list');
  static override examples = [
    '<%= config.bin %> list --numeric',
    '<%= config.bin %> list --numeric --stats --tcp 192.0.2.10:80',
    '<%= config.bin %> list --connection --numeric',
    '<%= config.bin %> list --pretty --rate',
  ];
  static override flags = {
    ...flagsFor('list'),
    pretty: Flags.boolean({
      description: 'services for people: shares of the traffic, states, what fits the terminal',
      exclusive: ['connection', 'timeout', 'daemon', 'json'],
    }),
    color: colourFlag,
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(List);
    const request = await this.requestFor('list', flags);
    if (!flags.pretty) return await this.perform(request);
    const colour = wantsColour(flags.color, this.context.system);
    await this.connected((session) =>
      listPretty(request as ListServices, session, this.context.system, colour),
    );
  }
}
