import * as Args from '@oclif/core/args';
import { bytesFromUnicode, unicodeFromBytes } from '../../bytes/unicode';
import { visibleUnicodeWord } from '../../bytes/visible';
import { exitStatus } from '../../errors/exit-status';
import { IpvsadmError } from '../../errors/ipvsadm-error';
import { IpvsCommand } from '../support/base';
import { quietFlag } from '../support/quiet';
import { readTokens, tokenFileFlag, writeTokens } from './support/token-file';

export default class WebRevoke extends IpvsCommand {
  static override summary = 'take a token of the web page away';
  static override description = 'Whoever is logged in with it is not any more, within two seconds.';
  static override examples = ['<%= config.bin %> web revoke contractor'];
  static override args = {
    name: Args.string({ required: true, ignoreStdin: true, description: 'who has it' }),
  };
  static override flags = { ...tokenFileFlag, ...quietFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(WebRevoke);
    const name = unicodeFromBytes(args.name);
    const before = readTokens(this.context, flags.file);
    const after = before.filter((one) => one.name !== name);
    if (after.length === before.length) {
      const known = before.map((one) => one.name).join(', ') || 'none';
      const why = `ipvsadm: ${visibleUnicodeWord(name)} has no token: there are ${known}`;
      throw new IpvsadmError(bytesFromUnicode(why), exitStatus.usage);
    }
    await writeTokens(this.context, flags.file, after);
    this.context.output.done(bytesFromUnicode(`${name} has no token any more\n`));
  }
}
