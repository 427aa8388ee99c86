import * as Args from '@oclif/core/args';
import { IpvsCommand } from './support/base';

export default class Schema extends IpvsCommand {
  static override summary = 'print the JSON Schema of state documents, or of listed connections';
  static override examples = [
    '<%= config.bin %> schema > state-1.json',
    '<%= config.bin %> schema state-2 > state-2.json',
    '<%= config.bin %> schema connection > connection-1.json',
  ];
  static override args = {
    what: Args.string({
      ignoreStdin: true,
      options: ['state', 'state-2', 'connection'],
      default: 'state',
      description:
        'state: documents of version 1, as snapshot and list --json write them; state-2: those of version 2, with ' +
        'checks, for director up and director run; connection: a line of list --connection --json',
    }),
  };

  async run(): Promise<void> {
    const { args } = await this.parse(Schema);
    const { jsonSchemas } = require('../state/document/schema') as typeof import('../state/document/schema');
    this.context.output.write(`${JSON.stringify(jsonSchemas()[args.what as 'state'], null, 2)}\n`);
  }
}
