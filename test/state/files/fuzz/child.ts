/** The process that reads documents: `child.ts FORMAT SEED FROM TO`. Its parent watches it. */
import { checks } from './check';
import { documentOf, type FuzzedFormat } from './generate';
import { shrunk } from './shrink';

/** Most processor time for a document, in milliseconds, and for each of its bytes. */
const MOST_TIME = 1500;
const MOST_TIME_PER_BYTE = 0.03;

/** After each document: what is wrong, or whether it was accepted. */
export type Report =
  | { readonly at: number; readonly accepted: boolean; readonly time: number }
  | { readonly at: number; readonly fault: string; readonly document: string };

const send = (report: Report) => process.send!(report);

interface Result {
  readonly accepted: boolean;
  readonly time: number;
  readonly fault?: string;
}

/** Reads a document. A stack trace tells programming errors apart. */
async function check(format: FuzzedFormat, document: string): Promise<Result> {
  const before = performance.now();
  let accepted = false;
  let fault: string | undefined;
  try {
    accepted = await checks[format](document);
  } catch (error) {
    fault = (error instanceof Error && error.stack) || String(error);
  }
  const time = performance.now() - before;
  const most = MOST_TIME + MOST_TIME_PER_BYTE * document.length;
  if (fault === undefined && time > most) {
    // Perhaps other processes were busy.
    const processor = await processorTime(() => checks[format](document));
    if (processor > most) fault = `takes ${Math.round(processor)} ms`;
  }
  return { accepted, time, ...(fault === undefined ? {} : { fault }) };
}

async function processorTime(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

async function run(format: FuzzedFormat, seed: number, from: number, to: number): Promise<void> {
  Error.stackTraceLimit = 6; // every refused rule is an error that is thrown
  for (let at = from; at < to; at++) {
    if (at % 50 === 0) await new Promise(setImmediate); // lets what was sent leave
    const document = documentOf(format, seed, at);
    const { accepted, time, fault } = await check(format, document);
    if (fault === undefined) {
      send({ at, accepted, time });
      continue;
    }
    const again = async (text: string) => (await check(format, text)).fault;
    send({ at, fault, document: await shrunk(document, fault, again) });
  }
}

const [format = '', seed, from, to] = process.argv.slice(2);
run(format as FuzzedFormat, Number(seed), Number(from), Number(to)).then(() => process.disconnect());
