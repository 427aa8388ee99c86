/**
 * `npm run bench:director -- [--runs N] [--only REGEXP] [--directors REGEXP] [--side-by-side N] [--write]`
 *
 * Compares the director daemon with keepalived and ldirectord in the lab. Each run has a network of
 * its own; the directors of an event run side by side, as they leave the processor idle most of the
 * time. --write replaces the table in docs/benchmarks.md.
 */
import { parseArgs } from 'node:util';
import { type Lab, openLab } from '../../test/lab';
import { keepalivedProgram } from '../../test/lab/keepalived';
import { ldirectordTree, perlLibraries } from '../../test/lab/ldirectord';
import { replaceSection } from '../section';
import { type Event, events } from './events';
import { type DirectorName, directorNames } from './programs';
import { type Outcomes, tableHead, tableLines } from './report';
import { type Outcome, runTogether, type Trial, trafficVariables } from './run';

const ATTEMPTS = 3;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '2' },
      only: { type: 'string', default: '.' },
      directors: { type: 'string', default: '.' },
      'side-by-side': { type: 'string', default: '2' },
      write: { type: 'boolean', default: false },
    },
  });
  const selected = events.filter(({ name }) => new RegExp(values.only).test(name));
  const names = directorNames.filter((name) => new RegExp(values.directors).test(name));
  const ldirectord = await ldirectordTree();
  const env = {
    ...(await trafficVariables()),
    KEEPALIVED: await keepalivedProgram(),
    LDIRECTORD: ldirectord,
    LDIRECTORD_LIBRARIES: perlLibraries(ldirectord).join(':'),
  };
  const lab = await openLab({ backend: 'uml' });
  const lines: string[] = [];
  try {
    console.log(tableHead);
    for (const event of selected) {
      const runs = Math.min(event.runs ?? Number.POSITIVE_INFINITY, Number(values.runs));
      const outcomes = await measure(lab, event, names, {
        runs,
        sideBySide: Number(values['side-by-side']),
        env,
      });
      lines.push(tableLines(event, outcomes));
      console.log(lines.at(-1));
    }
  } finally {
    await lab.close();
  }
  const where = `${lab.backend}, Linux ${lab.kernel}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`;
  console.log(`\n${where}`);
  if (values.write) replaceSection('director', `${where}\n\n${tableHead}\n${lines.join('\n')}`);
}

interface Plan {
  readonly runs: number;
  /** How many runs of all directors take place at the same time. */
  readonly sideBySide: number;
  readonly env: Readonly<Record<string, string>>;
}

async function measure(
  lab: Lab,
  event: Event,
  names: readonly DirectorName[],
  plan: Plan,
): Promise<Outcomes> {
  const outcomes: Partial<Record<DirectorName, readonly Outcome[]>> = {};
  for (let done = 0; done < plan.runs; done += plan.sideBySide) {
    const together = Math.min(plan.sideBySide, plan.runs - done);
    const trials = Array.from({ length: together }, () => names)
      .flat()
      .map((director) => ({ event, director }));
    for (const [index, outcome] of (await repeated(lab, trials, plan)).entries()) {
      const { director } = trials[index]!;
      outcomes[director] = [...(outcomes[director] ?? []), outcome];
    }
  }
  return outcomes;
}

/** On a busy machine a director may not be ready in time: that says nothing of it, and is tried again. */
async function repeated(lab: Lab, trials: readonly Trial[], { env }: Plan): Promise<Outcome[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await runTogether(lab, trials, env);
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      console.error(`repeated: ${(error as Error).message}`);
    }
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
