/** Whether an answer of HTTP is the expected one, and if not, why. */
import { bytesFromUnicode, unicodeFromBytes } from '../bytes/unicode';
import type { HttpExpectation } from '../model/check';
import type { HttpHead } from './http-answer';
import { isEqualJson, jsonText, valueAt } from './json-pointer';
import { matches, patternText } from './pattern';
import { quoted } from './words';

/** How much of a body is read: for texts and JSON, and where its digest is asked for. */
export const MAX_BODY = 64 * 1024;
export const MAX_DIGESTED_BODY = 16 * 1024 * 1024;

/** The body of an answer, as far as it was read. */
export interface HttpBody {
  /** The first 64 KiB, one character per byte. */
  readonly text: string;
  readonly length: number;
  /** Whether it was read to its end. */
  readonly complete: boolean;
  /** Hexadecimal, by algorithm. */
  readonly digests: Readonly<Record<string, string>>;
}

export function headProblem(head: HttpHead, check: HttpExpectation): string | undefined {
  const { status } = head;
  if (!check.status.some(([from, to]) => from <= status && status <= to)) {
    return `status ${status}, expected ${rangesText(check.status)}${locationText(head)}`;
  }
  for (const [name, pattern] of Object.entries(check.answerHeaders)) {
    const value = head.headers.get(name.toLowerCase());
    if (value === undefined) return `the answer has no header ${name}, expected ${patternText(pattern)}`;
    if (!matches(pattern, value))
      return `header ${name} is ${quoted(value)}, expected ${patternText(pattern)}`;
  }
  return undefined;
}

export function bodyProblem(body: HttpBody, check: HttpExpectation): string | undefined {
  const absent = check.body.find((pattern) => !matches(pattern, body.text));
  if (absent) return `${patternText(absent)} is not in the body${extentText(body)}`;
  const present = check.not.find((pattern) => matches(pattern, body.text));
  if (present) return `${patternText(present)} is in the body, expected not to be`;
  return digestProblem(body, check) ?? jsonProblem(body, check);
}

function digestProblem(body: HttpBody, { digest }: HttpExpectation): string | undefined {
  if (digest.length === 0) return undefined;
  if (!body.complete)
    return `the body is longer than ${MAX_DIGESTED_BODY / 2 ** 20} MiB, too long for a digest`;
  if (digest.some(({ algorithm, hex }) => body.digests[algorithm] === hex.toLowerCase())) return undefined;
  const found = Object.entries(body.digests).map(([algorithm, hex]) => `${algorithm} ${hex}`);
  const expected = digest.map(({ hex }) => hex).join(' or ');
  return `the digest of the body is ${found.join(', ')}, expected ${expected}`;
}

function jsonProblem(body: HttpBody, { json }: HttpExpectation): string | undefined {
  if (json.length === 0) return undefined;
  if (!body.complete || body.length > body.text.length) {
    return `the body is longer than ${body.text.length} bytes, too long to be read as JSON`;
  }
  let document: unknown;
  try {
    document = JSON.parse(Buffer.from(body.text, 'latin1').toString('utf8'));
  } catch {
    return `the body is not JSON: ${quoted(body.text)}`;
  }
  for (const { pointer, equals } of json) {
    const value = valueAt(document, unicodeFromBytes(pointer));
    if (isEqualJson(value, unicodeOf(equals))) continue;
    return bytesFromUnicode(
      `${unicodeFromBytes(pointer)} is ${jsonText(value)}, expected ${jsonText(unicodeOf(equals))}`,
    );
  }
  return undefined;
}

/** Texts of our documents have one character per byte, those in the server's JSON are Unicode. */
function unicodeOf(value: unknown): unknown {
  if (typeof value === 'string') return unicodeFromBytes(value);
  if (Array.isArray(value)) return value.map(unicodeOf);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [unicodeFromBytes(name), unicodeOf(inner)]),
  );
}

/** `200-299, 401`. */
function rangesText(ranges: HttpExpectation['status']): string {
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ');
}

function locationText({ status, headers }: HttpHead): string {
  const location = headers.get('location');
  return location !== undefined && status >= 300 && status < 400 ? `: redirected to ${quoted(location)}` : '';
}

function extentText({ complete, length, text }: HttpBody): string {
  if (!complete || length > text.length) return `: looked in its first ${text.length} bytes`;
  return length === 0 ? ', which is empty' : '';
}
