/** The TLS connection of a check, and its certificate. */
import { X509Certificate } from 'node:crypto';
import { promises as files } from 'node:fs';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import {
  checkServerIdentity,
  connect,
  createSecureContext,
  type PeerCertificate,
  type SecureContext,
  type TLSSocket,
} from 'node:tls';
import type { TlsSettings } from '../model/check';
import { type Attempt, CheckFailure } from './attempt';
import { openDuplex } from './connect';
import type { Place } from './place';
import { codeOf, day, errorSentence, quoted } from './words';

const DAY = 24 * 60 * 60 * 1000;

export interface TlsConnection {
  readonly socket: TLSSocket;
  /** `TLSv1.3, the certificate ends on 2027-01-01`. */
  readonly summary: string;
}

/** Connects and shakes hands. @throws CheckFailure if the certificate is not valid and must be. */
export async function openTls(
  attempt: Attempt,
  place: Place,
  settings: TlsSettings,
  alpn: readonly string[] = [],
): Promise<TlsConnection> {
  const context = await contextOf(settings);
  const duplex = await openDuplex(attempt, place);
  attempt.enter('tls');
  const socket = await handshake(attempt, duplex, place, settings, context, alpn);
  const certificate = socket.getPeerCertificate();
  const ends = Date.parse(certificate.valid_to);
  if (!Number.isNaN(ends)) attempt.certificateEnds = ends;
  noteSession(attempt, socket, certificate);
  if (settings.verify && !socket.authorized) {
    throw new CheckFailure(
      certificateProblem(socket.authorizationError, certificate, nameOf(place, settings)),
    );
  }
  attempt.enter('wait');
  return { socket, summary: [socket.getProtocol() ?? 'TLS', ...endText(ends, settings.warnDays)].join(', ') };
}

function handshake(
  attempt: Attempt,
  duplex: Duplex,
  place: Place,
  settings: TlsSettings,
  secureContext: SecureContext,
  alpn: readonly string[],
): Promise<TLSSocket> {
  const { sni } = settings;
  return new Promise((resolve, reject) => {
    const socket = connect({
      socket: duplex,
      secureContext,
      // An address cannot be sent as a name (RFC 6066, section 3).
      servername: sni !== undefined && isIP(sni) === 0 ? sni : '',
      // Judged afterwards, so that the message can say what the certificate says.
      rejectUnauthorized: false,
      checkServerIdentity: (_, certificate) => checkServerIdentity(nameOf(place, settings), certificate),
      ...(alpn.length > 0 && { ALPNProtocols: [...alpn] }),
    });
    attempt.atEnd(() => socket.destroy());
    // The socket below may fail while TLS waits.
    duplex.on('error', (error) => reject(handshakeFailure(error)));
    socket
      .on('error', (error) => reject(handshakeFailure(error)))
      .on('close', () =>
        reject(new CheckFailure('the server closed the connection during the TLS handshake')),
      )
      .on('secureConnect', () => resolve(socket));
  });
}

/** The name that the certificate must be for. */
function nameOf({ address }: Place, { sni }: TlsSettings): string {
  return sni ?? address.split('%')[0]!;
}

const noTls = new Set([
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
  'ERR_SSL_HTTP_REQUEST',
]);

/** What ended the handshake, or TLS later. */
export function handshakeFailure(error: unknown): Error {
  if (error instanceof CheckFailure) return error;
  const code = codeOf(error) ?? '';
  if (noTls.has(code)) return new CheckFailure('the server does not speak TLS on this port');
  if (code === 'ECONNRESET')
    return new CheckFailure('the server ended the connection during the TLS handshake');
  return error as Error;
}

/** Why a certificate is not valid, by what Node calls it. */
function certificateProblem(error: unknown, certificate: PeerCertificate, name: string): string {
  const code = String((error as Error & { code?: string })?.code ?? error);
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return `the certificate ended on ${day(Date.parse(certificate.valid_to))}`;
    case 'CERT_NOT_YET_VALID':
      return `the certificate begins on ${day(Date.parse(certificate.valid_from))}`;
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `the certificate is for ${namesText(certificate)}, not for ${name}`;
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return 'the certificate is signed by itself, and not a trusted one';
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return `the certificate is issued by ${quoted(commonName(certificate.issuer))}, which is not trusted`;
    default:
      return `the certificate is not valid: ${code.toLowerCase().replaceAll('_', ' ')}`;
  }
}

function namesText({ subjectaltname, subject }: PeerCertificate): string {
  const names = subjectaltname?.replace(/(?:DNS|IP Address):/g, '');
  const text = names || commonName(subject);
  return text.length > 100 ? `${text.slice(0, 100)}...` : text;
}

/** Fields that occur several times are lists. */
function commonName(subject: PeerCertificate['subject'] | undefined): string {
  const name: unknown = subject?.CN ?? subject?.O ?? '';
  return String(Array.isArray(name) ? name[0] : name);
}

function endText(ends: number, warnDays: number): string[] {
  if (Number.isNaN(ends)) return [];
  const days = Math.floor((ends - Date.now()) / DAY);
  if (days < 0) return [`the certificate ended on ${day(ends)}`];
  return days < warnDays
    ? [`the certificate ends on ${day(ends)}, in ${days === 1 ? '1 day' : `${days} days`}`]
    : [];
}

function noteSession(attempt: Attempt, socket: TLSSocket, certificate: PeerCertificate): void {
  if (!attempt.options.hear) return;
  const cipher = socket.getCipher()?.name ?? 'no cipher';
  attempt.note(`${socket.getProtocol()}, ${cipher}${socket.alpnProtocol ? `, ${socket.alpnProtocol}` : ''}`);
  if (!certificate.subject) return;
  attempt.note(
    `certificate of ${namesText(certificate)}, issued by ${commonName(certificate.issuer)}, from ${
      certificate.valid_from
    } to ${certificate.valid_to}, ${socket.authorized ? 'valid' : `not valid: ${socket.authorizationError}`}`,
  );
}

/** Contexts by their files and when those changed: to read certificates costs more than a handshake. */
const contexts = new Map<string, SecureContext>();
const MAX_CONTEXTS = 256;
/** The most that is read of a file of certificates. */
const MAX_FILE = 4 * 1024 * 1024;

async function contextOf({ ca, certificate, key }: TlsSettings): Promise<SecureContext> {
  const paths = { ca, cert: certificate, key };
  const identities = await Promise.all(Object.values(paths).map(identityOf));
  const identity = JSON.stringify(identities);
  const known = contexts.get(identity);
  if (known) return known;
  const contents = await Promise.all(
    Object.entries(paths).map(async ([name, path]) => [name, await contentOf(path)]),
  );
  const context = secureContext(Object.fromEntries(contents.filter(([, content]) => content !== undefined)));
  if (contexts.size >= MAX_CONTEXTS) contexts.delete(contexts.keys().next().value!);
  contexts.set(identity, context);
  return context;
}

function secureContext(options: Record<string, Buffer>): SecureContext {
  try {
    // A CA that is none would be ignored.
    if (options.ca) new X509Certificate(options.ca);
    return createSecureContext(options);
  } catch (error) {
    const reason = (error as { reason?: string }).reason ?? (error as Error).message;
    throw new CheckFailure(`the certificate, its key or the CA of the check cannot be used: ${reason}`, true);
  }
}

async function identityOf(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  try {
    const { dev, ino, size, mtimeMs } = await files.stat(Buffer.from(path, 'latin1'));
    if (size > MAX_FILE) throw new CheckFailure(`${path}: too large for a file of certificates`, true);
    return [path, dev, ino, size, mtimeMs].join(' ');
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function contentOf(path: string | undefined): Promise<Buffer | undefined> {
  if (path === undefined) return undefined;
  try {
    return await files.readFile(Buffer.from(path, 'latin1'));
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): Error {
  return error instanceof CheckFailure ? error : new CheckFailure(`${path}: ${errorSentence(error)}`, true);
}
