import {
  type Attributes,
  type AttributeTable,
  decodeAttributes,
  encodeAttributes,
  text,
  u16,
} from './attribute';
import { type BulkVisitor, type DumpVisitor, NetlinkConnection } from './connection';
import { TransportError } from './errors';
import { GENL_HEADER, type NetlinkRequest } from './message';
import type { Transport } from './transport';

/** The generic netlink controller (kernel: uapi/linux/genetlink.h), which resolves family names. */
const GENL_ID_CTRL = 16;
const CTRL_CMD_GETFAMILY = 3;
const CTRL_VERSION = 1;
const controlAttributes = {
  familyId: [1, u16],
  familyName: [2, text],
} as const satisfies AttributeTable;

/** A request: a generic netlink command and its encoded attributes. */
export interface GenlRequest {
  readonly command: number;
  readonly attributes: Uint8Array;
}

/** A generic netlink family: its id, and the version in the messages to it. */
export interface GenlFamily {
  readonly id: number;
  readonly version: number;
}

/** A generic netlink connection to the kernel over a transport. */
export class GenlConnection {
  readonly #connection: NetlinkConnection;

  constructor(transport: Transport) {
    this.#connection = new NetlinkConnection(transport);
  }

  /** As `NetlinkConnection.nextSequence`. */
  nextSequence(count = 1): number {
    return this.#connection.nextSequence(count);
  }

  /** The family called `name`. @throws NetlinkError (ENOENT if the kernel has no such family). */
  resolveFamily(name: string, version: number): GenlFamily {
    const control = { id: GENL_ID_CTRL, version: CTRL_VERSION };
    const attributes = encodeAttributes(controlAttributes, { familyName: name });
    const answer = this.get(control, { command: CTRL_CMD_GETFAMILY, attributes }, controlAttributes);
    if (answer.familyId === undefined) throw new TransportError(`no id for family ${name}`);
    return { id: answer.familyId, version };
  }

  /** The size of the receive buffer in bytes, if it is known. */
  get receiveBuffer(): number | undefined {
    return this.#connection.receiveBuffer;
  }

  /** Sends a request and returns its only reply. @throws NetlinkError. */
  get<T extends AttributeTable>(family: GenlFamily, request: GenlRequest, table: T): Attributes<T> {
    const reply = this.#connection.get(message(family, request));
    return decodeAttributes(table, reply.subarray(GENL_HEADER));
  }

  /** Sends a request that changes something and waits for its ack. @throws NetlinkError. */
  change(family: GenlFamily, request: GenlRequest): void {
    this.#connection.change(message(family, request));
  }

  /** As `NetlinkConnection.dump`. @throws NetlinkError, TransportError. */
  dump(
    family: GenlFamily,
    request: GenlRequest,
    visit: DumpVisitor,
    restart: () => void,
    takeMany?: BulkVisitor,
  ): void {
    this.#connection.dump(message(family, request), visit, restart, takeMany);
  }

  /** As `NetlinkConnection.exchange`. @throws NotSentError; LostRepliesError. */
  exchange(datagram: Uint8Array, first: number, last: number): Map<number, number> {
    return this.#connection.exchange(datagram, first, last);
  }
}

function message(family: GenlFamily, { command, attributes }: GenlRequest): NetlinkRequest {
  return { type: family.id, header: Uint8Array.of(command, family.version, 0, 0), attributes };
}
