import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { bytesFromUnicode } from '../../bytes/unicode';
import { exitStatus } from '../../errors/exit-status';
import { type IpvsadmError, usageError } from '../../errors/ipvsadm-error';
import type { CountingClient } from '../../platform/counting';
import type { Sleep } from '../../platform/interactive-system';
import { parseListenAddress } from '../../state/document/listen-address';
import { IpvsCommand } from '../support/base';
import { CommandLineError } from '../support/command-line-error';
import { asksData, type DataFlags, dataFlags, writeData } from '../support/data';
import { columns } from '../support/director-text';
import { askAll, type OtherDirector, resign, whoLeads } from '../support/ha-directors';
import { numberFlag } from '../support/number-flag';

/** The sync daemons tell of a connection within so many milliseconds. */
const SYNC = 4000;
/** After a move: what is lost then counts as well. */
const AFTER = 1500;
/** Within which another director leads, after one has resigned. */
const MOVES_WITHIN = 10_000;
const LOOK = 300;
/** A director that has just handed over does not want the VIPs for so long. */
const WANTS_AGAIN = 6000;
const INTERRUPTED = 'interrupted: the VIPs are where they are';

interface Move {
  readonly from: string;
  readonly to: string;
  readonly requests: number;
  readonly lost: number;
  /** In milliseconds. */
  readonly gap: number;
}

export default class HaTest extends IpvsCommand {
  static override summary = 'move the VIPs to and fro, and count what a client loses';
  static override description =
    'Run it on a client: packets of a director to its own VIP prove nothing. It opens a connection every 20 ms, ' +
    'and keeps some on which it begins a request of HTTP; the directors are asked by the given commands. Nothing ' +
    'is moved unless one director leads and another one is fit. The exit status is 1 if a connection was lost ' +
    'that was to stay.';
  static override examples = [
    "<%= config.bin %> ha test 10.0.0.13:80 --director 'ssh lb03' --director 'ssh lb04'",
  ];
  static override args = {
    service: Args.string({
      required: true,
      ignoreStdin: true,
      description: 'VIP and port of a TCP service, such as 10.0.0.13:80',
    }),
  };
  static override flags = {
    director: Flags.string({
      helpValue: 'COMMAND',
      multiple: true,
      required: true,
      description: "what runs ipvsadm on a director, such as 'ssh lb03'; once for each director",
    }),
    moves: numberFlag({ least: 1, most: 100, default: 2, description: 'how often the VIPs are moved' }),
    connections: numberFlag({
      least: 0,
      most: 1000,
      default: 20,
      description: 'connections that stay; 0 for a service that is not HTTP',
    }),
    ...dataFlags(),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(HaTest);
    const target = parseListenAddress(args.service);
    if (!target) throw new CommandLineError([`${args.service}: must be ADDRESS:PORT, such as 10.0.0.13:80`]);
    if (flags.director.length < 2)
      throw new CommandLineError([`--director ${flags.director[0]}: one is not enough: name each director`]);
    const { system } = this.context;
    fitting(await askAll(system, flags.director));
    const { host: address, port } = target;
    const client = system.countLosses({ address, port, connections: flags.connections });
    const moves: Move[] = [];
    let cut = 0;
    let stopped: string | undefined;
    try {
      if (!(await client.ready()))
        throw refused(`${args.service}: no connection within 5 s: is it a client?`);
      await system.interruptible(async (sleep) => {
        while (moves.length < flags.moves && stopped === undefined) {
          if ((await sleep(moves.length === 0 ? SYNC : WANTS_AGAIN)) !== undefined) {
            stopped = INTERRUPTED;
            return;
          }
          const directors = fitting(await askAll(system, flags.director));
          const move = await this.move(directors, client, sleep);
          if ('problem' in move) stopped = move.problem;
          else moves.push(move);
        }
      });
    } finally {
      cut = await client.end();
    }
    this.print(moves, cut, flags);
    if (stopped !== undefined) throw refused(stopped);
    if (cut > 0) this.context.status = exitStatus.differs;
  }

  private async move(
    directors: readonly OtherDirector[],
    client: CountingClient,
    sleep: Sleep,
  ): Promise<Move | { readonly problem: string }> {
    const { system } = this.context;
    const leader = whoLeads(directors)!;
    client.mark();
    const problem = await resign(system, leader);
    if (problem !== undefined) return { problem: `${leader.name}: ${problem}` };
    const end = system.now() + MOVES_WITHIN;
    for (;;) {
      const next = whoLeads(
        await askAll(
          system,
          directors.map(({ command }) => command),
        ),
      );
      if (next && next.name !== leader.name) {
        await sleep(AFTER);
        return { from: leader.name, to: next.name, ...client.count() };
      }
      if (system.now() > end) return { problem: `${leader.name} has resigned, and no other director leads` };
      if ((await sleep(LOOK)) !== undefined) return { problem: INTERRUPTED };
    }
  }

  private print(
    moves: readonly Move[],
    cut: number,
    flags: DataFlags & { readonly connections: number },
  ): void {
    const { output } = this.context;
    const { connections } = flags;
    if (asksData(flags)) {
      const result = { moves, connections: { kept: connections, lost: cut } };
      writeData(this.context, flags, `${JSON.stringify(result)}\n`);
      return;
    }
    const rows = moves.map(({ from, to, requests, lost, gap }) => [
      `${from} to ${to}`,
      `${requests}`,
      `${lost}`,
      `${(gap / 1000).toFixed(2)} s`,
    ]);
    const table = columns([['MOVE', 'REQUESTS', 'LOST', 'NOT SERVED'], ...rows]);
    output.write(bytesFromUnicode(`${table}connections that stayed: ${cut} of ${connections} lost\n`));
  }
}

/** @throws IpvsadmError unless one leads and another one is fit. */
function fitting(directors: readonly OtherDirector[]): readonly OtherDirector[] {
  const described = directors.map(({ name, role }) => `${name} is ${role}`).join(', ');
  if (!whoLeads(directors)) throw refused(`not one director leads: ${described}: nothing was moved`);
  if (directors.some(({ role }) => role === 'standby')) return directors;
  throw refused(`no other director is fit: ${described}: nothing was moved`);
}

function refused(problem: string): IpvsadmError {
  return usageError(bytesFromUnicode(`ipvsadm: ha test: ${problem}`));
}
