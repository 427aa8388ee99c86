/**
 * `npm run bench:web -- [--viewers 200] [--services 1000] [--servers 10] [--seconds 60]`
 *
 * The web page of the director daemon with many viewers: what they take of its processor and memory,
 * how old what they see is, and how soon one that does not read is dropped. In the lab's guest.
 */
import { join } from 'node:path';
import { openLab } from '../../test/lab';
import { shellQuote } from '../../test/lab/shell';
import { HOSTS, SERVICES } from '../scale/document';

const checkout = join(__dirname, '../..');
const HOUR = 3600;

/**
 * The kernel keeps little for a viewer that does not read, so that what is measured is what the daemon
 * keeps. All addresses are this namespace's own, so that a client in it reaches real servers through IPVS. */
const network = `ip link set lo up
ip route add local ${HOSTS} dev lo
ip route add local ${SERVICES} dev lo
sysctl -qw net.ipv4.ip_local_port_range='1024 65535' net.core.somaxconn=4096 net.ipv4.vs.conntrack=0 2>/dev/null
sysctl -qw net.ipv4.tcp_rmem='4096 65536 65536' net.ipv4.tcp_wmem='4096 65536 65536'
ulimit -n 16384
mkdir -p /etc/ipvsadm && mount -t tmpfs tmpfs /etc/ipvsadm`;

async function main(args: readonly string[]): Promise<number> {
  const play = ['node', '--import', 'tsx', join(__dirname, 'play.ts'), ...args].map(shellQuote).join(' ');
  const lab = await openLab();
  try {
    console.log(`${lab.backend}, Linux ${lab.kernel}, Node ${process.version}`);
    const script = `${network}\ncd ${shellQuote(checkout)} && exec ${play}`;
    const { stdout, stderr, status } = await lab.run({ script, timeoutSeconds: HOUR });
    process.stdout.write(stdout);
    process.stderr.write(stderr);
    return status;
  } finally {
    await lab.close();
  }
}

main(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  (error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);
