import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { listedState } from '../state/document/to-object';
import { writtenFormats } from '../state/files/writers';
import { IpvsCommand } from './support/base';
import { inputFormatFlag, readGood } from './support/read-state';
import { writeStateFile } from './support/write-state';

export default class Convert extends IpvsCommand {
  static override summary =
    'write what a file says in another format: state document, ipvsadm rules, keepalived.conf, ldirectord.cf';
  static override description =
    'The table is neither read nor changed. What of keepalived.conf and ldirectord.cf has no place in IPVS is told of on standard error.';
  static override examples = [
    '<%= config.bin %> convert --to json keepalived.conf',
    '<%= config.bin %> convert --from ldirectord --to rules ha.cf',
    '<%= config.bin %> snapshot | <%= config.bin %> convert --from json --to keepalived -',
  ];
  static override args = {
    file: Args.string({
      required: true,
      ignoreStdin: true,
      description: 'what is converted; - is standard input',
    }),
  };
  static override flags = {
    from: inputFormatFlag,
    to: Flags.string({ options: [...writtenFormats], required: true, description: 'the format to write' }),
    output: Flags.string({
      default: '-',
      helpValue: 'FILE',
      description: 'where to, in place of standard output',
    }),
    'config-id': Flags.string({
      helpValue: 'NAME',
      description: "of keepalived.conf: the machine whose lines (@NAME, keepalived's --config-id) count",
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Convert);
    const { state } = await readGood(args.file, this.context, {
      format: flags.from,
      complete: true,
      configId: flags['config-id'],
    });
    this.context.status = writeStateFile(
      flags.output,
      { flag: '--to', format: flags.to },
      listedState(state),
      this.context,
    );
  }
}
