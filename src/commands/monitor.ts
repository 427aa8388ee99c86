import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { bytesFromUnicode } from '../bytes/unicode';
import type { DirectorEvent } from '../director/types';
import { exitStatus } from '../errors/exit-status';
import { usageError } from '../errors/ipvsadm-error';
import { failure } from '../operations/run';
import type { Session } from '../operations/session';
import { interruptions } from '../platform/interactive-system';
import { isAbout, type TableEvent, tableFollower } from '../state/plan/table-events';
import { readLive } from '../state/table/live';
import { IpvsCommand } from './support/base';
import { ask, jsonFlag, parsed, socketFlag, splitName, tryAsk } from './support/director';
import { eventLine } from './support/director-text';
import { eventCommand } from './support/exec-events';
import { secondsFlag } from './support/seconds-flag';
import { withSeconds } from './support/watch-flag';

/** Milliseconds between two looks at the table unless --poll says otherwise. */
const USUAL_POLL = 2000;

export default class Monitor extends IpvsCommand {
  static override summary = 'print what happens: events of the director daemon, or changes of the table';
  static override description =
    'With a daemon: servers that go down or come up, changes by operators, repairs, alarms; a line each, until a ' +
    'signal or the end of the daemon, which is status 1. The last thousand are kept, over restarts, too. Without one, ' +
    'and with --poll: services, real servers, weights, timeouts and sync daemons that have come, gone or changed.';
  static override examples = [
    '<%= config.bin %> monitor',
    '<%= config.bin %> monitor --once web/web03',
    '<%= config.bin %> monitor --since 0 --once --json',
    '<%= config.bin %> monitor --poll 0.5 --exec "logger -t lvs"',
  ];
  static override args = {
    name: Args.string({
      description: 'the events of this SERVICE or SERVICE/SERVER only, by names or keys',
      ignoreStdin: true,
    }),
  };
  static override flags = {
    since: Flags.string({
      helpValue: 'NUMBER',
      description: 'first print the events after this number; default: those that come only',
    }),
    once: Flags.boolean({ description: 'print the events there are, and end' }),
    poll: secondsFlag({
      least: 0.1,
      helpValue: '[SECONDS]',
      description: 'look at the table again and again, default every 2 seconds, also where a daemon runs',
      exclusive: ['since', 'once'],
    }),
    exec: Flags.string({
      helpValue: 'COMMAND',
      description:
        'run a shell command for each event, which it gets as JSON on standard input; one at a time',
      exclusive: ['once'],
    }),
    ...socketFlag,
    ...jsonFlag,
  };

  /** Prints an event, and runs the command of --exec. */
  private show: (event: DirectorEvent | TableEvent) => void = () => {};

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Monitor, withSeconds(this.argv, '--poll'));
    const { output, system } = this.context;
    if (flags.since !== undefined && !/^\d{1,15}$/.test(flags.since)) {
      throw usageError(`ipvsadm: --since ${flags.since}: must be the number of an event`);
    }
    const commands = flags.exec === undefined ? undefined : eventCommand(flags.exec, output);
    this.show = (event) => {
      const line = JSON.stringify(event);
      const text = flags.json ? `${line}\n` : eventLine(event, system.stdoutWidth());
      output.write(bytesFromUnicode(text));
      commands?.add(line);
    };
    const name = args.name === undefined ? undefined : splitName(args.name);
    try {
      if (flags.poll !== undefined) return await this.poll(flags.poll, name);
      const past = await this.past(flags.socket, flags, name);
      if (past) return await this.follow(flags.socket, past, flags, name);
      output.error(
        `ipvsadm: note: no director daemon runs here: the table is looked at every ${USUAL_POLL / 1000} s`,
      );
      await this.poll(USUAL_POLL, name);
    } finally {
      await commands?.done();
    }
  }

  /** The events until now, newest first. @returns undefined without a daemon, if that is no reason to fail. */
  private async past(
    socket: string,
    { since, once }: { readonly since?: string | undefined; readonly once?: boolean },
    name: Name | undefined,
  ): Promise<readonly DirectorEvent[] | undefined> {
    const question = { method: 'GET', path: `/v1/events?since=${since ?? 0}${query(name)}` } as const;
    const needed = once || since !== undefined;
    const past = await (needed ? ask : tryAsk)(this.context, socket, question);
    return past === undefined ? undefined : parsed<DirectorEvent[]>(past);
  }

  private async follow(
    socket: string,
    past: readonly DirectorEvent[],
    flags: { readonly since?: string | undefined; readonly once?: boolean },
    name: Name | undefined,
  ): Promise<void> {
    const { output, system } = this.context;
    const since = flags.since ?? (flags.once ? '0' : String(past[0]?.id ?? 0));
    if (flags.once) {
      for (const event of past.toReversed()) this.show(event);
      return;
    }
    let end = () => {};
    let failed: { readonly error: unknown } | undefined;
    const heard = ask(this.context, socket, {
      method: 'GET',
      path: `/v1/events?follow=1&since=${since}${query(name)}`,
      line: (line) => {
        try {
          this.show(parsed<DirectorEvent>(line));
          output.flush();
        } catch (error) {
          // Such as a reader of our output that has left.
          failed ??= { error };
          end();
        }
      },
      endable: (ending) => {
        end = ending;
      },
    });
    let over = false;
    const finished = heard.finally(() => {
      over = true;
    });
    this.context.status = await system.interruptible(async (sleep) => {
      while (!over) {
        const signal = await Promise.race([sleep(500), finished.then(() => undefined)]);
        if (signal) {
          end();
          await finished;
          return exitStatus.signalled + interruptions[signal];
        }
      }
      return exitStatus.listing;
    });
    await finished;
    if (failed) throw failed.error;
  }

  private async poll(milliseconds: number, name: Name | undefined): Promise<void> {
    const { output, system } = this.context;
    await this.connected(async ({ connection: { client } }: Session) => {
      const look = () => {
        try {
          return readLive(client);
        } catch (error) {
          throw failure('list-services', error, exitStatus.listing);
        }
      };
      const happened = tableFollower(look());
      return await system.interruptible(async (sleep) => {
        for (;;) {
          const signal = await sleep(milliseconds);
          if (signal) return exitStatus.signalled + interruptions[signal];
          for (const event of happened(look())) if (!name || isAbout(event, name)) this.show(event);
          output.flush();
        }
      });
    });
  }
}

type Name = ReturnType<typeof splitName>;

function query(name: Name | undefined): string {
  return name ? `&${new URLSearchParams({ ...name })}` : '';
}
