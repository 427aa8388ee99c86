/** Checks by one request of HTTP: no redirects, no second try, no kept connection. */
import { createHash, type Hash } from 'node:crypto';
import type { HttpExpectation } from '../model/check';
import { type Attempt, CheckFailure, type Found } from './attempt';
import type { ByteStream } from './byte-stream';
import { HttpAnswer, type HttpHead } from './http-answer';
import { bodyProblem, type HttpBody, headProblem, MAX_BODY, MAX_DIGESTED_BODY } from './http-expectation';
import { type Place, placeText } from './place';

/** @param defaultPort that which the header Host does not name. */
export async function checkHttp(
  attempt: Attempt,
  stream: ByteStream,
  place: Place,
  check: HttpExpectation,
  defaultPort: number,
): Promise<Found> {
  attempt.enter('send');
  await stream.send(requestText(place, check, defaultPort));
  const collector = new Collector(check);
  const answer = new HttpAnswer(check.method, {
    head(head) {
      const problem = headProblem(head, check);
      if (problem !== undefined) throw new CheckFailure(problem);
      collector.head = head;
      attempt.enter('body');
    },
    body: (bytes) => collector.add(bytes),
  });
  while (!answer.done && !collector.full) {
    const bytes = await stream.read();
    if (bytes) answer.push(bytes);
    else answer.end();
  }
  const problem = bodyProblem(collector.body(answer.done), check);
  if (problem !== undefined) throw new CheckFailure(problem);
  return { message: `status ${collector.head!.status}` };
}

class Collector {
  head: HttpHead | undefined;
  private readonly parts: Buffer[] = [];
  private readonly hashes: ReadonlyMap<string, Hash>;
  private readonly limit: number;
  private length = 0;

  constructor({ digest }: HttpExpectation) {
    const algorithms = new Set(digest.map(({ algorithm }) => algorithm));
    this.hashes = new Map([...algorithms].map((name) => [name, createHash(name)]));
    this.limit = digest.length > 0 ? MAX_DIGESTED_BODY : MAX_BODY;
  }

  get full(): boolean {
    return this.length > this.limit;
  }

  add(bytes: Buffer): void {
    if (this.length < MAX_BODY) this.parts.push(bytes.subarray(0, MAX_BODY - this.length));
    for (const hash of this.hashes.values()) hash.update(bytes);
    this.length += bytes.length;
  }

  body(complete: boolean): HttpBody {
    return {
      text: Buffer.concat(this.parts).toString('latin1'),
      length: this.length,
      complete,
      digests: Object.fromEntries([...this.hashes].map(([name, hash]) => [name, hash.digest('hex')])),
    };
  }
}

/** The methods whose requests have a body, which is empty here. */
const withBody = new Set(['POST', 'PUT', 'PATCH']);

/** @throws CheckFailure if a part of it would be two lines. */
export function requestText(place: Place, check: HttpExpectation, defaultPort: number): string {
  const headers: Record<string, string> = {
    Host: check.host ?? hostOf(place, defaultPort),
    'User-Agent': 'ipvsadm-director',
    Accept: '*/*',
    ...(withBody.has(check.method) && { 'Content-Length': '0' }),
    Connection: 'close',
  };
  const given = new Set(Object.keys(check.headers).map((name) => name.toLowerCase()));
  const lines = [
    `${check.method} ${check.path} HTTP/${check.version}`,
    ...Object.entries(headers)
      .filter(([name]) => !given.has(name.toLowerCase()))
      .map(([name, value]) => `${name}: ${value}`),
    ...Object.entries(check.headers).map(([name, value]) => `${name}: ${value}`),
  ];
  const broken = lines.find((line) => /[\r\n\0]/.test(line));
  if (broken !== undefined) throw new CheckFailure('the request has a line break in its middle', true);
  return `${lines.join('\r\n')}\r\n\r\n`;
}

function hostOf(place: Place, defaultPort: number): string {
  const [address] = place.address.split('%'); // the name of an interface means nothing to the server
  const host = { ...place, address: address! };
  if (place.port !== defaultPort) return placeText(host);
  return place.family === 6 ? `[${address}]` : address!;
}
