/** One run of a check: its stage, its limit, what it heard, and what must end with it. */
import { bytesFromUnicode } from '../bytes/unicode';
import type { CheckResult, CheckStage, CheckStep, HearStep } from '../model/check';
import { errorSentence, isOurs, milliseconds } from './words';

/** The most of an answer that a result keeps, and that one step of a conversation shows. */
const ANSWER_HEAD = 200;
const STEP_BYTES = 4096;

/** Why a check failed, as a sentence. */
export class CheckFailure extends Error {
  /** @param ours the fault is of this machine: it says nothing about the server. */
  constructor(
    message: string,
    readonly ours = false,
  ) {
    super(message);
  }
}

/** What a check that is well found. */
export interface Found extends Pick<CheckResult, 'weight' | 'absoluteWeight' | 'addedWeight' | 'wish'> {
  readonly message: string;
}

export interface AttemptOptions {
  /** Hears every step. */
  readonly hear?: HearStep | undefined;
  /** Paths of the native executable, whose helper connects with a mark. */
  readonly helpers?: readonly string[] | undefined;
}

export class Attempt {
  stage: CheckStage = 'resolve';
  certificateEnds: number | undefined;
  private readonly begin = performance.now();
  private readonly endings: (() => void)[] = [];
  private readonly head: Buffer[] = [];
  private headLength = 0;
  private receivedBytes = 0;
  private done = false;

  constructor(
    /** Milliseconds. */
    readonly timeout: number,
    readonly options: AttemptOptions,
  ) {}

  elapsed(): number {
    return performance.now() - this.begin;
  }

  /** Milliseconds until the limit; at least 1. */
  remaining(): number {
    return Math.max(1, Math.ceil(this.timeout - this.elapsed()));
  }

  enter(stage: CheckStage): void {
    this.stage = stage;
  }

  /** Calls `ending` when the check ends, however it does; at once if it has ended. */
  atEnd(ending: () => void): void {
    if (this.done) ending();
    else this.endings.push(ending);
  }

  /** Waits some milliseconds, or until the check ends. */
  pause(wait: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, wait);
      this.atEnd(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  note(text: string): void {
    this.step('note', text);
  }

  sent(bytes: Uint8Array | string): void {
    this.step('sent', bytes);
  }

  received(bytes: Uint8Array): void {
    this.receivedBytes += bytes.length;
    if (this.headLength < ANSWER_HEAD) {
      const part = Buffer.from(bytes.subarray(0, ANSWER_HEAD - this.headLength));
      this.head.push(part);
      this.headLength += part.length;
    }
    this.step('received', bytes);
  }

  /** Ends it: everything that it opened is closed. */
  end(found: Found | undefined, error: unknown): CheckResult {
    const duration = this.elapsed();
    this.close();
    const result = found ? { ...found, ok: true } : failed(error);
    return {
      ...result,
      message: ofBytes(result.message),
      stage: this.stage,
      duration,
      ...(this.headLength > 0 && { answer: Buffer.concat(this.head).toString('latin1') }),
      ...(this.certificateEnds !== undefined && { certificateEnds: this.certificateEnds }),
    };
  }

  /** The failure that the limit is, by the stage that it came in. */
  late(): CheckFailure {
    const limit = milliseconds(this.timeout);
    const bytes = this.receivedBytes;
    const sentences: Record<CheckStage, string> = {
      resolve: `not begun within ${limit}`,
      connect: `no connection within ${limit}`,
      tls: `the TLS handshake did not end within ${limit}`,
      send: `the request could not be sent within ${limit}`,
      wait:
        bytes === 0
          ? `nothing answered within ${limit} after connecting`
          : `no complete answer within ${limit}: ${count(bytes)} came`,
      body: `the body did not end within ${limit}: ${count(bytes)} came`,
      run: `did not end within ${limit}`,
    };
    return new CheckFailure(sentences[this.stage]);
  }

  private close(): void {
    this.done = true;
    for (const ending of this.endings.reverse()) {
      try {
        ending();
      } catch {
        // What is closed already needs no closing.
      }
    }
    this.endings.length = 0;
  }

  private step(kind: CheckStep['kind'], content: Uint8Array | string): void {
    const { hear } = this.options;
    if (!hear || this.done) return;
    const text =
      typeof content === 'string'
        ? content.slice(0, STEP_BYTES)
        : Buffer.from(content.subarray(0, STEP_BYTES)).toString('latin1');
    try {
      hear({ at: this.elapsed(), stage: this.stage, kind, text: ofBytes(text) });
    } catch {
      // Who listens must not change what is found.
    }
  }
}

function count(bytes: number): string {
  return bytes === 1 ? '1 byte' : `${bytes} bytes`;
}

function failed(error: unknown): { ok: false; message: string; ours?: true } {
  const ours = error instanceof CheckFailure ? error.ours : isOurs(error);
  const message = error instanceof CheckFailure ? error.message : errorSentence(error);
  return { ok: false, message, ...(ours && { ours: true as const }) };
}

/** Names from certificates and Node's messages are Unicode. */
function ofBytes(text: string): string {
  return /[^\0-\xff]/.test(text) ? bytesFromUnicode(text) : text;
}
