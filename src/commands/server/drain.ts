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
import { AdminCommand, adminArgs, adminFlags } from '../support/admin-command';
import { flagsFor } from '../support/option-flags';
import { secondsFlag } from '../support/seconds-flag';
import { findServer } from './support/find-server';
import { connectionsText, type Drained, type DrainGoal, waitForDrain } from './support/wait-for-drain';

const whenWaiting = { dependsOn: ['wait'] };

const tableFlags = {
  ...flagsFor('delete-server'),
  wait: Flags.boolean({ description: 'wait until the connections have ended' }),
  until: Flags.option({
    options: ['empty', 'idle'] as const,
    description:
      'with --wait: empty (default): wait until no connections are left, whether active, inactive or persistent; ' +
      'idle: until no active ones are left',
    ...whenWaiting,
  })(),
  timeout: secondsFlag({
    least: 0,
    description: 'with --wait: wait no longer than this; default: no limit',
    ...whenWaiting,
  }),
  interval: secondsFlag({
    least: 0.1,
    description: 'with --wait: look at the connections this often; default 1',
    ...whenWaiting,
  }),
  delete: Flags.boolean({ description: 'with --wait: delete the real server in the end', ...whenWaiting }),
};

export default class ServerDrain extends AdminCommand {
  static override summary = 'stop new connections to a real server, and wait for the present ones to end';
  static override description =
    'Sets the weight to 0 and leaves everything else alone: present connections continue. ' +
    'With --wait, the exit status is 0 when they have ended, 1 when --timeout ended the wait, and 130 or 143 ' +
    'when a signal interrupted the wait. In the last three cases the weight stays 0, and a message names the ' +
    'command that sets it back. Given a name or --host, the director daemon drains the server instead, checks it ' +
    'all the same, and keeps to it over restarts until server ready.';
  static override examples = [
    '<%= config.bin %> server drain --tcp 192.0.2.10:80 --real-server 10.0.0.17',
    '<%= config.bin %> server drain -t 192.0.2.10:80 -r 10.0.0.17 --wait --delete',
    '<%= config.bin %> server drain web/web03 --for 2h --reason "new kernel"',
  ];
  static override args = adminArgs;
  static override flags = { ...tableFlags, ...adminFlags };

  async run(): Promise<void> {
    if (this.isNamed()) await this.setAdmin('drain');
    else await this.drainInTable();
  }

  /** Whether the command line names the server as the daemon does, and not as the table. */
  private isNamed(): boolean {
    const uses = (flags: Record<string, { readonly char?: string | undefined }>) =>
      Object.entries(flags).some(([name, { char }]) =>
        this.argv.some(
          (word) =>
            word === `--${name}` || word.startsWith(`--${name}=`) || (char && word.startsWith(`-${char}`)),
        ),
      );
    return !uses(tableFlags) && (uses(adminFlags) || this.argv.some((word) => !word.startsWith('-')));
  }

  private async drainInTable(): Promise<void> {
    const { flags } = await this.parse({ flags: tableFlags });
    const settings = await this.settingsFor('delete-server', flags);
    const key = toKey(settings);
    const wanted = toServerKey(settings);
    const work = async (session: Session) => {
      const stop = async () => {
        const before = findServer(session.connection.client, key, wanted);
        const server = { ...before, weight: 0 };
        if (before.weight !== 0) await run({ kind: 'edit-server', key, server }, session);
        return { before, server };
      };
      const { until = 'empty', timeout, interval = 1000 } = flags;
      if (!flags.wait) {
        await this.locked(stop);
        return exitStatus.ok;
      }
      return await this.context.system.interruptible(async (sleep) => {
        const { before, server } = await this.locked(stop);
        const goal = { key, server, until, timeout, interval };
        const drained = await waitForDrain(goal, session.connection.client, this.context, sleep);
        return await this.end(drained, goal, before, session, flags.delete);
      });
    };
    await this.connected(work, { kind: 'delete-server', key, server: wanted });
  }

  private async end(
    drained: Drained,
    { key, server, until, timeout }: DrainGoal,
    before: ListedServer,
    session: Session,
    remove: boolean,
  ): Promise<number> {
    const { output } = this.context;
    const name = `${serverName(server)} of ${serviceName(key)}`;
    switch (drained.kind) {
      case 'done':
        if (remove) await this.locked(() => run({ kind: 'delete-server', key, server }, session));
        output.write(`${name} is ${until}${remove ? ' and was deleted' : ''}\n`);
        return exitStatus.ok;
      case 'gone':
        output.write(`${name} is gone: another program deleted it\n`);
        return exitStatus.ok;
      case 'reweighted':
        output.error(
          `ipvsadm: ${name} gets connections again: another program set its weight to ${drained.weight}`,
        );
        return exitStatus.timedOut;
      case 'timeout':
        output.error(
          `ipvsadm: ${name} is not ${until} after ${timeout! / 1000} s: it has ${connectionsText(drained.left)}`,
        );
        output.error(putBack(key, before));
        return exitStatus.timedOut;
      case 'interrupted':
        output.error(`ipvsadm: interrupted; ${name} has ${connectionsText(drained.left)}`);
        output.error(putBack(key, before));
        return exitStatus.signalled + interruptions[drained.signal];
    }
  }
}

/** Says how to set the weight back. */
function putBack(key: ServiceKey, server: ServerKey & Pick<ListedServer, 'weight'>): string {
  if (server.weight === 0) return 'ipvsadm: its weight stays 0, as it was before';
  return `ipvsadm: its weight stays 0; to set it back to ${server.weight}: ipvsadm server set ${serviceFlag(key)} --real-server ${serverName(server)} --weight ${server.weight}`;
}

/** The flags of a subcommand that name a service. */
function serviceFlag(key: ServiceKey): string {
  const [kind, ...rest] = serviceName(key).split(':');
  if (key.kind === 'fwmark') return `--fwmark ${key.fwmark}${key.family === AF_INET6 ? ' --ipv6' : ''}`;
  return `--${kind} ${rest.join(':')}`;
}
