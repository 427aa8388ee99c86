/** The director daemon on two machines, and what happens to the one that leads. */
import { join } from 'node:path';
import { connectLab } from '../../lab/client';
import { type Counted, countedIn, playDirectors } from './ground';

export type Measured = 'daemon' | 'alone';
type LabRun = Pick<ReturnType<typeof connectLab>, 'run'>;

/** Lines of the shell: what happens to $hit, how it comes back, and for how long the client counts. */
export interface Failover {
  readonly does: string;
  readonly back: string;
  readonly seconds: number;
}

export const failovers = {
  'machine gone': { does: 'gone $hit', back: 'boots $hit', seconds: 5 },
  'daemon killed': { does: 'send $hit KILL', back: 'again $hit', seconds: 5 },
  'daemon frozen': { does: 'send $hit STOP', back: 'again $hit', seconds: 5 },
  'handed over': { does: 'resigns $hit', back: '[ $measured = daemon ] || again $hit', seconds: 4 },
  'daemon stopped': { does: 'send $hit TERM', back: 'again $hit', seconds: 6 },
} as const satisfies Readonly<Record<string, Failover>>;
export type FailoverName = keyof typeof failovers;

/** @returns the lines of the output, standard error included. */
export function playDaemons(script: string, measured: Measured = 'daemon', lab: LabRun = connectLab()) {
  return playDirectors(`measured=${measured}\n. ${join(__dirname, 'daemon-ground.sh')}\n${script}`, lab);
}

/** Plays events one after the other, each on the director that leads then. @throws what was printed instead. */
export async function playFailovers(
  names: readonly FailoverName[],
  measured: Measured,
  lab?: LabRun,
): Promise<readonly Counted[]> {
  const rounds = names.map((name) => {
    const { does, back, seconds } = failovers[name];
    return `round '${does}' '${back}' ${seconds}`;
  });
  const lines = await playDaemons(`pair\n${rounds.join('\n')}`, measured, lab);
  const counted = countedIn(lines);
  if (counted.length !== names.length || lines.length !== names.length) throw new Error(lines.join('\n'));
  return counted;
}
