import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { listedState } from '../state/document/to-object';
import { IpvsCommand } from './support/base';
import { quietFlag } from './support/quiet';
import { inputFormatFlag, readingFlags, readValid } from './support/read-state';
import { formatToWrite, outputFormatFlag, writeStateFile } from './support/write-state';

export default class Convert extends IpvsCommand {
  static override summary = 'convert a file to another format';
  static override description =
    'The formats are state documents (JSON, YAML), ipvsadm rules, keepalived.conf and ldirectord.cf. ' +
    'The table is neither read nor changed. Notes on standard error name the parts of keepalived.conf and ' +
    'ldirectord.cf that IPVS has no place for.';
  static override examples = [
    '<%= config.bin %> convert --to json keepalived.conf',
    '<%= config.bin %> convert --format ldirectord --to rules ha.conf',
    '<%= config.bin %> snapshot | <%= config.bin %> convert --to keepalived -',
  ];
  static override args = {
    file: Args.string({
      required: true,
      ignoreStdin: true,
      description: 'the file to convert; - is standard input',
    }),
  };
  static override flags = {
    format: { ...inputFormatFlag, aliases: ['from'] }, // its former name
    to: { ...outputFormatFlag('the format to write'), required: true },
    output: Flags.string({
      default: '-',
      helpValue: 'FILE',
      description: 'the file to write; - is standard output',
    }),
    ...readingFlags,
    ...quietFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Convert);
    const format = formatToWrite(flags.output, flags.to, this.context);
    const { state, director, configuration } = await readValid(args.file, this.context, {
      format: flags.format,
      complete: true,
      flags,
    });
    this.context.status = await writeStateFile(
      flags.output,
      { flag: '--to', format },
      listedState(state),
      this.context,
      configuration && { director, configuration },
    );
  }
}
