/** What every check of a connection meets: refused, unreachable, half-open, full, cut off, late. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { runCheck } from '../../src/checks';
import type { CheckKind } from '../../src/model/check';
import { closeServers, tcpServer } from './servers';
import { anyAnswer, checked, checkOf, targetOf } from './targets';

afterEach(closeServers);

const tls = { verify: false, warnDays: 14 };
const kinds: Record<string, CheckKind> = {
  tcp: { type: 'tcp', expect: { text: 'x' } },
  http: { type: 'http', ...anyAnswer },
  https: { type: 'https', tls, ...anyAnswer },
  tls: { type: 'tls', tls },
  smtp: { type: 'smtp', helo: 'director.example' },
  dns: { type: 'dns', query: 'www.example.com', record: 'A', transport: 'tcp' },
  grpc: { type: 'grpc', service: '' },
  'grpc over TLS': { type: 'grpc', service: '', tls },
  agent: { type: 'agent' },
};
const each = test.each(Object.entries(kinds));
const handshakes = ['https', 'tls', 'grpc over TLS'];

async function freePort(): Promise<number> {
  const port = await tcpServer(() => {});
  await closeServers();
  return port;
}

each('%s: refused', async (_, kind) => {
  expect((await checked(kind, await freePort())).said).toBe('connect: connection refused');
});

each('%s: half-open, nobody answers', async (name, kind) => {
  const { said } = await checked(kind, await tcpServer(() => {}), { timeout: 500 });
  expect(said).toBe(
    handshakes.includes(name)
      ? 'tls: the TLS handshake did not end within 500ms'
      : 'wait: nothing answered within 500ms after connecting',
  );
});

const closed: Record<string, RegExp> = {
  tcp: /^wait: the server closed the connection without an answer, expected "x"$/,
  http: /^wait: the server closed the connection without an answer$/,
  smtp: /^wait: the server closed the connection in place of 220 a greeting$/,
  dns: /^wait: the server closed the connection without an answer$/,
  grpc: /^(?:wait|body): the server (?:does not speak HTTP\/2, or closed the connection|closed the connection without an answer)$/,
  agent: /^wait: the agent closed the connection without a word$/,
};

each('%s: closed without a word', async (name, kind) => {
  const { said } = await checked(kind, await tcpServer((socket) => socket.resume().end()));
  expect(said).toMatch(closed[name] ?? /^tls: the server ended the connection during the TLS handshake$/);
});

each('%s: reset', async (name, kind) => {
  const { said } = await checked(kind, await tcpServer((socket) => socket.resetAndDestroy()));
  expect(said).toMatch(
    handshakes.includes(name)
      ? /^(?:connect: the server reset the connection|tls: the server ended the connection during the TLS handshake)$/
      : /: the server (?:reset the connection|closed the connection while the request was sent|does not speak HTTP\/2, or closed the connection)$/,
  );
});

each('%s: one byte after the other, without end', async (name, kind) => {
  const port = await tcpServer((socket) => {
    const timer = setInterval(() => socket.write('2'), 50);
    socket.on('close', () => clearInterval(timer)).resume();
  });
  const { result, duration } = await checked(kind, port, { timeout: 250 });
  expect(result.ok).toBe(false);
  expect(result.message).not.toBe('');
  // What is garbage from its first byte on is known earlier.
  if (name === 'tcp' || name === 'agent') expect(duration).toBeGreaterThanOrEqual(249);
});

test('unreachable: no route, by the answer of the machine', async () => {
  // Reserved for documentation, and from a source that no machine has.
  const { result } = await checked({ type: 'tcp' }, 80, { source: '192.0.2.77' });
  expect(result).toEqual({
    ok: false,
    stage: 'connect',
    message: 'this machine does not have the source address, or no free port of it',
    ours: true,
  });
});

test('from a source address', async () => {
  let from: string | undefined;
  const port = await tcpServer((socket) => {
    from = socket.remoteAddress;
  });
  expect((await checked({ type: 'tcp' }, port, { source: '127.0.0.9' })).said).toBe('ok: connected');
  expect(from).toBe('127.0.0.9');
});

test('a listener whose backlog is full', async () => {
  const listener = `
    const server = require('net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
      process.stdout.write(server.address().port + '\\n', () => {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
      });
    });`;
  const child = spawn(process.execPath, ['-e', listener], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const port = Number(await once(child.stdout, 'data'));
    const fillers = Array.from({ length: 4 }, () => connect(port, '127.0.0.1').on('error', () => {}));
    await Promise.all(fillers.slice(0, 2).map((filler) => once(filler, 'connect')));
    expect((await checked({ type: 'tcp' }, port, { timeout: 300 })).said).toBe(
      'connect: no connection within 300ms',
    );
    for (const filler of fillers) filler.destroy();
  } finally {
    child.kill('SIGKILL');
  }
});

describe('the place', () => {
  const places: [name: string, check: Parameters<typeof checkOf>[1], message: string][] = [
    [
      'path without a mark',
      { via: 'path' },
      'a check through the forwarding path needs the director daemon, which gives it a mark, or a mark of its own',
    ],
    ['no address', { address: 'web03' }, 'the address of the check is none: web03'],
    [
      'a source of another family',
      { source: '::1' },
      'the source address ::1 is not of the family of 127.0.0.1',
    ],
    ['a port out of range', { port: 65536 }, 'the server has no port: the check needs one'],
  ];

  test.each(places)('%s', async (_, place, message) => {
    const { duration, ...result } = await runCheck(checkOf({ type: 'tcp' }, place), targetOf(1));
    expect(result).toEqual({ ok: false, stage: 'resolve', message, ours: true });
    expect(duration).toBeGreaterThan(0);
  });

  test('a ping through the path', async () => {
    const { message } = await runCheck(checkOf({ type: 'ping' }, { via: 'path', mark: 7 }), targetOf(1));
    expect(message).toBe('a check of type ping cannot go through the forwarding path');
  });

  test("the service's port, if the server has none", async () => {
    const steps: string[] = [];
    const hear = ({ text }: { readonly text: string }) => steps.push(text);
    await runCheck(checkOf({ type: 'tcp' }, { timeout: 50 }), targetOf(0), { hear });
    expect(steps[0]).toBe('connecting to 127.0.0.1:80');
  });

  test('a mark without the native executable', async () => {
    const check = checkOf({ type: 'tcp' }, { via: 'path', mark: 7 });
    const { duration, ...result } = await runCheck(check, targetOf(1), { helpers: ['/nonexistent/ipvsadm'] });
    expect(duration).toBeGreaterThan(0);
    expect(result).toEqual({
      ok: false,
      stage: 'connect',
      message:
        "a mark needs the native executable, which is not installed (its helper sets SO_MARK): 'ipvsadm' in /usr/sbin",
      ours: true,
    });
  });
});
