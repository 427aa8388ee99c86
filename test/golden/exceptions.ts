import type { Case, RecordingName, Step } from './cases';
export function expectedOf(_name: RecordingName, _entry: Case, step: Step) {
  return { stdout: step.stdout, stderr: step.stderr, status: step.status ?? -1 };
}
