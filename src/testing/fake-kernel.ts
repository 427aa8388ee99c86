/**
 * A kernel with an IPVS table, behind Transport, so that tests use the real codecs. What it does as a
 * real kernel does, and what not: docs/library.md. test/packaging/library.kernel-test.ts compares both.
 */
import { errno } from '../errors/errno';
import { commandAttributes, infoAttributes } from '../ipvs/attributes';
import { ipvsCommands } from '../ipvs/commands';
import { keyToAttributes, serverKeyToAttributes } from '../ipvs/convert';
import type { ServerKey } from '../model/real-server';
import type { ServiceKey } from '../model/virtual-service';
import { decodeAttributes, encodeAttributes } from '../netlink/attribute';
import { TransportError } from '../netlink/errors';
import {
  decodeMessages,
  GENL_HEADER,
  type Message,
  NLM_F_ACK,
  NLM_F_DUMP,
  NLMSG_DONE,
  NLMSG_ERROR,
} from '../netlink/message';
import type { Transport } from '../netlink/transport';
import type { ConnectionDocument } from '../state/document/types';
import { Refusal, sameBytes } from './checks';
import { connectionBlocks } from './connection-lines';
import { type Counters, withCounters } from './counters';
import { type CommandValues, type Entry, FakeTable } from './fake-table';
import { control, encoded } from './messages';

export const FAMILY_ID = 0x1f;

/** The command in the reply to GET_INFO: IPVS_CMD_SET_INFO. */
const INFO_REPLY = 14;

/** A request to the IPVS family: the genl command, flags and attribute bytes. */
export interface FakeRequest {
  command: number;
  flags: number;
  attributes: Uint8Array;
}

export interface FakeTransport extends Transport {
  /** The text of /proc/net/ip_vs_conn. */
  connectionTable(): Iterable<Uint8Array>;
}

/** An IPVS table of its own, which clients reach by `open`. */
export class FakeKernel extends FakeTable {
  version = 0x010201;
  /** The connection table. What real servers count is set apart: `countServer`. */
  connections: ConnectionDocument[] = [];
  /** Each request to the IPVS family. */
  readonly requests: FakeRequest[] = [];
  /** Called before each change: returns an errno to refuse it, or 0. */
  refuse: ((command: number) => number) | undefined;
  /** Called after each change. */
  changed: () => void = () => {};
  /** The attributes of a reply to a dump; `keptAttributes` for large tables. @internal */
  dumped = (record: CommandValues) => encodeAttributes(commandAttributes, record);
  /** How many of the next datagrams with changes get no replies, although they are carried out. */
  lostReplies = 0;
  /** Whether the program has CAP_NET_ADMIN; without it every request is refused with EPERM. */
  permitted = true;
  /** Whether the IPVS family is unknown: the module ip_vs is not loaded. */
  familyMissing = false;

  /** Returns a transport to this kernel. */
  open(): FakeTransport {
    const queue: Uint8Array[] = [];
    let lost = false;
    return {
      send: (datagram) => {
        const replies = decodeMessages(datagram.slice()).flatMap((message) => this.#replyTo(message));
        const acknowledged = decodeMessages(datagram).some(({ flags }) => flags & NLM_F_ACK);
        if (acknowledged && this.lostReplies > 0) {
          this.lostReplies -= 1;
          lost = true;
        } else queue.push(...replies);
      },
      receive: () => {
        if (lost) {
          lost = false;
          throw new TransportError('replies were lost', errno.ENOBUFS);
        }
        const datagram = queue.shift();
        if (!datagram) throw new TransportError('nothing to receive', errno.EAGAIN);
        return datagram;
      },
      close: () => {},
      connectionTable: () => connectionBlocks(this.connections),
    };
  }

  /** Sets counters of a virtual service. @throws RangeError if the table does not have it. */
  countService(key: ServiceKey, { statistics }: Pick<Counters, 'statistics'>): void {
    const entry = this.#counted(key);
    entry.service = withCounters(entry.service, { statistics });
  }

  /** Sets counters of a real server. @throws RangeError if the table does not have it. */
  countServer(key: ServiceKey, server: ServerKey, counters: Counters): void {
    const { destinations } = this.#counted(key);
    const { family, address, port } = serverKeyToAttributes(server);
    const at = destinations.findIndex(
      (one) => one.family === family && one.port === port && sameBytes(one.address, address),
    );
    if (at < 0) throw new RangeError('the virtual service has no such real server');
    destinations[at] = withCounters(destinations[at]!, counters);
  }

  #counted(key: ServiceKey): Entry {
    const entry = this.find(keyToAttributes(key));
    if (!entry) throw new RangeError('the table has no such virtual service');
    return entry;
  }

  #replyTo(message: Message): Uint8Array[] {
    const command = message.payload[0]!;
    const attributes = message.payload.slice(GENL_HEADER);
    const dump = (message.flags & NLM_F_DUMP) === NLM_F_DUMP;
    try {
      if (message.type === 16) return this.#family(message);
      this.requests.push({ command, flags: message.flags, attributes });
      if (!this.permitted) throw new Refusal(errno.EPERM);
      const values = decodeAttributes(commandAttributes, attributes);
      if (dump) {
        const records = this.#dump(command, values).map(({ reply, record }) =>
          encoded(message, reply, this.dumped(record), 2),
        );
        return [...records, control(message, NLMSG_DONE, 0)];
      }
      const replies = this.#do(command, values, message);
      return message.flags & NLM_F_ACK ? [...replies, control(message, NLMSG_ERROR, 0)] : replies;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return [control(message, NLMSG_ERROR, error.errno)];
    }
  }

  #family(message: Message): Uint8Array[] {
    if (this.familyMissing) throw new Refusal(errno.ENOENT);
    const payload = Uint8Array.of(6, 0, 1, 0, FAMILY_ID, 0, 0, 0);
    return [encoded(message, 1, payload, 0)];
  }

  #dump(command: number, values: CommandValues): { reply: number; record: CommandValues }[] {
    switch (command) {
      case ipvsCommands.getService:
        return this.entries.map(({ service }) => ({ reply: ipvsCommands.newService, record: { service } }));
      case ipvsCommands.getDest: {
        const destinations = (values.service && this.find(values.service))?.destinations ?? [];
        return destinations.map((destination) => ({ reply: ipvsCommands.newDest, record: { destination } }));
      }
      case ipvsCommands.getDaemon:
        return this.daemons.map((daemon) => ({ reply: ipvsCommands.newDaemon, record: { daemon } }));
      default:
        throw new Refusal(errno.EOPNOTSUPP);
    }
  }

  #do(command: number, values: CommandValues, message: Message): Uint8Array[] {
    const reply = (replyCommand: number, record: CommandValues) => [
      encoded(message, replyCommand, encodeAttributes(commandAttributes, record), 0),
    ];
    switch (command) {
      case ipvsCommands.getInfo: {
        const connectionTableSize = this.entries.length > 0 ? 256 : 0;
        const info = encodeAttributes(infoAttributes, { version: this.version, connectionTableSize });
        return [encoded(message, INFO_REPLY, info, 0)];
      }
      case ipvsCommands.getConfig:
        return reply(ipvsCommands.setConfig, this.timeouts);
      case ipvsCommands.getService:
        return reply(ipvsCommands.newService, { service: this.existing(values.service).service });
      default:
        this.change(command, values);
        this.changed();
        return [];
    }
  }

  protected override change(command: number, values: CommandValues): void {
    const refused = this.refuse?.(command) ?? 0;
    if (refused !== 0) throw new Refusal(refused);
    super.change(command, values);
  }
}
