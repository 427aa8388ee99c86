import { errno } from '../errors/errno';
import {
  type Attributes,
  type AttributeTable,
  decodeAttributes,
  encodeAttributes,
  text,
  u16,
} from './attribute';
import { NetlinkError, TransportError } from './errors';
import {
  eachMessage,
  encodeGenlMessage,
  GENL_HEADER,
  messageErrno,
  NLM_F_DUMP,
  NLM_F_DUMP_INTR,
  NLM_F_REQUEST,
  NLMSG_DONE,
  NLMSG_ERROR,
  NLMSG_NOOP,
} from './message';
import type { Transport } from './transport';

/** The controller of generic netlink (kernel: uapi/linux/genetlink.h): it knows the families' numbers. */
const GENL_ID_CTRL = 16;
const CTRL_CMD_GETFAMILY = 3;
const CTRL_VERSION = 1;
const controlAttributes = {
  familyId: [1, u16],
  familyName: [2, text],
} as const satisfies AttributeTable;

/** How often a dump that the kernel calls interrupted is asked for again before it counts as failed. */
const DUMP_ATTEMPTS = 10;

/** One request: a genl command and its encoded attributes. */
export interface GenlRequest {
  readonly command: number;
  readonly attributes: Uint8Array;
}

/** Where requests go: the number of a genl family, and the version that messages to it carry. */
export interface GenlFamily {
  readonly id: number;
  readonly version: number;
}

/** Takes the attributes of one answer to a dump: the bytes `from`..`to` of a datagram that is used again. */
export type DumpVisitor = (datagram: Uint8Array, from: number, to: number) => void;

/**
 * A generic netlink conversation with the kernel over one transport: it numbers the requests, matches the
 * answers by sequence number, and turns error messages into NetlinkError with the kernel's errno.
 */
export class GenlConnection {
  readonly #transport: Transport;
  #sequence = 0;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** A number for the next request: each is used once. */
  nextSequence(): number {
    this.#sequence += 1;
    return this.#sequence;
  }

  /** The family called `name`. @throws NetlinkError (ENOENT when the kernel has none of that name). */
  resolveFamily(name: string, version: number): GenlFamily {
    const control = { id: GENL_ID_CTRL, version: CTRL_VERSION };
    const attributes = encodeAttributes(controlAttributes, { familyName: name });
    const answer = this.get(control, { command: CTRL_CMD_GETFAMILY, attributes }, controlAttributes);
    if (answer.familyId === undefined) throw new TransportError(`no id for family ${name}`);
    return { id: answer.familyId, version };
  }

  /** One question with one answer. @throws NetlinkError. */
  get<T extends AttributeTable>(family: GenlFamily, request: GenlRequest, table: T): Attributes<T> {
    const sequence = this.#ask(family, request, NLM_F_REQUEST);
    let answer: Attributes<T> | undefined;
    while (!answer) {
      const datagram = this.#transport.receive();
      eachMessage(datagram, (type, _flags, answered, from, to) => {
        if (answered !== sequence) return;
        if (type === NLMSG_ERROR) throwIfError(datagram.subarray(from, to));
        else answer ??= decodeAttributes(table, datagram.subarray(from + GENL_HEADER, to));
      });
    }
    return answer;
  }

  /**
   * Lets `visit` see every answer to a dump request. A dump that the kernel marks as interrupted is asked for
   * again, after `restart`. @throws NetlinkError, TransportError.
   */
  dump(family: GenlFamily, request: GenlRequest, visit: DumpVisitor, restart: () => void): void {
    for (let attempt = 0; attempt < DUMP_ATTEMPTS; attempt++) {
      if (this.#dumpOnce(family, request, visit)) return;
      restart();
    }
    throw new TransportError('the table kept changing while it was read');
  }

  /**
   * Sends a datagram of requests numbered `first`..`last`, of which the last one asks for an ack: the kernel
   * works on all of them in order, and answers a refused one whether or not it was asked to.
   * @returns for each request 0 or the errno (positive) with which the kernel refused it.
   * @throws TransportError when answers were lost.
   */
  exchange(datagram: Uint8Array, first: number, last: number): number[] {
    const errnos = new Array<number>(last - first + 1).fill(0);
    this.#transport.send(datagram);
    for (let done = false; !done; ) {
      const answer = this.#receiveAck();
      if (!answer) {
        errnos[errnos.length - 1] = errno.EINTR;
        break;
      }
      eachMessage(answer, (type, _flags, sequence, from, to) => {
        if (type !== NLMSG_ERROR || sequence < first || sequence > last) return;
        errnos[sequence - first] = messageErrno(answer.subarray(from, to));
        done ||= sequence === last;
      });
    }
    return errnos;
  }

  /**
   * An answer to a change. There is none, not even later, for an operation that ended with EINTR: the kernel
   * does not acknowledge those (net/netlink/af_netlink.c, netlink_rcv_skb).
   */
  #receiveAck(): Uint8Array | undefined {
    try {
      return this.#transport.receive();
    } catch (error) {
      if (error instanceof TransportError && error.errno === errno.EAGAIN) return undefined;
      throw error;
    }
  }

  /** Whether the dump was whole; what was visited of one that was not is worthless. */
  #dumpOnce(family: GenlFamily, request: GenlRequest, visit: DumpVisitor): boolean {
    const sequence = this.#ask(family, request, NLM_F_REQUEST | NLM_F_DUMP);
    let interrupted = false;
    for (let done = false; !done; ) {
      const datagram = this.#transport.receive();
      eachMessage(datagram, (type, flags, answered, from, to) => {
        if (answered !== sequence) return;
        if (flags & NLM_F_DUMP_INTR) interrupted = true;
        if (type === NLMSG_ERROR || type === NLMSG_DONE) {
          throwIfError(datagram.subarray(from, to));
          done = true;
        } else if (type !== NLMSG_NOOP && !interrupted) {
          visit(datagram, from + GENL_HEADER, to);
        }
      });
    }
    return !interrupted;
  }

  #ask(family: GenlFamily, request: GenlRequest, flags: number): number {
    const sequence = this.nextSequence();
    this.#transport.send(encodeGenlMessage(family, request, flags, sequence));
    return sequence;
  }
}

function throwIfError(payload: Uint8Array): void {
  const code = messageErrno(payload);
  if (code !== 0) throw new NetlinkError(code);
}
