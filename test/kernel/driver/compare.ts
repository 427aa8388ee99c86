import { setTimeout } from 'node:timers/promises';
import { normalized, normalizedTable } from './normalize';
import { type Ours, openOurs } from './ours';
import type { Answer, CommandLine, Outcome } from './protocol';
import { openShell, type Shell } from './shell';

/** The tables of both programs are compared after this many lines. */
const TABLE_EVERY = 100;

/** How often a listing is repeated until the genuine program prints the same twice. */
const SETTLING_ATTEMPTS = 30;

/**
 * Runs every line in both programs. Ours changes the table of this network namespace, the genuine
 * one that of a second namespace. Listings of both programs are compared on this table, because the
 * order of a listing is seeded per namespace in recent kernels.
 */
export async function compare(lines: readonly CommandLine[]): Promise<Answer> {
  const here = openShell('/tmp/here');
  const other = openShell('/tmp/other');
  const program = openOurs();
  let done = 0;
  const statuses: Record<number, number> = {};
  try {
    for (const line of lines) {
      const [ours, theirs] = await runBoth(line, program, here, other);
      if (!same(normalized(ours, 'ours'), normalized(theirs, 'theirs'))) {
        return { kind: 'compare', done, statuses, difference: { line, what: 'output', ours, theirs } };
      }
      done += 1;
      statuses[ours.status] = (statuses[ours.status] ?? 0) + 1;
      if (done % TABLE_EVERY !== 0 && done !== lines.length) continue;
      const left = normalizedTable(tableOf(here.run));
      const right = normalizedTable(tableOf(other.run));
      if (left !== right) {
        const show = (stdout: string): Outcome => ({ stdout, stderr: '', status: 0 });
        return {
          kind: 'compare',
          done,
          statuses,
          difference: { line, what: 'table', ours: show(left), theirs: show(right) },
        };
      }
    }
    return { kind: 'compare', done, statuses };
  } finally {
    here.close();
    other.close();
    program.close();
  }
}

/**
 * Repeats a listing that differs: recent kernels rearrange a growing table in the background, and
 * then two listings of the genuine program differ as well. Ours counts only between two equal ones.
 */
async function runBoth(
  line: CommandLine,
  program: Ours,
  here: Shell,
  other: Shell,
): Promise<[Outcome, Outcome]> {
  const first = await program.run(line);
  if (!onlyLists(line)) return [first, other.run(line)];
  const second = here.run(line);
  if (same(normalized(first, 'ours'), normalized(second, 'theirs'))) return [first, second];
  for (let attempt = 0; attempt < SETTLING_ATTEMPTS; attempt++) {
    const before = here.run(line);
    const ours = await program.run(line);
    const after = here.run(line);
    if (same(before, after)) return [ours, after];
    await setTimeout(100);
  }
  throw new Error(`the table does not settle at ${JSON.stringify(line)}`);
}

/** The table of a namespace, as all listings of the genuine program show it. */
function tableOf(run: (line: CommandLine) => Outcome): string[] {
  return [
    ['-S', '-n'],
    ['-L', '-n', '--thresholds'],
    ['-L', '--timeout'],
    ['-L', '--daemon'],
  ].map((args) => run({ args }).stdout);
}

/** Whether a valid line prints the table and changes nothing. */
function onlyLists({ args }: CommandLine): boolean {
  return args.length === 0 || /^(-[LlS]|--list|--save)/.test(args[0]!);
}

function same(a: Outcome, b: Outcome): boolean {
  return a.stdout === b.stdout && a.stderr === b.stderr && a.status === b.status;
}
