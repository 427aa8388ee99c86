/** What snapshot and convert share: writing a state. */
import { visibly } from '../../bytes/visible';
import { errno } from '../../errors/errno';
import { exitStatus } from '../../errors/exit-status';
import { IpvsadmError } from '../../errors/ipvsadm-error';
import { strerror } from '../../errors/kernel-messages';
import { OutputError } from '../../platform/system';
import type { DirectorReading } from '../../state/document/read';
import { formatOfName, type StateFormat } from '../../state/files/read';
import { type WrittenFormat, writers, writtenFormats } from '../../state/files/writers';
import type { ListedState } from '../../state/table/listed-state';
import type { CommandContext } from './base';
import { CommandLineError } from './command-line-error';

/**
 * The format to write: the one that `flag` asks for, or else the one that the file's name stands for
 * when it is read, or else JSON. Of a symbolic link, both names count.
 * @param asked the value of `flag`, if it is given.
 * @throws CommandLineError if the file would not be read as what it is.
 */
export function formatToWrite(
  file: string,
  { flag, asked }: { readonly flag: string; readonly asked?: string | undefined },
  { system }: Pick<CommandContext, 'system'>,
): WrittenFormat {
  let format = asked as WrittenFormat | undefined;
  if (file === '-') return format ?? 'json';
  for (const name of new Set([file, system.followLinks(file)])) {
    const named = formatOfName(name);
    if (named === undefined || named === format || (named === 'yaml' && format === 'json')) continue;
    if (format !== undefined) throw new CommandLineError([contradiction(name, named, flag, format)]);
    if (!isWritten(named)) throw new CommandLineError([unwritten(name, flag)]);
    format = named;
  }
  return format ?? 'json';
}

function isWritten(format: StateFormat): format is WrittenFormat {
  return (writtenFormats as readonly string[]).includes(format);
}

function contradiction(name: string, named: StateFormat, flag: string, format: WrittenFormat): string {
  const kept = isWritten(named) ? `${flag} ${named}, or ` : '';
  return `${flag} ${format}: ${name} is read as ${named} because of its name: give ${kept}a file of another name`;
}

function unwritten(name: string, flag: string): string {
  const other = name.replace(/\.ya?ml$/i, '.json');
  return `${name}: YAML is read, but not written: name the file ${other}, or give ${flag} json, which is valid YAML`;
}

/**
 * Replaces a file by a state as text, or writes it to standard output for '-'. Reports on standard
 * error what the format cannot express.
 * @param flag the flag that chooses the format.
 * @param more what a document of version 2 has beside the table.
 * @returns 0, or the status of a difference when the format cannot express everything.
 * @throws IpvsadmError when the file cannot be written.
 */
export async function writeStateFile(
  file: string,
  { flag, format }: { readonly flag: string; readonly format: WrittenFormat },
  state: ListedState,
  { system, output }: CommandContext,
  more?: DirectorReading,
): Promise<number> {
  let status: number = exitStatus.ok;
  const incomplete = (entry: string) => {
    output.error(`ipvsadm: ${format} cannot express all of this (${flag} json can): ${entry}`);
    status = exitStatus.differs;
  };
  const blocks = writers[format](state, incomplete, more);
  if (file !== '-') {
    await replace(() => system.replaceFile(file, blocks), file);
    return status;
  }
  // On a terminal nobody reads the text back.
  const shown = system.stdoutIsTerminal() ? visibly.block : (block: Uint8Array) => block;
  for (const block of blocks) system.write('stdout', shown(block));
  return status;
}

async function replace(write: () => Promise<void>, file: string): Promise<void> {
  try {
    await write();
  } catch (error) {
    // As if it were standard output, which it may be: /dev/stdout.
    if (!(error instanceof OutputError) || error.errno === errno.EPIPE) throw error;
    const reason = error.reason === undefined ? '' : `${error.reason}: `;
    throw new IpvsadmError(
      `ipvsadm: cannot write ${file}: ${reason}${strerror(error.errno)}`,
      exitStatus.listing,
    );
  }
}
