/** What the commands that ask the director daemon share. */
import * as Flags from '@oclif/core/flags';
import { bytesFromUnicode, unicodeFromBytes } from '../../bytes/unicode';
import { exitStatus } from '../../errors/exit-status';
import { IpvsadmError, usageError } from '../../errors/ipvsadm-error';
import { DIRECTOR_SOCKET, type DirectorAnswer, type DirectorQuestion } from '../../platform/director-system';
import { parseDuration } from '../../state/document/check-kinds';
import type { CommandContext } from './base';
import { InvalidValueError } from './command-line-error';
import { asksData, type DataFlags, writeData } from './data';
import { quietFlag } from './quiet';

export const socketFlag = {
  socket: Flags.string({
    helpValue: 'PATH',
    description: 'the socket of the daemon',
    default: DIRECTOR_SOCKET,
  }),
};

export const jsonFlag = { json: Flags.boolean({ description: 'print JSON' }) };

/** The flags of a command that asks for a change. */
export const orderFlags = { ...socketFlag, ...jsonFlag, ...quietFlag };

/** The longest of these: a year. */
const MAX_DURATION = 366 * 86_400_000;

/** A flag such as `90s` or `2h`, in milliseconds. */
export const durationFlag = Flags.custom<number>({
  helpValue: 'DURATION',
  parse: async (text) => {
    const value = parseDuration(text);
    if (value !== undefined && value > 0 && value <= MAX_DURATION) return value;
    throw new InvalidValueError('must be a duration with its unit, such as 90s, 15m or 2h');
  },
});

type Question = Pick<DirectorQuestion, 'method' | 'path' | 'body' | 'line' | 'endable'>;

/** The longest that an answer may take: a reload of a large table. */
const LIMIT = 120_000;

const failures: Readonly<Record<string, string>> = {
  ENOENT: "no director daemon runs here: 'ipvsadm director run FILE' starts one",
  ECONNREFUSED: "the director daemon has ended: 'ipvsadm director run FILE' starts one",
  EACCES: "permission denied: 'director run --group' names who may ask",
  ETIMEDOUT: `no answer within ${LIMIT / 1000} s`,
  ECONNRESET: 'the daemon ended while it answered',
};

/** Asks the daemon. @returns its answer. @throws IpvsadmError if there is none, or what it refuses. */
export async function ask(context: CommandContext, socket: string, question: Question): Promise<string> {
  const answer = await answerOf(context, socket, question);
  if ('failure' in answer) throw failed(socket, answer.failure);
  return textOf(answer);
}

/** Where the daemon says how servers are: all, those of a service, or one; by names or keys. */
export function healthPath(...names: readonly (string | undefined)[]): string {
  const known = names.flatMap((name) => name ?? []);
  const parts = known.map((name) => encodeURIComponent(name.replace(/\p{Surrogate}/gu, '\ufffd')));
  return ['/v1/health', ...parts].join('/');
}

/** As `ask`; undefined if no daemon runs. */
export async function tryAsk(
  context: CommandContext,
  socket: string,
  question: Question,
): Promise<string | undefined> {
  const answer = await answerOf(context, socket, question);
  if (!('failure' in answer)) return textOf(answer);
  if (answer.failure === 'ENOENT' || answer.failure === 'ECONNREFUSED') return undefined;
  throw failed(socket, answer.failure);
}

async function answerOf({ system }: CommandContext, socket: string, question: Question) {
  const timeout = question.line ? undefined : LIMIT;
  return await system.askDirector({ socket, timeout, ...question });
}

function textOf(answer: Exclude<DirectorAnswer, { failure: string }>): string {
  if (answer.status === 200) return answer.text;
  throw new IpvsadmError(bytesFromUnicode(`ipvsadm: ${problemIn(answer.text)}`), statusOf(answer.status));
}

function failed(socket: string, failure: string): IpvsadmError {
  return usageError(`ipvsadm: ${socket}: ${failures[failure] ?? failure}`);
}

/** What the daemon says is wrong; its answer must be JSON, but who knows who answers there. */
function problemIn(text: string): string {
  try {
    const { problem } = JSON.parse(text) as { problem?: unknown };
    if (typeof problem === 'string') return problem;
  } catch {
    // Then it is shown as it is.
  }
  return text.slice(0, 200);
}

function statusOf(status: number): number {
  return status >= 500 ? exitStatus.refused : exitStatus.usage;
}

/** Asks for a change, and says what came of it. @returns the answer, as JSON. */
export async function order(
  context: CommandContext,
  flags: DataFlags & { readonly socket: string },
  path: string,
  body: Readonly<Record<string, unknown>>,
): Promise<string> {
  const answer = await ask(context, flags.socket, {
    method: 'POST',
    path,
    body: { ...body, author: author(context) },
  });
  if (asksData(flags)) writeData(context, flags, answer);
  else context.output.done(bytesFromUnicode(`${parsed<{ text: string }>(answer).text}\n`));
  return answer;
}

/** The user who asks, for the record. */
export function author({ system }: CommandContext): string {
  const name = system.environment('SUDO_USER') || system.environment('USER') || system.environment('LOGNAME');
  return unicodeFromBytes(name || 'root').slice(0, 100);
}

/** The daemon's answer as JSON. @throws IpvsadmError if it is none: another program answers there. */
export function parsed<T>(text: string): T {
  try {
    return JSON.parse(text) as T;
  } catch {
    throw usageError('ipvsadm: the answer is not JSON: another program than the daemon has the socket');
  }
}

/** `SERVICE/SERVER`, by names or by keys: a key has no slash. */
export function splitName(text: string): { readonly service: string; readonly server?: string } {
  const name = unicodeFromBytes(text);
  const slash = name.indexOf('/');
  return slash < 0 ? { service: name } : { service: name.slice(0, slash), server: name.slice(slash + 1) };
}
