import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { bytesFromUnicode } from '../bytes/unicode';
import type { DirectorEvent } from '../director/types';
import { exitStatus } from '../errors/exit-status';
import { usageError } from '../errors/ipvsadm-error';
import { interruptions } from '../platform/interactive-system';
import { IpvsCommand } from './support/base';
import { ask, jsonFlag, parsed, socketFlag, splitName } from './support/director';
import { eventLine } from './support/director-text';

export default class Monitor extends IpvsCommand {
  static override summary = 'print the events of the director daemon as they come';
  static override description =
    'Servers that go down or come up, changes by operators, repairs, alarms: a line each, until a signal or the end ' +
    'of the daemon, which is status 1. The exit status is 2 if no daemon answers. The last thousand are kept, over ' +
    'restarts, too.';
  static override examples = [
    '<%= config.bin %> monitor',
    '<%= config.bin %> monitor --once web/web03',
    '<%= config.bin %> monitor --since 0 --once --json',
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
    ...socketFlag,
    ...jsonFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Monitor);
    const { output, system } = this.context;
    const show = (line: string) => {
      const event = parsed<DirectorEvent>(line);
      output.write(bytesFromUnicode(flags.json ? `${line}\n` : eventLine(event, system.stdoutWidth())));
    };
    if (flags.since !== undefined && !/^\d{1,15}$/.test(flags.since)) {
      throw usageError(`ipvsadm: --since ${flags.since}: must be the number of an event`);
    }
    const of = args.name === undefined ? '' : `&${new URLSearchParams({ ...splitName(args.name) })}`;
    const past = await ask(this.context, flags.socket, {
      method: 'GET',
      path: `/v1/events?since=${flags.since ?? 0}${of}`,
    });
    const events = parsed<DirectorEvent[]>(past);
    const since = flags.since ?? (flags.once ? '0' : String(events[0]?.id ?? 0));
    if (flags.once) {
      for (const event of events.toReversed()) show(JSON.stringify(event));
      return;
    }
    let end = () => {};
    let failure: { readonly error: unknown } | undefined;
    const heard = ask(this.context, flags.socket, {
      method: 'GET',
      path: `/v1/events?follow=1&since=${since}${of}`,
      line: (line) => {
        try {
          show(line);
          output.flush();
        } catch (error) {
          // Such as a reader of our output that has left.
          failure ??= { error };
          end();
        }
      },
      endable: (ending) => {
        end = ending;
      },
    });
    let over = false;
    const ended = heard.finally(() => {
      over = true;
    });
    this.context.status = await system.interruptible(async (sleep) => {
      while (!over) {
        const signal = await Promise.race([sleep(500), ended.then(() => undefined)]);
        if (signal) {
          end();
          await ended;
          return exitStatus.signalled + interruptions[signal];
        }
      }
      return exitStatus.listing;
    });
    await ended;
    if (failure) throw failure.error;
  }
}
