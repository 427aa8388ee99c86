/** gRPC's health service (grpc/health/v1/health.proto): one call of Check over HTTP/2. */
import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from 'node:http2';
import type { Duplex } from 'node:stream';
import { type Attempt, CheckFailure, type Found } from './attempt';
import { codeOf, quoted } from './words';

const SERVING_STATUSES = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'];
const SERVING = 1;

const GRPC_STATUSES = [
  ...['OK', 'CANCELLED', 'UNKNOWN', 'INVALID_ARGUMENT', 'DEADLINE_EXCEEDED', 'NOT_FOUND', 'ALREADY_EXISTS'],
  ...['PERMISSION_DENIED', 'RESOURCE_EXHAUSTED', 'FAILED_PRECONDITION', 'ABORTED', 'OUT_OF_RANGE'],
  ...['UNIMPLEMENTED', 'INTERNAL', 'UNAVAILABLE', 'DATA_LOSS', 'UNAUTHENTICATED'],
];

/** The most that the answer may have; a right one has 7 bytes. */
const MAX_ANSWER = 4096;
/** A flag and a length of four bytes are in front of each message. */
const PREFIX = 5;

export async function checkGrpc(
  attempt: Attempt,
  duplex: Duplex,
  authority: string,
  secure: boolean,
  service: string,
): Promise<Found> {
  const session = connect(`${secure ? 'https' : 'http'}://${authority}`, {
    createConnection: () => duplex,
    settings: { enablePush: false },
    maxSessionMemory: 1,
  });
  attempt.atEnd(() => {
    session.destroy();
    duplex.destroy();
  });
  const { status, grpcStatus, grpcMessage, bytes } = await call(attempt, session, service);
  if (status !== 200) throw new CheckFailure(`status ${status} of HTTP, expected 200`);
  if (grpcStatus !== 0) {
    const name = GRPC_STATUSES[grpcStatus] ?? 'unknown';
    const about = grpcMessage === '' ? '' : `: ${quoted(grpcMessage)}`;
    throw new CheckFailure(`gRPC status ${grpcStatus} (${name})${about}, expected 0 (OK)`);
  }
  const serving = servingStatus(bytes);
  if (serving !== SERVING) {
    throw new CheckFailure(`${SERVING_STATUSES[serving] ?? `status ${serving}`}, expected SERVING`);
  }
  return { message: 'SERVING' };
}

interface Reply {
  readonly status: number;
  readonly grpcStatus: number;
  readonly grpcMessage: string;
  readonly bytes: Buffer;
}

function call(attempt: Attempt, session: ClientHttp2Session, service: string): Promise<Reply> {
  const request = requestMessage(service);
  attempt.enter('send');
  attempt.sent(request);
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => reject(sessionFailure(error));
    session
      .on('error', fail)
      .on('close', () => fail(new CheckFailure('the server closed the connection without an answer')));
    session.on('goaway', (code) => {
      if (code !== constants.NGHTTP2_NO_ERROR)
        fail(new CheckFailure(`the server ended HTTP/2 with error ${code}`));
    });
    const stream = session.request({
      ':method': 'POST',
      ':path': '/grpc.health.v1.Health/Check',
      'content-type': 'application/grpc',
      te: 'trailers',
      'grpc-timeout': `${attempt.remaining()}m`,
      'user-agent': 'ipvsadm-director',
    });
    stream.on('error', fail);
    listen(attempt, stream, resolve, fail);
    stream.end(request, () => {
      if (attempt.stage === 'send') attempt.enter('wait');
    });
  });
}

function listen(
  attempt: Attempt,
  stream: ClientHttp2Stream,
  resolve: (reply: Reply) => void,
  fail: (error: Error) => void,
): void {
  const parts: Buffer[] = [];
  let length = 0;
  // Without a message the trailers are these.
  let headers: Record<string, unknown> = {};
  let status = 0;
  stream
    .on('response', (answered) => {
      headers = answered;
      status = Number(answered[':status']);
      attempt.enter('body');
      attempt.note(`status ${status}, content-type ${answered['content-type'] ?? 'missing'}`);
    })
    .on('trailers', (trailers) => {
      headers = { ...headers, ...trailers };
    })
    .on('data', (bytes: Buffer) => {
      attempt.received(bytes);
      length += bytes.length;
      parts.push(bytes);
      if (length > MAX_ANSWER) fail(new CheckFailure(`the answer is longer than ${MAX_ANSWER} bytes`));
    })
    .on('end', () => {
      if (status === 0) return; // its failure is told by the session
      const grpcStatus = /^\d{1,3}$/.exec(String(headers['grpc-status'] ?? ''));
      if (status === 200 && !grpcStatus) fail(new CheckFailure('the answer has no gRPC status'));
      else {
        const grpcMessage = String(headers['grpc-message'] ?? '');
        resolve({ status, grpcStatus: Number(grpcStatus), grpcMessage, bytes: Buffer.concat(parts) });
      }
    });
}

function sessionFailure(error: unknown): Error {
  if (error instanceof CheckFailure) return error;
  const code = codeOf(error) ?? '';
  return code.startsWith('ERR_HTTP2')
    ? new CheckFailure('the server does not speak HTTP/2, or closed the connection')
    : (error as Error);
}

/** HealthCheckRequest: `service` is the field 1, a string. */
function requestMessage(service: string): Buffer {
  const name = Buffer.from(service, 'latin1');
  const message =
    name.length === 0 ? name : Buffer.concat([Buffer.from([0x0a, ...varint(name.length)]), name]);
  const prefix = Buffer.alloc(PREFIX);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}

/** The field 1 of HealthCheckResponse, an enumeration; 0 if it is absent. @throws CheckFailure. */
export function servingStatus(bytes: Buffer): number {
  if (bytes.length < PREFIX || bytes.length < PREFIX + bytes.readUInt32BE(1)) {
    throw new CheckFailure(`the answer has ${bytes.length} bytes, which are no complete message`);
  }
  if (bytes[0] !== 0) throw new CheckFailure('the answer is compressed');
  const message = bytes.subarray(PREFIX, PREFIX + bytes.readUInt32BE(1));
  let status = 0;
  for (let at = 0; at < message.length; ) {
    const tag = readVarint(message, at);
    const value = readVarint(message, tag.next);
    // Wire type 0 is a number, 2 bytes with their length; a health response has no others.
    const type = tag.value % 8;
    if (type !== 0 && type !== 2) throw new CheckFailure('the answer is no health response');
    if (tag.value === 8) status = value.value;
    at = value.next + (type === 2 ? value.value : 0);
  }
  return status;
}

function readVarint(bytes: Buffer, from: number): { value: number; next: number } {
  let value = 0;
  for (let at = from; at < bytes.length && at < from + 5; at++) {
    value += (bytes[at]! & 0x7f) * 2 ** (7 * (at - from));
    if (bytes[at]! < 0x80) return { value, next: at + 1 };
  }
  throw new CheckFailure('the answer is no health response');
}
