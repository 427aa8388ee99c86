/** HTTP: what is right, what is wrong, and the sentence about it. */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { HttpExpectation } from '../../src/model/check';
import { answering, closeServers, listening, tcpServer, trickling } from './servers';
import { anyAnswer, checked } from './targets';

afterEach(closeServers);

const http = (more: Partial<HttpExpectation> = {}) => ({ type: 'http', ...anyAnswer, ...more }) as const;
const ok = (body: string, more = '') =>
  `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n${more}\r\n${body}`;
const digest = (algorithm: 'md5' | 'sha256', text: string) => ({
  algorithm,
  hex: createHash(algorithm).update(text, 'latin1').digest('hex'),
});

const json = '{"status":"up","checks":[{"ok":true,"n":1.5},null],"a/b":{"m~n":"\u00fcber","deep":{"x":[1]}}}';

const answers: [name: string, answer: string, expected: Partial<HttpExpectation>, said: string][] = [
  ['a good status', ok('hello'), {}, 'ok: status 200'],
  ['a wrong status', 'HTTP/1.1 503 Service Unavailable\r\n\r\n', {}, 'wait: status 503, expected 200-299'],
  [
    'a status of a list',
    'HTTP/1.1 401 No\r\n\r\n',
    {
      status: [
        [200, 299],
        [401, 401],
      ],
    },
    'ok: status 401',
  ],
  [
    'a status outside a list',
    'HTTP/1.1 404 No\r\n\r\n',
    {
      status: [
        [200, 299],
        [401, 401],
      ],
    },
    'wait: status 404, expected 200-299, 401',
  ],
  [
    'a redirect, which is not followed',
    'HTTP/1.1 301 Moved\r\nLocation: /there\r\n\r\n',
    {},
    'wait: status 301, expected 200-299: redirected to "/there"',
  ],
  ['a body', ok('all is ok'), { body: [{ text: 'ok' }] }, 'ok: status 200'],
  ['a body without the text', ok('bad'), { body: [{ text: 'ok' }] }, 'body: "ok" is not in the body'],
  ['an empty body', ok(''), { body: [{ text: 'ok' }] }, 'body: "ok" is not in the body, which is empty'],
  [
    'a body that must not have a text',
    ok('Error 7'),
    { not: [{ text: 'Error' }] },
    'body: "Error" is in the body, expected not to be',
  ],
  [
    'a regular expression over lines',
    ok('a\nB'),
    { body: [{ regex: 'A.b', ignoreCase: true }] },
    'ok: status 200',
  ],
  [
    'a regular expression that fails',
    ok('a\nB'),
    { body: [{ regex: '^B$' }] },
    'body: /^B$/ is not in the body',
  ],
  [
    'a regular expression that must not match',
    ok('x1'),
    { not: [{ regex: '\\d' }] },
    'body: /\\d/ is in the body, expected not to be',
  ],
  [
    'a wrong regular expression',
    ok('x'),
    { body: [{ regex: '(' }] },
    'body: Invalid regular expression: /(/s: Unterminated group',
  ],
  [
    'a regular expression that would take years',
    ok(`${'a'.repeat(60)}b`),
    { body: [{ regex: '^(a+)+$' }] },
    'body: the search for /^(a+)+$/ took more than 200ms',
  ],
  [
    'a header of the answer',
    ok('', 'X-Role: primary\r\n'),
    { answerHeaders: { 'x-role': { text: 'primary' } } },
    'ok: status 200',
  ],
  [
    'a header of another value',
    ok('', 'X-Role: standby\r\n'),
    { answerHeaders: { 'x-role': { regex: '^primary$' } } },
    'wait: header x-role is "standby", expected /^primary$/',
  ],
  [
    'a header that is missing',
    ok(''),
    { answerHeaders: { 'x-role': { text: 'p' } } },
    'wait: the answer has no header x-role, expected "p"',
  ],
  ['a digest', ok('body'), { digest: [digest('md5', 'other'), digest('sha256', 'body')] }, 'ok: status 200'],
  [
    'a wrong digest',
    ok('body'),
    { digest: [digest('md5', 'other')] },
    `body: the digest of the body is md5 ${digest('md5', 'body').hex}, expected ${digest('md5', 'other').hex}`,
  ],
  [
    'JSON',
    ok(json),
    {
      json: [
        { pointer: '/checks/0/ok', equals: true },
        { pointer: '/checks/1', equals: null },
      ],
    },
    'ok: status 200',
  ],
  [
    'JSON of another encoding than text',
    ok(Buffer.from(json).toString('latin1')),
    { json: [{ pointer: '/a~1b/m~0n', equals: '\xc3\xbcber' }] },
    'ok: status 200',
  ],
  [
    'JSON that is an object',
    ok(json),
    { json: [{ pointer: '/a~1b/deep', equals: { x: [1] } }] },
    'ok: status 200',
  ],
  [
    'JSON of another value',
    ok(json),
    { json: [{ pointer: '/status', equals: 'down' }] },
    'body: /status is "up", expected "down"',
  ],
  [
    'JSON without the value',
    ok(json),
    { json: [{ pointer: '/checks/2', equals: 1 }] },
    'body: /checks/2 is missing, expected 1',
  ],
  [
    'JSON and the prototype of objects',
    ok('{}'),
    { json: [{ pointer: '/__proto__', equals: {} }] },
    'body: /__proto__ is missing, expected an object',
  ],
  ['no JSON', ok('<html>'), { json: [{ pointer: '', equals: 1 }] }, 'body: the body is not JSON: "<html>"'],
  ['a status line alone', 'HTTP/1.0 200 OK\r\n', {}, 'ok: status 200'],
  ['a status without an end of the line', 'HTTP/1.0 200', {}, 'ok: status 200'],
  [
    'lines that end in LF alone',
    'HTTP/1.0 200 OK\nX: y\n\nhello',
    { body: [{ text: 'hello' }] },
    'ok: status 200',
  ],
  [
    'a line that is no header',
    'HTTP/1.0 200 OK\r\nnonsense\r\n\r\nhello',
    { body: [{ text: 'hello' }] },
    'ok: status 200',
  ],
  ['shoutcast', 'ICY 200 OK\r\n\r\n', {}, 'ok: status 200'],
  ['an interim answer first', `HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n${ok('')}`, {}, 'ok: status 200'],
  [
    'chunks',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n',
    { body: [{ text: 'hello' }] },
    'ok: status 200',
  ],
  [
    'chunks that are cut off',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel',
    {},
    'body: the chunked body was cut off after 3 bytes',
  ],
  [
    'a chunk without a length',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n',
    {},
    'body: "-5" is no length of a chunk',
  ],
  [
    'a body that is cut off',
    'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhel',
    {},
    'body: the body was cut off after 3 of 10 bytes',
  ],
  [
    'headers that are cut off',
    'HTTP/1.1 200 OK\r\nContent-Le',
    {},
    'wait: the answer was cut off in its headers',
  ],
  [
    'two lengths',
    'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nhel',
    {},
    'wait: "3, 4" is no Content-Length',
  ],
  ['nothing', '', {}, 'wait: the server closed the connection without an answer'],
  [
    'another protocol',
    'SSH-2.0-OpenSSH_9.2\r\n',
    {},
    'wait: the answer begins with "SSH-2.0-OpenSSH_9.2", which is no HTTP status line',
  ],
  [
    'another protocol without lines',
    '\x15\x03\x01',
    {},
    'wait: the answer begins with "\x15\x03\x01", which is no HTTP status line',
  ],
  ['HTTP 0.9', '<html>', {}, 'wait: the answer begins with "<html>", which is no HTTP status line'],
  [
    'headers without end',
    `HTTP/1.1 200 OK\r\n${'X: y\r\n'.repeat(20_000)}`,
    {},
    'wait: the headers are longer than 64 KiB',
  ],
];

test.each(answers)('%s', async (_, answer, expected, said) => {
  const port = await tcpServer(answering(answer));
  expect((await checked(http(expected), port)).said).toBe(said);
});

describe('what is sent', () => {
  async function request(expected: Partial<HttpExpectation>, host?: string): Promise<string> {
    let sent = '';
    const port = await tcpServer((socket) => {
      socket.once('data', (bytes) => {
        sent = bytes.toString('latin1').replaceAll(String(port), 'PORT');
        socket.end(ok(''));
      });
    }, host);
    await checked(http(expected), port, host === undefined ? {} : { host });
    return sent;
  }

  test('of HTTP/1.1', async () => {
    expect(await request({})).toBe(
      'GET / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nUser-Agent: ipvsadm-director\r\nAccept: */*\r\nConnection: close\r\n\r\n',
    );
  });

  test('of HTTP/1.0 with a name, headers that replace ours, and a method', async () => {
    const headers = { 'user-agent': 'KeepAliveClient', 'X-Check': 'yes' };
    expect(
      await request({
        version: '1.0',
        host: 'www.example.com',
        path: '/health?x=\xfc',
        method: 'POST',
        headers,
      }),
    ).toBe(
      'POST /health?x=\xfc HTTP/1.0\r\nHost: www.example.com\r\nAccept: */*\r\nContent-Length: 0\r\nConnection: close\r\n' +
        'user-agent: KeepAliveClient\r\nX-Check: yes\r\n\r\n',
    );
  });

  test('to an IPv6 address', async () => {
    expect(await request({}, '::1')).toMatch(/^GET \/ HTTP\/1.1\r\nHost: \[::1\]:PORT\r\n/);
  });

  test('never two requests', async () => {
    const answer = await checked(
      http({ headers: { X: 'y\r\n\r\nGET /secret HTTP/1.1' } }),
      await tcpServer(answering('')),
    );
    expect(answer.result).toEqual({
      ...{ ok: false, stage: 'send', message: 'the request has a line break in its middle', ours: true },
    });
  });
});

test('HEAD has no body', async () => {
  const port = await listening(createServer((_, response) => response.setHeader('Content-Length', 99).end()));
  expect((await checked(http({ method: 'HEAD' }), port)).said).toBe('ok: status 200');
});

test('the answer is kept for 200 bytes, and the conversation is heard', async () => {
  const answer = ok('x'.repeat(1000));
  const { result, steps } = await checked(http(), await tcpServer(answering(answer)));
  expect(result.answer).toBe(answer.slice(0, 200));
  expect(steps.map(({ stage, kind }) => `${stage} ${kind}`)).toEqual([
    'connect note',
    'connect note',
    'send sent',
    'wait received',
  ]);
  expect(steps[0]!.text).toMatch(/^connecting to 127\.0\.0\.1:\d+$/);
  expect(steps[1]!.text).toMatch(/^connected in \d+ms$/);
  expect(steps[2]!.text).toMatch(/^GET \/ HTTP/);
  expect(steps[3]!.text).toBe(answer);
});

describe('a body without end', () => {
  const MEBIBYTE = Buffer.alloc(1024 * 1024, 'x');

  /** Says that 1 GiB comes, and sends it as long as somebody reads. @returns the port, and how much was sent. */
  async function gigabyte() {
    let sent = 0;
    const port = await tcpServer((socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n');
        const more = () => {
          while (!socket.destroyed && sent < 1024 && socket.write(MEBIBYTE)) sent++;
        };
        socket.on('drain', more);
        more();
      });
    });
    return { port, sent: () => sent };
  }

  test('is read for 64 KiB', async () => {
    const { port, sent } = await gigabyte();
    expect((await checked(http({ body: [{ text: 'xx' }] }), port)).said).toBe('ok: status 200');
    expect(sent()).toBeLessThan(64);
    const answer = await checked(http({ body: [{ text: 'ok' }] }), port);
    expect(answer.said).toBe('body: "ok" is not in the body: looked in its first 65536 bytes');
    const asJson = await checked(http({ json: [{ pointer: '/a', equals: 1 }] }), port);
    expect(asJson.said).toBe('body: the body is longer than 65536 bytes, too long to be read as JSON');
  });

  test('is read for 16 MiB for a digest', async () => {
    const { port } = await gigabyte();
    const answer = await checked(http({ digest: [digest('sha256', '')] }), port);
    expect(answer.said).toBe('body: the body is longer than 16 MiB, too long for a digest');
  });
});

describe('the limit is over the whole check', () => {
  const late: [name: string, serve: Parameters<typeof tcpServer>[0], said: string][] = [
    ['nothing answers', (socket) => socket.resume(), 'wait: nothing answered within 300ms after connecting'],
    [
      'it answers later',
      (socket) => setTimeout(() => socket.destroyed || socket.end(ok('')), 400),
      'wait: nothing answered within 300ms after connecting',
    ],
    [
      'a status trickles',
      trickling('HTTP/1.1 200 OK\r\n\r\n', 90),
      'wait: no complete answer within 300ms: 3 bytes came',
    ],
    [
      'a body does not end',
      (socket) => socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhel')),
      'body: the body did not end within 300ms: 41 bytes came',
    ],
    [
      'a body trickles',
      (socket) =>
        socket.once('data', () => {
          socket.write('HTTP/1.1 200 OK\r\n\r\n');
          trickling('xxxxxxxxxxxxx', 90)(socket);
        }),
      'body: the body did not end within 300ms: 22 bytes came',
    ],
  ];

  test.each(late)('%s', async (_, serve, said) => {
    const { said: found, duration } = await checked(http(), await tcpServer(serve), { timeout: 300 });
    expect(found.replace(/\d+ bytes/, 'N bytes')).toBe(said.replace(/\d+ bytes/, 'N bytes'));
    // Its sockets close at the limit; what a loaded machine adds does not matter.
    expect(duration).toBeGreaterThanOrEqual(299);
  });
});
