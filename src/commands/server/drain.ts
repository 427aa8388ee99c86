import * as Flags from '@oclif/core/flags';
import { toKey, toServerKey } from '../../command-line/settings-to-request';
import { exitStatus } from '../../errors/exit-status';
import type { Change } from '../../model/change';
import type { ListedServer, ServerKey } from '../../model/real-server';
import type { ServiceKey } from '../../model/virtual-service';
import { run } from '../../operations/run';
import type { Session } from '../../operations/session';
import type { Sleep } from '../../platform/interactive-system';
import { serverName, serviceName } from '../../state/table/table-state';
import { AdminCommand, adminForm } from '../support/admin-command';
import { quietFlag } from '../support/quiet';
import { runAll } from '../support/run-all';
import { secondsFlag } from '../support/seconds-flag';
import { missingOk } from '../support/tolerance';
import { drainLine, putBack, reportWait } from './support/drain-report';
import { drainedServers, whenWeightless } from './support/drained-servers';
import { findServer, findServerIfPresent } from './support/find-server';
import { serversFlags } from './support/several-servers';
import { type Drained, type DrainGoal, waitForDrain } from './support/wait-for-drain';

const whenWaiting = { dependsOn: ['wait'] };

const jsonFlag = Flags.boolean({
  description: 'a JSON object a line: what the daemon answers, and for each server how the wait ended',
});

/** The flags that name a server as the table does. */
const keyFlags = serversFlags('delete-server');

const waitFlags = {
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
};

interface WaitFlags {
  readonly until?: DrainGoal['until'] | undefined;
  readonly timeout?: number | undefined;
  readonly interval?: number | undefined;
  readonly delete: boolean;
  readonly json: boolean;
}

/** A server that was asked for, and how it was; undefined: it was not there. */
interface Stopped {
  readonly server: ServerKey;
  readonly before: ListedServer | undefined;
}

const tableForm = {
  flags: {
    ...keyFlags,
    ...waitFlags,
    delete: Flags.boolean({ description: 'with --wait: delete the real server in the end', ...whenWaiting }),
    'missing-ok': missingOk,
    'dry-run': Flags.boolean({
      description: 'change nothing; print what would change, as diff does',
      exclusive: ['wait', 'json'],
    }),
    json: jsonFlag,
    ...quietFlag,
  },
};

const namedForm = { ...adminForm, flags: { ...waitFlags, ...adminForm.flags, json: jsonFlag } };

export default class ServerDrain extends AdminCommand {
  static override summary = 'stop new connections to a real server, and wait for the present ones to end';
  static override description =
    'Sets the weight to 0 and leaves everything else alone: present connections continue. ' +
    'With --wait, the exit status is 0 when they have ended, 1 when --timeout ended the wait, and 130 or 143 ' +
    'when a signal interrupted the wait. In the last three cases the weight stays 0, and a message names the ' +
    'command that sets it back. Given a name or --host, the director daemon drains the server instead, checks it ' +
    'all the same, and keeps to it over restarts until server ready. Of several real servers, none is drained if one ' +
    'is missing.';
  static override examples = [
    '<%= config.bin %> server drain web/web03 --reason "new kernel" --wait --until idle',
    '<%= config.bin %> server drain --host 10.0.0.17 --for 2h',
    '<%= config.bin %> server drain --tcp 192.0.2.10:80 --real-server 10.0.0.17',
    '<%= config.bin %> server drain -t 192.0.2.10:80 -r 10.0.0.17 -r 10.0.0.18 --wait',
  ];
  static override flags = { ...adminForm.flags, ...tableForm.flags };
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
    const { output } = this.context;
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
          if (left === undefined) {
            if (flags.json) output.write(drainLine({ ...named.key, outcome: 'missing' }));
            else output.done(`${named.name} is not in the table\n`);
            continue;
          }
          const spent = this.context.system.now() - start;
          const rest = goal.timeout === undefined ? undefined : Math.max(0, goal.timeout - spent);
          const wanted = { ...goal, ...left, timeout: rest };
          const drained = await waitForDrain(wanted, client, this.context, sleep);
          const back = `ipvsadm: it stays drained; to take it back: ipvsadm server ready ${ready}`;
          const waited = { drained, goal: { ...wanted, timeout: goal.timeout }, name: named.name, back };
          const status = reportWait(waited, output, flags.json);
          if (drained.kind !== 'done' && drained.kind !== 'gone') return status;
        }
        return exitStatus.ok;
      }),
    );
  }

  private async drainInTable(): Promise<void> {
    const { flags } = await this.parse(tableForm);
    const wanted: ServerKey[] = [];
    for (const server of flags['real-server'] as readonly string[])
      wanted.push(toServerKey(await this.settingsFor('delete-server', { ...flags, 'real-server': server })));
    const key = toKey(await this.settingsFor('delete-server', { ...flags, 'real-server': undefined }));
    /** None is drained if one is missing. */
    const stop = async (session: Session): Promise<Stopped[]> => {
      const { client } = session.connection;
      const find = flags['missing-ok'] ? findServerIfPresent : findServer;
      const found = wanted.map((server) => ({ server, before: find(client, key, server) }));
      const changes = found.flatMap(({ before }): Change[] =>
        before && before.weight !== 0 ? [{ kind: 'edit-server', key, server: { ...before, weight: 0 } }] : [],
      );
      await runAll(changes, session, {});
      return found;
    };
    const named = { kind: 'delete-server', key, server: wanted[0]! } as const;
    if (this.rehearses) {
      const rehearsal = async (session: Session) => {
        await stop(session);
        return exitStatus.ok;
      };
      return await this.changing(rehearsal, named);
    }
    const work = async (session: Session) => {
      if (flags.wait)
        return await this.context.system.interruptible(async (sleep) => {
          const stopped = await this.lockedAndKept(session, () => stop(session), true);
          return await this.waitForAll(stopped, key, flags, session, sleep);
        });
      const stopped = await this.lockedAndKept(session, () => stop(session), true);
      for (const one of stopped) this.tell(key, one, flags.json);
      return exitStatus.ok;
    };
    await this.connected(work, named);
  }

  /** Says that a server is drained, or is not there. */
  private tell(key: ServiceKey, { server, before }: Stopped, json: boolean): void {
    const names = { service: serviceName(key), server: serverName(server) };
    const outcome = before ? 'draining' : 'missing';
    if (json) this.context.output.write(drainLine({ ...names, outcome, left: before }));
  }

  /** Waits for one after the other, all within the time limit. @returns the exit status. */
  private async waitForAll(
    stopped: readonly Stopped[],
    key: ServiceKey,
    flags: WaitFlags,
    session: Session,
    sleep: Sleep,
  ): Promise<number> {
    const { system, output } = this.context;
    const { until = 'empty', timeout, interval = 1000 } = flags;
    const start = system.now();
    for (const [index, one] of stopped.entries()) {
      const { before } = one;
      if (!before) {
        this.tell(key, one, flags.json);
        continue;
      }
      const rest = timeout === undefined ? undefined : Math.max(0, timeout - (system.now() - start));
      const goal = { key, server: { ...before, weight: 0 }, until, timeout: rest, interval };
      const drained = await waitForDrain(goal, session.connection.client, this.context, sleep);
      const status = await this.end(drained, { ...goal, timeout }, before, session, flags);
      if (drained.kind === 'done' || drained.kind === 'gone') continue;
      for (const { before: left } of stopped.slice(index + 1)) if (left) output.error(putBack(key, left));
      return status;
    }
    return exitStatus.ok;
  }

  private async end(
    drained: Drained,
    goal: DrainGoal,
    before: ListedServer,
    session: Session,
    flags: { readonly delete: boolean; readonly json: boolean },
  ): Promise<number> {
    const { key, server } = goal;
    const deleted = flags.delete && drained.kind === 'done';
    if (deleted) {
      const request = { kind: 'delete-server', key, server } as const;
      await this.lockedAndKept(session, () => run(request, session), true);
    }
    const name = `${serverName(server)} of ${serviceName(key)}`;
    const waited = { drained, goal, name, back: putBack(key, before), deleted };
    return reportWait(waited, this.context.output, flags.json);
  }
}
