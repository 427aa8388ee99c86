import { parseCommandLine, parseContext } from '../classic/parse';
import { type Globals, noGlobals } from '../command-line/global-options';
import type { Request } from '../command-line/request';
import { exitStatus } from '../errors/exit-status';
import { usageError } from '../errors/ipvsadm-error';
import { helpText, VERSION_LINE } from '../format/version';
import { isChange } from '../ipvs/change';
import type { IpvsClient } from '../ipvs/client';
import { connect } from '../operations/connect';
import { run } from '../operations/run';
import type { Session } from '../operations/session';
import { Names, withNames } from '../platform/names';
import type { System } from '../platform/system';
import { reporting } from './report';

/** Does `work`, which changes the table by `client`, and keeps the table as it was before. */
export type Keep = (client: IpvsClient, work: () => Promise<number>) => Promise<number>;

interface Options {
  /** Of -R: the lines that replace the table. */
  readonly replacement?: Session['replacement'];
  /** Absent: no table is kept. */
  readonly keep?: Keep | undefined;
}

/**
 * Runs a command line in classic syntax and returns the exit status. Like ipvsadm, it connects to
 * the kernel before it reads the arguments, so that a missing kernel module is reported before any
 * other error. Only help and version as the first option need no kernel (docs/compatibility.md,
 * help-without-kernel).
 */
export async function main(
  system: System,
  globals: Globals = noGlobals,
  { replacement, keep }: Options = {},
): Promise<number> {
  return await reporting(system, globals, async (output) => {
    const [first] = system.args;
    if (first === '-h' || first === '--help') output.write(helpText(system.helpNote));
    else if (first === '-v' || first === '--version') output.write(VERSION_LINE);
    else {
      const names = new Names(system);
      const connection = connect(system);
      if (connection.warning) output.error(connection.warning);
      const context = parseContext(system, names);
      const request = await withNames(() => parseCommandLine(system.args, context));
      const session = { system, names, output, connection, replacement };
      const carryOut = async (how: Session) =>
        keep && isKept(request)
          ? await keep(connection.client, () => run(request, how))
          : await run(request, how);
      if (!globals.progress) return await carryOut(session);
      if (request.kind !== 'restore') throw usageError('ipvsadm: --progress is for -R');
      const { terminalProgress } = require('../platform/progress') as typeof import('../platform/progress');
      return await carryOut({ ...session, progress: terminalProgress(system, Date.now) });
    }
    return exitStatus.ok;
  });
}

/** Counters are not part of a table that is kept. */
function isKept(request: Request): boolean {
  return request.kind === 'restore' || (isChange(request) && request.kind !== 'zero');
}
