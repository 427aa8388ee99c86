/** One question to a name server. */
import { randomInt } from 'node:crypto';
import {
  type Answer,
  type DecodedPacket,
  decode,
  encode,
  RECURSION_DESIRED,
  type RecordType,
  TRUNCATED_RESPONSE,
} from 'dns-packet';
import { bytesFromUnicode } from '../bytes/unicode';
import { formatAddress, parseAddress } from '../model/address';
import type { CheckKind } from '../model/check';
import { type Attempt, CheckFailure, type Found } from './attempt';
import type { ByteStream } from './byte-stream';
import type { Datagrams } from './datagrams';
import { quoted } from './words';

type DnsCheck = Extract<CheckKind, { type: 'dns' }>;

const MAX_NAME = 253;
const MAX_SHOWN = 3;

/** The types that answers are compared and shown of, and their texts. */
const dataTexts: Readonly<Record<string, (data: never) => string>> = {
  A: (data: string) => data,
  AAAA: (data: string) => canonicalAddress(data),
  NS: (data: string) => canonicalName(data),
  CNAME: (data: string) => canonicalName(data),
  DNAME: (data: string) => canonicalName(data),
  PTR: (data: string) => canonicalName(data),
  MX: ({ preference, exchange }: { preference?: number; exchange: string }) =>
    `${preference ?? 0} ${canonicalName(exchange)}`,
  SRV: ({ priority, weight, port, target }: Record<string, unknown>) =>
    `${priority} ${weight} ${port} ${canonicalName(String(target))}`,
  SOA: ({ mname, serial }: { mname: string; serial?: number }) => `${canonicalName(mname)} ${serial}`,
  TXT: (data: readonly Uint8Array[]) => Buffer.concat(data).toString('latin1'),
  CAA: ({ tag, value }: { tag: string; value: string }) => `${tag} ${value}`,
};

/** The types of records that a check may ask for. */
export const dnsRecords: readonly string[] = Object.keys(dataTexts);

export async function checkDnsByUdp(attempt: Attempt, socket: Datagrams, check: DnsCheck): Promise<Found> {
  const id = newId();
  await socket.send(question(check, id).toString('latin1'));
  for (;;) {
    const packet = decoded(await socket.receive());
    if (packet.id === id) return judged(packet, check);
    attempt.note('an answer to another question');
  }
}

export async function checkDnsByTcp(_: Attempt, stream: ByteStream, check: DnsCheck): Promise<Found> {
  const id = newId();
  const query = question(check, id);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(query.length);
  await stream.send(Buffer.concat([length, query]).toString('latin1'));
  let bytes = Buffer.alloc(0);
  while (bytes.length < 2 || bytes.length < 2 + bytes.readUInt16BE()) {
    const more = await stream.read();
    if (!more) {
      throw new CheckFailure(
        bytes.length === 0
          ? 'the server closed the connection without an answer'
          : `the answer was cut off after ${bytes.length} bytes`,
      );
    }
    bytes = Buffer.concat([bytes, more]);
  }
  const packet = decoded(bytes.subarray(2, 2 + bytes.readUInt16BE()));
  if (packet.id !== id) throw new CheckFailure('the answer is to another question');
  return judged(packet, check);
}

function newId(): number {
  return randomInt(0x10000);
}

/** @throws CheckFailure if there is no such question. */
function question({ query, record }: DnsCheck, id: number): Buffer {
  if (!Object.hasOwn(dataTexts, record)) throw new CheckFailure(`unknown type of record: ${record}`, true);
  const labels = query.replace(/\.$/, '').split('.');
  const fits =
    query.length <= MAX_NAME && (query === '.' || labels.every(({ length }) => length > 0 && length < 64));
  // Only names of ASCII: what dns-packet would encode of others depends on who reads it.
  if (!fits || !/^[\x21-\x7e]+$/.test(query))
    throw new CheckFailure(`${quoted(query)} is no name of DNS`, true);
  return encode({
    type: 'query',
    id,
    flags: RECURSION_DESIRED,
    questions: [{ type: record as RecordType, name: query }],
  });
}

function decoded(bytes: Buffer): DecodedPacket {
  try {
    return decode(bytes);
  } catch {
    throw new CheckFailure(`the answer is no message of DNS: ${quoted(bytes.toString('latin1'))}`);
  }
}

function judged(packet: DecodedPacket, { query, record, answer }: DnsCheck): Found {
  const { rcode } = packet as { rcode?: string };
  if (packet.type !== 'response') throw new CheckFailure('the answer is a question');
  if (rcode !== 'NOERROR') throw new CheckFailure(`${rcode} for ${query}, expected NOERROR`);
  const answers = packet.answers ?? [];
  const texts = answers.filter(({ type }) => type === record).map(answerText);
  if (answer !== undefined && texts.some((text) => isAnswer(text, record, answer))) {
    return { message: `NOERROR, ${answer}` };
  }
  if (answer === undefined && answers.length > 0) {
    return { message: `NOERROR, ${listText(texts.length > 0 ? texts : answers.map(answerText))}` };
  }
  const cut = ((packet.flags ?? 0) & TRUNCATED_RESPONSE) !== 0 ? '; the answer is truncated' : '';
  const found = texts.length === 0 ? `no record ${record} for ${query}` : listText(texts);
  throw new CheckFailure(`${found}, expected ${answer ?? 'one'}${cut}`);
}

function answerText(answer: Answer): string {
  const { type, data } = answer as { type: string; data?: unknown };
  if (!Object.hasOwn(dataTexts, type) || data === undefined || data === null) return type;
  return bytesFromUnicode(dataTexts[type]!(data as never));
}

/** An MX may be expected with its preference or without. */
function isAnswer(text: string, record: string, answer: string): boolean {
  const expected = expectedText(record, answer);
  return text === expected || (record === 'MX' && text.replace(/^\d+ /, '') === expected);
}

/** An expected answer as `answerText` writes it. */
function expectedText(record: string, answer: string): string {
  if (record === 'AAAA') return canonicalAddress(answer);
  return record === 'TXT' || record === 'CAA' ? answer : canonicalName(answer);
}

function canonicalName(name: string): string {
  return name.toLowerCase().replace(/(.)\.$/, '$1');
}

function canonicalAddress(text: string): string {
  const address = parseAddress(text);
  return address ? formatAddress(address) : text;
}

function listText(texts: readonly string[]): string {
  const shown = texts
    .slice(0, MAX_SHOWN)
    .map((text) => (text.length > 60 ? `${text.slice(0, 60)}...` : text));
  return texts.length > MAX_SHOWN
    ? `${shown.join(', ')} and ${texts.length - MAX_SHOWN} more`
    : shown.join(', ');
}
