/**
 * `npm run bench:failover -- [--engine keepalived|etcd] [--rounds N] [--only REGEXP] [--write]`
 *
 * Plays failovers of the director daemon and of keepalived alone in the lab, and prints what a client
 * counted. Both have a guest of their own and run at the same time, so that both meet the same load.
 * --write replaces the engine's table in docs/benchmarks.md.
 */
import { parseArgs } from 'node:util';
import { type FailoverName, failovers, playFailovers } from '../../test/kernel/ha/daemon';
import { buildPrograms, type Counted } from '../../test/kernel/ha/ground';
import { type Lab, openLab } from '../../test/lab';
import { repeated } from '../repeated';
import { replaceSection } from '../section';
import { ETCD_AT_ONCE, playEtcdFailovers } from './etcd';
import { type Measured, type Measurements, tableHead, tableLines } from './report';

interface Player {
  /** How many rounds a job of the lab has. */
  readonly atOnce: number;
  play(name: FailoverName, rounds: number, lab: Lab): Promise<readonly Counted[]>;
}

const times = (name: FailoverName, rounds: number) => Array.from({ length: rounds }, () => name);
const players: Readonly<Record<Measured, Player>> = {
  keepalived: { atOnce: 10, play: (name, rounds, lab) => playFailovers(times(name, rounds), 'daemon', lab) },
  etcd: { atOnce: ETCD_AT_ONCE, play: playEtcdFailovers },
  alone: { atOnce: 10, play: (name, rounds, lab) => playFailovers(times(name, rounds), 'alone', lab) },
};

const sections = { keepalived: 'failover', etcd: 'failover-etcd' } as const;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      engine: { type: 'string', default: 'keepalived' },
      rounds: { type: 'string', default: '10' },
      only: { type: 'string', default: '.' },
      write: { type: 'boolean', default: false },
    },
  });
  const rounds = Number(values.rounds);
  if (!Number.isSafeInteger(rounds) || rounds < 1)
    throw new Error(`--rounds ${values.rounds}: must be a number`);
  const { engine } = values;
  if (engine !== 'keepalived' && engine !== 'etcd')
    throw new Error(`--engine ${engine}: must be keepalived or etcd`);
  const selected = (Object.keys(failovers) as FailoverName[]).filter((name) =>
    new RegExp(values.only).test(name),
  );
  await buildPrograms();
  const measured = [engine, 'alone'] as const;
  const labs = await Promise.all(measured.map(() => openLab({ backend: 'uml' })));
  const lines: string[] = [];
  try {
    console.log(tableHead);
    for (const name of selected) {
      const all = measured.map(async (who, index): Promise<Measurements[number]> => {
        return [who, await measure(players[who], labs[index]!, name, rounds)];
      });
      lines.push(tableLines(name, await Promise.all(all)));
      console.log(lines.at(-1));
    }
  } finally {
    await Promise.all(labs.map((lab) => lab.close()));
  }
  const where = `${labs[0]!.backend}, Linux ${labs[0]!.kernel}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}; ${rounds} rounds of each`;
  console.log(`\n${where}`);
  if (values.write) replaceSection(sections[engine], `${where}\n\n${tableHead}\n${lines.join('\n')}`);
}

async function measure(
  { atOnce, play }: Player,
  lab: Lab,
  name: FailoverName,
  rounds: number,
): Promise<readonly Counted[]> {
  const counted: Counted[] = [];
  while (counted.length < rounds) {
    const some = Math.min(atOnce, rounds - counted.length);
    counted.push(...(await repeated(() => play(name, some, lab))));
  }
  return counted;
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
