/**
 * HAProxy's agent-check: one line of words, separated by spaces, tabs or commas; what follows `#` is
 * the reason.
 */
import type { CheckResult } from '../model/check';
import { type Attempt, CheckFailure, type Found } from './attempt';
import { type ByteStream, LineReader } from './byte-stream';
import { quoted } from './words';

const MAX_LINE = 1024;

export async function checkAgent(
  _attempt: Attempt,
  stream: ByteStream,
  send: string | undefined,
): Promise<Found> {
  if (send !== undefined) await stream.send(send);
  const line = await new LineReader(stream, MAX_LINE).line();
  if (line === undefined) throw new CheckFailure('the agent closed the connection without a word');
  return readAgentLine(line);
}

/** What an agent says. @throws CheckFailure if it says that the server is down, or nothing that is known. */
export function readAgentLine(line: string): Found {
  const [, words, reason] = /^([^#\0]*)(?:#([^\0]*))?/.exec(line)!;
  let weight: number | undefined;
  let wish: CheckResult['wish'];
  let down: string | undefined;
  let known = 0;
  for (const word of words!.toLowerCase().split(/[\s,]+/)) {
    const [, percent] = /^(\d{1,5})%$/.exec(word) ?? [];
    if (percent !== undefined) weight = Math.min(Number(percent), 65_535);
    else if (word === 'ready' || word === 'drain' || word === 'maint') wish = word;
    else if (['down', 'fail', 'failed', 'stopped'].includes(word)) down = word;
    else if (word === 'up') down = undefined;
    else if (!/^(?:weight|maxconn):/.test(word)) continue;
    known++;
  }
  if (known === 0) throw new CheckFailure(`the agent answered ${quoted(line)}, which means nothing`);
  const said = reason?.trim();
  const message = `agent: ${words!.trim()}${said ? `: ${quoted(said)}` : ''}`;
  if (down !== undefined) throw new CheckFailure(message);
  return { message, weight, wish };
}
