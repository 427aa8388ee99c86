/** What doctor --fix does: the steps of findings, through a journal. */
import type { Finding } from '../../doctor/finding';
import type { Output } from '../../platform/output';
import { makeSetup, StepFailure } from '../../setup/carry-out';
import type { Journal } from '../../setup/journal';
import { describeStep } from '../../setup/kinds';
import { reasonOf } from '../../setup/reason';
import type { Machine } from '../../setup/step';

/** Mends each finding that can be mended, and reports each that fails. @returns those it mended. */
export async function fixFindings(
  findings: readonly Finding[],
  machine: Machine,
  journal: Journal,
  output: Output,
): Promise<Set<Finding>> {
  const fixed = new Set<Finding>();
  for (const finding of findings) {
    if (!finding.fix) continue;
    try {
      await makeSetup(finding.fix, machine, journal);
      fixed.add(finding);
    } catch (error) {
      if (!(error instanceof StepFailure)) throw error;
      output.error(
        `ipvsadm: ${finding.id} is not fixed: ${describeStep(error.step)}: ${reasonOf(error.cause)}`,
      );
    }
  }
  return fixed;
}
