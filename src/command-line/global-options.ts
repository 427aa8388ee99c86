/**
 * Options of ours that every command takes. In ipvsadm's own spelling they stand before everything else, where the C
 * program knows nothing that looks like them; in a command in words they may stand anywhere.
 */
import { usageError } from '../errors/ipvsadm-error';
import { isSubcommand } from './subcommands';

export interface Globals {
  /** The network namespace to work in: a name, a process id, or a path. */
  readonly netns?: string | undefined;
  /** Whether a refusal is explained. */
  readonly explain: boolean;
  /** Whether a restore in ipvsadm's own spelling shows how far it has come; in words it always does. */
  readonly progress: boolean;
}

export const noGlobals: Globals = { explain: false, progress: false };

export interface GlobalOption {
  /** Placeholder of its value. */
  readonly argument?: string;
  readonly summary: string;
}

/** What they are called, and what `ipvsadm help` says of them. */
export const globalOptions = {
  netns: {
    argument: 'NAME|PID|PATH',
    summary: 'work in this network namespace: ip-netns(8) name, process, or path',
  },
  explain: { summary: 'when the kernel refuses, say why that can be and how to find out' },
} as const satisfies Readonly<Record<string, GlobalOption>>;

/** The same for what stands before ipvsadm's own spelling only. */
export const classicOptions = {
  progress: { summary: 'with -R on a terminal: show lines, rate and refusals while it goes on' },
} as const satisfies Readonly<Record<string, GlobalOption>>;

const NETNS = '--netns';
const EXPLAIN = '--explain';
const PROGRESS = '--progress';

/** Whether `takeGlobals` may find anything: for nearly all command lines it need not look. */
export function mentionsGlobals(args: readonly string[]): boolean {
  return args.some((argument) => argument === EXPLAIN || argument === PROGRESS || argument.startsWith(NETNS));
}

/**
 * Takes the options of every command out of the arguments.
 * @throws IpvsadmError, status 2, for --netns without a namespace, and --progress before words.
 */
export function takeGlobals(args: readonly string[]): { globals: Globals; rest: readonly string[] } {
  const leading = take(args, 'leading');
  if (!isSubcommand(leading.rest)) return leading;
  if (leading.globals.progress) {
    throw usageError(`ipvsadm: ${PROGRESS} is for -R; 'ipvsadm restore' shows it without being asked`);
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
  if (!value) throw usageError(`ipvsadm: ${NETNS} wants ${globalOptions.netns.argument}`);
  return value;
}
