import { errno } from '../errors/errno';
import { LostRepliesError, MessageError, NetlinkError, NotSentError, TransportError } from './errors';
import {
  eachMessage,
  encodeMessage,
  messageErrno,
  type NetlinkRequest,
  NLM_F_ACK,
  NLM_F_DUMP,
  NLM_F_DUMP_INTR,
  NLM_F_REQUEST,
  NLMSG_DONE,
  NLMSG_ERROR,
  NLMSG_NOOP,
} from './message';
import type { Transport } from './transport';

/** How many times a dump that the kernel marks as interrupted is attempted before it fails. */
const DUMP_ATTEMPTS = 10;

/**
 * How many times something is attempted that failed for a reason that may pass: too little memory, a
 * reply that was lost or damaged.
 */
const ATTEMPTS = 4;

/** Reasons that may pass. */
const passing: ReadonlySet<number | undefined> = new Set([errno.ENOBUFS, errno.ENOMEM]);

/**
 * Receives the attributes of one reply to a dump: bytes `from`..`to` of a reused datagram buffer.
 */
export type DumpVisitor = (datagram: Uint8Array, from: number, to: number) => void;

/**
 * Takes replies of a datagram from byte `at` on at once, before others are visited: those with the
 * sequence number and no flag that says that the dump was interrupted. Returns their size in bytes.
 */
export type BulkVisitor = (datagram: Uint8Array, at: number, sequence: number) => number;

/**
 * A netlink connection to the kernel over a transport. It numbers the requests, matches replies by
 * sequence number, and converts error messages to NetlinkError with the kernel's errno. The replies
 * of a family have a header of the same size as its requests.
 */
export class NetlinkConnection {
  readonly #transport: Transport;
  #sequence = 0;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Numbers the next requests, one unless `count` is given.
   * @returns the first of their sequence numbers; for none, the one that comes next.
   */
  nextSequence(count = 1): number {
    const first = this.#sequence + 1;
    this.#sequence += count;
    return first;
  }

  /** The size of the receive buffer in bytes, if it is known. */
  get receiveBuffer(): number | undefined {
    return this.#transport.receiveBuffer;
  }

  /**
   * Sends a request and returns its first reply, which begins with the family's header: a view that
   * is valid until the next request. @throws NetlinkError.
   */
  get(request: NetlinkRequest): Uint8Array {
    return this.#repeated(() => this.#getOnce(request));
  }

  /**
   * Sends a request that changes something and waits for its ack. Never repeats it: a reply that was
   * lost says nothing about the change. @throws NetlinkError, TransportError.
   */
  change(request: NetlinkRequest): void {
    const sequence = this.#ask(request, NLM_F_REQUEST | NLM_F_ACK);
    for (let done = false; !done; ) {
      const datagram = this.#receive();
      eachMessage(datagram, (type, _flags, answered, from, to) => {
        if (answered !== sequence || type !== NLMSG_ERROR) return;
        throwIfError(datagram.subarray(from, to));
        done = true;
      });
    }
  }

  /**
   * Calls `visit` with every reply to a dump request. Repeats a dump that the kernel marks as
   * interrupted, after calling `restart`. @throws NetlinkError, TransportError.
   */
  dump(request: NetlinkRequest, visit: DumpVisitor, restart: () => void, takeMany?: BulkVisitor): void {
    for (let attempt = 0; attempt < DUMP_ATTEMPTS; attempt++) {
      if (this.#repeated(() => this.#dumpOnce(request, visit, takeMany), restart)) return;
      restart();
    }
    throw new TransportError('the table kept changing while it was read');
  }

  /**
   * Sends a datagram of requests numbered `first`..`last`, of which only the last requests an ack.
   * The kernel handles all of them in order, and reports every refused one.
   * @returns the errno (positive) of each request that the kernel refused, by its index.
   * @throws NotSentError; LostRepliesError.
   */
  exchange(datagram: Uint8Array, first: number, last: number): Map<number, number> {
    /** By the index of the request: 0 or the errno. */
    const answers = new Map<number, number>();
    this.#send(datagram);
    let loss: TransportError | MessageError | undefined;
    let failures = 0;
    for (let done = false; !done; ) {
      try {
        const answer = this.#receiveAck();
        if (!answer) {
          if (!loss) answers.set(last - first, errno.EINTR);
          break;
        }
        eachMessage(answer, (type, _flags, sequence, from, to) => {
          if (type !== NLMSG_ERROR || sequence < first || sequence > last) return;
          answers.set(sequence - first, messageErrno(answer.subarray(from, to)));
          done ||= sequence === last;
        });
      } catch (error) {
        if (!(error instanceof TransportError || error instanceof MessageError)) throw error;
        // What the kernel queued before the loss can still be received.
        loss ??= error;
        failures += 1;
        if (failures === ATTEMPTS) break;
      }
    }
    if (loss) {
      const each = Array.from({ length: last - first + 1 }, (_, index) => answers.get(index));
      throw new LostRepliesError(loss.message, errnoIn(loss), each);
    }
    for (const [index, code] of answers) if (code === 0) answers.delete(index);
    return answers;
  }

  /**
   * Receives the replies to changes. An operation that ended with EINTR gets none: the kernel does
   * not acknowledge it (net/netlink/af_netlink.c, netlink_rcv_skb).
   */
  #receiveAck(): Uint8Array | undefined {
    try {
      return this.#receive();
    } catch (error) {
      if (error instanceof TransportError && error.errno === errno.EAGAIN) return undefined;
      throw error;
    }
  }

  #getOnce(request: NetlinkRequest): Uint8Array {
    const sequence = this.#ask(request, NLM_F_REQUEST);
    let answer: Uint8Array | undefined;
    while (!answer) {
      const datagram = this.#receive();
      eachMessage(datagram, (type, _flags, answered, from, to) => {
        if (answered !== sequence) return;
        if (type === NLMSG_ERROR) throwIfError(datagram.subarray(from, to));
        else answer ??= datagram.subarray(from, to);
      });
    }
    return answer;
  }

  /** Returns whether the dump is complete. If not, the replies visited must be discarded. */
  #dumpOnce(request: NetlinkRequest, visit: DumpVisitor, takeMany?: BulkVisitor): boolean {
    const sequence = this.#ask(request, NLM_F_REQUEST | NLM_F_DUMP);
    let interrupted = false;
    for (let done = false; !done; ) {
      const datagram = this.#receive();
      const take = takeMany && ((at: number) => (interrupted ? 0 : takeMany(datagram, at, sequence)));
      eachMessage(
        datagram,
        (type, flags, answered, from, to) => {
          if (answered !== sequence) return;
          if (flags & NLM_F_DUMP_INTR) interrupted = true;
          if (type === NLMSG_ERROR || type === NLMSG_DONE) {
            throwIfError(datagram.subarray(from, to));
            done = true;
          } else if (type !== NLMSG_NOOP && !interrupted) {
            visit(datagram, from + request.header.length, to);
          }
        },
        take,
      );
    }
    return !interrupted;
  }

  /**
   * Repeats a question whose reply was lost or damaged.
   * @param restart called before each repetition.
   */
  #repeated<T>(ask: () => T, restart = () => {}): T {
    for (let attempt = 1; ; attempt++) {
      try {
        return ask();
      } catch (error) {
        if (attempt === ATTEMPTS || !mayPass(error)) throw error;
        this.#drain();
        restart();
      }
    }
  }

  /** Receives and drops what is left of a dump: the kernel allows one at a time. */
  #drain(): void {
    for (let failures = 0; failures < ATTEMPTS; ) {
      try {
        this.#transport.receive();
      } catch (error) {
        if (!(error instanceof TransportError)) throw error;
        if (error.errno === errno.EAGAIN) return;
        failures += 1;
      }
    }
  }

  #ask(request: NetlinkRequest, flags: number): number {
    const sequence = this.nextSequence();
    this.#send(encodeMessage(request, flags, sequence));
    return sequence;
  }

  /** @throws NotSentError. */
  #send(datagram: Uint8Array): void {
    for (let attempt = 1; ; attempt++) {
      try {
        this.#transport.send(datagram);
        return;
      } catch (error) {
        if (!(error instanceof TransportError)) throw error;
        const again = error.errno === errno.EINTR || passing.has(error.errno);
        if (attempt === ATTEMPTS || !again) throw new NotSentError(error.message, error.errno);
      }
    }
  }

  #receive(): Uint8Array {
    for (let attempt = 1; ; attempt++) {
      try {
        return this.#transport.receive();
      } catch (error) {
        const interrupted = error instanceof TransportError && error.errno === errno.EINTR;
        if (attempt === ATTEMPTS || !interrupted) throw error;
      }
    }
  }
}

/** Whether a question that failed may succeed when it is repeated. */
function mayPass(error: unknown): boolean {
  return (
    error instanceof MessageError ||
    (error instanceof TransportError && !(error instanceof NotSentError) && passing.has(error.errno))
  );
}

function errnoIn(error: TransportError | MessageError): number | undefined {
  return error instanceof TransportError ? error.errno : undefined;
}

function throwIfError(payload: Uint8Array): void {
  const code = messageErrno(payload);
  if (code !== 0) throw new NetlinkError(code);
}
