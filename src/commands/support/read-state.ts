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

/** --format, for commands that read a state. */
export const inputFormatFlag = Flags.string({
  options: [...stateFormats],
  description:
    'the format of the file; default: by its name (.json, .yaml, keepalived.conf, .cf) or its first line',
});

/** --strict and --config-id, for commands that read a state. */
export const readingFlags = {
  strict: Flags.boolean({
    description: 'treat warnings as errors: what keepalived or ldirectord ignores or corrects is refused',
  }),
  'config-id': Flags.string({
    helpValue: 'NAME',
    description:
      "of keepalived.conf, use the lines for this machine: @NAME, keepalived's --config-id; default: the host name",
  }),
};

/** Hears of problems. */
export type Report = (read: Pick<ReadState, 'source'>, problems: readonly Problem[]) => void;

/** The values of `readingFlags`. */
export interface ReadingFlags {
  readonly strict: boolean;
  readonly 'config-id'?: string | undefined;
}

/**
 * Reads a file and reports its problems on standard error.
 * @param options.notes whether to report notes, too. For an imported format they always are: they
 * name what is ignored.
 */
export async function readAndReport(
  file: string,
  context: CommandContext,
  options: Pick<ReadOptions, 'complete'> & {
    format?: string | undefined;
    notes?: boolean;
    flags: ReadingFlags;
    /** Takes the problems in place of standard error. */
    report?: Report | undefined;
  },
): Promise<ReadState> {
  const { system, names } = context;
  const format = options.format as StateFormat | undefined;
  const read = await readState(file, system, parseContext(system, names), {
    complete: options.complete,
    configId: options.flags['config-id'],
    format,
  });
  const { problems } = read;
  const { report = (...found) => reportProblems(...found, context) } = options;
  const quiet = context.output.quiet && !options.report;
  const notes = !quiet && (options.notes || isImportedFormat(read.format));
  report(read, notes ? problems : problems.filter(({ severity }) => severity !== 'note'));
  const refused =
    read.good && options.flags.strict && problems.some(({ severity }) => severity === 'warning');
  if (refused) context.output.error('ipvsadm: --strict: warnings are errors');
  return refused ? { ...read, good: false } : read;
}

/** Reads a file that must be valid. @throws IpvsadmError when it is not. */
export async function readValid(...from: Parameters<typeof readAndReport>): Promise<ReadState> {
  const read = await readAndReport(...from);
  if (read.good) return read;
  throw new IpvsadmError('ipvsadm: nothing was changed', exitStatus.usage);
}

/** Reports problems on standard error, each with its place in the file. */
export function reportProblems(
  { source }: Pick<ReadState, 'source'>,
  problems: readonly Problem[],
  { output }: CommandContext,
): void {
  if (problems.length > 0) output.error(bytesFromUnicode(formatProblems(source, problems).trimEnd()));
}
