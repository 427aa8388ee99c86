/** SMTP: greeting, HELO, QUIT (RFC 5321). */
import { type Attempt, CheckFailure, type Found } from './attempt';
import { type ByteStream, LineReader } from './byte-stream';
import { quoted } from './words';

const MAX_LINE = 4096;
const MAX_LINES = 100;
/** How long the answer to QUIT may take, in milliseconds. */
const LEAVE = 100;

export async function checkSmtp(attempt: Attempt, stream: ByteStream, helo: string): Promise<Found> {
  if (/[\r\n\0]/.test(helo)) throw new CheckFailure('the name for HELO has a line break', true);
  const lines = new LineReader(stream, MAX_LINE);
  const greeting = await reply(lines, '220', 'a greeting');
  await stream.send(`HELO ${helo}\r\n`);
  await reply(lines, '250', 'to HELO');
  // Whether it takes leave does not count.
  await stream.send('QUIT\r\n').catch(() => {});
  attempt.enter('wait');
  await Promise.race([lines.line().catch(() => {}), attempt.pause(LEAVE)]);
  return { message: greeting };
}

/** Reads a reply of one or more lines. @returns its last line. */
async function reply(lines: LineReader, code: string, what: string): Promise<string> {
  for (let count = 0; count < MAX_LINES; count++) {
    const line = await lines.line();
    if (line === undefined)
      throw new CheckFailure(`the server closed the connection in place of ${code} ${what}`);
    if (!new RegExp(`^${code}(?:[ -]|$)`).test(line)) {
      throw new CheckFailure(`answered ${quoted(line)}, expected ${code} ${what}`);
    }
    if (line[3] !== '-') return line;
  }
  throw new CheckFailure(`a reply of more than ${MAX_LINES} lines`);
}
