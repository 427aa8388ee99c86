import * as Args from '@oclif/core/args';
import { IpvsCommand } from './support/base';

export default class Schema extends IpvsCommand {
  static override summary = 'print the JSON Schema of state documents';
  static override examples = [
    '<%= config.bin %> schema > state-1.json',
    '<%= config.bin %> schema connection > connection-1.json',
  ];
  static override args = {
    of: Args.string({
      ignoreStdin: true,
      options: ['state', 'state-2', 'connection'],
      default: 'state',
      description:
        'what to describe: a state document, one of version 2 (with a part for director up), or a line of list --connection --json',
    }),
  };

  async run(): Promise<void> {
    const { args } = await this.parse(Schema);
    const { jsonSchemas } = require('../state/document/schema') as typeof import('../state/document/schema');
    this.context.output.write(`${JSON.stringify(jsonSchemas()[args.of as 'state'], null, 2)}\n`);
  }
}
