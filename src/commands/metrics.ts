import * as Flags from '@oclif/core/flags';
import { bytesFromUnicode } from '../bytes/unicode';
import { exitStatus } from '../errors/exit-status';
import { IpvsadmError } from '../errors/ipvsadm-error';
import { strerror } from '../errors/kernel-messages';
import { OutputError } from '../platform/system';
import { IpvsCommand } from './support/base';
import { ask, socketFlag } from './support/director';

export default class Metrics extends IpvsCommand {
  static override summary = 'print the metrics of the director daemon and of the table';
  static override description =
    'For Prometheus: by director run --metrics, or from a file that node_exporter reads (--textfile). The exit status ' +
    'is 2 if no daemon answers; the file stays as it is.';
  static override examples = [
    '<%= config.bin %> metrics',
    '<%= config.bin %> metrics --by service --format openmetrics',
    '<%= config.bin %> metrics --textfile /var/lib/prometheus/node-exporter/lvs.prom',
  ];
  static override flags = {
    by: Flags.option({
      options: ['server', 'service'] as const,
      description: 'a series for each server, or their sums for each service',
      default: 'server',
    })(),
    format: Flags.option({
      options: ['prometheus', 'openmetrics'] as const,
      description: 'the text format of Prometheus 0.0.4, or OpenMetrics 1.0',
      default: 'prometheus',
    })(),
    textfile: Flags.string({ helpValue: 'PATH', description: 'replace this file by them' }),
    ...socketFlag,
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Metrics);
    const { output, system } = this.context;
    const path = `/v1/metrics?by=${flags.by}&format=${flags.format}`;
    const text = await ask(this.context, flags.socket, { method: 'GET', path });
    if (flags.textfile === undefined) return output.write(bytesFromUnicode(text));
    try {
      await system.replaceFile(flags.textfile, [Buffer.from(text, 'utf8')]);
    } catch (error) {
      if (!(error instanceof OutputError)) throw error;
      const why = error.reason ?? strerror(error.errno);
      throw new IpvsadmError(`ipvsadm: ${flags.textfile}: ${why}`, exitStatus.differs);
    }
  }
}
