/** Whatever answers, a check ends within its limit with a sentence, and leaves nothing open. */

import { encode } from 'dns-packet';
import fc from 'fast-check';
import { runCheck } from '../../src/checks';
import { servingStatus } from '../../src/checks/grpc';
import type { CheckKind } from '../../src/model/check';
import { certificate, closeServers, tcpServer, tlsServer, udpServer } from './servers';
import { anyAnswer, checkOf, targetOf } from './targets';

afterAll(closeServers);

const TIMEOUT = 1500;
const tls = { verify: true, warnDays: 14 };
const rich = {
  ...anyAnswer,
  status: [[100, 599]] as const,
  body: [{ regex: '(a|b)*c?' }],
  not: [{ text: '\xff\xff' }],
  json: [{ pointer: '', equals: {} }],
  digest: [{ algorithm: 'md5' as const, hex: '00' }],
};
const overTcp: CheckKind[] = [
  { type: 'tcp', send: 'x', expect: { regex: 'a+b' } },
  { type: 'http', ...rich },
  { type: 'tls', tls },
  { type: 'https', tls, ...rich },
  { type: 'smtp', helo: 'x' },
  { type: 'dns', query: 'a.b', record: 'A', transport: 'tcp' },
  { type: 'grpc', service: 'x' },
  { type: 'agent' },
];

/** Bytes, some of which begin as an answer does. */
const answers = fc
  .tuple(
    fc.constantFrom(
      '',
      'HTTP/1.1 200 OK\r\n\r\n',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n',
      '220 ',
      'up ',
      '\0\0\x04',
    ),
    fc.uint8Array({ maxLength: 300 }),
  )
  .map(([begin, bytes]) => Buffer.concat([Buffer.from(begin, 'latin1'), bytes]));

function expectSentence(kind: CheckKind, result: Awaited<ReturnType<typeof runCheck>>): void {
  expect({ type: kind.type, ...result }).toMatchObject({
    ok: expect.any(Boolean),
    message: expect.stringMatching(/./s),
  });
  expect([result.message, result.answer ?? ''].join('')).not.toMatch(/[^\0-\xff]/);
  expect(result.message).not.toMatch(/undefined|\[object|TypeError|RangeError|is not a function|Cannot read/);
  expect(result.answer?.length ?? 0).toBeLessThanOrEqual(200);
}

test('bytes over TCP', async () => {
  let answer = Buffer.alloc(0);
  let end = 'end';
  const port = await tcpServer((socket) => {
    socket.resume().write(answer);
    if (end === 'end') socket.end();
    else setTimeout(() => socket.resetAndDestroy(), 5);
  });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...overTcp),
      answers,
      fc.constantFrom('end', 'reset'),
      async (kind, bytes, how) => {
        answer = bytes;
        end = how;
        expectSentence(kind, await runCheck(checkOf(kind, { timeout: TIMEOUT }), targetOf(port)));
      },
    ),
    { numRuns: 250 },
  );
}, 60_000);

test('bytes inside TLS', async () => {
  let answer = Buffer.alloc(0);
  const port = await tlsServer((socket) => socket.resume().end(answer), certificate('right').options());
  const kind: CheckKind = { type: 'https', ...rich, tls: { ...tls, verify: false } };
  await fc.assert(
    fc.asyncProperty(answers, async (bytes) => {
      answer = bytes;
      expectSentence(kind, await runCheck(checkOf(kind, { timeout: TIMEOUT }), targetOf(port)));
    }),
    { numRuns: 60 },
  );
}, 60_000);

test('datagrams', async () => {
  const name = 'www.example.com';
  const kind: CheckKind = { type: 'dns', query: name, record: 'TXT', transport: 'udp', answer: 'x' };
  const right = encode({
    ...{ type: 'response', questions: [{ type: 'TXT', name }] },
    answers: [
      { type: 'TXT', name, data: 'y' },
      { type: 'MX', name, data: { preference: 1, exchange: name } },
      { type: 'SOA', name, data: { mname: name, rname: name } },
    ],
  });
  let make: (question: Buffer) => Buffer = (question) => question;
  const port = await udpServer((question, send) => send(make(question)));
  const changes = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), {
    minLength: 0,
    maxLength: 6,
  });
  await fc.assert(
    fc.asyncProperty(changes, fc.option(fc.uint8Array({ maxLength: 100 })), async (list, noise) => {
      make = (question) => {
        const bytes = noise ? Buffer.concat([question.subarray(0, 2), noise]) : Buffer.from(right);
        for (const [at, value] of list) if (bytes.length > 2) bytes[2 + (at % (bytes.length - 2))] = value;
        question.copy(bytes, 0, 0, 2);
        return bytes;
      };
      expectSentence(kind, await runCheck(checkOf(kind, { timeout: TIMEOUT }), targetOf(port)));
    }),
    { numRuns: 500 },
  );
}, 60_000);

test('messages of gRPC', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.boolean(), (bytes, framed) => {
      const message = framed ? Buffer.from([0, 0, 0, 0, bytes.length, ...bytes]) : Buffer.from(bytes);
      let status: number | string;
      try {
        status = servingStatus(message);
      } catch (error) {
        status = (error as Error).message;
      }
      expect(String(status)).toMatch(
        /^\d+$|^the answer (?:has \d+ bytes, which are no complete message|is compressed|is no health response)$/,
      );
    }),
    { numRuns: 5000 },
  );
});
