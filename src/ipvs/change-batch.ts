import { errno } from '../errors/errno';
import type { Change } from '../model/change';
import { HOST_IS_LITTLE_ENDIAN } from '../netlink/attribute';
import { isNetlinkFailure, LostRepliesError, NotSentError } from '../netlink/errors';
import type { GenlConnection, GenlFamily } from '../netlink/genl';
import { encodeGenlMessage, NLM_F_ACK, NLM_F_REQUEST } from '../netlink/message';
import { changeToRequest } from './change';
import { holds, isInEffect } from './lost-reply';

/** More messages in a datagram gain little, and all their errors must fit the receive buffer. */
const BATCH_MESSAGES = 128;
/** What the kernel counts at most for the error of one message, which holds a copy of it. */
const ERROR_BYTES = 2048;
/** If the socket's send buffer is smaller, the kernel refuses the datagram, and parts are sent. */
const BATCH_BYTES = 64 * 1024;
/** No message for a change is longer, in bytes. */
const MAX_MESSAGE_LENGTH = 1024;
/** How many times a change is sent whose reply was lost. */
const ATTEMPTS = 4;

/** Offsets in struct nlmsghdr: of the flags in bytes, of the sequence number in 32-bit words. */
const FLAGS_BYTE = 6;
const SEQUENCE_WORD = 2;

/** A change that the kernel refused: its kind and the errno (positive). */
export interface Refusal {
  readonly kind: Change['kind'];
  readonly errno: number;
}

/** The messages of a datagram: their kinds, where they begin, and the first sequence number. */
interface SentBatch {
  readonly kinds: readonly Change['kind'][];
  readonly starts: readonly number[];
  readonly first: number;
}

/** With these a datagram is too large for the send buffer, or for the kernel's memory. */
const tooLarge: ReadonlySet<number | undefined> = new Set([errno.EMSGSIZE, errno.ENOBUFS, errno.ENOMEM]);

/** Changes to be sent to the kernel in one datagram, in order. */
export class ChangeBatch {
  /** The messages, as 32-bit words. `addTemplate` returns where the caller's message begins. */
  readonly words = new Int32Array(BATCH_BYTES / 4);
  readonly family: GenlFamily;
  readonly #bytes = new Uint8Array(this.words.buffer);
  readonly #connection: GenlConnection;
  #maxMessages: number;
  #kinds: Change['kind'][] = [];
  /** Where each message begins. */
  #starts: number[] = [];
  #length = 0;
  #lastSequence = 0;

  constructor(connection: GenlConnection, family: GenlFamily) {
    this.#connection = connection;
    this.family = family;
    const fitting = Math.floor((connection.receiveBuffer ?? Number.POSITIVE_INFINITY) / ERROR_BYTES);
    this.#maxMessages = Math.max(1, Math.min(BATCH_MESSAGES, fitting));
  }

  get count(): number {
    return this.#kinds.length;
  }

  /** Whether the batch must be sent before another change is added. */
  get full(): boolean {
    return this.#kinds.length >= this.#maxMessages || this.#length > BATCH_BYTES - MAX_MESSAGE_LENGTH;
  }

  add(change: Change): void {
    const sequence = this.#begin(change.kind);
    const message = encodeGenlMessage(this.family, changeToRequest(change), NLM_F_REQUEST, sequence);
    if (message.length > MAX_MESSAGE_LENGTH) throw new RangeError(`a change of ${message.length} bytes`);
    this.#bytes.set(message, this.#length);
    this.#length += message.length;
  }

  /**
   * Adds a copy of a complete message with the next sequence number.
   * @returns the index in `words` at which it begins, for the caller to write the differing words.
   */
  addTemplate(kind: Change['kind'], template: Int32Array): number {
    const sequence = this.#begin(kind);
    const at = this.#length / 4;
    this.words.set(template, at);
    this.words[at + SEQUENCE_WORD] = sequence;
    this.#length += 4 * template.length;
    return at;
  }

  /**
   * Sends the changes and waits for the replies. A refused change does not stop the others.
   * @returns an entry for each change: undefined, or its refusal.
   * @throws TransportError if the kernel could not be reached, or its replies are lost repeatedly.
   */
  send(): (Refusal | undefined)[] {
    const kinds = this.#kinds;
    if (kinds.length === 0) return [];
    const starts = [...this.#starts, this.#length];
    const first = this.#lastSequence - kinds.length + 1;
    this.#kinds = [];
    this.#starts = [];
    this.#length = 0;
    return this.#sendPart({ kinds, starts, first }, 0, kinds.length);
  }

  /** Sends the messages `from`..`to` of a batch, in several datagrams if one is too large. */
  #sendPart(sent: SentBatch, from: number, to: number): (Refusal | undefined)[] {
    const { kinds, starts, first } = sent;
    const view = new DataView(this.words.buffer);
    view.setUint16(starts[to - 1]! + FLAGS_BYTE, NLM_F_REQUEST | NLM_F_ACK, HOST_IS_LITTLE_ENDIAN);
    const datagram = this.#bytes.subarray(starts[from], starts[to]);
    try {
      const answers = this.#connection.exchange(datagram, first + from, first + to - 1);
      return answers.map((code, index) => refusalOf(kinds[from + index]!, code));
    } catch (error) {
      if (error instanceof NotSentError && tooLarge.has(error.errno) && to - from > 1) {
        const middle = (from + to) >> 1;
        this.#maxMessages = Math.min(this.#maxMessages, middle - from);
        return [...this.#sendPart(sent, from, middle), ...this.#sendPart(sent, middle, to)];
      }
      if (!(error instanceof LostRepliesError)) throw error;
      return error.answers.map((answer, index) => this.#ask(sent, from + index, answer, error));
    }
  }

  /**
   * Finds out about a change whose reply was lost: sends it once more. Every unanswered change of a
   * datagram is sent again in the same order, so the result is the same.
   * @param answer the errno or 0 if the reply was received.
   * @throws `lost` if the kernel cannot be asked.
   */
  #ask(
    { kinds, starts, first }: SentBatch,
    index: number,
    answer: number | undefined,
    lost: LostRepliesError,
  ): Refusal | undefined {
    const kind = kinds[index]!;
    const message = this.#bytes.subarray(starts[index], starts[index + 1]);
    new DataView(this.words.buffer).setUint16(
      starts[index]! + FLAGS_BYTE,
      NLM_F_REQUEST | NLM_F_ACK,
      HOST_IS_LITTLE_ENDIAN,
    );
    for (let attempt = 1; answer === undefined; attempt++) {
      try {
        const [code] = this.#connection.exchange(message, first + index, first + index);
        const before = isInEffect(kind, code!, () => holds(this.#connection, this.family, message));
        answer = before ? 0 : code!;
      } catch (error) {
        if (!isNetlinkFailure(error)) throw error;
        if (!(error instanceof LostRepliesError) || attempt === ATTEMPTS) throw lost;
        answer = error.answers[0];
      }
    }
    return refusalOf(kind, answer);
  }

  #begin(kind: Change['kind']): number {
    this.#starts.push(this.#length);
    this.#lastSequence = this.#connection.nextSequence();
    this.#kinds.push(kind);
    return this.#lastSequence;
  }
}

/**
 * EINTR from stop-daemon means that the daemon was stopped before its thread ran (kthread_stop): it
 * is stopped. The C program then waits forever for an ack (docs/compatibility.md,
 * stop-daemon-unanswered).
 */
function refusalOf(kind: Change['kind'], code: number): Refusal | undefined {
  const done = code === 0 || (code === errno.EINTR && kind === 'stop-daemon');
  return done ? undefined : { kind, errno: code };
}
