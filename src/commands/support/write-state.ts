/** What snapshot and convert share: writing a state. */
import { exitStatus } from '../../errors/exit-status';
import { IpvsadmError } from '../../errors/ipvsadm-error';
import { strerror } from '../../errors/kernel-messages';
import { OutputError } from '../../platform/system';
import { type WrittenFormat, writers } from '../../state/files/writers';
import type { ListedState } from '../../state/table/listed-state';
import type { CommandContext } from './base';

/**
 * Replaces a file by a state as text, or writes it to standard output for '-'. Reports on standard
 * error what the format cannot express.
 * @param flag the flag that chose the format.
 * @returns 0, or the status of a difference when the format cannot express everything.
 * @throws IpvsadmError when the file cannot be written.
 */
export function writeStateFile(
  file: string,
  { flag, format }: { readonly flag: string; readonly format: string },
  state: ListedState,
  { system, output }: CommandContext,
): number {
  let status: number = exitStatus.ok;
  const blocks = writers[format as WrittenFormat](state, (entry) => {
    output.error(`ipvsadm: ${format} cannot express all of this (${flag} json can): ${entry}`);
    status = exitStatus.differs;
  });
  if (file === '-') for (const block of blocks) system.write('stdout', block);
  else replace(() => system.replaceFile(file, blocks), file);
  return status;
}

function replace(write: () => void, file: string): void {
  try {
    write();
  } catch (error) {
    if (!(error instanceof OutputError)) throw error;
    throw new IpvsadmError(`ipvsadm: cannot write ${file}: ${strerror(error.errno)}`, exitStatus.listing);
  }
}
