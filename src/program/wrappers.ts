/**
 * ipvsadm-save and ipvsadm-restore, which are scripts in the C program's package: here this program
 * under another name.
 */
import { toBytes } from '../bytes/byte-text';
import { noGlobals } from '../command-line/global-options';
import { exitStatus } from '../errors/exit-status';
import { usageError } from '../errors/ipvsadm-error';
import { strerror } from '../errors/kernel-messages';
import { connect } from '../operations/connect';
import { InputError, type System } from '../platform/system';
import { type Keep, main } from './classic';
import { reporting } from './report';
import { replaceStrictly } from './strict-restore';

/** Runs the program under one of its other names. @returns the exit status. */
export type Wrapper = (system: System, keep?: Keep) => Promise<number>;

/** The wrapper that a program's name, argv[0], stands for. */
export function wrapperFor(programName: string): Wrapper | undefined {
  return wrappers.get(nameOf(programName));
}

const wrappers: ReadonlyMap<string, Wrapper> = new Map([
  ['ipvsadm-save', save],
  ['ipvsadm-restore', restore],
]);

/** The last part of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Like the C program's script, ignores arguments that do not begin with `-`. */
async function save(system: System): Promise<number> {
  let numeric: string[] = [];
  for (const argument of system.args) {
    if (argument === '-n') numeric = ['-n'];
    else if (argument.startsWith('-')) {
      const name = nameOf(system.programName);
      const usage = `${name}: Script to save the IPVS table to stdout.\n   With the -n option, prints out the table in numeric format.\n`;
      system.write('stderr', toBytes(usage));
      return exitStatus.listing;
    }
  }
  return await main({ ...system, programName: 'ipvsadm', args: ['-S', ...numeric] });
}

const restoreUsage = `Usage: ipvsadm-restore [--strict] <FILE
Replaces the IPVS table with the rules on standard input, as written by ipvsadm-save -n.
  --strict      check every rule first; if one is wrong, change nothing
  -h, --help    print this
`;

/**
 * Replaces the table with the rules on standard input. Unlike the C program's script, refuses
 * arguments, because it deletes data (docs/compatibility.md, restore-arguments).
 */
async function restore(system: System, keep?: Keep): Promise<number> {
  const [first] = system.args;
  return await reporting(system, noGlobals, async (output) => {
    if (first === '-h' || first === '--help') {
      output.write(restoreUsage);
      return exitStatus.ok;
    }
    const unknown = system.args.find((argument) => argument !== '--strict');
    if (unknown !== undefined) {
      throw usageError(
        `ipvsadm-restore: unexpected argument '${unknown}': the rules are read from standard input, and the only option is --strict; the table is unchanged`,
      );
    }
    if (first === undefined) return await replace(system, withoutComments(system), keep);
    return await replaceStrictly({ ...system, programName: 'ipvsadm' }, readAll(system), keep);
  });
}

/**
 * The script of the C program starts ipvsadm twice, for -C and for -R, and each connects: a failure
 * is reported by both.
 */
async function replace(system: System, rules: Uint8Array[], keep: Keep | undefined): Promise<number> {
  await reporting(system, noGlobals, async (output) => {
    const { client, warning } = connect(system);
    client.close();
    if (warning) output.error(warning);
    return exitStatus.ok;
  });
  const replacement = rules.values() as Iterator<Uint8Array, undefined>;
  return await main({ ...system, programName: 'ipvsadm', args: ['-R'] }, noGlobals, { replacement, keep });
}

const HASH = 0x23;
const NEWLINE = 0x0a;

/** Standard input without the lines that begin with `#`. */
function withoutComments(system: System): Uint8Array[] {
  const kept: Uint8Array[] = [];
  let inComment = false;
  let lineStart = true;
  for (const block of readAll(system)) {
    for (let at = 0; at < block.length; ) {
      if (lineStart) inComment = block[at] === HASH;
      const end = endOfPart(block, at, inComment);
      if (!inComment) kept.push(block.subarray(at, end));
      lineStart = block[end - 1] === NEWLINE;
      at = end;
    }
  }
  return kept;
}

/** Where in a block the comment ends that begins at `at`, or the lines that are none. */
function endOfPart(block: Uint8Array, at: number, inComment: boolean): number {
  if (inComment) {
    const newline = block.indexOf(NEWLINE, at);
    return newline < 0 ? block.length : newline + 1;
  }
  for (let hash = block.indexOf(HASH, at + 1); hash >= 0; hash = block.indexOf(HASH, hash + 1)) {
    if (block[hash - 1] === NEWLINE) return hash;
  }
  return block.length;
}

/** All of standard input. @throws IpvsadmError if it cannot be read to its end. */
function readAll(system: System): Uint8Array[] {
  const blocks: Uint8Array[] = [];
  try {
    for (let block = system.readInput(); block.length > 0; block = system.readInput()) {
      blocks.push(block.slice());
    }
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw usageError(
      `ipvsadm-restore: standard input cannot be read: ${strerror(error.errno)}; the table is unchanged`,
    );
  }
  return blocks;
}
