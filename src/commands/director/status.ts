import * as Flags from '@oclif/core/flags';
import { bytesFromUnicode } from '../../bytes/unicode';
import type { DirectorStatus as DaemonStatus } from '../../director/types';
import { exitStatus } from '../../errors/exit-status';
import { describeStep, formerOf } from '../../setup/kinds';
import { readLive } from '../../state/table/live';
import { serviceName } from '../../state/table/table-state';
import { showDirectors } from '../support/all-directors';
import { IpvsCommand } from '../support/base';
import { asksData, dataFlags, writeValue } from '../support/data';
import { parsed, socketFlag, tryAsk } from '../support/director';
import { statusLines } from '../support/director-text';
import { journalOf, withMachine } from '../support/machine';
import { readFormerTable } from './former-table';

export default class DirectorStatus extends IpvsCommand {
  static override summary = 'show what director up made, whether it still is so, and what the daemon says';
  static override description =
    'The exit status is 1 if something is not as director up made it, or the daemon has an alarm.';
  static override examples = ['<%= config.bin %> director status', '<%= config.bin %> director status --all'];
  static override flags = {
    all: Flags.boolean({
      description: 'show all directors that share a document: role, generation, digest of the table',
    }),
    ...socketFlag,
    ...dataFlags(),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(DirectorStatus);
    const { output, system } = this.context;
    if (flags.all) return await showDirectors(this.context, flags);
    const told = await tryAsk(this.context, flags.socket, { method: 'GET', path: '/v1/status' });
    const daemon = told === undefined ? undefined : parsed<DaemonStatus>(told);
    await withMachine(system, async (machine) => {
      await this.connected(({ connection }) => {
        const steps = journalOf('director', system)
          .read()
          .map(({ step }) => ({ step, asMade: formerOf(step, machine) === undefined }));
        const former = readFormerTable(system);
        const names = new Set(former?.names);
        const there = new Set(former?.state.services?.map(({ service }) => serviceName(service.key)));
        const services = readLive(connection.client)
          .services.filter(({ service }) => names.has(serviceName(service.key)))
          .map(({ service, servers }) => ({
            name: serviceName(service.key),
            servers: servers.length,
            weighted: servers.filter(({ weight }) => weight > 0).length,
          }));
        // A service that was there before may be one that director up deleted.
        const missing = [...names].filter(
          (name) => !there.has(name) && !services.some((service) => service.name === name),
        );
        if (asksData(flags)) {
          writeValue(this.context, flags, { steps, services, missing, ...(daemon && { daemon }) });
        } else if (steps.length === 0 && names.size === 0) output.write('director up has made nothing\n');
        else {
          for (const { step, asMade } of steps) {
            output.write(`${asMade ? 'ok     ' : 'changed'} ${describeStep(step)}\n`);
          }
          for (const { name, servers, weighted } of services) {
            output.write(`service ${name}: ${weighted} of ${servers} real servers get new connections\n`);
          }
          for (const name of missing)
            output.write(`changed service ${name}: it is not in the table any more\n`);
        }
        if (daemon && !asksData(flags)) output.write(bytesFromUnicode(statusLines(daemon)));
        const alarmed = daemon !== undefined && daemon.alarms.length > 0;
        return steps.every(({ asMade }) => asMade) && missing.length === 0 && !alarmed
          ? exitStatus.ok
          : exitStatus.differs;
      });
    });
  }
}
