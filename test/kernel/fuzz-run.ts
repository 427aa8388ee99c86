/** The differential run: both programs execute generated command lines. */
import * as fc from 'fast-check';
import type { Lab } from '../lab';
import { commandLine } from './command-lines';
import { runDriver } from './driver/job';
import type { Difference } from './driver/protocol';

/** Most lines of a sequence; they share a network namespace, its table and its sync daemons. */
const MAX_LENGTH = 400;

/** How long a sequence may take, and be shortened if it fails, in milliseconds: much on an emulated kernel. */
const SHRINK_FOR = 300_000;

export interface FuzzReport {
  lines: number;
  sequences: number;
  /** How many lines ended with each exit status. */
  statuses: Record<number, number>;
}

/**
 * Compares at least `lines` generated command lines, one sequence and one seed after the other.
 * @throws an error with the seed, the shortest failing sequence found and both outputs, when the
 * programs differ.
 */
export async function fuzz(
  lab: Lab,
  lines: number,
  seed: number,
  progress: (report: FuzzReport) => void = () => {},
): Promise<FuzzReport> {
  const report: FuzzReport = { lines: 0, sequences: 0, statuses: {} };
  const sequence = fc.array(commandLine, {
    minLength: 1,
    maxLength: Math.min(MAX_LENGTH, lines),
    size: 'max',
  });
  for (let next = seed; report.lines < lines; next++) {
    const agrees = fc.asyncProperty(sequence, async (commandLines) => {
      const answer = await runDriver(lab, { kind: 'compare', lines: commandLines }, { timeoutSeconds: 300 });
      if (answer.difference) throw new Error(describe(answer.difference));
      report.lines += answer.done;
      for (const [status, count] of Object.entries(answer.statuses)) {
        report.statuses[Number(status)] = (report.statuses[Number(status)] ?? 0) + count;
      }
    });
    await fc.assert(agrees, {
      seed: next,
      numRuns: 1,
      interruptAfterTimeLimit: SHRINK_FOR,
      markInterruptAsFailure: false,
    });
    report.sequences += 1;
    progress(report);
  }
  return report;
}

function describe({ line, what, ours, theirs }: Difference): string {
  const show = (value: unknown) => JSON.stringify(value);
  return `${what} differs at ${show(line)}\n  ours:   ${show(ours)}\n  theirs: ${show(theirs)}`;
}
