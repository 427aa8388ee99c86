/** TCP, and a text that is sent and one that is expected. */
import type { Pattern } from '../model/check';
import { type Attempt, CheckFailure, type Found } from './attempt';
import type { ByteStream } from './byte-stream';
import { matches, patternText } from './pattern';

/** The most of an answer that is read. */
export const MAX_ANSWER = 64 * 1024;
/** Between two searches, in milliseconds: a server may send one byte at a time. */
const PAUSE = 5;

export async function checkTcp(
  attempt: Attempt,
  stream: ByteStream,
  { send, expect }: { readonly send?: string | undefined; readonly expect?: Pattern | undefined },
): Promise<Found> {
  if (send !== undefined) await stream.send(send);
  if (expect === undefined) return { message: send === undefined ? 'connected' : 'connected and sent' };
  let text = '';
  for (;;) {
    const bytes = await stream.read();
    if (!bytes) throw new CheckFailure(endText(text, expect));
    text += bytes.toString('latin1').slice(0, MAX_ANSWER - text.length);
    if (matches(expect, text)) return { message: `answered ${patternText(expect)}` };
    if (text.length === MAX_ANSWER) {
      throw new CheckFailure(`${patternText(expect)} is not in the first ${MAX_ANSWER} bytes of the answer`);
    }
    await attempt.pause(PAUSE);
  }
}

function endText(text: string, expect: Pattern): string {
  if (text === '')
    return `the server closed the connection without an answer, expected ${patternText(expect)}`;
  return `the server closed the connection, and ${patternText(expect)} is not in its ${text.length} bytes`;
}
