import { version } from '../../../package.json';
import { toBytes } from '../../bytes/byte-text';
import type { Globals } from '../../command-line/global-options';
import { exitStatus } from '../../errors/exit-status';
import type { System } from '../../platform/system';
import { program } from '../../program/program';
import { reporting } from '../../program/report';

/**
 * The program on Node, relative to the directory of this executable: /usr/sbin and
 * /usr/lib/ipvsadm.
 */
const NODE_PROGRAM = '../lib/ipvsadm/bin/ipvsadm';

/** Where `npm run build:native` puts this executable in a checkout, and the program on Node there. */
const BUILT = '/dist/native/';
const NODE_PROGRAM_OF_CHECKOUT = '/bin/ipvsadm';

/** Runs the program and sets the exit status of the process. */
export function startProcess(system: System): void {
  program(system, runSubcommand).then(
    (status) => native.exit(status),
    (error: Error) => {
      // A bug.
      system.write('stderr', toBytes(`ipvsadm: internal error: ${error}\n${error.stack ?? ''}`));
      native.exit(exitStatus.listing);
    },
  );
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
  const program = system.environment('IPVSADM_WORDS') ?? besideExecutable();
  native.become(program);
  return await reporting(system, globals, async (output) => {
    output.error(
      `ipvsadm: the subcommand '${system.args[0]}' needs ipvsadm for Node, but ${program} cannot be started: install it with Node.js 20 or later, set IPVSADM_WORDS to its path, or use the options that ipvsadm -h lists`,
    );
    return exitStatus.usage;
  });
}

/**
 * The path in the Debian package, assumed without /proc. The working directory cannot be trusted.
 */
const INSTALLED_PATH = '/usr/sbin/ipvsadm';

function besideExecutable(): string {
  const executable = native.executable() ?? INSTALLED_PATH;
  const directory = executable.slice(0, executable.lastIndexOf('/') + 1);
  return directory.endsWith(BUILT)
    ? directory.slice(0, -BUILT.length) + NODE_PROGRAM_OF_CHECKOUT
    : directory + NODE_PROGRAM;
}
