import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { listedState } from '../state/document/to-object';
import { writtenFormats } from '../state/files/writers';
import { IpvsCommand } from './support/base';
import { inputFormatFlag, readingFlags, readValid } from './support/read-state';
import { formatToWrite, writeStateFile } from './support/write-state';

export default class Convert extends IpvsCommand {
  static override summary = 'convert a file to another format';
  static override description =
    'The formats are state documents (JSON, and YAML as input), ipvsadm rules, keepalived.conf and ldirectord.cf. ' +
    'The table is neither read nor changed. Notes on standard error name the parts of keepalived.conf and ' +
    'ldirectord.cf that IPVS has no place for.';
  static override examples = [
    '<%= config.bin %> convert --to json keepalived.conf',
    '<%= config.bin %> convert --from ldirectord --to rules ha.cf',
    '<%= config.bin %> snapshot | <%= config.bin %> convert --from json --to keepalived -',
  ];
  static override args = {
    file: Args.string({
      required: true,
      ignoreStdin: true,
      description: 'the file to convert; - is standard input',
    }),
  };
  static override flags = {
    from: inputFormatFlag,
    to: Flags.string({ options: [...writtenFormats], required: true, description: 'the format to write' }),
    output: Flags.string({
      default: '-',
      helpValue: 'FILE',
      description: 'the file to write; - is standard output',
    }),
    ...readingFlags,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Convert);
    const flag = '--to';
    const format = formatToWrite(flags.output, { flag, asked: flags.to }, this.context);
    const { state, director, configuration } = await readValid(args.file, this.context, {
      format: flags.from,
      complete: true,
      flags,
    });
    this.context.status = await writeStateFile(
      flags.output,
      { flag, format },
      listedState(state),
      this.context,
      configuration && { director, configuration },
    );
  }
}
