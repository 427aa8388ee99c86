/** Runs of a director and an event, and what the client and the kernel's table say of them. */
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
/** Of the output of a run that went wrong. */
const SHOWN = 2000;
/** Seconds until the event, so that runs meet the directors at different moments of their intervals. */
const SETTLED = 1;
const SPREAD = 2;
/** All jobs of a guest see this folder. */
const MEETINGS = '/root/meetings';

/** Compiles `traffic`, in a place that guests see. @returns the variables of the scripts. */
export async function trafficVariables(): Promise<Record<string, string>> {
  const folder = join(checkout, 'dist/bench');
  mkdirSync(folder, { recursive: true });
  const traffic = join(folder, 'traffic');
  const { compile } = await findToolchain();
  await compile(['-O2', '-Wall', '-Wextra', '-Werror', '-o', traffic, join(__dirname, 'traffic.c'), '-lm']);
  return { TRAFFIC: traffic };
}

export interface Trial {
  readonly event: Event;
  readonly director: DirectorName;
}

/**
 * Runs trials side by side: they begin and end together.
 * @returns the outcomes in the order of the trials. @throws with what the guest printed, if something
 * is missing there.
 */
export async function runTogether(
  lab: Pick<Lab, 'run'>,
  trials: readonly Trial[],
  env: Readonly<Record<string, string>>,
): Promise<Outcome[]> {
  const meeting = `${MEETINGS}/${process.pid}-${Date.now()}`;
  const outputs = await Promise.all(
    trials.map((trial, me) => {
      const script = scriptOf(trial, `meeting=${meeting} jobs=${trials.length} me=${me}`);
      return lab.run({ script, env, timeoutSeconds: 180 });
    }),
  );
  return outputs.map(({ stdout }, index) => outcomeOf(trials[index]!.event, stdout.toString()));
}

function scriptOf({ event, director }: Trial, variables: string): string {
  const wait = SETTLED + SPREAD * Math.random();
  return `exec 2>&1
${variables}
. ${join(__dirname, 'ground.sh')}
${directorScript(director, event.check)}
begin ${wait.toFixed(2)} && { ${event.script}; }
finish`;
}

/** Parses what a run prints. */
export function outcomeOf(event: Pick<Event, 'done'>, output: string): Outcome {
  const lines = output.split('\n').map((line) => line.split(' '));
  const of = (kind: string) => lines.filter(([word]) => word === kind);
  const [mark = Number.NaN, end = Number.NaN] = of('mark').map(([, time]) => Number(time));
  const alive = Number(of('long')[0]?.[1]);
  if ([mark, end, alive].some(Number.isNaN)) throw new Error(`the guest printed: ${output.slice(0, SHOWN)}`);
  const counts = ([, time]: readonly string[]) => Number(time) >= mark && Number(time) <= end;
  const lost = of('visit').filter((words) => counts(words) && words[4] !== 'ok');
  const tables = of('table').filter(counts);
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
