/** Checks that talk: tcp with send and expect, smtp, agent, udp, file. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAgentLine } from '../../src/checks/agent';
import type { CheckKind } from '../../src/model/check';
import { closeServers, type Serve, tcpServer, trickling, udpServer } from './servers';
import { checked } from './targets';

afterEach(closeServers);

/** Greets, then answers each line with the next text. */
function dialogue(greeting: string, ...answers: string[]): Serve {
  return (socket) => {
    socket.write(greeting);
    socket.on('data', () => {
      const answer = answers.shift();
      if (answer === undefined) socket.end();
      else socket.write(Buffer.from(answer, 'latin1'));
    });
  };
}

const redis: CheckKind = { type: 'tcp', send: 'PING\r\n', expect: { text: '+PONG' } };

const tcp: [name: string, kind: CheckKind, serve: Serve, said: string][] = [
  ['connects', { type: 'tcp' }, () => {}, 'ok: connected'],
  ['sends', { type: 'tcp', send: 'x' }, () => {}, 'ok: connected and sent'],
  ['is answered', redis, dialogue('', '+PONG\r\n'), 'ok: answered "+PONG"'],
  ['is answered in pieces', redis, dialogue('+PO', 'NG\r\n'), 'ok: answered "+PONG"'],
  ['is answered byte by byte', redis, trickling('+PONG', 10), 'ok: answered "+PONG"'],
  [
    'is answered otherwise',
    redis,
    (socket) => socket.end('-NOAUTH\r\n'),
    'wait: the server closed the connection, and "+PONG" is not in its 9 bytes',
  ],
  [
    'is greeted',
    { type: 'tcp', expect: { regex: '^SSH-2' } },
    dialogue('SSH-2.0-x\r\n'),
    'ok: answered /^SSH-2/',
  ],
  [
    'is answered too much',
    redis,
    (socket) => {
      const more = () => {
        while (!socket.destroyed && socket.write('x'.repeat(10_000)));
      };
      socket.on('drain', more);
      more();
    },
    'wait: "+PONG" is not in the first 65536 bytes of the answer',
  ],
];

test.each(tcp)('tcp %s', async (_, kind, serve, said) => {
  expect((await checked(kind, await tcpServer(serve))).said).toBe(said);
});

const smtp: [name: string, serve: Serve, said: string][] = [
  [
    'right',
    dialogue('220 mail.example ESMTP\r\n', '250 hello\r\n', '221 bye\r\n'),
    'ok: 220 mail.example ESMTP',
  ],
  [
    'of several lines',
    dialogue('220-mail\r\n220 ready\r\n', '250-mail\r\n250 OK\r\n', '221 bye\r\n'),
    'ok: 220 ready',
  ],
  [
    'busy',
    dialogue('421 too many connections\r\n'),
    'wait: answered "421 too many connections", expected 220 a greeting',
  ],
  ['rude', dialogue('220 mail\r\n', '550 go away\r\n'), 'wait: answered "550 go away", expected 250 to HELO'],
  ['gone', dialogue('220 mail\r\n'), 'wait: the server closed the connection in place of 250 to HELO'],
  ['gone after QUIT', dialogue('220 mail\r\n', '250 hi\r\n'), 'ok: 220 mail'],
  [
    'deaf to QUIT',
    (socket) => {
      socket.write('220 mail\r\n');
      socket.once('data', () => socket.write('250 hi\r\n'));
    },
    'ok: 220 mail',
  ],
  ['endless', (socket) => socket.write('220-x\r\n'.repeat(200)), 'wait: a reply of more than 100 lines'],
  [
    'one long line',
    (socket) => socket.write('2'.repeat(9000)),
    'wait: a line of the answer is longer than 4096 bytes',
  ],
];

test.each(smtp)('smtp %s', async (_, serve, said) => {
  expect((await checked({ type: 'smtp', helo: 'director.example' }, await tcpServer(serve))).said).toBe(said);
});

test('smtp sends HELO and QUIT, and no more commands than these', async () => {
  let sent = '';
  const port = await tcpServer((socket) => {
    socket.write('220 x\r\n');
    socket.on('data', (bytes) => {
      sent += bytes;
      socket.write(`${sent.includes('QUIT') ? 221 : 250} x\r\n`);
    });
  });
  await checked({ type: 'smtp', helo: 'director.example' }, port);
  expect(sent).toBe('HELO director.example\r\nQUIT\r\n');
  expect((await checked({ type: 'smtp', helo: 'a\r\nMAIL FROM:<>' }, port)).result.ours).toBe(true);
});

const agents: [line: string, found: object][] = [
  ['75%', { weight: 75 }],
  ['up 75% ready', { weight: 75, wish: 'ready' }],
  ['drain', { wish: 'drain' }],
  ['MAINT,maxconn:30\t50%', { wish: 'maint', weight: 50 }],
  ['weight:50', {}],
  ['up', {}],
  ['99999%', { weight: 65535 }],
];

test.each(agents)('agent %s', (line, found) => {
  const { message, ...rest } = readAgentLine(line);
  expect(message).toBe(`agent: ${line.trim()}`);
  expect(rest).toEqual(found);
});

const downs: [line: string, message: string][] = [
  ['down #disk full', 'agent: down: "disk full"'],
  ['stopped', 'agent: stopped'],
  ['50% fail # x', 'agent: 50% fail: "x"'],
  ['hello', 'the agent answered "hello", which means nothing'],
  ['', 'the agent answered "", which means nothing'],
  ['#up', 'the agent answered "#up", which means nothing'],
];

test.each(downs)('agent %s fails', (line, message) => {
  expect(() => readAgentLine(line)).toThrow(message);
});

const agentServers: [name: string, serve: Serve, said: string][] = [
  ['a line', (socket) => socket.write('ready 50%\n'), 'ok: agent: ready 50%'],
  ['a line without its end', (socket) => socket.end('drain'), 'ok: agent: drain'],
  ['a line byte by byte', trickling('up\r\n', 10), 'ok: agent: up'],
  [
    'no end',
    (socket) => socket.write('x'.repeat(2000)),
    'wait: a line of the answer is longer than 1024 bytes',
  ],
];

test.each(agentServers)('agent by TCP: %s', async (_, serve, said) => {
  expect((await checked({ type: 'agent' }, await tcpServer(serve))).said).toBe(said);
});

test('what is sent to an agent', async () => {
  const port = await tcpServer((socket) => socket.once('data', (bytes) => socket.end(`up #${bytes}`)));
  expect((await checked({ type: 'agent', send: 'web03\n' }, port)).said).toBe('ok: agent: up: "web03"');
});

describe('udp', () => {
  const echo = () => udpServer((bytes, answer) => answer(bytes));

  test('answered', async () => {
    const kind: CheckKind = { type: 'udp', send: '\x00\xff', expect: { regex: '^\\x00\\xff$' } };
    expect((await checked(kind, await echo())).said).toBe('ok: answered 2 bytes');
  });

  test('answered otherwise', async () => {
    const kind: CheckKind = { type: 'udp', send: 'x', expect: { text: 'y' } };
    expect((await checked(kind, await echo())).said).toBe('wait: answered "x", expected "y"');
  });

  test('not answered', async () => {
    const port = await udpServer(() => {});
    const wanted = await checked({ type: 'udp', send: 'x', expect: { text: 'y' } }, port, { timeout: 200 });
    expect(wanted.said).toBe('wait: nothing answered within 200ms after connecting');
    const any = await checked({ type: 'udp', send: 'x' }, port, { timeout: 200 });
    expect(any.said).toBe('ok: no ICMP error');
  });

  test('refused by ICMP', async () => {
    const port = await udpServer(() => {});
    await closeServers();
    expect((await checked({ type: 'udp', send: 'x' }, port)).said).toBe('wait: connection refused');
  });

  test('too long', async () => {
    const { result } = await checked({ type: 'udp', send: 'x'.repeat(70_000) }, await echo());
    expect(result).toMatchObject({ ok: false, stage: 'send' });
  });
});

describe('file', () => {
  const directory = mkdtempSync(join(tmpdir(), 'ipvsadm-check-'));
  const path = join(directory, 'number');
  afterAll(() => rmSync(directory, { recursive: true }));

  const files: [content: string, weight: number | undefined, said: string, added: number | undefined][] = [
    ['0\n', undefined, `ok: ${path}: 0`, undefined],
    ['1', undefined, `run: ${path}: 1, expected 0`, undefined],
    ['-3\nmore', 2, `ok: ${path}: -3`, -6],
    ['', undefined, `run: ${path}: "" is no number`, undefined],
    ['99999999999', 1, `run: ${path}: "99999999999" is no number`, undefined],
    ['x'.repeat(1e6), undefined, `run: ${path}: "${'x'.repeat(60)}..." is no number`, undefined],
  ];

  test.each(files)('%#', async (content, weight, said, added) => {
    writeFileSync(path, content);
    const { said: found, result } = await checked({ type: 'file', path, weight }, 1);
    expect(found).toBe(said);
    expect(result.addedWeight).toBe(added);
  });

  test('that is not there, or no file', async () => {
    expect((await checked({ type: 'file', path: `${path}.no` }, 1)).said).toBe(
      `run: ${path}.no: no such file`,
    );
    expect((await checked({ type: 'file', path: directory }, 1)).said).toBe(
      `run: ${directory}: not a regular file`,
    );
  });
});
