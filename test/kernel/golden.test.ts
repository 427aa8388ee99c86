/** Repeats every recorded command line of the C program with ours, on the real kernel. */
import {
  type Case,
  dependsOnDumpOrder,
  readRecording,
  recordings,
  timeoutsBefore,
  toByteText,
} from '../golden/cases';
import { expectedOf } from '../golden/exceptions';
import { shown } from '../golden/shown';
import { connectLab } from '../lab/client';
import { buildDriver, runDriver } from './driver/job';
import type { CommandLine, Outcome } from './driver/protocol';

beforeAll(buildDriver, 60_000);

describe.each(recordings.filter((name) => name !== 'connections-text'))('%s', (name) => {
  const recording = readRecording(name);
  let outcomes: readonly (readonly Outcome[])[];

  beforeAll(async () => {
    const answer = await runDriver(
      connectLab(),
      { kind: 'repeat', cases: recording.cases.map(commandLinesOf) },
      { hosts: recording.hosts_file, timeoutSeconds: 300 },
    );
    outcomes = answer.cases;
  }, 900_000);

  test.each(recording.cases.map((entry, index) => [entry.id, entry, index] as const))(
    '%s',
    (_id, entry, index) => {
      const setUp = commandLinesOf(entry).length - entry.steps.length;
      for (const [at, step] of entry.steps.entries()) {
        // The kernel chooses which service such a rule matches: the fake kernel tries both.
        if (dependsOnDumpOrder(step)) continue;
        const expected = expectedOf(name, entry, step);
        const outcome = outcomes[index]![setUp + at]!;
        expect(shown(step, outcome, expected)).toEqual(shown(step, expected, expected));
      }
    },
  );
});

/** The command lines of a case, after one that sets the timeouts that were recorded before it. */
function commandLinesOf(entry: Case): CommandLine[] {
  const before = timeoutsBefore(entry);
  const lines = entry.steps.map((step) => ({
    args: step.argv.map(toByteText),
    ...(step.stdin === undefined ? {} : { stdin: step.stdin }),
    ...(step.env === undefined ? {} : { env: step.env }),
    ...(step.argv0 === undefined ? {} : { programName: step.argv0 }),
    ...(step.inject === undefined ? {} : { inject: step.inject }),
  }));
  if (!before) return lines;
  const { timeoutTcp, timeoutTcpFin, timeoutUdp } = before;
  return [{ args: ['--set', `${timeoutTcp}`, `${timeoutTcpFin}`, `${timeoutUdp}`] }, ...lines];
}
