import * as Flags from '@oclif/core/flags';
import { bytesFromUnicode } from '../bytes/unicode';
import type { MetricFormat } from '../daemon/exposition';
import type { MetricsBy } from '../daemon/metrics';
import { exitStatus } from '../errors/exit-status';
import { IpvsadmError } from '../errors/ipvsadm-error';
import { strerror } from '../errors/kernel-messages';
import { failure } from '../operations/run';
import { OutputError } from '../platform/system';
import { IpvsCommand } from './support/base';
import { ask, socketFlag } from './support/director';
import { knownServers } from './support/known-servers';

export default class Metrics extends IpvsCommand {
  static override summary = 'print the metrics of the director daemon and of the table';
  static override description =
    'For Prometheus: by director run --metrics, or from a file that node_exporter reads (--textfile). Where no ' +
    'daemon has been started, those of the table. The exit status is 2 if a daemon does not answer; the file stays ' +
    'as it is.';
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
    const text =
      system.fileMode(flags.socket) === undefined
        ? await this.ofTable(flags)
        : await ask(this.context, flags.socket, { method: 'GET', path });
    if (flags.textfile === undefined) return output.write(bytesFromUnicode(text));
    try {
      await system.replaceFile(flags.textfile, [Buffer.from(text, 'utf8')]);
    } catch (error) {
      if (!(error instanceof OutputError)) throw error;
      const why = error.reason ?? strerror(error.errno);
      throw new IpvsadmError(`ipvsadm: ${flags.textfile}: ${why}`, exitStatus.differs);
    }
  }

  private async ofTable({ by, format }: { by: MetricsBy; format: MetricFormat }): Promise<string> {
    const { exposition } = require('../daemon/exposition') as typeof import('../daemon/exposition');
    const { metricsOfTable } = require('../daemon/metrics') as typeof import('../daemon/metrics');
    const { readLiveTable } = require('../daemon/live-table') as typeof import('../daemon/live-table');
    const named = await knownServers(this.context);
    let text = '';
    await this.connected(async ({ connection }) => {
      try {
        const table = await readLiveTable(connection.client);
        text = [...exposition(metricsOfTable(table, by, named), format)].join('');
      } catch (error) {
        throw failure('list-services', error, exitStatus.listing);
      }
      return exitStatus.ok;
    });
    return text;
  }
}
