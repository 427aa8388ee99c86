/**
 * Reads the answer to one HTTP request as it comes. It takes what servers send that no standard
 * allows, as long as it is clear: lines that end in LF alone, statuses without a reason, answers that
 * end behind the status line, lines that are no headers.
 */
import { CheckFailure } from './attempt';
import { quoted } from './words';

/** The most that the status line and the headers may take together, in bytes. */
export const MAX_HEAD = 64 * 1024;
/** The most digits of a chunk's length: 16^8 is 4 GiB. */
const MAX_CHUNK_DIGITS = 8;
/** The most interim answers (1xx) before the real one. */
const MAX_INTERIM = 16;

const statusLine = /^(?:HTTP\/\d+(?:\.\d+)?|ICY)[ \t]+(\d{3})(?:[ \t]|$)/;

export interface HttpHead {
  readonly status: number;
  /** By name in lower case; several values of one name are joined by `, `. */
  readonly headers: ReadonlyMap<string, string>;
}

export interface HttpEvents {
  /** The status and the headers are complete. */
  head(head: HttpHead): void;
  body(bytes: Buffer): void;
}

/** What is read next. length: the rest of a body; close: until the connection ends. */
type State =
  | 'status'
  | 'headers'
  | 'length'
  | 'chunk'
  | 'chunk-length'
  | 'chunk-end'
  | 'trailer'
  | 'close'
  | 'done';

export class HttpAnswer {
  private state: State = 'status';
  private line = '';
  private headBytes = 0;
  private interim = 0;
  private status = 0;
  private headers: [name: string, value: string][] = [];
  private rest = 0;
  private wanted = 0;
  private got = 0;

  constructor(
    private readonly method: string,
    private readonly events: HttpEvents,
  ) {}

  get done(): boolean {
    return this.state === 'done';
  }

  /** Takes the next bytes. @throws CheckFailure if this is no answer of HTTP. */
  push(bytes: Buffer): void {
    for (let at = 0; at < bytes.length && this.state !== 'done'; ) {
      if (this.state === 'close') {
        this.body(bytes.subarray(at));
        return;
      }
      if (this.state === 'length' || this.state === 'chunk') {
        const part = bytes.subarray(at, at + this.rest);
        at += part.length;
        this.rest -= part.length;
        this.body(part);
        if (this.rest === 0) this.state = this.state === 'chunk' ? 'chunk-end' : 'done';
      } else {
        at = this.takeLine(bytes, at);
      }
    }
  }

  /** The connection has ended. @throws CheckFailure if something is missing. */
  end(): void {
    if (this.state === 'status' && this.line.trim() !== '') {
      this.readStatus(this.line.replace(/\r$/, ''));
      this.finishHead();
    } else if (this.state === 'headers') {
      if (this.line !== '') throw new CheckFailure('the answer was cut off in its headers');
      this.finishHead();
    }
    if (this.state === 'status') throw new CheckFailure('the server closed the connection without an answer');
    if (this.state === 'length') {
      throw new CheckFailure(`the body was cut off after ${this.got} of ${this.wanted} bytes`);
    }
    // The end of the last chunk is enough; its trailer tells nothing.
    if (this.state.startsWith('chunk')) {
      throw new CheckFailure(`the chunked body was cut off after ${this.got} bytes`);
    }
    this.state = 'done';
  }

  private body(bytes: Buffer): void {
    this.got += bytes.length;
    this.events.body(bytes);
  }

  /** @returns where the next line begins. */
  private takeLine(bytes: Buffer, at: number): number {
    const end = bytes.indexOf(0x0a, at);
    const stop = end < 0 ? bytes.length : end;
    this.headBytes += stop - at + 1;
    if (this.headBytes > MAX_HEAD)
      throw new CheckFailure(`${this.what()} are longer than ${MAX_HEAD / 1024} KiB`);
    this.line += bytes.toString('latin1', at, stop);
    if (end < 0) {
      // What does not begin as an answer does is seen at once, not when the limit is reached.
      if (this.state === 'status') this.checkBeginning();
      return stop;
    }
    const line = this.line.replace(/\r$/, '');
    this.line = '';
    // Chunks are limited by the body, not together with the headers.
    if (this.state === 'chunk-length' || this.state === 'chunk-end') this.headBytes = 0;
    this.readLine(line);
    return end + 1;
  }

  private what(): string {
    return this.state.startsWith('chunk') || this.state === 'trailer' ? 'the chunk headers' : 'the headers';
  }

  private checkBeginning(): void {
    const line = this.line.trimStart();
    const known = ['HTTP/', 'ICY '].some((word) => line.startsWith(word.slice(0, line.length)));
    if (!known)
      throw new CheckFailure(`the answer begins with ${quoted(line)}, which is no HTTP status line`);
  }

  private readLine(line: string): void {
    switch (this.state) {
      case 'status':
        if (line.trim() !== '') this.readStatus(line);
        break;
      case 'headers':
        if (line === '') this.finishHead();
        else this.readHeader(line);
        break;
      case 'chunk-length':
        this.readChunkLength(line);
        break;
      case 'chunk-end':
        if (line !== '') throw new CheckFailure('a chunk of the body is longer than it says');
        this.state = 'chunk-length';
        break;
      case 'trailer':
        if (line === '') this.state = 'done';
        break;
    }
  }

  private readStatus(line: string): void {
    const [, status] = statusLine.exec(line) ?? [];
    if (status === undefined) {
      throw new CheckFailure(`the answer begins with ${quoted(line)}, which is no HTTP status line`);
    }
    this.status = Number(status);
    this.headers = [];
    this.state = 'headers';
  }

  private readHeader(line: string): void {
    const last = this.headers.at(-1);
    if (/^[ \t]/.test(line) && last) {
      last[1] = `${last[1]} ${line.trim()}`.trim();
      return;
    }
    const colon = line.indexOf(':');
    if (colon > 0)
      this.headers.push([line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]);
  }

  private finishHead(): void {
    if (this.status < 200 && this.status !== 101) {
      this.interim++;
      if (this.interim > MAX_INTERIM) throw new CheckFailure('the server sends interim answers without end');
      this.state = 'status';
      return;
    }
    const headers = joined(this.headers);
    this.state = this.framing(headers);
    this.events.head({ status: this.status, headers });
  }

  /** RFC 9112, section 6.3. */
  private framing(headers: ReadonlyMap<string, string>): State {
    const bodiless =
      this.method === 'HEAD' || this.status === 204 || this.status === 304 || this.status === 101;
    if (bodiless) return 'done';
    const coding = headers.get('transfer-encoding');
    if (coding !== undefined) return /(?:^|,)[ \t]*chunked$/i.test(coding) ? 'chunk-length' : 'close';
    const length = headers.get('content-length');
    if (length === undefined) return 'close';
    this.wanted = contentLength(length);
    this.rest = this.wanted;
    return this.wanted === 0 ? 'done' : 'length';
  }

  private readChunkLength(line: string): void {
    const [, digits] = /^[ \t]*([0-9a-f]+)[ \t]*(?:;.*)?$/i.exec(line) ?? [];
    if (digits === undefined || digits.replace(/^0+/, '').length > MAX_CHUNK_DIGITS) {
      throw new CheckFailure(`${quoted(line)} is no length of a chunk`);
    }
    this.rest = Number.parseInt(digits, 16);
    this.state = this.rest === 0 ? 'trailer' : 'chunk';
  }
}

function joined(headers: readonly (readonly [string, string])[]): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  for (const [name, value] of headers) {
    const former = map.get(name);
    map.set(name, former === undefined ? value : `${former}, ${value}`);
  }
  return map;
}

/** Several equal lengths are one (RFC 9110, section 8.6). */
function contentLength(value: string): number {
  const lengths = new Set(value.split(',').map((part) => part.trim()));
  const [length] = lengths;
  if (lengths.size !== 1 || !/^\d{1,15}$/.test(length!)) {
    throw new CheckFailure(`${quoted(value)} is no Content-Length`);
  }
  return Number(length);
}
