/** Tells programs, webhooks and mail of events. */
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { hostname } from 'node:os';
import type { DirectorEvent } from '../director/types';
import type { Configuration, Notify } from '../model/director';
import { Queues, type ToldEvent } from './queues';
import { runProgram } from './run-program';

/** The longest that one event may take with one who is told. */
const LIMIT = 30_000;
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

type Way = keyof Notify;

const ways: { readonly [W in Way]-?: (event: ToldEvent, to: NonNullable<Notify[W]>) => Promise<void> } = {
  exec: (event, path) =>
    runProgram([path], { input: `${JSON.stringify(told(event))}\n`, env: variables(event), limit: LIMIT }),
  webhook: post,
  mail: (event, to) =>
    runProgram(['sendmail', '-i', '--', ...to], {
      input: mailText(event, to, hostname()),
      env: { PATH },
      limit: LIMIT,
    }),
};

export class Notifier {
  readonly #queues: { readonly way: Way; readonly queues: Queues<Notify> }[];

  /** @param failed hears of events that could not be told. */
  constructor(failed: (text: string) => void) {
    this.#queues = (Object.keys(ways) as Way[]).map((way) => ({
      way,
      queues: new Queues<Notify>(
        (event, notify) =>
          (ways[way] as (event: ToldEvent, to: unknown) => Promise<void>)(event, notify[way]),
        (text) => failed(`${way}: ${text}`),
      ),
    }));
  }

  notify(event: DirectorEvent, { notify }: Pick<Configuration, 'notify'>): void {
    for (const { way, queues } of this.#queues) if (notify[way] !== undefined) queues.add(event, notify);
  }
}

/** The event as programs and webhooks get it: with the time as text as well. */
function told(event: ToldEvent): object {
  return { ...event, time: new Date(event.at).toISOString(), host: hostname() };
}

function variables({ id, at, kind, service, server, text, count }: ToldEvent): Record<string, string> {
  return {
    PATH,
    LC_ALL: 'C.UTF-8',
    IPVSADM_EVENT: kind,
    IPVSADM_EVENT_ID: String(id),
    IPVSADM_TIME: new Date(at).toISOString(),
    IPVSADM_SERVICE: service ?? '',
    IPVSADM_SERVER: server ?? '',
    IPVSADM_TEXT: text,
    IPVSADM_COUNT: String(count),
  };
}

/** @throws Error in words. */
function post(event: ToldEvent, url: string): Promise<void> {
  const body = JSON.stringify(told(event));
  return new Promise((resolve, reject) => {
    const send = url.startsWith('https:') ? httpsRequest : httpRequest;
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'ipvsadm-director',
    };
    const asked = send(url, { method: 'POST', headers, agent: false, signal: AbortSignal.timeout(LIMIT) });
    asked.on('error', ({ name, message }) => {
      const late = name === 'AbortError' || name === 'TimeoutError';
      reject(new Error(late ? `no answer within ${LIMIT / 1000} s` : message));
    });
    asked.on('response', (response) => {
      const { statusCode = 0 } = response;
      // Nothing of the body is of use, however long it is.
      response.destroy();
      if (statusCode >= 200 && statusCode < 300) resolve();
      else reject(new Error(`status ${statusCode}, expected 200-299`));
    });
    asked.end(body);
  });
}

/** A mail, with its headers, for sendmail(8). */
export function mailText(event: ToldEvent, to: readonly string[], host: string): string {
  const { kind, service, server, text, at, id, count } = event;
  const object = [service, server].filter((name) => name !== undefined).join('/');
  const subject = `[lvs ${host}] ${kind}${object === '' ? '' : ` ${object}`}`;
  const lines = [
    `To: ${to.join(', ')}`,
    `Subject: ${encodedWords(subject)}`,
    'Auto-Submitted: auto-generated',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
    '',
    text,
    '',
    `${new Date(at).toISOString()}, event ${id}${count > 1 ? `, ${count} times` : ''}, director ${host}`,
    '',
  ];
  return lines.join('\n');
}

/** A header's value in ASCII (RFC 2047). */
function encodedWords(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  const characters = [...text];
  const parts = Array.from({ length: Math.ceil(characters.length / 10) }, (_, index) =>
    characters.slice(index * 10, index * 10 + 10).join(''),
  );
  return parts.map((part) => `=?utf-8?B?${Buffer.from(part).toString('base64')}?=`).join('\n ');
}
