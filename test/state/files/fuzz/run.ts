/** Runs the child process, and starts it again after a document that ended it. */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Report } from './child';
import { documentOf, type FuzzedFormat } from './generate';

const root = join(__dirname, '../../../..');
const program = join(root, 'node_modules/.cache/ipvsadm-test/fuzz-readers.cjs');

/** Bundles the child process, which starts in a moment then. */
export async function buildFuzzer(): Promise<void> {
  await build({
    entryPoints: [join(__dirname, 'child.ts')],
    bundle: true,
    platform: 'node',
    mainFields: ['module', 'main'],
    sourcemap: true,
    outfile: program,
  });
}

/** Most memory of the child's JavaScript, in MB. */
const MEMORY = 200;
/** The child is ended when a document takes longer, in milliseconds. */
const HANGS = 30_000;
/** A run ends after so many faults. */
const FAULTS = 20;

export interface Run {
  readonly format: FuzzedFormat;
  readonly seed: number;
  readonly count: number;
  /** The first document. */
  readonly from?: number;
}

export interface Fault {
  readonly at: number;
  readonly what: string;
  /** One character per byte; as short as it could be made. */
  readonly document: string;
}

export interface Outcome {
  documents: number;
  accepted: number;
  /** The longest time of a document, in milliseconds. */
  slowest: number;
  readonly faults: Fault[];
}

export async function fuzzReader({ format, seed, count, from = 0 }: Run): Promise<Outcome> {
  const outcome: Outcome = { documents: 0, accepted: 0, slowest: 0, faults: [] };
  const to = from + count;
  for (let next = from; next < to && outcome.faults.length < FAULTS; ) {
    next = await runChild([format, seed, next, to].map(String), outcome, (at) =>
      documentOf(format, seed, at),
    );
  }
  return outcome;
}

/** @returns the number of the document to go on with. */
function runChild(args: string[], outcome: Outcome, documentAt: (at: number) => string): Promise<number> {
  return new Promise((resolve, reject) => {
    /** The document that is read. */
    let at = Number(args[2]);
    let since = Date.now();
    let said = '';
    const child = fork(program, args, {
      execArgv: ['--enable-source-maps', `--max-old-space-size=${MEMORY}`],
      cwd: root,
      silent: true,
    });
    const watch = setInterval(() => {
      if (Date.now() - since > HANGS) child.kill('SIGKILL');
    }, 500);
    child.stderr!.on('data', (data) => {
      said = `${said}${data}`.slice(-4000);
    });
    child.on('message', (report: Report) => {
      since = Date.now();
      at = report.at + 1;
      outcome.documents += 1;
      if ('fault' in report) outcome.faults.push({ ...report, what: report.fault });
      else {
        outcome.accepted += report.accepted ? 1 : 0;
        outcome.slowest = Math.max(outcome.slowest, report.time);
      }
      if (outcome.faults.length >= FAULTS) child.kill('SIGKILL');
    });
    child.on('error', reject);
    // The last messages may come after the end.
    const disconnected = new Promise<void>((done) => child.on('disconnect', done));
    child.on('exit', async (code, signal) => {
      clearInterval(watch);
      await disconnected;
      if (code === 0) return resolve(at);
      if (outcome.faults.length < FAULTS) {
        const what = `the process ended: ${signal ?? code} after ${Date.now() - since} ms\n${said}`;
        outcome.faults.push({ at, what, document: documentAt(at) });
        outcome.documents += 1;
      }
      resolve(at + 1);
    });
  });
}

/** A fault as people read it, with what repeats it. */
export function describeFault(
  { format, seed }: Pick<Run, 'format' | 'seed'>,
  { at, what, document }: Fault,
): string {
  const text = JSON.stringify(document.length > 2000 ? `${document.slice(0, 2000)}...` : document);
  return `${format}, document ${at} of seed ${seed}: ${what.slice(0, 1500)}\n  ${text}\n  npm run fuzz:readers -- --format ${format} --seed ${seed} --from ${at} --count 1`;
}
