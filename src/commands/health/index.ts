import * as Args from '@oclif/core/args';
import { bytesFromUnicode } from '../../bytes/unicode';
import type { ServerHealth } from '../../director/types';
import { IpvsCommand } from '../support/base';
import { asksData, dataFlags, writeData } from '../support/data';
import { ask, healthPath, parsed, socketFlag, splitName } from '../support/director';
import { healthTable, healthText } from '../support/director-text';

export default class Health extends IpvsCommand {
  static override summary = 'show what the director daemon knows of the real servers';
  static override description =
    'Of one server: since when its state is, its last 20 results with the step that failed and how long it took, ' +
    'when it is checked next, and for how long a server that keeps falling is held down. The exit status is 2 if ' +
    'no daemon answers, or if it knows no such server.';
  static override examples = [
    '<%= config.bin %> health',
    '<%= config.bin %> health web/web03',
    '<%= config.bin %> health web --json',
  ];
  static override args = {
    name: Args.string({ description: 'SERVICE or SERVICE/SERVER, by names or keys', ignoreStdin: true }),
  };
  static override flags = { ...socketFlag, ...dataFlags() };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Health);
    const { output, system } = this.context;
    const { service, server } = args.name === undefined ? {} : splitName(args.name);
    const results = server === undefined && !asksData(flags) ? '?results=1' : '';
    const text = await ask(this.context, flags.socket, {
      method: 'GET',
      path: `${healthPath(service, server)}${results}`,
    });
    if (asksData(flags)) return writeData(this.context, flags, text);
    const health = parsed<ServerHealth[]>(text);
    const shown =
      server === undefined ? healthTable(health, Date.now(), system.stdoutWidth()) : healthText(health[0]!);
    output.write(bytesFromUnicode(shown));
  }
}
