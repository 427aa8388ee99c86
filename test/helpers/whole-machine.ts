/** A machine for subcommands: IPVS, links and addresses, /proc/sys and /run, kept from run to run. */
import { runSubcommand } from '../../src/commands';
import { FakeHost } from './fake-host';
import { FakeKernel } from './fake-kernel';
import { type Outcome, runIn, type TestWorld } from './test-system';

const settings = [
  ...['all', 'lo', 'eth0'].flatMap((link) => [
    `ipv4/conf/${link}/arp_ignore`,
    `ipv4/conf/${link}/arp_announce`,
    `ipv4/conf/${link}/arp_notify`,
  ]),
  'ipv4/ip_forward',
  'ipv4/vs/expire_nodest_conn',
  'ipv4/vs/expire_quiescent_template',
  'ipv4/vs/conntrack',
];

export class WholeMachine {
  readonly kernel = new FakeKernel();
  readonly host = new FakeHost();
  /** All files by path. */
  readonly files: Record<string, string> = {
    '/proc/sys/kernel/osrelease': '6.1.0\n',
    ...Object.fromEntries(settings.map((name) => [`/proc/sys/net/${name}`, '0\n'])),
  };

  /** Runs a command line, whose words have no spaces in them. */
  run(line: string, world: Partial<TestWorld> = {}): Promise<Outcome> {
    const { files } = this;
    return runIn(
      {
        args: line.split(' '),
        openTransport: () => this.kernel.open(),
        openNetlink: () => this.host.open(),
        files,
        directories: { '/sys/module': ['ipip', 'fou', 'ip_gre'] },
        onKernelFile: (path, text) => {
          files[path] = text;
        },
        onReplace: (path, text) => {
          files[path] = text;
        },
        onRemove: (path) => {
          delete files[path];
        },
        ...world,
      },
      runSubcommand,
    );
  }

  /** All that commands may change, as one value. */
  get state(): unknown {
    return structuredClone({ files: this.files, host: this.host.state, ipvs: this.kernel.entries });
  }
}
