/**
 * A kernel with an IPVS table, behind Transport, so that tests use the real codecs. It refuses
 * requests as far as the recordings need it; test/kernel tests the refusals of real kernels.
 */

import { errno } from '../../src/errors/errno';
import {
  commandAttributes,
  type destinationAttributes,
  infoAttributes,
  type serviceAttributes,
} from '../../src/ipvs/attributes';
import { ipvsCommands } from '../../src/ipvs/commands';
import { AF_INET6 } from '../../src/model/address';
import { type Attributes, decodeAttributes, encodeAttributes } from '../../src/netlink/attribute';
import { TransportError } from '../../src/netlink/errors';
import {
  decodeMessages,
  GENL_HEADER,
  type Message,
  NLM_F_ACK,
  NLM_F_DUMP,
  NLMSG_DONE,
  NLMSG_ERROR,
} from '../../src/netlink/message';
import type { Transport } from '../../src/netlink/transport';
import { EntryIndex } from './entry-index';
import {
  checkFamily,
  type DaemonRecord,
  isUnicast,
  newDestination,
  newStatistics,
  Refusal,
  required,
  sameBytes,
  syncMaxLength,
} from './fake-kernel-checks';
import { control, encoded } from './fake-kernel-messages';

export const FAMILY_ID = 0x1f;

/** The command in the reply to GET_INFO: IPVS_CMD_SET_INFO. */
const INFO_REPLY = 14;

const ENOBUFS = 105;

type ServiceRecord = Attributes<typeof serviceAttributes>;
type DestinationRecord = Attributes<typeof destinationAttributes>;
type CommandValues = Attributes<typeof commandAttributes>;
interface Entry {
  service: ServiceRecord;
  destinations: DestinationRecord[];
}

const schedulers = 'rr wrr lc wlc fo ovf lblc lblcr dh sh mh sed nq none'.split(' ');
const engines = ['', 'sip'];
const interfaces = ['lo'];

export class FakeKernel {
  entries: Entry[] = [];
  daemons: DaemonRecord[] = [];
  timeouts = { timeoutTcp: 900, timeoutTcpFin: 120, timeoutUdp: 300 };
  version = 0x010201;
  /** The genl command, flags and attribute bytes of each request to the IPVS family. */
  readonly requests: { command: number; flags: number; attributes: Uint8Array }[] = [];
  /** Called before each change: returns an errno to refuse it, or 0. */
  refuse: ((command: number) => number) | undefined;
  /** Called after each change. */
  changed: () => void = () => {};
  /** The attributes of a reply to a dump; `keptAttributes` for large tables. */
  dumped = (record: CommandValues) => encodeAttributes(commandAttributes, record);
  /** How many of the next datagrams with changes get no replies, although they are carried out. */
  lostReplies = 0;
  /** Whether the IPVS family is unknown. */
  familyMissing = false;
  readonly #index = new EntryIndex<Entry>();

  /** Returns a transport to this kernel. */
  open(): Transport {
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
          throw new TransportError('replies were lost', ENOBUFS);
        }
        const datagram = queue.shift();
        if (!datagram) throw new TransportError('nothing to receive', errno.EAGAIN);
        return datagram;
      },
      close: () => {},
    };
  }

  #replyTo(message: Message): Uint8Array[] {
    const command = message.payload[0]!;
    const attributes = message.payload.slice(GENL_HEADER);
    const dump = (message.flags & NLM_F_DUMP) === NLM_F_DUMP;
    try {
      if (message.type === 16) return this.#family(message);
      this.requests.push({ command, flags: message.flags, attributes });
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
        const destinations = (values.service && this.#find(values.service))?.destinations ?? [];
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
        return reply(ipvsCommands.newService, { service: this.#existing(values.service).service });
      default:
        this.#change(command, values);
        this.changed();
        return [];
    }
  }

  #change(command: number, values: CommandValues): void {
    const refused = this.refuse?.(command) ?? 0;
    if (refused !== 0) throw new Refusal(refused);
    switch (command) {
      case ipvsCommands.setConfig:
        for (const name of ['timeoutTcp', 'timeoutTcpFin', 'timeoutUdp'] as const) {
          this.timeouts[name] = values[name] || this.timeouts[name];
        }
        return;
      case ipvsCommands.flush:
        this.entries = [];
        return;
      case ipvsCommands.zero:
        if (values.service) this.#existing(values.service);
        return;
      case ipvsCommands.newService:
      case ipvsCommands.setService:
        this.#setService(command, required(values.service));
        return;
      case ipvsCommands.delService: {
        const entry = this.#existing(values.service);
        this.entries.splice(this.entries.indexOf(entry), 1);
        this.#index.remove(entry);
        return;
      }
      case ipvsCommands.newDest:
      case ipvsCommands.setDest:
      case ipvsCommands.delDest:
        this.#changeDestination(command, this.#existing(values.service), required(values.destination));
        return;
      case ipvsCommands.newDaemon:
      case ipvsCommands.delDaemon:
        this.#changeDaemon(command, required(values.daemon));
        return;
      default:
        throw new Refusal(errno.EOPNOTSUPP);
    }
  }

  #setService(command: number, asked: ServiceRecord): void {
    checkFamily(asked.family);
    const found = this.#find(asked);
    if (command === ipvsCommands.newService ? found : !found) {
      throw new Refusal(found ? errno.EEXIST : errno.ESRCH);
    }
    if (asked.scheduler === undefined || !asked.flags || asked.timeout === undefined || !asked.netmask) {
      throw new Refusal(errno.EINVAL);
    }
    if (!schedulers.includes(asked.scheduler)) throw new Refusal(errno.ENOENT);
    if (!engines.includes(asked.persistenceEngine ?? '')) throw new Refusal(errno.ENOENT);
    if (asked.family === AF_INET6) {
      const length = new DataView(asked.netmask.slice().buffer).getUint32(0, true);
      if (length < 1 || length > 128) throw new Refusal(errno.EINVAL);
    }
    const service = {
      ...asked,
      flags: { flags: asked.flags.flags | 0x02, mask: 0xffffffff },
      ...newStatistics(),
    };
    if (found) {
      found.service = service;
      return;
    }
    const entry = { service, destinations: [] };
    this.entries.push(entry);
    this.#index.add(entry);
  }

  #changeDestination(command: number, entry: Entry, asked: DestinationRecord): void {
    const family = asked.family || entry.service.family;
    checkFamily(family);
    const at = entry.destinations.findIndex(
      (other) =>
        other.family === family && other.port === asked.port && sameBytes(other.address, asked.address),
    );
    if (command === ipvsCommands.delDest) {
      if (at < 0) throw new Refusal(errno.ENOENT);
      entry.destinations.splice(at, 1);
      return;
    }
    const { forwarding = 0, weight = 0, upperThreshold = 0, lowerThreshold = 0 } = asked;
    if (family !== entry.service.family && (forwarding & 7) !== 2) throw new Refusal(errno.EINVAL);
    if (family !== entry.service.family && this.daemons.length > 0) throw new Refusal(errno.EINVAL);
    if (weight < 0 || lowerThreshold > upperThreshold) throw new Refusal(errno.ERANGE);
    if (command === ipvsCommands.newDest ? at >= 0 : at < 0) {
      throw new Refusal(at >= 0 ? errno.EEXIST : errno.ENOENT);
    }
    if (!isUnicast(required(asked.address), family!)) throw new Refusal(errno.EINVAL);
    // An edited server keeps its connections and counters.
    const destination = { ...(entry.destinations[at] ?? newDestination()), ...asked, family };
    if (at >= 0) entry.destinations[at] = destination;
    else entry.destinations.unshift(destination);
  }

  #changeDaemon(command: number, asked: DaemonRecord): void {
    const at = this.daemons.findIndex((daemon) => daemon.state === asked.state);
    if (command === ipvsCommands.delDaemon) {
      if (at < 0) throw new Refusal(errno.ESRCH);
      this.daemons.splice(at, 1);
      return;
    }
    if (!interfaces.includes(asked.interface ?? '')) throw new Refusal(errno.ENODEV);
    if (at >= 0) throw new Refusal(errno.EEXIST);
    const mixed = this.entries.some(({ service, destinations }) =>
      destinations.some(({ family }) => family !== service.family),
    );
    if (mixed) throw new Refusal(errno.EINVAL);
    if (asked.group6 && asked.state === 1) throw new Refusal(errno.ENETUNREACH);
    this.daemons.push({
      ...asked,
      maxLength: syncMaxLength(asked),
      port: asked.port ?? 8848,
      ttl: asked.ttl ?? 1,
      ...(asked.group6 ? {} : { group: asked.group ?? Uint8Array.of(224, 0, 0, 81) }),
    });
    this.daemons.sort((a, b) => a.state! - b.state!);
  }

  #find(asked: ServiceRecord): Entry | undefined {
    return this.#index.find(this.entries, asked);
  }

  #existing(asked: ServiceRecord | undefined): Entry {
    const entry = this.#find(required(asked));
    if (!entry) throw new Refusal(errno.ESRCH);
    return entry;
  }
}
