import { errno } from '../errors/errno';
import type { Change } from '../model/change';
import { HOST_IS_LITTLE_ENDIAN } from '../netlink/attribute';
import type { GenlConnection, GenlFamily } from '../netlink/genl';
import { encodeGenlMessage, NLM_F_ACK, NLM_F_REQUEST } from '../netlink/message';
import { changeToRequest } from './change';

/** More messages in a datagram gain little, and all their errors must fit the receive buffer. */
const BATCH_MESSAGES = 128;
/** The socket's send buffer limits a datagram; this is far below it. */
const BATCH_BYTES = 64 * 1024;
/** No message for a change is longer, in bytes. */
const MAX_MESSAGE_LENGTH = 1024;

/** Offsets in struct nlmsghdr: of the flags in bytes, of the sequence number in 32-bit words. */
const FLAGS_BYTE = 6;
const SEQUENCE_WORD = 2;

/** A change that the kernel refused: its kind and the errno (positive). */
export interface Refusal {
  readonly kind: Change['kind'];
  readonly errno: number;
}

/** Changes to be sent to the kernel in one datagram, in order. */
export class ChangeBatch {
  /** The messages, as 32-bit words. `addTemplate` returns where the caller's message begins. */
  readonly words = new Int32Array(BATCH_BYTES / 4);
  readonly family: GenlFamily;
  readonly #bytes = new Uint8Array(this.words.buffer);
  readonly #connection: GenlConnection;
  #kinds: Change['kind'][] = [];
  #length = 0;
  #lastStart = 0;
  #lastSequence = 0;

  constructor(connection: GenlConnection, family: GenlFamily) {
    this.#connection = connection;
    this.family = family;
  }

  get count(): number {
    return this.#kinds.length;
  }

  /** Whether the batch must be sent before another change is added. */
  get full(): boolean {
    return this.#kinds.length >= BATCH_MESSAGES || this.#length > BATCH_BYTES - MAX_MESSAGE_LENGTH;
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
   * @throws TransportError if replies were lost.
   */
  send(): (Refusal | undefined)[] {
    const kinds = this.#kinds;
    if (kinds.length === 0) return [];
    const view = new DataView(this.words.buffer);
    view.setUint16(this.#lastStart + FLAGS_BYTE, NLM_F_REQUEST | NLM_F_ACK, HOST_IS_LITTLE_ENDIAN);
    const datagram = this.#bytes.subarray(0, this.#length);
    this.#kinds = [];
    this.#length = 0;
    const first = this.#lastSequence - kinds.length + 1;
    const errnos = this.#connection.exchange(datagram, first, this.#lastSequence);
    return errnos.map((code, index) => refusalOf(kinds[index]!, code));
  }

  #begin(kind: Change['kind']): number {
    this.#lastStart = this.#length;
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
