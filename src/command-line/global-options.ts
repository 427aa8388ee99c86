/**
 * Options that every command takes and the C program does not have. In classic syntax they precede
 * everything else, where the C program accepts nothing like them; in a subcommand they may be
 * anywhere.
 */
import { usageError } from '../errors/ipvsadm-error';
import { isSubcommand } from './subcommands';

export interface Globals {
  /** The network namespace to work in: a name, a process ID or a path. */
  readonly netns?: string | undefined;
  /** Whether refusals are explained. */
  readonly explain: boolean;
  /** Whether a restore in classic syntax shows its progress; the subcommand always does. */
  readonly progress: boolean;
}

export const noGlobals: Globals = { explain: false, progress: false };

export interface GlobalOption {
  /** Placeholder of its value; absent if it takes none. */
  readonly argument?: string;
  readonly summary: string;
}

/** The options of every command, by name. */
export const globalOptions = {
  netns: {
    argument: 'NAME|PID|PATH',
    summary: 'work in this network namespace: ip-netns(8) name, process, or path',
  },
  explain: { summary: 'when the kernel refuses a request, list causes and how to check for them' },
} as const satisfies Readonly<Record<string, GlobalOption>>;

/** The options that precede classic syntax only. */
export const classicOptions = {
  progress: { summary: 'with -R on a terminal: show lines, rate and refusals as it runs' },
} as const satisfies Readonly<Record<string, GlobalOption>>;

const NETNS = '--netns';
const EXPLAIN = '--explain';
const PROGRESS = '--progress';

/** Whether `takeGlobals` may find an option. A quick test, as most command lines have none. */
export function mentionsGlobals(args: readonly string[]): boolean {
  return args.some((argument) => argument === EXPLAIN || argument === PROGRESS || argument.startsWith(NETNS));
}

/**
 * Separates the global options from the other arguments.
 * @throws IpvsadmError, status 2, for --netns without a value and for --progress before a
 * subcommand.
 */
export function takeGlobals(args: readonly string[]): { globals: Globals; rest: readonly string[] } {
  const leading = take(args, 'leading');
  if (!isSubcommand(leading.rest)) return leading;
  if (leading.globals.progress) {
    throw usageError(`ipvsadm: ${PROGRESS} is for -R; 'ipvsadm restore' always shows progress`);
  }
  const anywhere = take(leading.rest, 'anywhere');
  return {
    globals: {
      netns: anywhere.globals.netns ?? leading.globals.netns,
      explain: anywhere.globals.explain || leading.globals.explain,
      progress: false,
    },
    rest: anywhere.rest,
  };
}

function take(
  args: readonly string[],
  where: 'leading' | 'anywhere',
): { globals: Globals; rest: readonly string[] } {
  let netns: string | undefined;
  let explain = false;
  let progress = false;
  const rest: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const argument = args[at]!;
    if (argument === EXPLAIN) explain = true;
    else if (argument === PROGRESS && where === 'leading') progress = true;
    else if (argument === NETNS) netns = namespaceOf(args[++at]);
    else if (argument.startsWith(`${NETNS}=`)) netns = namespaceOf(argument.slice(NETNS.length + 1));
    else if (where === 'leading' || argument === '--') {
      rest.push(...args.slice(at));
      break;
    } else rest.push(argument);
  }
  return { globals: { netns, explain, progress }, rest };
}

function namespaceOf(value: string | undefined): string {
  if (!value) throw usageError(`ipvsadm: ${NETNS} requires a value: ${globalOptions.netns.argument}`);
  return value;
}
