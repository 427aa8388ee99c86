import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { toText } from '../../bytes/byte-text';
import { bytesFromUnicode, unicodeFromBytes } from '../../bytes/unicode';
import { usageError } from '../../errors/ipvsadm-error';
import { strerror } from '../../errors/kernel-messages';
import type { InteractiveSystem } from '../../platform/interactive-system';
import { IpvsCommand } from '../support/base';
import { CommandLineError } from '../support/command-line-error';
import { type DaemonDocument, documentOf } from '../support/daemon-document';
import { durationFlag, order, orderFlags } from '../support/director';
import { inputFormatFlag, type ReadingFlags, readingFlags, readValid } from '../support/read-state';

const MAX_FILE = 64e6;

export default class DirectorReload extends IpvsCommand {
  static override summary = 'give the director daemon its file again, or another one';
  static override description =
    'Only the differences are sent to the kernel. A file with mistakes changes nothing; if the kernel refuses a ' +
    'change, the former document is in effect again. With --confirm it is taken back after that time, unless ' +
    'director confirm keeps it. With --format, --config-id or --strict the FILE is read here, and given to the ' +
    'daemon as a state document.';
  static override examples = [
    '<%= config.bin %> director reload',
    '<%= config.bin %> director reload lvs.yaml --confirm 60s',
    '<%= config.bin %> director reload keepalived.conf --config-id lb01',
  ];
  static override args = {
    file: Args.string({
      description: 'default: the file that the daemon runs on, read as director run was told',
      ignoreStdin: true,
    }),
  };
  static override flags = {
    format: inputFormatFlag,
    ...readingFlags,
    confirm: durationFlag({ description: 'take it back after this time, unless it is confirmed' }),
    'take-over': Flags.boolean({
      description: 'services of the file that others have made differently become those of the daemon',
    }),
    ...orderFlags,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(DirectorReload);
    const document = await this.document(args.file, flags);
    await order(this.context, flags, '/v1/reload', {
      ...document,
      ...(flags.confirm === undefined ? {} : { confirm: flags.confirm }),
      ...(flags['take-over'] ? { takeOver: true } : {}),
    });
  }

  /** What the daemon is given; nothing: it reads its own file. @throws IpvsadmError, CommandLineError. */
  private async document(
    file: string | undefined,
    flags: ReadingFlags & { readonly format?: string | undefined },
  ): Promise<Partial<DaemonDocument>> {
    const names = ['format', 'config-id', 'strict'] as const;
    const given = names.filter((name) => flags[name]);
    if (file === undefined && given.length > 0) {
      throw new CommandLineError(given.map((name) => `--${name} requires FILE`));
    }
    if (file === undefined) return {};
    if (given.length === 0) return textOf(file, this.context.system);
    const { format } = flags;
    const read = await readValid(file, this.context, { format, complete: true, flags });
    if (read.state.services?.length) return documentOf(read, flags);
    const right = 'is it of that format, and for this --config-id?';
    throw usageError(
      bytesFromUnicode(
        `ipvsadm: ${read.source.name}: as ${read.format} it has no virtual services: ${right}`,
      ),
    );
  }
}

/** @throws IpvsadmError if the file cannot be read. */
function textOf(file: string, system: InteractiveSystem): DaemonDocument {
  let failure = 0;
  let size = 0;
  const parts: string[] = [];
  for (const block of system.fileBlocks(file, (errno) => {
    failure = errno;
  })) {
    size += block.length;
    if (size > MAX_FILE) throw usageError(`ipvsadm: ${file}: is larger than ${MAX_FILE / 1e6} MB`);
    parts.push(toText(block));
  }
  const name = unicodeFromBytes(file);
  if (failure !== 0) {
    throw usageError(bytesFromUnicode(`ipvsadm: ${name}: cannot be read: ${strerror(failure)}`));
  }
  return { text: unicodeFromBytes(parts.join('')), name };
}
