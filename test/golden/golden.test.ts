/** Repeats every recorded command line of the C program with ours on a fake kernel. */
import { main } from '../../src/program/classic';
import { FakeKernel } from '../helpers/fake-kernel';
import { injecting } from '../helpers/inject';
import { type Outcome, runIn } from '../helpers/test-system';
import {
  type Case,
  comparable,
  dependsOnDumpOrder,
  type Recording,
  readRecording,
  recordings,
  type Step,
  timeoutsBefore,
  toByteText,
} from './cases';
import { expectedOf } from './exceptions';
import { shown } from './shown';

describe.each(recordings)('%s', (name) => {
  const recording = readRecording(name);
  const kernel = new FakeKernel();
  test.each(recording.cases.map((entry) => [entry.id, entry] as const))('%s', async (_id, entry) => {
    kernel.entries = [];
    Object.assign(kernel.timeouts, timeoutsBefore(entry));
    for (const step of entry.steps) {
      const expected = expectedOf(name, entry, step);
      let outcome = await repeat(step, entry, recording, kernel);
      if (dependsOnDumpOrder(step) && !sameText(outcome, expected)) {
        kernel.entries.reverse();
        outcome = await repeat(step, entry, recording, kernel);
      }
      expect(shown(step, outcome, expected)).toEqual(shown(step, expected, expected));
    }
  });
});

function sameText(a: Outcome, b: Outcome): boolean {
  return comparable(a.stdout) === comparable(b.stdout);
}

function repeat(step: Step, entry: Case, recording: Recording, kernel: FakeKernel): Promise<Outcome> {
  const files = 'conn_file' in entry ? { '/proc/net/ip_vs_conn': entry.conn_file ?? undefined } : {};
  return runIn(
    {
      args: step.argv.map(toByteText),
      programName: step.argv0 ?? 'ipvsadm',
      stdin: step.stdin ?? '',
      environment: step.env ?? {},
      hosts: recording.hosts_file ?? '',
      files,
      openTransport: () => (step.inject ? injecting(kernel.open(), step.inject) : kernel.open()),
    },
    main,
  );
}
