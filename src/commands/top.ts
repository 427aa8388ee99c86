import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { bytesFromUnicode, unicodeFromBytes } from '../bytes/unicode';
import type { DirectorEvent, ServerHealth } from '../director/types';
import { exitStatus } from '../errors/exit-status';
import { usageError } from '../errors/ipvsadm-error';
import { type FrameLine, pageOf, type TopFacts, topFrame } from '../live/top-frame';
import {
  filtered,
  type KnownServer,
  ordered,
  type TableNow,
  type TopGroup,
  type TopOrder,
  topGroups,
  topOrders,
} from '../live/top-rows';
import { firstView, pressed, type TopView } from '../live/top-view';
import { failure } from '../operations/run';
import type { Session } from '../operations/session';
import { interruptions } from '../platform/interactive-system';
import type { Screen } from '../platform/screen';
import { IpvsCommand } from './support/base';
import { colourFlag, useColour } from './support/colour-flag';
import { asksData, dataFlags, writeData } from './support/data';
import { parsed, socketFlag, tryAsk } from './support/director';
import { eventLine } from './support/director-text';
import { knownServers } from './support/known-servers';
import { secondsFlag } from './support/seconds-flag';

/** signal(7) */
const SIGHUP = 1;
/** Of a frame that goes to a file. */
const WIDE = 132;

type Paint = (line: FrameLine) => string;

/** A look at the table, and at what the daemon says. */
interface Look {
  readonly groups: readonly TopGroup[];
  readonly facts: TopFacts;
}

export default class Top extends IpvsCommand {
  static override summary = 'show rates, connections and shares of services and servers, as they change';
  static override description =
    'On the whole screen, until q: SHARE is what a real server gets of the new connections of its service (of its ' +
    'active ones, if there are no new ones), MEANT what its weight asks for. The kernel counts rates every two ' +
    'seconds. Names, states and the last events come from the director daemon if it runs. ? shows the keys.';
  static override examples = [
    '<%= config.bin %> top',
    '<%= config.bin %> top 192.0.2.10:80 --sort excess',
    '<%= config.bin %> top --once --json',
  ];
  static override args = {
    service: Args.string({
      description: 'show only what has this text in its name, key or state',
      ignoreStdin: true,
    }),
  };
  static override flags = {
    sort: Flags.option({
      options: Object.keys(topOrders) as TopOrder[],
      description: 'the order of services, and of the real servers of each: the greatest first',
    })(),
    interval: secondsFlag({ least: 0.1, description: 'look this often; default 2' }),
    once: Flags.boolean({ description: 'print everything once, and end' }),
    ...dataFlags('with --once: a JSON array of services', { dependsOn: ['once'] }),
    color: colourFlag,
    ...socketFlag,
  };

  private socket = '';
  /** Without a daemon. */
  private named: readonly KnownServer[] = [];
  private seconds = 2;

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Top);
    const { output, system } = this.context;
    this.socket = flags.socket;
    if (system.fileMode(flags.socket) === undefined) this.named = await knownServers(this.context);
    this.seconds = (flags.interval ?? 2000) / 1000;
    const view = firstView(flags.sort, unicodeFromBytes(args.service ?? ''));
    const paint = painter(useColour(flags.color, system));
    if (flags.once) {
      return await this.connected(async (session) => {
        const { groups, facts } = await this.look(session);
        const shown = filtered(ordered(groups, view.order), view.filter);
        output.asIs();
        if (asksData(flags)) writeData(this.context, flags, `${jsonOf(shown)}\n`);
        else {
          const size = { columns: system.stdoutWidth() ?? WIDE, rows: undefined };
          const lines = topFrame(shown, view, facts, size);
          output.write(bytesFromUnicode(lines.map((line) => `${paint(line).trimEnd()}\n`).join('')));
        }
        return exitStatus.ok;
      });
    }
    await this.connected(async (session) => {
      const first = await this.look(session); // what is refused is told before the screen is taken
      const screen = system.openScreen();
      if (!screen) {
        throw usageError('ipvsadm: top: standard input and output must be a terminal: give --once');
      }
      try {
        return await this.watch(session, screen, first, view, paint);
      } finally {
        screen.close();
      }
    });
  }

  /** @returns the exit status. */
  private async watch(
    session: Session,
    screen: Screen,
    first: Look,
    firstViewed: TopView,
    paint: Paint,
  ): Promise<number> {
    const { system } = this.context;
    let look = first;
    let view = firstViewed;
    let due = system.now() + this.seconds * 1000;
    for (;;) {
      const shown = filtered(ordered(look.groups, view.order), view.filter);
      const size = { columns: screen.columns, rows: screen.rows };
      screen.draw(topFrame(shown, view, look.facts, size).map(paint));
      const event = await screen.next(due - system.now());
      if (event.kind === 'signal') {
        const { signal } = event;
        return exitStatus.signalled + (signal === 'SIGHUP' ? SIGHUP : interruptions[signal]);
      }
      if (event.kind === 'keys') {
        const rows = shown.reduce((sum, { servers }) => sum + 1 + servers.length, 0);
        const outcome = pressed(view, event.text, { rows, page: pageOf(size, look.facts) });
        view = outcome.view;
        if (outcome.wish === 'quit') return exitStatus.ok;
        if (outcome.wish === 'suspend') screen.suspend();
      } else if (event.kind === 'time') {
        if (!view.paused) look = await this.lookAgain(session, look);
        due = system.now() + this.seconds * 1000;
      }
    }
  }

  /** A look that fails, such as when the module is unloaded, shows why, and the next one may succeed. */
  private async lookAgain(session: Session, former: Look): Promise<Look> {
    try {
      return await this.look(session);
    } catch (error) {
      const problem = (error as Error).message.trimEnd();
      return { ...former, facts: { ...former.facts, problem } };
    }
  }

  private async look({ connection }: Session): Promise<Look> {
    const { readLiveTable } = require('../daemon/live-table') as typeof import('../daemon/live-table');
    let table: TableNow;
    try {
      table = await readLiveTable(connection.client);
    } catch (error) {
      throw failure('list-services', error, exitStatus.listing);
    }
    const { health, events, problem } = await this.daemon();
    const time = new Date().toTimeString().slice(0, 8);
    return { groups: topGroups(table, health), facts: { time, seconds: this.seconds, events, problem } };
  }

  /** What the daemon says; a table is shown without it, too. */
  private async daemon(): Promise<{
    health: readonly KnownServer[];
    events?: readonly string[];
    problem?: string;
  }> {
    if (this.context.system.fileMode(this.socket) === undefined) return { health: this.named };
    try {
      const get = (path: string) => tryAsk(this.context, this.socket, { method: 'GET', path });
      const health = await get('/v1/health?results=1');
      const events = await get('/v1/events?since=0');
      if (health === undefined || events === undefined) return { health: this.named };
      const last = parsed<DirectorEvent[]>(events).slice(0, 3).reverse();
      return {
        health: parsed<ServerHealth[]>(health),
        events: last.map((event) => eventLine(event).trimEnd()),
      };
    } catch (error) {
      return { health: this.named, problem: (error as Error).message.trimEnd() };
    }
  }
}

function painter(colour: boolean): Paint {
  if (!colour) return ({ text }) => text;
  const { frameColours } = require('../format/colour') as typeof import('../format/colour');
  return ({ text, kind }) => frameColours[kind](text);
}

/** Rates are numbers: they are far below 2^53. */
function jsonOf(groups: readonly TopGroup[]): string {
  const row = ({ rates, ...rest }: TopGroup['service']) => ({
    ...rest,
    connectionRate: Number(rates.connectionRate),
    inPacketRate: Number(rates.inPacketRate),
    outPacketRate: Number(rates.outPacketRate),
    inByteRate: Number(rates.inByteRate),
    outByteRate: Number(rates.outByteRate),
  });
  const services = groups.map(({ service, servers }) => ({ ...row(service), servers: servers.map(row) }));
  return JSON.stringify(services, null, 2);
}
