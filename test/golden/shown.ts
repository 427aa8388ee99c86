import type { Outcome } from '../helpers/test-system';
import { comparable, type Step } from './cases';
import type { Expectation } from './exceptions';

/** Returns the compared parts of an outcome, with the command line, so that a failure shows it. */
export function shown(step: Step, { stdout, stderr, status }: Outcome, { firstLineOnly }: Expectation) {
  return {
    line: [...step.argv, ...(step.inject ? [`# ${step.inject}`] : [])].join(' '),
    stdout: comparable(firstLineOnly ? stdout.split('\n')[0]! : stdout),
    stderr: comparable(stderr),
    status,
  };
}
