import { LineCutter, type TakeLines } from '../bytes/line-cutter';
import { newScannedServer, newScannedService, scanServerRule, scanServiceRule } from '../classic/fast-rule';
import {
  helpHint,
  OptionSyntaxError,
  type ParseContext,
  parseCommandLine,
  parseContext,
} from '../classic/parse';
import type { Request } from '../command-line/request';
import { exitStatus } from '../errors/exit-status';
import { usageError } from '../errors/ipvsadm-error';
import { kernelSentence, strerror } from '../errors/kernel-messages';
import { isChange } from '../ipvs/change';
import type { ChangeBatch } from '../ipvs/change-batch';
import {
  addRules,
  addServer,
  addService,
  type ChangeTemplates,
  changeTemplates,
  type ScannedServer,
  type ScannedService,
} from '../ipvs/fast-change';
import { withNames } from '../platform/names';
import { InputError, type System } from '../platform/system';
import type { Session } from './session';

/** With fewer lines there is no progress to show: somebody may be typing them. */
const MIN_LINES = 1000;

/**
 * Runs the command lines on standard input (-R). Sends changes to the kernel in batches, but always
 * before it waits for input, prints or fails, so that the changes in effect are the same as with
 * the C program. With `session.replacement` it clears the table and runs those lines instead.
 * Clearing shares a datagram with the first of them: while there is no service, the kernel resets
 * every connection.
 * @param perform runs requests that are not changes, such as listings.
 * @returns the status of the last line, even if an earlier line was refused.
 * @throws IpvsadmError for an invalid line, or if standard input cannot be read; the lines before
 * it are in effect.
 */
export async function restore(session: Session, perform: Perform): Promise<number> {
  const batch = session.connection.client.batch();
  const state: Restore = {
    session,
    perform,
    context: parseContext(session.system, session.names),
    batch,
    templates: changeTemplates(batch),
    server: newScannedServer(),
    service: newScannedService(),
    status: exitStatus.ok,
    ended: false,
    clearing: false,
    lines: 0,
    refused: 0,
  };
  const cutter = new LineCutter();
  const { templates } = state;
  const take: TakeLines = templates
    ? (block, from) => performFast(block, from, templates, state)
    : (_block, from) => from;
  const { replacement } = session;
  if (replacement) {
    batch.add({ kind: 'flush' });
    state.clearing = true;
  }
  for (;;) {
    if (!replacement) sendBatch(state);
    const block = replacement ? replacement.next().value : readInput(session.system);
    if (!block || block.length === 0) break;
    for (const line of cutter.cut(block, take)) {
      await performLine(line, state);
      if (state.ended) return state.status;
    }
  }
  await performLine(cutter.rest(), state);
  sendBatch(state);
  return state.status;
}

/** @throws IpvsadmError, as if the line that cannot be read were invalid. */
function readInput(system: System): Uint8Array {
  try {
    return system.readInput();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw usageError(
      `ipvsadm: standard input cannot be read: ${strerror(error.errno)}; the lines before are in effect`,
    );
  }
}

/**
 * Runs the lines that classic/fast-rule.ts can scan, from byte `from` on; returns where the first
 * other begins.
 */
function performFast(block: Uint8Array, from: number, templates: ChangeTemplates, state: Restore): number {
  const { batch, server, service } = state;
  const take = state.session.system.bulkLines?.takeRules;
  for (let at = from; ; ) {
    if (take) {
      at = addRules(batch, templates, take, block, at);
      if (batch.full) {
        sendBatch(state);
        continue;
      }
    }
    let next = scanServerRule(block, at, server);
    if (next !== 0) {
      addServer(batch, templates, server);
    } else {
      next = scanServiceRule(block, at, service);
      if (next === 0) return at;
      addService(batch, templates, service);
    }
    at = next;
    if (batch.full) sendBatch(state);
  }
}

type Perform = (request: Request, session: Session) => Promise<number>;

interface Restore {
  readonly session: Session;
  readonly perform: Perform;
  readonly context: ParseContext;
  readonly batch: ChangeBatch;
  readonly templates: ChangeTemplates | undefined;
  /** The rules scanned last: objects that are reused. */
  readonly server: ScannedServer;
  readonly service: ScannedService;
  /** The exit status of the last line. */
  status: number;
  /** The number of lines run, and of those refused. */
  lines: number;
  refused: number;
  /** Set by a line that requests help or the version: the lines after it are not read. */
  ended: boolean;
  /** Whether the next batch begins with clearing the table, which is not a line. */
  clearing: boolean;
}

async function performLine(line: string, state: Restore): Promise<void> {
  const words = wordsOf(line);
  if (words.length === 0) return;
  let request: Request;
  try {
    request = await withNames(() => parseCommandLine(words, state.context));
  } catch (error) {
    sendBatch(state);
    if (!(error instanceof OptionSyntaxError)) throw error;
    state.session.progress?.clear();
    state.session.output.error(error.message);
    state.lines += 1;
    state.refused += 1;
    state.status = error.status;
    return;
  }
  if (isChange(request)) {
    state.batch.add(request);
    if (state.batch.full) sendBatch(state);
    return;
  }
  sendBatch(state);
  state.session.progress?.clear();
  state.lines += 1;
  if (request.kind === 'restore') throw helpHint(state.context.programName);
  state.status = await state.perform(request, state.session);
  state.ended = request.kind === 'help' || request.kind === 'version';
}

/**
 * Sends the pending changes and reports those refused.
 * @throws TransportError if replies were lost.
 */
function sendBatch(state: Restore): void {
  const { output, progress } = state.session;
  const { count } = state.batch;
  const refusals = state.batch.send();
  for (const { kind, errno } of refusals) {
    state.refused += 1;
    progress?.clear();
    output.error(kernelSentence(kind, errno));
  }
  const lines = state.clearing ? Math.max(0, count - 1) : count;
  if (count > 0) state.clearing = false;
  state.lines += lines;
  if (lines > 0) state.status = refusals.at(-1)?.index === count - 1 ? exitStatus.refused : exitStatus.ok;
  if (state.lines >= MIN_LINES) progress?.show((elapsed) => progressLine(state, elapsed));
}

/** @param elapsed milliseconds. */
function progressLine({ lines, refused }: Restore, elapsed: number): string {
  return `${lines} lines, ${Math.round((lines * 1000) / elapsed)} a second, ${refused} refused`;
}

/**
 * Splits a line into words, without quoting or comments. White space is space, tab and carriage
 * return; every word `ipvsadm` is dropped; a NUL byte ends its word.
 */
export function wordsOf(line: string): string[] {
  return line
    .split(/[ \t\r]+/)
    .filter((word) => word !== '')
    .map((word) => (word.includes('\0') ? word.slice(0, word.indexOf('\0')) : word))
    .filter((word) => word !== 'ipvsadm');
}
