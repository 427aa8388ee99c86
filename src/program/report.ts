import { visible } from '../bytes/visible';
import type { Globals } from '../command-line/global-options';
import { errno } from '../errors/errno';
import { exitStatus } from '../errors/exit-status';
import { IpvsadmError } from '../errors/ipvsadm-error';
import { strerror } from '../errors/kernel-messages';
import type { Refused } from '../errors/refused';
import { Output, type Shown } from '../platform/output';
import { OutputError, type System } from '../platform/system';

/** The exit status if nothing reads standard output: as after SIGPIPE. */
const BROKEN_PIPE = 141;

/**
 * Runs `work`, flushes its output and reports its failure. The only place that determines an exit
 * status.
 * @param shown how text of others is printed; not in classic syntax.
 */
export async function reporting(
  system: System,
  { explain }: Pick<Globals, 'explain'>,
  work: (output: Output) => Promise<number>,
  shown?: Shown,
): Promise<number> {
  const output = new Output(system, shown);
  try {
    let status: number;
    try {
      status = await work(output);
    } catch (error) {
      if (!(error instanceof IpvsadmError)) throw error;
      output.error(error.message);
      if (explain && error.refused) explainTo(output, error.refused, system);
      status = error.status;
    }
    output.flush();
    return status;
  } catch (error) {
    if (!(error instanceof OutputError)) throw error;
    if (error.errno === errno.EPIPE) return BROKEN_PIPE;
    output.error(`ipvsadm: cannot write to standard output: ${strerror(error.errno)}`);
    return exitStatus.listing;
  }
}

/** Prints the possible causes of a refusal, and how to check them. */
export function explainTo(output: Output, refused: Refused, system: System): void {
  const { explain } = require('../explain') as typeof import('../explain');
  for (const line of explain(refused, system)) output.error(visible(line));
}
