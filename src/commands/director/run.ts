import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { IpvsadmError } from '../../errors/ipvsadm-error';
import { LISTEN_ADDRESS, type ListenAddress, parseListenAddress } from '../../state/document/listen-address';
import { IpvsCommand } from '../support/base';
import { CommandLineError } from '../support/command-line-error';
import { socketFlag } from '../support/director';
import { inputFormatFlag, readingFlags } from '../support/read-state';

export default class DirectorRun extends IpvsCommand {
  static override summary = 'check real servers, and keep the table as file, health and operators say';
  static override description =
    'The director daemon, in the foreground. SIGHUP reads the file again, SIGTERM and SIGINT stop it: the table and ' +
    'the VIPs stay, and connections go on. There is one for each network namespace.';
  static override examples = [
    '<%= config.bin %> director run /etc/ipvsadm/lvs.yaml',
    '<%= config.bin %> director run keepalived.conf --metrics 127.0.0.1:9300',
  ];
  static override args = {
    file: Args.string({
      required: true,
      description: 'a state document, keepalived.conf or ldirectord.cf',
      ignoreStdin: true,
    }),
  };
  static override flags = {
    format: inputFormatFlag,
    'config-id': readingFlags['config-id'],
    ...socketFlag,
    group: Flags.string({
      helpValue: 'NAME',
      description:
        'the group whose members may use the socket: they can do what root can; default: root only',
    }),
    metrics: Flags.string({
      helpValue: 'ADDRESS:PORT',
      description: 'serve metrics over HTTP, at /metrics, for whoever asks; wins over the file',
    }),
    'run-directory': Flags.string({
      helpValue: 'PATH',
      description: 'for what ends with the machine',
      default: '/run/ipvsadm/director',
    }),
    'state-directory': Flags.string({
      helpValue: 'PATH',
      description: 'for what stays: documents, overrides, events',
      default: '/var/lib/ipvsadm/director',
    }),
    'take-over': Flags.boolean({
      description: 'services of the file that others have made differently become those of the daemon',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(DirectorRun);
    this.context.output.flush();
    const { status, message } = await this.context.system.runDirector({
      file: args.file,
      format: flags.format,
      configId: flags['config-id'],
      socket: flags.socket,
      group: flags.group,
      metrics: flags.metrics === undefined ? undefined : endpoint(flags.metrics),
      runDirectory: flags['run-directory'],
      stateDirectory: flags['state-directory'],
      takeOver: flags['take-over'],
    });
    if (message !== undefined) throw new IpvsadmError(message, status);
    this.context.status = status;
  }
}

function endpoint(text: string): ListenAddress {
  const address = parseListenAddress(text);
  if (address) return address;
  throw new CommandLineError([`--metrics ${text}: must be ${LISTEN_ADDRESS}`]);
}
