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
import { AdminCommand, adminForm } from '../support/admin-command';
import { flagsFor } from '../support/option-flags';
import { secondsFlag } from '../support/seconds-flag';
import { drainedServers, whenWeightless } from './support/drained-servers';
import { findServer } from './support/find-server';
import { connectionsText, type Drained, type DrainGoal, waitForDrain } from './support/wait-for-drain';

const whenWaiting = { dependsOn: ['wait'] };

/** The flags that name a server as the table does. */
const keyFlags = flagsFor('delete-server');

const waitFlags = {
  wait: Flags.boolean({ description: 'wait until the connections have ended', exclusive: ['json'] }),
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
};

const tableForm = {
  flags: {
    ...keyFlags,
    ...waitFlags,
    delete: Flags.boolean({ description: 'with --wait: delete the real server in the end', ...whenWaiting }),
  },
};

const namedForm = { ...adminForm, flags: { ...waitFlags, ...adminForm.flags } };

export default class ServerDrain extends AdminCommand {
  static override summary = 'stop new connections to a real server, and wait for the present ones to end';
  static override description =
    'Sets the weight to 0 and leaves everything else alone: present connections continue. ' +
    'With --wait, the exit status is 0 when they have ended, 1 when --timeout ended the wait, and 130 or 143 ' +
    'when a signal interrupted the wait. In the last three cases the weight stays 0, and a message names the ' +
    'command that sets it back. Given a name or --host, the director daemon drains the server instead, checks it ' +
    'all the same, and keeps to it over restarts until server ready.';
  static override examples = [
    '<%= config.bin %> server drain web/web03 --reason "new kernel" --wait --until idle',
    '<%= config.bin %> server drain --host 10.0.0.17 --for 2h',
    '<%= config.bin %> server drain --tcp 192.0.2.10:80 --real-server 10.0.0.17',
    '<%= config.bin %> server drain -t 192.0.2.10:80 -r 10.0.0.17 --wait --delete',
  ];
  static override flags = { ...tableForm.flags, ...adminForm.flags };
  static override forms = [namedForm, tableForm];

  async run(): Promise<void> {
    if (this.namesKey()) await this.drainInTable();
    else await this.drainByName();
  }

  /** Whether the command line names the server as the table does, and not as the daemon. */
  private namesKey(): boolean {
    const flags = Object.entries<{ readonly char?: string }>(keyFlags);
    return this.argv.some((word) =>
      flags.some(
        ([name, { char }]) =>
          word === `--${name}` || word.startsWith(`--${name}=`) || (char && word.startsWith(`-${char}`)),
      ),
    );
  }

  protected override get unnamed(): string {
    return 'which server? name one as SERVICE/SERVER, or give --host ADDRESS, or --tcp, --udp, --sctp or --fwmark with --real-server';
  }

  private async drainByName(): Promise<void> {
    const words = await this.parse(namedForm);
    const { flags } = words;
    const selector = await this.wish('drain', words);
    if (!flags.wait) return;
    const goal = { until: flags.until ?? 'empty', timeout: flags.timeout, interval: flags.interval ?? 1000 };
    const ready = 'host' in selector ? `--host ${flags.host}` : words.args.name;
    const servers = await drainedServers(this.context, flags.socket, selector);
    await this.connected(({ connection: { client } }) =>
      this.context.system.interruptible(async (sleep) => {
        const start = this.context.system.now();
        for (const named of servers) {
          const left = await whenWeightless(named, client, this.context, sleep);
          if (typeof left === 'number') return left;
          if (left === undefined) continue;
          const spent = this.context.system.now() - start;
          const rest = goal.timeout === undefined ? undefined : Math.max(0, goal.timeout - spent);
          const wanted = { ...goal, ...left, timeout: rest };
          const drained = await waitForDrain(wanted, client, this.context, sleep);
          const back = `ipvsadm: it stays drained; to take it back: ipvsadm server ready ${ready}`;
          const status = this.said(drained, { ...wanted, timeout: goal.timeout }, named.name, back);
          if (drained.kind !== 'done' && drained.kind !== 'gone') return status;
        }
        return exitStatus.ok;
      }),
    );
  }

  private async drainInTable(): Promise<void> {
    const { flags } = await this.parse(tableForm);
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
    goal: DrainGoal,
    before: ListedServer,
    session: Session,
    remove: boolean,
  ): Promise<number> {
    const { key, server } = goal;
    const removed = remove && drained.kind === 'done';
    if (removed) await this.locked(() => run({ kind: 'delete-server', key, server }, session));
    const name = `${serverName(server)} of ${serviceName(key)}`;
    return this.said(drained, goal, name, putBack(key, before), removed);
  }

  /** Says how a wait ended. @returns the exit status. */
  private said(drained: Drained, goal: DrainGoal, name: string, back: string, removed = false): number {
    const { output } = this.context;
    const { until, timeout } = goal;
    switch (drained.kind) {
      case 'done':
        output.write(`${name} is ${until}${removed ? ' and was deleted' : ''}\n`);
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
        output.error(back);
        return exitStatus.timedOut;
      case 'interrupted':
        output.error(`ipvsadm: interrupted; ${name} has ${connectionsText(drained.left)}`);
        output.error(back);
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
