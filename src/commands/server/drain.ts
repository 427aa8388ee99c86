import * as Flags from '@oclif/core/flags';
import { toKey, toServerKey } from '../../command-line/settings-to-request';
import { exitStatus } from '../../errors/exit-status';
import { AF_INET6 } from '../../model/address';
import type { ListedServer, ServerKey } from '../../model/real-server';
import type { ServiceKey } from '../../model/virtual-service';
import { run } from '../../operations/run';
import type { Session } from '../../operations/session';
import { interruptions } from '../../platform/interactive-system';
import { serverName, serviceName } from '../../state/table/table-state';
import { flagsFor, IpvsCommand } from '../support/base';
import { secondsFlag } from '../support/seconds-flag';
import { findServer } from './support/find-server';
import { connectionsText, type Drained, type DrainGoal, waitForDrain } from './support/wait-for-drain';

const waiting = { dependsOn: ['wait'] };

export default class ServerDrain extends IpvsCommand {
  static override explains = true;
  static override summary =
    'give a real server no new connections, and wait until those that it has are gone';
  static override description =
    'The weight becomes 0 and everything else stays: connections that are there go on. ' +
    'With --wait, exit status 0 says that they are gone, 1 that --timeout was over first, 130 or 143 that it was interrupted. ' +
    'In the last cases the weight stays 0, and what would put it back is told.';
  static override examples = [
    '<%= config.bin %> server drain --tcp 192.0.2.10:80 --real-server 10.0.0.17',
    '<%= config.bin %> server drain --tcp 192.0.2.10:80 --real-server 10.0.0.17 --wait --timeout 60 --delete',
  ];
  static override flags = {
    ...flagsFor('delete-server'),
    wait: Flags.boolean({ description: 'wait until the connections are gone' }),
    until: Flags.option({
      options: ['empty', 'idle'] as const,
      description:
        'with --wait: empty (the default), until no connection is left, active, inactive or persistent, or idle, no active one',
      ...waiting,
    })(),
    timeout: secondsFlag({
      least: 0,
      description: 'with --wait: no longer than that; without it there is no limit',
      ...waiting,
    }),
    interval: secondsFlag({
      least: 0.1,
      description: 'with --wait: time between two looks; 1 by default',
      ...waiting,
    }),
    delete: Flags.boolean({ description: 'with --wait: then delete the real server', ...waiting }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(ServerDrain);
    const settings = await this.settingsFor('delete-server', flags);
    const key = toKey(settings);
    await this.connected(async (session) => {
      const before = findServer(session.connection.client, key, toServerKey(settings));
      const server = { ...before, weight: 0 };
      const { until = 'empty', timeout, interval = 1000 } = flags;
      if (!flags.wait) return before.weight === 0 ? exitStatus.ok : await setWeight(server);
      const goal = { key, server, until, timeout, interval };
      return await this.context.system.interruptible(async (sleep) => {
        if (before.weight !== 0) await setWeight(server);
        const drained = await waitForDrain(goal, session.connection.client, this.context, sleep);
        return await this.end(drained, goal, before, session, flags.delete);
      });
      async function setWeight(wanted: ListedServer): Promise<number> {
        return await run({ kind: 'edit-server', key, server: wanted }, session);
      }
    });
  }

  private async end(
    drained: Drained,
    { key, server, until }: DrainGoal,
    before: ListedServer,
    session: Session,
    remove: boolean,
  ): Promise<number> {
    const { output } = this.context;
    const name = `${serverName(server)} of ${serviceName(key)}`;
    switch (drained.kind) {
      case 'done':
        if (remove) await run({ kind: 'delete-server', key, server }, session);
        output.write(`${name} is ${until}${remove ? ', and deleted' : ''}\n`);
        return exitStatus.ok;
      case 'gone':
        output.write(`${name} is gone: something else deleted it\n`);
        return exitStatus.ok;
      case 'reweighted':
        output.error(
          `ipvsadm: ${name} gets connections again: something else set its weight to ${drained.weight}`,
        );
        return exitStatus.timedOut;
      case 'timeout':
        output.error(`ipvsadm: ${name} is not ${until} in time: it has ${connectionsText(drained.left)}`);
        output.error(putBack(key, before));
        return exitStatus.timedOut;
      case 'interrupted':
        output.error(`ipvsadm: interrupted; ${name} has ${connectionsText(drained.left)}`);
        output.error(putBack(key, before));
        return exitStatus.signalled + interruptions[drained.signal];
    }
  }
}

/** How a weight comes back. */
function putBack(key: ServiceKey, server: ServerKey & Pick<ListedServer, 'weight'>): string {
  if (server.weight === 0) return 'ipvsadm: its weight stays 0, as it was before';
  return `ipvsadm: its weight stays 0; it was ${server.weight}: ipvsadm server set ${serviceFlag(key)} --real-server ${serverName(server)} --weight ${server.weight}`;
}

/** A service as the flags of commands in words name it. */
function serviceFlag(key: ServiceKey): string {
  const [kind, ...rest] = serviceName(key).split(':');
  if (key.kind === 'fwmark') return `--fwmark ${key.fwmark}${key.family === AF_INET6 ? ' --ipv6' : ''}`;
  return `--${kind} ${rest.join(':')}`;
}
