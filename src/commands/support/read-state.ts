import * as Flags from '@oclif/core/flags';
import { bytesFromUnicode } from '../../bytes/unicode';
import { parseContext } from '../../classic/parse';
import { exitStatus } from '../../errors/exit-status';
import { IpvsadmError } from '../../errors/ipvsadm-error';
import {
  isImportedFormat,
  type ReadOptions,
  type ReadState,
  readState,
  type StateFormat,
  stateFormats,
} from '../../state/files/read';
import { formatProblems, type Problem } from '../../state/source/diagnostics';
import type { CommandContext } from './base';

/** --format, of commands that read a state. */
export const inputFormatFlag = Flags.string({
  options: [...stateFormats],
  description:
    "the file's format; else its name (.json, .yaml, keepalived.conf, .cf) or its first line tells",
});

/**
 * Reads a file and tells on standard error what is wrong with it.
 * @param options.notes notes are told too; those of another program's file, about what is left out of it, always are.
 */
export async function readAndTell(
  file: string,
  context: CommandContext,
  options: Pick<ReadOptions, 'complete' | 'configId'> & { format?: string | undefined; notes?: boolean },
): Promise<ReadState> {
  const { system, names } = context;
  const format = options.format as StateFormat | undefined;
  const read = await readState(file, system, parseContext(system, names), {
    complete: options.complete,
    configId: options.configId,
    format,
  });
  const { problems } = read;
  const notes = options.notes || isImportedFormat(read.format);
  tell(read, notes ? problems : problems.filter(({ severity }) => severity !== 'note'), context);
  return read;
}

/** Reads a file that has to be good. @throws IpvsadmError when it is not: nothing was changed. */
export async function readGood(...from: Parameters<typeof readAndTell>): Promise<ReadState> {
  const read = await readAndTell(...from);
  if (read.good) return read;
  throw new IpvsadmError('ipvsadm: nothing was changed', exitStatus.usage);
}

/** Tells of problems on standard error, each with its place. */
export function tell({ source }: ReadState, problems: readonly Problem[], { output }: CommandContext): void {
  if (problems.length > 0) output.error(bytesFromUnicode(formatProblems(source, problems).trimEnd()));
}
