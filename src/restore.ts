import { helpHint, OptionSyntaxError, parseCommandLine, parseContext } from './classic/parse';
import { exitStatus, kernelSentence } from './errors';
import { withNames } from './names';
import { type Change, isChange } from './netlink/change';
import { BATCH_MESSAGES } from './netlink/client';
import type { Request } from './request';
import { run } from './run';
import type { Session } from './session';

/**
 * Carries out the command lines of standard input (-R). Changes go to the kernel in batches, but always before
 * the program waits for input, prints or fails: what is in effect when it ends is what ipvsadm would have done.
 * @returns the status of the last line carried out; a refused line in the middle does not show in it.
 * @throws IpvsadmError at a line that makes no sense: the lines before it are in effect.
 */
export async function restore(session: Session): Promise<number> {
  const { system, output } = session;
  const context = parseContext(system, session.names);
  const changes = new ChangeBatch(session);
  for (const words of commandLines(inputBlocks(session, changes))) {
    let request: Request;
    try {
      request = await withNames(() => parseCommandLine(words, context));
    } catch (error) {
      changes.flush();
      if (!(error instanceof OptionSyntaxError)) throw error;
      output.error(error.message);
      changes.status = error.status;
      continue;
    }
    if (isChange(request)) {
      changes.add(request);
      continue;
    }
    changes.flush();
    if (request.kind === 'restore') throw helpHint(context.programName);
    changes.status = await run(request, session);
    if (request.kind === 'help' || request.kind === 'version') break;
  }
  changes.flush();
  return changes.status;
}

/** Changes that wait to be sent together, and the exit status of the last line so far. */
class ChangeBatch {
  status: number = exitStatus.ok;
  readonly #session: Session;
  #waiting: Change[] = [];

  constructor(session: Session) {
    this.#session = session;
  }

  add(change: Change): void {
    this.#waiting.push(change);
    if (this.#waiting.length === BATCH_MESSAGES) this.flush();
  }

  /** Sends what waits, and says what the kernel refused. @throws TransportError when answers were lost. */
  flush(): void {
    const batch = this.#waiting;
    if (batch.length === 0) return;
    this.#waiting = [];
    for (const [index, errno] of this.#session.connection.client.changes(batch).entries()) {
      if (errno) this.#session.output.error(kernelSentence(batch[index]!.kind, errno));
      this.status = errno ? exitStatus.refused : exitStatus.ok;
    }
  }
}

/** Standard input as it comes; what waits to be sent is sent before more is waited for. */
function* inputBlocks({ system }: Session, changes: ChangeBatch): Generator<string, void> {
  for (;;) {
    changes.flush();
    const block = system.readInput();
    if (block === '') return;
    yield block;
  }
}

/**
 * The command lines of a restore as words: no quotes, no comments. White space is space, tab and carriage
 * return; the word `ipvsadm` is dropped wherever it stands; a NUL byte ends its word. Lines without words are
 * passed over.
 */
export function* commandLines(blocks: Iterable<string>): Generator<string[], void> {
  let unfinished = '';
  for (const block of blocks) {
    const lines = (unfinished + block).split('\n');
    unfinished = lines.pop()!;
    for (const line of lines) yield* wordsOf(line);
  }
  yield* wordsOf(unfinished);
}

function* wordsOf(line: string): Generator<string[], void> {
  const words = line
    .split(/[ \t\r]+/)
    .filter((word) => word !== '')
    .map((word) => (word.includes('\0') ? word.slice(0, word.indexOf('\0')) : word))
    .filter((word) => word !== 'ipvsadm');
  if (words.length > 0) yield words;
}
