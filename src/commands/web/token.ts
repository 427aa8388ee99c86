import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { bytesFromUnicode, unicodeFromBytes } from '../../bytes/unicode';
import { visibleUnicodeWord } from '../../bytes/visible';
import { exitStatus } from '../../errors/exit-status';
import { IpvsadmError } from '../../errors/ipvsadm-error';
import { webRoles } from '../../web/contract';
import { IpvsCommand } from '../support/base';
import { CommandLineError } from '../support/command-line-error';
import { durationFlag } from '../support/director';
import { readTokens, tokenFileFlag, tokens, writeTokens } from './support/token-file';

export default class WebTokenCommand extends IpvsCommand {
  static override summary = 'make a token for the web page, and print it';
  static override description =
    'The token is shown this once: the file has a digest of it. view shows everything but documents; operate drains ' +
    'servers and sets weights, too; edit changes documents, which name programs that the daemon runs as root.';
  static override examples = [
    '<%= config.bin %> web token alice --role operate',
    '<%= config.bin %> web token contractor --for 8h',
  ];
  static override args = {
    name: Args.string({
      required: true,
      ignoreStdin: true,
      description: 'who gets it: the author of changes',
    }),
  };
  static override flags = {
    role: Flags.option({ options: webRoles, default: 'view' as const, description: 'what it is for' })(),
    for: durationFlag({ description: 'ends after this time; default: never' }),
    ...tokenFileFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(WebTokenCommand);
    const { digestOf, newToken, tokenName } = tokens();
    const name = unicodeFromBytes(args.name);
    if (!tokenName.test(name))
      throw new CommandLineError([
        `${visibleUnicodeWord(name)}: a name has 1 to 63 letters, digits, . _ @ or -`,
      ]);
    const before = readTokens(this.context, flags.file);
    if (before.some((one) => one.name === name)) {
      const why = `ipvsadm: ${name} has a token: 'ipvsadm web revoke ${name}' takes it away first`;
      throw new IpvsadmError(bytesFromUnicode(why), exitStatus.usage);
    }
    const text = newToken();
    const since = Date.now();
    const until = flags.for === undefined ? {} : { until: since + flags.for };
    const token = { name, role: flags.role, sha256: digestOf(text)!, since, ...until };
    await writeTokens(this.context, flags.file, [...before, token]);
    this.context.output.write(`${text}\n`);
  }
}
