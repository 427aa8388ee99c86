import { errno } from '../errors/errno';
import type { Change } from '../model/change';
import { HOST_IS_LITTLE_ENDIAN } from '../netlink/attribute';
import { isNetlinkFailure, LostRepliesError, NotSentError } from '../netlink/errors';
import type { GenlConnection, GenlFamily } from '../netlink/genl';
import { encodeGenlMessage, NLM_F_ACK, NLM_F_REQUEST } from '../netlink/message';
import { type BulkLines, type RuleTemplates, ruleCursor } from '../platform/bulk-lines';
import { changeKinds, changeToRequest } from './change';
import { holds, isInEffect } from './lost-reply';

/** More messages in a datagram gain little, and all their errors must fit the receive buffer. */
const BATCH_MESSAGES = 128;
/** What the kernel counts at most for the error of one message, which holds a copy of it. */
const ERROR_BYTES = 2048;
/** If the socket's send buffer is smaller, the kernel refuses the datagram, and parts are sent. */
const BATCH_BYTES = 64 * 1024;
/** No message for a change is longer or shorter, in bytes. */
const MAX_MESSAGE_LENGTH = 1024;
const MIN_MESSAGE_LENGTH = 20;
/** The number of messages for which there is room. */
const MESSAGES = Math.floor(BATCH_BYTES / MIN_MESSAGE_LENGTH);
/** How many times a change is sent whose reply was lost. */
const ATTEMPTS = 4;

/** Offsets in struct nlmsghdr: of the flags in bytes, of the sequence number in 32-bit words. */
const FLAGS_BYTE = 6;
const SEQUENCE_WORD = 2;

/** A change that the kernel refused: its index in the batch, its kind and the errno (positive). */
export interface Refusal {
  readonly index: number;
  readonly kind: Change['kind'];
  readonly errno: number;
}

/** With these a datagram is too large for the send buffer, or for the kernel's memory. */
const tooLarge: ReadonlySet<number | undefined> = new Set([errno.EMSGSIZE, errno.ENOBUFS, errno.ENOMEM]);

/** Changes to be sent to the kernel in one datagram, in order. */
export class ChangeBatch {
  /** The messages, as 32-bit words. `addTemplate` returns where the caller's message begins. */
  readonly words = new Int32Array(BATCH_BYTES / 4);
  readonly family: GenlFamily;
  readonly #cursor = new Uint32Array(Object.keys(ruleCursor).length);
  readonly #bytes = new Uint8Array(this.words.buffer);
  readonly #connection: GenlConnection;
  #maxMessages: number;
  /** The number of the kind of each message, and where it begins; at last, where the last one ends. */
  readonly #kinds = new Uint8Array(MESSAGES);
  readonly #starts = new Uint32Array(MESSAGES + 1);
  #count = 0;
  #length = 0;
  /** The sequence number of the first message. */
  #first = 0;

  readonly #made: ((kind: Change['kind']) => void) | undefined;

  /** @param made called with the kind of each change that was made, or may have been. */
  constructor(connection: GenlConnection, family: GenlFamily, made?: (kind: Change['kind']) => void) {
    this.#connection = connection;
    this.#made = made;
    this.family = family;
    const fitting = Math.floor((connection.receiveBuffer ?? Number.POSITIVE_INFINITY) / ERROR_BYTES);
    this.#maxMessages = Math.max(1, Math.min(BATCH_MESSAGES, fitting));
  }

  get count(): number {
    return this.#count;
  }

  /** Whether the batch must be sent before another change is added. */
  get full(): boolean {
    return this.#count >= this.#maxMessages || this.#length > BATCH_BYTES - MAX_MESSAGE_LENGTH;
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
   * Adds messages for rules, as `BulkLines.takeRules`, from byte `from` of a block on.
   * @returns where the first rule begins that was not taken.
   */
  takeRules(take: BulkLines['takeRules'], templates: RuleTemplates, block: Uint8Array, from: number): number {
    const cursor = this.#cursor;
    const first = this.#connection.nextSequence(0);
    if (this.#count === 0) this.#first = first;
    cursor[ruleCursor.nextByte] = from;
    cursor[ruleCursor.nextWord] = this.#length / 4;
    cursor[ruleCursor.messages] = this.#count;
    cursor[ruleCursor.sequence] = first;
    cursor[ruleCursor.most] = this.#maxMessages;
    take(block, templates, { words: this.words, starts: this.#starts, kinds: this.#kinds }, cursor);
    this.#connection.nextSequence(cursor[ruleCursor.messages]! - this.#count);
    this.#count = cursor[ruleCursor.messages]!;
    this.#length = 4 * cursor[ruleCursor.nextWord]!;
    return cursor[ruleCursor.nextByte]!;
  }

  /**
   * Sends the changes and waits for the replies. A refused change does not stop the others.
   * @returns the changes that were refused, in order.
   * @throws TransportError if the kernel could not be reached, or its replies are lost repeatedly.
   */
  send(): Refusal[] {
    const count = this.#count;
    if (count === 0) return [];
    this.#starts[count] = this.#length;
    this.#count = 0;
    this.#length = 0;
    const made = this.#made;
    if (!made) return this.#sendPart(0, count);
    let refused: Refusal[] = [];
    try {
      refused = this.#sendPart(0, count);
      return refused;
    } finally {
      const refusals = new Set(refused.map(({ index }) => index));
      for (let index = 0; index < count; index++) if (!refusals.has(index)) made(this.#kind(index));
    }
  }

  /** Sends the messages `from`..`to`, in several datagrams if one is too large. */
  #sendPart(from: number, to: number): Refusal[] {
    const starts = this.#starts;
    const first = this.#first;
    const view = new DataView(this.words.buffer);
    view.setUint16(starts[to - 1]! + FLAGS_BYTE, NLM_F_REQUEST | NLM_F_ACK, HOST_IS_LITTLE_ENDIAN);
    const datagram = this.#bytes.subarray(starts[from], starts[to]);
    try {
      const refused = [...this.#connection.exchange(datagram, first + from, first + to - 1)];
      return refused.sort(([a], [b]) => a - b).flatMap(([index, code]) => this.#refusals(from + index, code));
    } catch (error) {
      if (error instanceof NotSentError && tooLarge.has(error.errno) && to - from > 1) {
        const middle = (from + to) >> 1;
        this.#maxMessages = Math.min(this.#maxMessages, middle - from);
        return [...this.#sendPart(from, middle), ...this.#sendPart(middle, to)];
      }
      if (!(error instanceof LostRepliesError)) throw error;
      return error.answers.flatMap((answer, index) => this.#ask(from + index, answer, error));
    }
  }

  /**
   * Finds out about a change whose reply was lost: sends it once more. Every unanswered change of a
   * datagram is sent again in the same order, so the result is the same.
   * @param answer the errno or 0 if the reply was received.
   * @throws `lost` if the kernel cannot be asked.
   */
  #ask(index: number, answer: number | undefined, lost: LostRepliesError): Refusal[] {
    const kind = this.#kind(index);
    const starts = this.#starts;
    const first = this.#first;
    const message = this.#bytes.subarray(starts[index], starts[index + 1]);
    new DataView(this.words.buffer).setUint16(
      starts[index]! + FLAGS_BYTE,
      NLM_F_REQUEST | NLM_F_ACK,
      HOST_IS_LITTLE_ENDIAN,
    );
    for (let attempt = 1; answer === undefined; attempt++) {
      try {
        const code = this.#connection.exchange(message, first + index, first + index).get(0) ?? 0;
        const before = isInEffect(kind, code, () => holds(this.#connection, this.family, message));
        answer = before ? 0 : code;
      } catch (error) {
        if (!isNetlinkFailure(error)) throw error;
        if (!(error instanceof LostRepliesError) || attempt === ATTEMPTS) throw lost;
        answer = error.answers[0];
      }
    }
    return this.#refusals(index, answer);
  }

  #begin(kind: Change['kind']): number {
    this.#starts[this.#count] = this.#length;
    this.#kinds[this.#count] = changeKinds.indexOf(kind);
    const sequence = this.#connection.nextSequence();
    if (this.#count === 0) this.#first = sequence;
    this.#count += 1;
    return sequence;
  }

  #kind(index: number): Change['kind'] {
    return changeKinds[this.#kinds[index]!]!;
  }

  /**
   * The refusal that an errno or 0 means, if any. EINTR from stop-daemon means that the daemon was
   * stopped before its thread ran (kthread_stop): it is stopped. The C program then waits forever for
   * an ack (docs/compatibility.md, stop-daemon-unanswered).
   */
  #refusals(index: number, code: number): Refusal[] {
    const kind = this.#kind(index);
    const done = code === 0 || (code === errno.EINTR && kind === 'stop-daemon');
    return done ? [] : [{ index, kind, errno: code }];
  }
}
