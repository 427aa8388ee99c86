/** What snapshot, convert and save share: writing a state. */
import * as Flags from '@oclif/core/flags';
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

/** --to, for commands that write a state. */
export function outputFormatFlag(description: string) {
  return Flags.string({ options: [...writtenFormats], description });
}

/**
 * The format to write: the one that --to asks for, or else the one that the file's name stands for
 * when it is read, or else JSON. Of a symbolic link, both names count.
 * @param asked the value of --to, if it is given.
 * @throws CommandLineError if the file would not be read as what it is.
 */
export function formatToWrite(
  file: string,
  asked: string | undefined,
  context: Pick<CommandContext, 'system'>,
): WrittenFormat {
  let format = asked as WrittenFormat | undefined;
  for (const { name, named } of namedFormats(file, context)) {
    if (format === undefined) format = named;
    else if (!isReadAs(named, format)) {
      throw new CommandLineError([
        `--to ${format}: ${name} is read as ${named} because of its name: give --to ${named}, or a file of another name`,
      ]);
    }
  }
  return format ?? 'json';
}

/** @throws CommandLineError if a file of rules would not be read as such, because of its name. */
export function checkRulesFile(file: string, context: Pick<CommandContext, 'system'>): void {
  for (const { name, named } of namedFormats(file, context)) {
    if (isReadAs(named, 'rules')) continue;
    throw new CommandLineError([
      `${file}: ${name} is read as ${named} because of its name, and save writes rules: 'ipvsadm snapshot ${file}' writes ${named}`,
    ]);
  }
}

/** The formats that the names of a file stand for: its own, and that of what it links to. */
function namedFormats(file: string, { system }: Pick<CommandContext, 'system'>) {
  if (file === '-') return [];
  return [...new Set([file, system.followLinks(file)])].flatMap((name) => {
    const named = formatOfName(name);
    return named === undefined ? [] : [{ name, named }];
  });
}

function isReadAs(named: StateFormat, written: WrittenFormat): boolean {
  return named === written || (named === 'yaml' && written === 'json');
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
    await replaceFile(file, blocks, system);
    return status;
  }
  // On a terminal nobody reads the text back.
  const shown = system.stdoutIsTerminal() ? visibly.block : (block: Uint8Array) => block;
  for (const block of blocks) system.write('stdout', shown(block));
  return status;
}

/** Replaces a file by other contents. @throws IpvsadmError when it cannot be written: the old ones stay. */
export async function replaceFile(
  file: string,
  blocks: Iterable<Uint8Array>,
  system: CommandContext['system'],
): Promise<void> {
  try {
    await system.replaceFile(file, blocks);
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
