/**
 * `npm run bench:director -- [--runs N] [--only REGEXP] [--directors REGEXP] [--side-by-side N] [--write]`
 *
 * Compares the director daemon with keepalived and ldirectord in the lab. Each run has a network of
 * its own; the directors of an event run side by side, as they leave the processor idle most of the
 * time. --write replaces the table in docs/benchmarks.md.
 */
import { parseArgs } from 'node:util';
import { type Lab, openLab } from '../../test/lab';
import { debianProgram } from '../../test/lab/debian-programs';
import { ldirectordTree, perlLibraries } from '../../test/lab/ldirectord';
import { repeated } from '../repeated';
import { replaceSection } from '../section';
import { type Event, events } from './events';
import { type DirectorName, directorNames } from './programs';
import { type Outcomes, tableHead, tableLines } from './report';
import { type Outcome, runTogether, trafficVariables } from './run';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '2' },
      only: { type: 'string', default: '.' },
      directors: { type: 'string', default: '.' },
      'side-by-side': { type: 'string', default: '1' },
      write: { type: 'boolean', default: false },
    },
  });
  const selected = events.filter(({ name }) => new RegExp(values.only).test(name));
  const names = directorNames.filter((name) => new RegExp(values.directors).test(name));
  const ldirectord = await ldirectordTree();
  const env = {
    ...(await trafficVariables()),
    KEEPALIVED: await debianProgram('keepalived'),
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
    const played = await repeated(() => runTogether(lab, trials, plan.env));
    for (const [index, outcome] of played.entries()) {
      const { director } = trials[index]!;
      outcomes[director] = [...(outcomes[director] ?? []), outcome];
    }
  }
  return outcomes;
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
