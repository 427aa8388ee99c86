/** Every recorded command line of the C program, repeated by ours on a fake kernel. */
import { main } from '../../src/main';
import { FakeKernel } from '../helpers/fake-kernel';
import { injecting } from '../helpers/inject';
import { runIn } from '../helpers/test-system';
import {
  type Case,
  comparable,
  type Recording,
  readRecording,
  recordings,
  type Step,
  timeoutsBefore,
  toByteText,
} from './cases';
import { expectedOf } from './exceptions';

describe.each(recordings)('%s', (name) => {
  const recording = readRecording(name);
  const kernel = new FakeKernel();
  test.each(recording.cases.map((entry) => [entry.id, entry] as const))('%s', async (_id, entry) => {
    kernel.entries = [];
    Object.assign(kernel.timeouts, timeoutsBefore(entry));
    for (const [index, step] of entry.steps.entries()) {
      const outcome = await repeat(step, entry, recording, kernel);
      const expected = expectedOf(name, entry, step);
      if (!expected) continue;
      expect({ step: `${index}: ${step.argv.join(' ')}`, ...shown(outcome) }).toEqual({
        step: `${index}: ${step.argv.join(' ')}`,
        ...shown(expected),
      });
    }
  });
});

function repeat(step: Step, entry: Case, recording: Recording, kernel: FakeKernel) {
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

function shown({ stdout, stderr, status }: { stdout: string; stderr: string; status: number }) {
  return { stdout: comparable(stdout), stderr: comparable(stderr), status };
}
