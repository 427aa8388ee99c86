import { version } from '../../../package.json';
import { toBytes } from '../../bytes/byte-text';
import type { Globals } from '../../command-line/global-options';
import { exitStatus } from '../../errors/exit-status';
import type { System } from '../../platform/system';
import { program } from '../../program/program';
import { reporting } from '../../program/report';
import { nameOf, wrappers } from './wrappers';

/** Where the program of Node lies from the directory of this executable: /usr/sbin and /usr/lib/ipvsadm. */
const WORDS_PROGRAM = '../lib/ipvsadm/bin/ipvsadm';

/** Runs the program to its end and leaves its exit status with the process. */
export function startProcess(system: System): void {
  start(system).then(
    (status) => native.exit(status),
    (error: Error) => {
      // A mistake of ours.
      system.write('stderr', toBytes(`ipvsadm: internal error: ${error}\n${error.stack ?? ''}`));
      native.exit(exitStatus.listing);
    },
  );
}

/**
 * The whole program: the wrappers by the name that it was called by, ipvsadm's own spelling, and commands in
 * words, which the program of Node carries out.
 */
async function start(system: System): Promise<number> {
  const wrapper = wrappers[nameOf(system.programName)];
  if (wrapper) return await wrapper(system);
  return await program(system, runSubcommand);
}

/** The version of this engine; everything else is the program of Node's. */
async function runSubcommand(system: System, globals: Globals): Promise<number> {
  if (system.args.join(' ') === 'version') {
    return await reporting(system, globals, async (output) => {
      output.write(`ipvsadm for Node ${version} (native, QuickJS ${QUICKJS_VERSION})\n`);
      return exitStatus.ok;
    });
  }
  return await becomeNode(system, globals);
}

/** Hands the command line to the program of Node. Comes back only when there is none. */
async function becomeNode(system: System, globals: Globals): Promise<number> {
  const program = system.environment('IPVSADM_WORDS') ?? besideExecutable();
  native.become(program);
  return await reporting(system, globals, async (output) => {
    output.error(
      `ipvsadm: '${system.args[0]}' is a command of ipvsadm for Node, and ${program} does not start: install it, name it in IPVSADM_WORDS, or use the options that ipvsadm -h lists`,
    );
    return exitStatus.usage;
  });
}

/** Where the Debian package has the executable: without /proc nothing says where it lies, and the working directory is not to be trusted. */
const USUAL_PLACE = '/usr/sbin/ipvsadm';

function besideExecutable(): string {
  const executable = native.executable() ?? USUAL_PLACE;
  return `${executable.slice(0, executable.lastIndexOf('/') + 1)}${WORDS_PROGRAM}`;
}
