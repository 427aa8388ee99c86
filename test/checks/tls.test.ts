/** TLS: the handshake, the certificate, and whose it is. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket, TlsOptions } from 'node:tls';
import type { CheckKind, TlsSettings } from '../../src/model/check';
import { answering, caPath, certificate, closeServers, tcpServer, tlsServer } from './servers';
import { anyAnswer, checked } from './targets';

afterEach(closeServers);

const trusted = { verify: true, ca: caPath, sni: 'www.example.com', warnDays: 14 };
const tls = (settings: Partial<TlsSettings> = {}): CheckKind => ({
  type: 'tls',
  tls: { ...trusted, ...settings },
});

const certificates: [name: string, certificate: string, settings: Partial<TlsSettings>, said: string][] = [
  ['valid', 'right', {}, 'ok: TLSv1.3'],
  ['valid for the address', 'right', { sni: undefined }, 'ok: TLSv1.3'],
  ['for another name', 'wrong', {}, 'tls: the certificate is for other.example.net, not for www.example.com'],
  [
    'for a name, and checked by address',
    'wrong',
    { sni: undefined },
    'tls: the certificate is for other.example.net, not for 127.0.0.1',
  ],
  ['ended', 'expired', {}, 'tls: the certificate ended on 2020-11-20'],
  ['not begun', 'future', {}, 'tls: the certificate begins on 2125-01-01'],
  [
    'of an unknown CA',
    'right',
    { ca: undefined },
    'tls: the certificate is issued by "Test CA", which is not trusted',
  ],
  ['of an unknown CA, unverified', 'right', { ca: undefined, verify: false }, 'ok: TLSv1.3'],
  ['ended, unverified', 'expired', { verify: false }, 'ok: TLSv1.3, the certificate ended on 2020-11-20'],
];

test.each(certificates)('a certificate %s', async (_, name, settings, said) => {
  const port = await tlsServer(() => {}, certificate(name).options());
  const found = await checked(tls(settings), port);
  expect(found.said).toBe(said);
  const ends = { expired: '2020-11-20T12:00:00Z' }[name] ?? '2126-01-01T00:00:00Z';
  expect(found.result.certificateEnds).toBe(Date.parse(ends));
});

test('a certificate that ends soon is told of, in days', async () => {
  const port = await tlsServer(() => {}, certificate('right').options());
  const { said } = await checked(tls({ warnDays: 50_000 }), port);
  expect(said).toMatch(/^ok: TLSv1\.3, the certificate ends on 2126-01-01, in \d{5} days$/);
});

test('the name is sent, an address is not', async () => {
  const names: unknown[] = [];
  const port = await tlsServer((socket) => {
    names.push((socket as TLSSocket & { servername: unknown }).servername);
    socket.end('HTTP/1.1 200 OK\r\n\r\n');
  }, certificate('right').options());
  for (const sni of ['www.example.com', '127.0.0.1']) {
    await checked({ type: 'https', tls: { ...trusted, sni }, ...anyAnswer }, port);
  }
  expect(names).toEqual(['www.example.com', false]);
});

describe('a client certificate', () => {
  const demanding = (): TlsOptions => ({
    ...certificate('right').options(),
    ...{ ca: readFileSync(caPath), requestCert: true, rejectUnauthorized: true },
  });
  const https = (settings: Partial<TlsSettings>): CheckKind => ({
    ...{ type: 'https', tls: { ...trusted, ...settings }, ...anyAnswer },
  });

  test('is shown', async () => {
    const { certificatePath, keyPath } = certificate('client');
    const port = await tlsServer(answering('HTTP/1.1 200 OK\r\n\r\n'), demanding());
    const { said } = await checked(https({ certificate: certificatePath, key: keyPath }), port);
    expect(said).toBe('ok: status 200, TLSv1.3');
  });

  test('is missing', async () => {
    const port = await tlsServer(answering('HTTP/1.1 200 OK\r\n\r\n'), demanding());
    expect((await checked(https({}), port)).said).toMatch(
      /^(?:wait: TLS: tlsv13 alert certificate required|(?:send|wait): the server (?:reset|closed) the connection.*)$/,
    );
  });
});

test('a server without TLS', async () => {
  const port = await tcpServer((socket) =>
    socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
  );
  expect((await checked(tls(), port)).said).toBe('tls: the server does not speak TLS on this port');
});

test('a server without a common cipher', async () => {
  const options = {
    ...certificate('right').options(),
    maxVersion: 'TLSv1.2',
    ciphers: 'ECDHE-RSA-AES128-SHA',
  } as const;
  const port = await tlsServer(() => {}, options);
  expect((await checked(tls(), port)).said).toMatch(/^tls: TLS: sslv3 alert handshake failure$/);
});

describe('files of the check', () => {
  const directory = mkdtempSync(join(tmpdir(), 'ipvsadm-check-'));
  const own = join(directory, 'ca.pem');
  afterAll(() => rmSync(directory, { recursive: true }));

  test('are missing', async () => {
    expect((await checked(tls({ ca: own }), 1)).result).toEqual({
      ...{ ok: false, stage: 'resolve', message: `${own}: no such file`, ours: true },
    });
  });

  test('are no certificates, and are read again when they change', async () => {
    const port = await tlsServer(() => {}, certificate('right').options());
    writeFileSync(own, '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n');
    const { said, result } = await checked(tls({ ca: own }), port);
    expect(said).toMatch(/^resolve: the certificate, its key or the CA of the check cannot be used: \S/);
    expect(result.ours).toBe(true);
    writeFileSync(own, readFileSync(caPath));
    expect((await checked(tls({ ca: own }), port)).said).toBe('ok: TLSv1.3');
  });

  test('a key of another certificate', async () => {
    const settings = {
      certificate: certificate('client').certificatePath,
      key: certificate('right').keyPath,
    };
    expect((await checked(tls(settings), 1)).said).toMatch(/cannot be used: key values mismatch$/);
  });
});

test('https', async () => {
  const port = await tlsServer(
    answering('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'),
    certificate('right').options(),
  );
  const kind: CheckKind = { ...anyAnswer, type: 'https', tls: trusted, body: [{ text: 'ok' }] };
  const { said, steps } = await checked(kind, port);
  expect(said).toBe('ok: status 200, TLSv1.3');
  expect(
    steps.filter(({ stage, kind: step }) => stage === 'tls' && step === 'note').map(({ text }) => text),
  ).toEqual([
    'TLSv1.3, TLS_AES_256_GCM_SHA384',
    'certificate of www.example.com, 127.0.0.1, 0:0:0:0:0:0:0:1, issued by Test CA, from Jan  1 00:00:00 2026 GMT ' +
      'to Jan  1 00:00:00 2126 GMT, valid',
  ]);
  const wrong = await checked({ ...kind, body: [{ text: 'no' }] }, port);
  expect(wrong.said).toBe('body: "no" is not in the body');
});
