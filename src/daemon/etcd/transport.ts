/** Requests to one member of etcd, by the modules of Node. Bounded in time and size; nothing rejects. */
import { readFileSync } from 'node:fs';
import {
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { codeOf, errorSentence } from '../../checks/words';

export interface TlsFiles {
  /** Paths of files in PEM: who signed the member's certificate, and what is shown to it. */
  readonly ca?: string | undefined;
  readonly certificate?: string | undefined;
  readonly key?: string | undefined;
}

export type Reply =
  | { readonly ok: true; readonly status: number; readonly text: string }
  | { readonly ok: false; readonly problem: string; readonly worn?: boolean };

export interface Ask {
  readonly path: string;
  readonly body: string;
  readonly token?: string | undefined;
}

/** The most that is read of an answer: etcd refuses requests of more than 1.5 MiB, base64 makes it more. */
const MAX_ANSWER = 4 * 1024 * 1024;
/** For connecting and the head of the answer, when the body goes on without an end. */
const STREAM_WITHIN = 3000;
/** The kernel asks this often whether the other side of a silent connection is there. */
const PROBE = 5000;

export class Transport {
  #agent: HttpAgent | undefined;

  constructor(
    readonly endpoint: string,
    readonly tls: TlsFiles,
  ) {}

  /** @param limit milliseconds for everything. */
  async post(ask: Ask, limit: number): Promise<Reply> {
    const first = await this.#post(ask, limit);
    if (first.ok) return first;
    // Files of TLS may have changed. Requests that are under way keep the former one.
    this.#agent = undefined;
    return first.worn ? await this.#post(ask, limit) : first;
  }

  close(): void {
    this.#agent?.destroy();
    this.#agent = undefined;
  }

  /**
   * An answer that does not end. `hear` gets all of it, in pieces.
   * @param end is called once, unless it was ended by the result.
   */
  stream(ask: Ask, hear: (text: string) => void, end: (problem: string) => void): () => void {
    let over = false;
    const finish = (problem: string | undefined) => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      request?.destroy();
      if (problem !== undefined) end(problem);
    };
    const timer = setTimeout(() => finish(late(STREAM_WITHIN)), STREAM_WITHIN);
    const opened = this.#open(ask, false);
    if ('problem' in opened) {
      queueMicrotask(() => finish(opened.problem));
      return () => finish(undefined);
    }
    const { request } = opened;
    request.on('error', (error) => finish(this.#sentence(error)));
    request.on('socket', (socket) => socket.setKeepAlive(true, PROBE));
    request.on('response', (response) => {
      clearTimeout(timer);
      if (response.statusCode !== 200) return finish(`status ${response.statusCode}`);
      response.setEncoding('latin1');
      response.on('data', (text: string) => {
        if (!over) hear(text);
      });
      response.on('error', (error) => finish(this.#sentence(error)));
      response.on('close', () => finish('the member ended the watch'));
    });
    request.end(ask.body);
    return () => finish(undefined);
  }

  #post(ask: Ask, limit: number): Promise<Reply> {
    return new Promise((resolve) => {
      const opened = this.#open(ask, true);
      if ('problem' in opened) return resolve({ ok: false, problem: opened.problem });
      const { request } = opened;
      const fail = (problem: string, worn = false) => {
        clearTimeout(timer);
        resolve({ ok: false, problem, worn });
        request.destroy();
      };
      const timer = setTimeout(() => fail(late(limit)), limit);
      request.on('error', (error) => {
        // The member ended the kept connection, for instance because it was started again.
        const worn = request.reusedSocket && codeOf(error) === 'ECONNRESET';
        fail(this.#sentence(error), worn);
      });
      request.on('response', (response) => {
        collect(response, fail, (text) => {
          clearTimeout(timer);
          resolve({ ok: true, status: response.statusCode ?? 0, text });
        });
      });
      request.end(ask.body);
    });
  }

  #open({ path, body, token }: Ask, keep: boolean) {
    try {
      const url = new URL(path, this.endpoint);
      const secure = url.protocol === 'https:';
      // One connection is kept, because a lease is renewed each second.
      if (keep) this.#agent ??= secure ? new HttpsAgent({ ...kept, ...this.#files() }) : new HttpAgent(kept);
      const files = secure && !keep ? this.#files() : {};
      const options: RequestOptions = {
        method: 'POST',
        agent: keep ? this.#agent! : false,
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          ...(token === undefined ? {} : { authorization: token }),
        },
      };
      return { request: secure ? httpsRequest(url, { ...options, ...files }) : httpRequest(url, options) };
    } catch (error) {
      return { problem: this.#sentence(error) };
    }
  }

  /** @throws when one cannot be read. */
  #files(): { ca?: Buffer; cert?: Buffer; key?: Buffer } {
    const { ca, certificate, key } = this.tls;
    return {
      ...(ca === undefined ? {} : { ca: readFileSync(ca) }),
      ...(certificate === undefined ? {} : { cert: readFileSync(certificate) }),
      ...(key === undefined ? {} : { key: readFileSync(key) }),
    };
  }

  #sentence(error: unknown): string {
    const { path } = error as NodeJS.ErrnoException;
    const sentence = tlsSentences[codeOf(error) ?? ''] ?? errorSentence(error);
    return path === undefined ? sentence : `${path}: ${sentence}`;
  }
}

/** A connection that nobody uses any more ends. */
const IDLE = 10_000;

const kept = { keepAlive: true, maxSockets: 4, maxFreeSockets: 1, timeout: IDLE };

const tlsSentences: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "the member's certificate has ended",
  CERT_NOT_YET_VALID: "the member's certificate is not valid yet",
  DEPTH_ZERO_SELF_SIGNED_CERT: "the member's certificate is signed by itself, and not a trusted one",
  SELF_SIGNED_CERT_IN_CHAIN: "the issuer of the member's certificate is not trusted: set ca",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "the issuer of the member's certificate is not trusted: set ca",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "the issuer of the member's certificate is not trusted: set ca",
};

function late(limit: number): string {
  return `no answer within ${limit / 1000}s`;
}

function collect(
  response: IncomingMessage,
  fail: (problem: string) => void,
  done: (text: string) => void,
): void {
  const parts: Buffer[] = [];
  let length = 0;
  response.on('data', (part: Buffer) => {
    length += part.length;
    if (length > MAX_ANSWER) fail(`the answer is longer than ${MAX_ANSWER} bytes`);
    else parts.push(part);
  });
  response.on('error', (error) => fail(errorSentence(error)));
  response.on('aborted', () => fail('the answer ended early'));
  response.on('end', () => done(Buffer.concat(parts).toString()));
}
