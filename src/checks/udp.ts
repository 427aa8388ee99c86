/** UDP: a datagram that is sent, and one that is expected. */
import type { Pattern } from '../model/check';
import { type Attempt, CheckFailure, type Found } from './attempt';
import type { Datagrams } from './datagrams';
import { matches, patternText } from './pattern';
import { quoted } from './words';

/** The part of the limit in which an ICMP error may come, if no answer is expected. */
const PATIENCE = 0.9;

export async function checkUdp(
  attempt: Attempt,
  socket: Datagrams,
  { send, expect }: { readonly send: string; readonly expect?: Pattern | undefined },
): Promise<Found> {
  await socket.send(send);
  const answer = await (expect ? socket.receive() : soon(attempt, socket));
  if (answer === undefined) return { message: 'no ICMP error' };
  if (!expect || matches(expect, answer.toString('latin1')))
    return { message: `answered ${answer.length} bytes` };
  throw new CheckFailure(`answered ${quoted(answer.toString('latin1'))}, expected ${patternText(expect)}`);
}

/** The answer if one comes; undefined after some time. */
function soon(attempt: Attempt, socket: Datagrams): Promise<Buffer | undefined> {
  const wait = attempt.pause(attempt.remaining() * PATIENCE);
  return Promise.race([socket.receive(), wait.then(() => undefined)]);
}
