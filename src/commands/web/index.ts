import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { IpvsadmError } from '../../errors/ipvsadm-error';
import {
  isLoopback,
  LISTEN_ADDRESS,
  type ListenAddress,
  parseListenAddress,
} from '../../state/document/listen-address';
import { IpvsCommand } from '../support/base';
import { CommandLineError } from '../support/command-line-error';
import { inputFormatFlag, readingFlags } from '../support/read-state';
import { tokenFileFlag } from './support/token-file';

export default class Web extends IpvsCommand {
  static override summary = 'serve the web page of the table, where no director daemon runs';
  static override description =
    "With FILE its document can be edited and applied in the page; without, nothing can be changed. The daemon's own " +
    "page has health, drains and history as well: 'web' in the part director of its file.";
  static override examples = [
    '<%= config.bin %> web --read-only',
    '<%= config.bin %> web /etc/ipvsadm/table.yaml',
  ];
  static override args = {
    file: Args.string({
      description: 'a state document, keepalived.conf or ldirectord.cf',
      ignoreStdin: true,
    }),
  };
  static override flags = {
    'read-only': Flags.boolean({ description: 'show the table, and let nobody change it' }),
    listen: Flags.string({
      helpValue: 'ADDRESS:PORT',
      description: 'where; with a certificate alone one that other machines reach',
      default: '127.0.0.1:3636',
    }),
    certificate: Flags.string({
      helpValue: 'FILE',
      description: 'serve it over HTTPS: the certificate in PEM',
      dependsOn: ['key'],
    }),
    key: Flags.string({ helpValue: 'FILE', description: 'its key in PEM', dependsOn: ['certificate'] }),
    host: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'NAME[:PORT]',
      description: 'a name by which browsers reach it, beside its address; repeatable',
    }),
    format: inputFormatFlag,
    'config-id': readingFlags['config-id'],
    tokens: tokenFileFlag.file,
    audit: Flags.string({
      helpValue: 'PATH',
      description: 'the log of what is done in the page',
      default: '/var/lib/ipvsadm/web-audit.jsonl',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Web);
    const { file } = args;
    if (file === undefined && !flags['read-only'])
      throw new CommandLineError(['either FILE, which the page may change, or --read-only is needed']);
    const listen = addressOf(flags.listen);
    const { certificate, key } = flags;
    if (!isLoopback(listen) && certificate === undefined) {
      const why =
        'other machines reach it: --certificate and --key are needed, or an address of this machine alone';
      throw new CommandLineError([`--listen ${flags.listen}: ${why}`]);
    }
    this.context.output.flush();
    const { status, message } = await this.context.system.runWeb({
      file: flags['read-only'] ? undefined : file,
      format: flags.format,
      configId: flags['config-id'],
      listen,
      tls: certificate === undefined || key === undefined ? undefined : { certificate, key },
      hosts: flags.host ?? [],
      tokenFile: flags.tokens,
      auditFile: flags.audit,
    });
    if (message !== undefined) throw new IpvsadmError(message, status);
    this.context.status = status;
  }
}

function addressOf(text: string): ListenAddress {
  const address = parseListenAddress(text);
  if (address) return address;
  throw new CommandLineError([`--listen ${text}: must be ${LISTEN_ADDRESS}`]);
}
