import { version } from '../../../package.json';
import { toBytes } from '../../bytes/byte-text';
import type { Globals } from '../../command-line/global-options';
import { exitStatus } from '../../errors/exit-status';
import type { System } from '../../platform/system';
import { program } from '../../program/program';
import { reporting } from '../../program/report';
import { nodeProgram } from './places';

/** As in main.c. */
const OUT_OF_MEMORY =
  'ipvsadm: out of memory: raise the limit of this process (ulimit -v), or use a machine with more\n';

/** Runs the program and sets the exit status of the process. */
export function startProcess(system: System): void {
  program(system, runSubcommand, runKept).then(
    (status) => native.exit(status),
    (error: Error | null) => {
      system.write('stderr', toBytes(lastWords(error)));
      native.exit(exitStatus.listing);
    },
  );
}

/** @param error null, where not even an error fits into memory. */
function lastWords(error: Error | null): string {
  if (!error || String(error) === 'InternalError: out of memory') return OUT_OF_MEMORY;
  return `ipvsadm: internal error: ${error}\n${error.stack ?? ''}`; // a bug
}

/** Prints the version of this engine; passes every other subcommand to the program on Node. */
async function runSubcommand(system: System, globals: Globals): Promise<number> {
  if (system.args.join(' ') === 'version') {
    return await reporting(system, globals, async (output) => {
      output.write(`ipvsadm for Node ${version} (native, QuickJS ${QUICKJS_VERSION})\n`);
      return exitStatus.ok;
    });
  }
  return await becomeNode(system, globals);
}

/** Replaces the process by the program on Node. Returns only if that fails. */
async function becomeNode(system: System, globals: Globals): Promise<number> {
  const program = programOnNode(system);
  native.become(program, '', '');
  return await reporting(system, globals, async (output) => {
    output.error(
      `ipvsadm: the subcommand '${system.args[0]}' needs ipvsadm for Node, but ${program} cannot be started: install it with Node.js 20 or later, set IPVSADM_WORDS to its path, or use the options that ipvsadm -h lists`,
    );
    return exitStatus.usage;
  });
}

function programOnNode(system: System): string {
  return system.environment('IPVSADM_WORDS') ?? nodeProgram();
}

/**
 * Replaces the process by the program on Node, which keeps the table before it changes it, if it is
 * root's: another user's history would not be there, and the rights of a file are lost by execve(2).
 * @returns undefined if there is no program on Node, or it has found its Node too old.
 */
async function runKept(system: System): Promise<undefined> {
  const executable = native.executable();
  const isRoot = /^Uid:\t0\t0\t0\t/m.test(system.readFile('/proc/self/status') ?? '');
  if (!isRoot || executable === undefined || system.environment('IPVSADM_NATIVE') !== undefined) return;
  if (hasNode(system)) native.become(programOnNode(system), system.programName, executable);
}

/** Whether PATH has a file `node`. */
function hasNode(system: System): boolean {
  const directories = (system.environment('PATH') ?? '').split(':');
  return directories.some((directory) => {
    const file = native.open(`${directory || '.'}/node`);
    if (file >= 0) native.close(file);
    return file >= 0;
  });
}
