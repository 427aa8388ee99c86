/** One run: a director, an event, and what the clients and the kernel's table say of it. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { findToolchain } from '../../scripts/native/toolchain';
import type { Lab } from '../../test/lab';
import { checkout } from '../../test/lab/paths';
import type { Event } from './events';
import { type DirectorName, directorScript } from './programs';

/** What was counted in a run. Seconds are those since the event. */
export interface Outcome {
  /** Requests that were not answered in time, or not at all. */
  readonly lost: number;
  /** When the last of them was sent. */
  readonly lastLost: number;
  /** Of the 20 long connections. */
  readonly connectionsLost: number;
  /** How often the table was seen to change. */
  readonly changes: number;
  /** How often it was seen without the service. */
  readonly emptied: number;
  /** When the table was as the event has to end; undefined: never. */
  readonly done: number | undefined;
  /** Whether the kernel's counters of the service began again. */
  readonly countersReset: boolean;
  /** The changes that our program says it has sent since its last start. */
  readonly sent: number | undefined;
}

const LONG_CONNECTIONS = 20;
/** Runs begin at different moments of the directors' intervals. */
const SETTLED = 1.5;
const SPREAD = 2;

/** Compiles `traffic`, in a place that guests see. @returns the variables of the scripts. */
export async function trafficVariables(): Promise<Record<string, string>> {
  const folder = join(checkout, 'dist/bench');
  mkdirSync(folder, { recursive: true });
  const traffic = join(folder, 'traffic');
  const { compile } = await findToolchain();
  await compile(['-O2', '-Wall', '-Wextra', '-Werror', '-o', traffic, join(__dirname, 'traffic.c')]);
  return { TRAFFIC: traffic };
}

/** @throws with what the guest printed, if something is missing there. */
export async function run(
  lab: Pick<Lab, 'run'>,
  event: Event,
  director: DirectorName,
  env: Readonly<Record<string, string>>,
): Promise<Outcome> {
  const wait = SETTLED + SPREAD * Math.random();
  const { stdout } = await lab.run({ script: scriptOf(event, director, wait), env, timeoutSeconds: 120 });
  return outcomeOf(event, stdout.toString());
}

function scriptOf({ check, script }: Event, director: DirectorName, wait: number): string {
  return `exec 2>&1
. ${join(__dirname, 'ground.sh')}
${directorScript(director, check)}
begin ${wait.toFixed(2)} && { ${script}; }
finish`;
}

/** Parses what a run prints. */
export function outcomeOf(event: Pick<Event, 'done'>, output: string): Outcome {
  const lines = output.split('\n').map((line) => line.split(' '));
  const of = (kind: string) => lines.filter(([word]) => word === kind);
  const mark = Number(of('mark')[0]?.[1]);
  const alive = Number(of('long')[0]?.[1]);
  if (Number.isNaN(mark) || Number.isNaN(alive)) throw new Error(`the guest printed: ${output}`);
  const lost = of('visit').filter(([, time, , , outcome]) => Number(time) >= mark && outcome !== 'ok');
  const tables = of('table').filter(([, time]) => Number(time) >= mark);
  const done = tables.find((words) => event.done?.test(words.join(' ')));
  const counted = of('counted').map(([, , count]) => Number(count));
  const sent = of('sent')[0]?.[1];
  return {
    lost: lost.length,
    lastLost: seconds(mark, lost.at(-1)) ?? 0,
    connectionsLost: LONG_CONNECTIONS - alive,
    changes: tables.length,
    emptied: tables.filter(([, , services]) => services === '0').length,
    done: seconds(mark, done),
    countersReset: counted.length > 1 && counted[1]! < counted[0]!,
    sent: sent === undefined || sent === '' ? undefined : Number(sent),
  };
}

function seconds(mark: number, line: readonly string[] | undefined): number | undefined {
  return line && (Number(line[1]) - mark) / 1000;
}
