/** DNS: what is asked, and what counts as an answer. */
import {
  type Answer,
  AUTHORITATIVE_ANSWER,
  decode,
  encode,
  type Packet,
  TRUNCATED_RESPONSE,
} from 'dns-packet';
import type { CheckKind } from '../../src/model/check';
import { closeServers, tcpServer, udpServer } from './servers';
import { checked } from './targets';

afterEach(closeServers);

const name = 'www.example.com';
const ask = (more: Partial<Extract<CheckKind, { type: 'dns' }>> = {}) =>
  ({ type: 'dns', query: name, record: 'A', transport: 'udp', ...more }) as const;

function reply(question: Packet, answers: Answer[], flags = 0): Buffer {
  const { id, questions } = question;
  return encode({
    type: 'response',
    ...(id !== undefined && { id }),
    ...(questions && { questions }),
    flags,
    answers,
  });
}

const a = (data: string): Answer => ({ type: 'A', name, data });
const all: Answer[] = [
  a('192.0.2.1'),
  { type: 'AAAA', name, data: '2001:db8::1' },
  { type: 'NS', name, data: 'NS1.example.com' },
  { type: 'MX', name, data: { preference: 10, exchange: 'mail.example.com' } },
  { type: 'TXT', name, data: ['v=spf1 ', '-all'] },
  {
    type: 'SOA',
    name,
    data: {
      mname: 'ns1.example.com',
      rname: 'root.example.com',
      serial: 7,
      refresh: 1,
      retry: 1,
      expire: 1,
      minimum: 1,
    },
  },
  { type: 'SRV', name, data: { priority: 1, weight: 2, port: 3, target: 'a.example.com' } },
];

const questions: [more: Parameters<typeof ask>[0], said: string][] = [
  [{}, 'ok: NOERROR, 192.0.2.1'],
  [{ answer: '192.0.2.1' }, 'ok: NOERROR, 192.0.2.1'],
  [{ answer: '192.0.2.9' }, 'wait: 192.0.2.1, expected 192.0.2.9'],
  [{ record: 'AAAA', answer: '2001:DB8:0::1' }, 'ok: NOERROR, 2001:DB8:0::1'],
  [{ record: 'NS', answer: 'ns1.EXAMPLE.com.' }, 'ok: NOERROR, ns1.EXAMPLE.com.'],
  [{ record: 'MX', answer: 'mail.example.com' }, 'ok: NOERROR, mail.example.com'],
  [{ record: 'MX', answer: '10 mail.example.com' }, 'ok: NOERROR, 10 mail.example.com'],
  [
    { record: 'MX', answer: '20 mail.example.com' },
    'wait: 10 mail.example.com, expected 20 mail.example.com',
  ],
  [{ record: 'TXT', answer: 'v=spf1 -all' }, 'ok: NOERROR, v=spf1 -all'],
  [{ record: 'SOA' }, 'ok: NOERROR, ns1.example.com 7'],
  [{ record: 'SRV' }, 'ok: NOERROR, 1 2 3 a.example.com'],
  [{ record: 'PTR', answer: 'x' }, 'wait: no record PTR for www.example.com, expected x'],
];

describe.each(['udp', 'tcp'] as const)('by %s', (transport) => {
  /** A server that answers a question with bytes. */
  function server(answer: (question: Packet) => Buffer): Promise<number> {
    if (transport === 'udp') return udpServer((bytes, send) => send(answer(decode(bytes))));
    return tcpServer((socket) =>
      socket.once('data', (bytes) => {
        const message = answer(decode(bytes, 2));
        const length = Buffer.from([message.length >> 8, message.length & 255]);
        // In two pieces, in the middle of the length.
        socket.write(length.subarray(0, 1));
        setTimeout(() => socket.end(Buffer.concat([length.subarray(1), message])), 5);
      }),
    );
  }

  test.each(questions)('%j', async (more, said) => {
    const port = await server((question) => reply(question, all));
    expect((await checked(ask({ transport, ...more }), port)).said).toBe(said);
  });

  const bad: [name: string, answer: (question: Packet) => Buffer, said: string][] = [
    [
      'an error',
      (question) => reply(question, [], 3),
      'wait: NXDOMAIN for www.example.com, expected NOERROR',
    ],
    ['no records', (question) => reply(question, []), 'wait: no record A for www.example.com, expected one'],
    [
      'truncated',
      (question) => reply(question, [], TRUNCATED_RESPONSE | AUTHORITATIVE_ANSWER),
      'wait: no record A for www.example.com, expected one; the answer is truncated',
    ],
    ['the question', (question) => encode(question), 'wait: the answer is a question'],
    ['garbage', () => Buffer.from('garbage'), 'wait: the answer is no message of DNS: "garbage"'],
    ['nothing', () => Buffer.alloc(0), 'wait: the answer is no message of DNS: ""'],
    [
      'many records',
      (question) =>
        reply(
          question,
          [1, 2, 3, 4, 5].map((number) => a(`192.0.2.${number}`)),
        ),
      'ok: NOERROR, 192.0.2.1, 192.0.2.2, 192.0.2.3 and 2 more',
    ],
    [
      'other records',
      (question) => reply(question, [{ type: 'CNAME', name, data: 'a.b' }]),
      'ok: NOERROR, a.b',
    ],
  ];

  test.each(bad)('answered by %s', async (_, answer, said) => {
    expect((await checked(ask({ transport }), await server(answer))).said).toBe(said);
  });
});

test('answers to other questions do not count', async () => {
  const port = await udpServer((bytes, send) => {
    const question = decode(bytes);
    send(reply({ ...question, id: (question.id! + 1) & 0xffff }, [], 2));
    send(reply(question, all));
  });
  expect((await checked(ask(), port)).said).toBe('ok: NOERROR, 192.0.2.1');
});

test('a message that is cut off', async () => {
  const port = await tcpServer((socket) =>
    socket.once('data', () => socket.end(Buffer.from([0, 40, 1, 2, 3]))),
  );
  expect((await checked(ask({ transport: 'tcp' }), port)).said).toBe(
    'wait: the answer was cut off after 5 bytes',
  );
});

test('the question', async () => {
  let question: Packet = {};
  const port = await udpServer((bytes, send) => {
    question = decode(bytes);
    send(reply(question, []));
  });
  await checked(ask({ query: '.', record: 'SOA' }), port);
  expect(question).toMatchObject({ type: 'query', flag_rd: true, questions: [{ type: 'SOA', name: '.' }] });
});

test.each(['', 'a..b', `${'a'.repeat(64)}.b`, 'a b', '\xfc.example', 'a.'.repeat(130)])(
  'no name: %j',
  async (query) => {
    const { result } = await checked(ask({ query }), await udpServer(() => {}));
    expect(result).toMatchObject({
      ok: false,
      ours: true,
      message: expect.stringMatching(/ is no name of DNS$/),
    });
  },
);
