/** The reader of HTTP's answers is held equal to Node's own parser, however the bytes are cut. */

import { get } from 'node:http';
import fc from 'fast-check';
import { HttpAnswer, type HttpHead } from '../../src/checks/http-answer';
import { closeServers, tcpServer } from './servers';

afterEach(closeServers);

interface Read {
  readonly status: number;
  readonly body: string;
}

function read(pieces: readonly Buffer[]): Read | string {
  let head: HttpHead | undefined;
  let body = '';
  const answer = new HttpAnswer('GET', {
    head(found) {
      head = found;
    },
    body(bytes) {
      body += bytes.toString('latin1');
    },
  });
  try {
    for (const piece of pieces) answer.push(piece);
    if (!answer.done) answer.end();
  } catch (error) {
    return (error as Error).message;
  }
  return { status: head!.status, body };
}

function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const at = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
}

const texts = fc.string({ unit: 'binary-ascii', maxLength: 40 });
const names = fc.constantFrom('Server', 'X-Check', 'Set-Cookie', 'date');
const values = fc.stringMatching(/^[!-~]{0,20}$/);

/** Answers that are right, as text. */
const answers = fc
  .record({
    // Answers of 204 and 304 have no body.
    status: fc.integer({ min: 200, max: 599 }).filter((status) => status !== 204 && status !== 304),
    reason: fc.stringMatching(/^[A-Za-z ]{0,20}$/),
    headers: fc.array(fc.tuple(names, values), { maxLength: 5 }),
    parts: fc.array(texts, { maxLength: 5 }),
    framing: fc.constantFrom('length', 'chunked', 'close'),
    interim: fc.boolean(),
  })
  .map(({ status, reason, headers, parts, framing, interim }) => {
    const body = parts.join('');
    const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    const frame = {
      length: `Content-Length: ${body.length}\r\n`,
      chunked: 'Transfer-Encoding: chunked\r\n',
      close: '',
    }[framing]!;
    const chunks = parts
      .filter((part) => part !== '')
      .map((part) => `${part.length.toString(16)};x=1\r\n${part}\r\n`)
      .join('');
    const early = interim ? 'HTTP/1.1 102 Processing\r\nX: y\r\n\r\n' : '';
    return `${early}HTTP/1.1 ${status} ${reason}\r\n${lines}${frame}\r\n${framing === 'chunked' ? `${chunks}0\r\n\r\n` : body}`;
  });

test("reads what Node's parser reads", async () => {
  let answer = '';
  const port = await tcpServer((socket) => {
    socket.once('data', () => socket.end(Buffer.from(answer, 'latin1')));
  });
  const byNode = () =>
    new Promise<Read>((resolve, reject) => {
      get({ port, host: '127.0.0.1', agent: false }, (response) => {
        let body = '';
        response
          .setEncoding('latin1')
          .on('data', (text) => {
            body += text;
          })
          .on('end', () => resolve({ status: response.statusCode!, body }));
      }).on('error', reject);
    });
  await fc.assert(
    fc.asyncProperty(answers, fc.array(fc.nat(), { maxLength: 6 }), async (text, places) => {
      answer = text;
      expect(read(cut(Buffer.from(text, 'latin1'), places))).toEqual(await byNode());
    }),
    { numRuns: 300 },
  );
});

test('does not depend on where the bytes are cut, also of answers that are wrong', () => {
  const wrong = fc.tuple(answers, fc.nat(), texts).map(([text, place, more]) => {
    const at = place % (text.length + 1);
    return text.slice(0, at) + more + text.slice(at + more.length);
  });
  fc.assert(
    fc.property(fc.oneof(wrong, texts), fc.array(fc.nat(), { maxLength: 8 }), (text, places) => {
      const bytes = Buffer.from(text, 'latin1');
      const whole = read([bytes]);
      const pieces = read(cut(bytes, places));
      // What does not begin as HTTP is quoted as far as it had come.
      const same = (value: Read | string) => (typeof value === 'string' ? value.replace(/".*"/s, '') : value);
      expect(same(pieces)).toEqual(same(whole));
    }),
    { numRuns: 2000 },
  );
});
