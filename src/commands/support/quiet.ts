/** --quiet: only errors are printed, and what --json asks for. */
import * as Flags from '@oclif/core/flags';
import type { Output } from '../../platform/output';
import { type Pace, type Progress, terminalProgress } from '../../platform/progress';
import type { System } from '../../platform/system';

export const quietFlag = {
  quiet: Flags.boolean({
    char: 'q',
    description: 'print errors only: no progress, no notes, not what was done',
  }),
};

/** The progress of work that begins now; undefined where nobody sees it. */
export function progressOf(
  {
    system,
    output,
  }: {
    readonly system: Pick<System, 'write' | 'stderrIsTerminal'> & { now(): number };
    readonly output: Output;
  },
  pace?: Pace,
): Progress | undefined {
  return output.quiet ? undefined : terminalProgress(system, system.now, pace);
}
