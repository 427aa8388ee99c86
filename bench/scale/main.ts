/**
 * `npm run bench:scale -- [--minutes 10] [--services 1000] [--servers 10] [--hosts 2000] [--kernel real|fake]`
 *
 * The director daemon with many services: how late its event loop is, what it takes of processor and
 * memory, how soon a server that fails is out. `real` runs it on the kernel of the lab's guest; `fake`
 * on this machine, in a network namespace made for it, with the fake kernel of the tests in place of
 * ip_vs. `--simulated` runs an hour of simulated time instead.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { openLab } from '../../test/lab';
import { shellQuote } from '../../test/lab/shell';
import { HOSTS } from './document';

const checkout = join(__dirname, '../..');
const HOUR = 3600;

/** All addresses of real servers are this namespace's own, without any being configured. */
const network = `ip link set lo up
ip route add local ${HOSTS} dev lo
sysctl -qw net.ipv4.ip_local_port_range='1024 65535' net.core.somaxconn=4096 2>/dev/null
ulimit -n 16384`;

async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--simulated'))
    return run(['--expose-gc', '--import', 'tsx', file('simulated.ts'), ...args]);
  const play = ['node', '--import', 'tsx', file('play.ts'), ...args].map(shellQuote).join(' ');
  const script = `${network}\ncd ${shellQuote(checkout)} && exec ${play}`;
  if (args.join(' ').includes('--kernel fake')) {
    const { status } = spawnSync('unshare', ['--net', 'sh', '-c', script], { stdio: 'inherit' });
    return status ?? 1;
  }
  const lab = await openLab();
  try {
    console.log(`${lab.backend}, Linux ${lab.kernel}, Node ${process.version}`);
    const { stdout, stderr, status } = await lab.run({ script, timeoutSeconds: HOUR });
    process.stdout.write(stdout);
    process.stderr.write(stderr);
    return status;
  } finally {
    await lab.close();
  }
}

function file(name: string): string {
  return join(__dirname, name);
}

function run(args: readonly string[]): number {
  return spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1;
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
