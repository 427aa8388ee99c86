import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { toText } from '../../bytes/byte-text';
import { bytesFromUnicode, unicodeFromBytes } from '../../bytes/unicode';
import { usageError } from '../../errors/ipvsadm-error';
import { strerror } from '../../errors/kernel-messages';
import type { InteractiveSystem } from '../../platform/interactive-system';
import { IpvsCommand } from '../support/base';
import { durationFlag, jsonFlag, order, socketFlag } from '../support/director';

const MAX_FILE = 64e6;

export default class DirectorReload extends IpvsCommand {
  static override summary = 'give the director daemon its file again, or another one';
  static override description =
    'Only the differences are sent to the kernel. A file with mistakes changes nothing; if the kernel refuses a ' +
    'change, the former document is in effect again. With --confirm it is taken back after that time, unless ' +
    'director confirm keeps it.';
  static override examples = [
    '<%= config.bin %> director reload',
    '<%= config.bin %> director reload lvs.yaml --confirm 60s',
  ];
  static override args = {
    file: Args.string({ description: 'default: the file that the daemon runs on', ignoreStdin: true }),
  };
  static override flags = {
    confirm: durationFlag({ description: 'take it back after this time, unless it is confirmed' }),
    'take-over': Flags.boolean({
      description: 'services of the file that others have made differently become those of the daemon',
    }),
    ...socketFlag,
    ...jsonFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(DirectorReload);
    const document = args.file === undefined ? {} : textOf(args.file, this.context.system);
    await order(this.context, flags, '/v1/reload', {
      ...document,
      ...(flags.confirm === undefined ? {} : { confirm: flags.confirm }),
      ...(flags['take-over'] ? { takeOver: true } : {}),
    });
  }
}

/** @throws IpvsadmError if the file cannot be read. */
function textOf(file: string, system: InteractiveSystem): { text: string; name: string } {
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
