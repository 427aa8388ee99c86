import { summaryOf } from '../command-line/command-table';
import type { Request } from '../command-line/request';
import { exitStatus } from '../errors/exit-status';
import { formatZeroRule } from '../format/rules';
import { IpvsCommand } from './support/base';
import { changeFlags } from './support/dry-run';
import { flagsFor } from './support/option-flags';

export default class Zero extends IpvsCommand {
  static override summary = summaryOf('zero');
  static override examples = ['<%= config.bin %> zero', '<%= config.bin %> zero --tcp 192.0.2.10:80'];
  static override flags = { ...flagsFor('zero'), ...changeFlags };

  async run(): Promise<void> {
    const { flags } = await this.parse(Zero);
    const request = (await this.requestFor('zero', flags)) as Extract<Request, { readonly kind: 'zero' }>;
    await this.perform(request);
    if (!this.rehearses) return;
    // A plan has nothing of it: counters are not part of a table.
    const { output } = this.context;
    if (!output.quiet) output.write(`+ ${formatZeroRule(request.key)}`);
    this.context.status = exitStatus.differs;
  }
}
