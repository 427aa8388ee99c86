import { parseCommandLine, parseContext } from '../classic/parse';
import { type Globals, noGlobals } from '../command-line/global-options';
import { errno } from '../errors/errno';
import { exitStatus, IpvsadmError, strerror, usageError } from '../errors/kernel-messages';
import type { Refused } from '../explain';
import { helpText, VERSION_LINE } from '../format/version';
import { connect } from '../operations/connect';
import { run } from '../operations/run';
import { Names, withNames } from '../platform/names';
import { Output } from '../platform/output';
import { OutputError, type System } from '../platform/system';

/** The exit status of a program that ends because nobody reads its output: as if by SIGPIPE. */
const BROKEN_PIPE = 141;

/**
 * A command line in ipvsadm's own spelling, from the arguments to the exit status.
 * ipvsadm connects before it reads its arguments, so without a kernel every error is that one; only help and
 * version as the first option need no kernel (docs/compatibility.md, help-without-kernel).
 */
export async function main(system: System, globals: Globals = noGlobals): Promise<number> {
  return await reporting(system, globals, async (output) => {
    const [first] = system.args;
    if (first === '-h' || first === '--help') output.write(helpText());
    else if (first === '-v' || first === '--version') output.write(VERSION_LINE);
    else {
      const names = new Names(system);
      const connection = connect(system);
      if (connection.warning) output.error(connection.warning);
      const context = parseContext(system, names);
      const request = await withNames(() => parseCommandLine(system.args, context));
      const session = { system, names, output, connection };
      if (!globals.progress) return await run(request, session);
      if (request.kind !== 'restore') throw usageError('ipvsadm: --progress is for -R');
      const { restoreProgress } =
        require('../operations/restore-progress') as typeof import('../operations/restore-progress');
      return await run(request, { ...session, progress: restoreProgress(system) });
    }
    return exitStatus.ok;
  });
}

/** Does `work`, writes what it printed and says why it failed. The one place that decides an exit status. */
export async function reporting(
  system: System,
  { explain }: Pick<Globals, 'explain'>,
  work: (output: Output) => Promise<number>,
): Promise<number> {
  const output = new Output(system);
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

/** Says why something was refused, and how to find out. */
export function explainTo(output: Output, refused: Refused, system: System): void {
  const { explain } = require('../explain') as typeof import('../explain');
  for (const line of explain(refused, system)) output.error(line);
}
