/** Thousands of checks leave nothing behind: no sockets, timers, listeners. */
import { runCheck } from '../../src/checks';
import type { Check, CheckKind } from '../../src/model/check';
import { answering, caPath, certificate, closeServers, tcpServer, tlsServer, udpServer } from './servers';
import { anyAnswer, checkOf, targetOf } from './targets';

afterEach(closeServers);

/** What keeps this process alive, but for the connections of the servers. */
function active(): string[] {
  return process
    .getActiveResourcesInfo()
    .filter((name) => name !== 'Immediate')
    .sort();
}

async function settled(before: readonly string[]): Promise<string[]> {
  // The other ends of the last connections close a little later.
  for (let tries = 0; tries < 100 && active().length > before.length; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return active().filter((name) => name !== 'Timeout');
}

test('of every kind, well and ill', async () => {
  const warnings: string[] = [];
  const warn = (warning: Error) => warnings.push(`${warning.name}: ${warning.message}`);
  process.on('warning', warn);
  const page = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
  const ports = {
    http: await tcpServer(answering(page)),
    https: await tlsServer(answering(page), certificate('right').options()),
    silent: await tcpServer((socket) => socket.resume().on('end', () => socket.end())),
    reset: await tcpServer((socket) => socket.resetAndDestroy()),
    udp: await udpServer((bytes, answer) => answer(bytes)),
    none: 1,
  };
  const tls = { verify: true, ca: caPath, sni: 'www.example.com', warnDays: 14 };
  const kinds: [kind: CheckKind, port: number, timeout?: number][] = [
    [{ type: 'tcp' }, ports.silent],
    [{ type: 'tcp', expect: { text: 'x' } }, ports.silent, 5],
    [{ type: 'http', ...anyAnswer }, ports.http],
    [{ type: 'http', ...anyAnswer, body: [{ text: 'no' }] }, ports.http],
    [{ type: 'http', ...anyAnswer }, ports.silent, 5],
    [{ type: 'http', ...anyAnswer }, ports.reset],
    [{ type: 'http', ...anyAnswer }, ports.none],
    [{ type: 'https', tls, ...anyAnswer }, ports.https],
    [{ type: 'https', tls: { ...tls, sni: 'x.y' }, ...anyAnswer }, ports.https],
    [{ type: 'tls', tls }, ports.silent, 5],
    [{ type: 'tls', tls }, ports.http],
    [{ type: 'grpc', service: '' }, ports.silent, 5],
    [{ type: 'grpc', service: '' }, ports.http],
    [{ type: 'udp', send: 'x', expect: { text: 'x' } }, ports.udp],
    [{ type: 'udp', send: 'x' }, ports.none],
    [{ type: 'dns', query: 'a', record: 'A', transport: 'udp' }, ports.udp],
    [{ type: 'dns', query: 'a', record: 'A', transport: 'udp' }, ports.none],
  ];
  const all: [Check, number][] = kinds.map(([kind, port, timeout = 5000]) => [
    checkOf(kind, { timeout }),
    port,
  ]);
  const round = () => Promise.all(all.map(([check, port]) => runCheck(check, targetOf(port))));
  await round();
  const before = await settled([]);
  const results = [];
  for (let rounds = 0; rounds < 120; rounds++) results.push(...(await round()));
  expect(results).toHaveLength(120 * kinds.length);
  expect(await settled(before)).toEqual(before);
  expect(warnings).toEqual([]);
  process.off('warning', warn);
}, 120_000);
