import {
  type Attributes,
  type AttributeTable,
  decodeAttributes,
  encodeAttributes,
  text,
  u16,
} from './attribute';
import {
  decodeMessages,
  encodeGenlMessage,
  GENL_HEADER,
  type Message,
  messageCode,
  NLM_F_ACK,
  NLM_F_DUMP,
  NLM_F_DUMP_INTR,
  NLM_F_REQUEST,
  NLMSG_DONE,
  NLMSG_ERROR,
  NLMSG_NOOP,
} from './message';
import { NetlinkError, type Transport, TransportError } from './transport';

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

/** One request of a batch: a genl command and its encoded attributes. */
export interface GenlRequest {
  readonly command: number;
  readonly attributes: Uint8Array;
}

/** Where requests go: the number of a genl family, and the version that messages to it carry. */
export interface GenlFamily {
  readonly id: number;
  readonly version: number;
}

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
    const sequence = this.#send(family, [request], NLM_F_REQUEST, 0);
    for (;;) {
      for (const message of this.#receive()) {
        if (message.sequence !== sequence) continue;
        if (message.type === NLMSG_ERROR) throwOnError(message);
        return decodeAttributes(table, message.payload.subarray(GENL_HEADER));
      }
    }
  }

  /**
   * Every answer to a dump request, converted by `convert`. A dump that the kernel marks as interrupted is
   * asked for again. @throws NetlinkError, TransportError.
   */
  dump<T extends AttributeTable, R>(
    family: GenlFamily,
    request: GenlRequest,
    table: T,
    convert: (attributes: Attributes<T>) => R,
  ): R[] {
    for (let attempt = 0; attempt < DUMP_ATTEMPTS; attempt++) {
      const rows = this.#dumpOnce(family, request, table, convert);
      if (rows) return rows;
    }
    throw new TransportError('the table kept changing while it was read');
  }

  /**
   * Sends changes in one datagram, asking for an ack of the last one only: the kernel works on all of them in
   * order, and answers a refused one whether or not it was asked to.
   * @returns for each request 0 or the errno (positive) with which the kernel refused it.
   * @throws TransportError when answers were lost.
   */
  change(family: GenlFamily, requests: readonly GenlRequest[]): number[] {
    const errnos = new Array<number>(requests.length).fill(0);
    if (requests.length === 0) return errnos;
    const last = this.#send(family, requests, NLM_F_REQUEST, NLM_F_ACK);
    const first = last - requests.length + 1;
    for (;;) {
      for (const message of this.#receive()) {
        if (message.type !== NLMSG_ERROR || message.sequence < first || message.sequence > last) continue;
        errnos[message.sequence - first] = -messageCode(message);
        if (message.sequence === last) return errnos;
      }
    }
  }

  /** The answers of one dump; undefined when the kernel says that the table changed meanwhile. */
  #dumpOnce<T extends AttributeTable, R>(
    family: GenlFamily,
    request: GenlRequest,
    table: T,
    convert: (attributes: Attributes<T>) => R,
  ): R[] | undefined {
    const sequence = this.#send(family, [request], NLM_F_REQUEST | NLM_F_DUMP, 0);
    const rows: R[] = [];
    let interrupted = false;
    for (;;) {
      for (const message of this.#receive()) {
        if (message.sequence !== sequence) continue;
        if (message.flags & NLM_F_DUMP_INTR) interrupted = true;
        if (message.type === NLMSG_ERROR) throwOnError(message);
        else if (message.type === NLMSG_DONE) {
          throwOnError(message);
          return interrupted ? undefined : rows;
        } else if (message.type !== NLMSG_NOOP && !interrupted) {
          rows.push(convert(decodeAttributes(table, message.payload.subarray(GENL_HEADER))));
        }
      }
    }
  }

  /** Sends the requests as one datagram; `lastFlags` go to the last only. Returns the last one's sequence number. */
  #send(family: GenlFamily, requests: readonly GenlRequest[], flags: number, lastFlags: number): number {
    const messages = requests.map((request, index) => {
      this.#sequence += 1;
      return encodeGenlMessage(
        {
          type: family.id,
          flags: index === requests.length - 1 ? flags | lastFlags : flags,
          sequence: this.#sequence,
        },
        { command: request.command, version: family.version },
        request.attributes,
      );
    });
    this.#transport.send(messages.length === 1 ? messages[0]! : joined(messages));
    return this.#sequence;
  }

  #receive(): Message[] {
    return decodeMessages(this.#transport.receive());
  }
}

function throwOnError(message: Message): void {
  const code = messageCode(message);
  if (code !== 0) throw new NetlinkError(-code);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
