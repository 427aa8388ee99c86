import { constants } from 'node:os';
import { buffer } from 'node:stream/consumers';
import { fetchAll } from './fetch';
import { openLab } from './open';
import { checkout } from './paths';
import { shellCommand, shellQuote } from './shell';
import { backendNames, type LabOptions } from './types';

const usage = `Usage: npm run lab -- [OPTION]... COMMAND [ARGUMENT]...

Runs COMMAND as root in a disposable kernel that has ip_vs, in the project's directory. Only /tmp
and /run are writable; they start out empty. "$IPVSADM_NODE" is this project's ipvsadm,
"$IPVSADM_C" the C program that it replaces:

  npm run lab -- sh -c '$IPVSADM_NODE -A -t 192.0.2.10:80; $IPVSADM_C -ln'

Options:
  --backend NAME  host, uml or qemu (default: $IPVSADM_LAB, or the first one that works)
  --no-modules    use a kernel without ip_vs
  --kernel        print the backend and kernel, and exit
  --fetch         fill the cache for the given backend or for all, and exit
  --help          print this text, and exit
`;

const hour = 3600;

interface CommandLine {
  action: 'run' | 'kernel' | 'fetch' | 'help';
  options: LabOptions;
  command: string[];
}

/** Runs a command line and returns the exit status. */
async function main(argv: string[]): Promise<number> {
  const { action, options, command } = parse(argv);
  if (action === 'help') {
    process.stdout.write(usage);
    return 0;
  }
  if (action === 'fetch') {
    await fetchAll(options.backend);
    return 0;
  }
  // process.exit also ends the guest (guest.ts); the default action of these signals would not.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => process.exit(128 + constants.signals[signal]));
  }
  const lab = await openLab(options);
  try {
    if (action === 'kernel') {
      process.stdout.write(`${lab.backend} ${lab.kernel}\n`);
      return 0;
    }
    const stdin = process.stdin.isTTY ? '' : await buffer(process.stdin);
    const enter = Buffer.from(`cd ${shellQuote(checkout)} && exec `);
    const script = Buffer.concat([enter, shellCommand(command)]);
    const { stdout, stderr, status } = await lab.run({ script, stdin, timeoutSeconds: hour });
    process.stdout.write(stdout);
    process.stderr.write(stderr);
    return status;
  } finally {
    await lab.close();
  }
}

/** Parses the options before the command. */
function parse(argv: readonly string[]): CommandLine {
  const line: CommandLine = { action: 'run', options: {}, command: [] };
  const rest = [...argv];
  while (rest[0]?.startsWith('-')) {
    const option = rest.shift();
    if (option === '--') break;
    if (option === '--backend') {
      const name = rest.shift();
      line.options.backend =
        backendNames.find((known) => known === name) ?? fail(`unknown backend '${name}'`);
    } else if (option === '--no-modules') line.options.modules = 'none';
    else if (option === '--kernel') line.action = 'kernel';
    else if (option === '--fetch') line.action = 'fetch';
    else if (option === '--help') line.action = 'help';
    else fail(`unknown option '${option}'`);
  }
  line.command = rest;
  if (line.action === 'run' && rest.length === 0) fail('missing command');
  return line;
}

function fail(message: string): never {
  throw new Error(`${message}\n\n${usage}`);
}

main(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  (error: Error) => {
    process.stderr.write(`lab: ${error.message}\n`);
    process.exitCode = 1;
  },
);
