/**
 * A kernel with an IPVS table of its own, behind Transport: the real codecs run against it. It knows the
 * kernel's refusals as far as the recordings need them; whether they are the kernel's is for test/kernel.
 */

import { errno } from '../../src/errors/errno';
import {
  commandAttributes,
  type daemonAttributes,
  type destinationAttributes,
  infoAttributes,
  type serviceAttributes,
} from '../../src/ipvs/attributes';
import { ipvsCommands } from '../../src/ipvs/commands';
import { AF_INET, AF_INET6, formatAddress } from '../../src/model/address';
import { noStatistics } from '../../src/model/statistics';
import { type Attributes, decodeAttributes, encodeAttributes } from '../../src/netlink/attribute';
import { TransportError } from '../../src/netlink/errors';
import {
  decodeMessages,
  encodeGenlMessage,
  GENL_HEADER,
  type Message,
  NLM_F_ACK,
  NLM_F_DUMP,
  NLMSG_DONE,
  NLMSG_ERROR,
} from '../../src/netlink/message';
import type { Transport } from '../../src/netlink/transport';

export const FAMILY_ID = 0x1f;

/** The command of the answer to GET_INFO: IPVS_CMD_SET_INFO. */
const INFO_REPLY = 14;

const ENOBUFS = 105;

type ServiceRecord = Attributes<typeof serviceAttributes>;
type DestinationRecord = Attributes<typeof destinationAttributes>;
type DaemonRecord = Attributes<typeof daemonAttributes>;
type CommandValues = Attributes<typeof commandAttributes>;
interface Entry {
  service: ServiceRecord;
  destinations: DestinationRecord[];
}

const schedulers = 'rr wrr lc wlc fo ovf lblc lblcr dh sh mh sed nq none'.split(' ');
const engines = ['', 'sip'];
const interfaces = ['lo'];

/** Statistics of a service or server of its own, all 0. */
const newStatistics = () => ({ stats: { ...noStatistics }, stats64: { ...noStatistics } });

const newDestination = () => ({
  activeConnections: 0,
  inactiveConnections: 0,
  persistentConnections: 0,
  ...newStatistics(),
});

/** A refusal, thrown by the handlers below and sent as NLMSG_ERROR. */
class Refusal extends Error {
  constructor(readonly errno: number) {
    super(`errno ${errno}`);
  }
}

export class FakeKernel {
  entries: Entry[] = [];
  daemons: DaemonRecord[] = [];
  timeouts = { timeoutTcp: 900, timeoutTcpFin: 120, timeoutUdp: 300 };
  version = 0x010201;
  /** Every request to the family, as its genl command, flags and attribute bytes. */
  readonly requests: { command: number; flags: number; attributes: Uint8Array }[] = [];
  /** Set to refuse changes: asked before each, it returns an errno, or 0 to carry the change out. */
  refuse: ((command: number) => number) | undefined;
  /** How many datagrams with changes get no answer, though they are carried out. */
  loseAnswers = 0;
  /** Set to let the family be unknown. */
  familyMissing = false;

  /** A socket to this kernel. */
  open(): Transport {
    const queue: Uint8Array[] = [];
    let lost = false;
    return {
      send: (datagram) => {
        const answers = decodeMessages(datagram.slice()).flatMap((message) => this.#answer(message));
        const acknowledged = decodeMessages(datagram).some(({ flags }) => flags & NLM_F_ACK);
        if (acknowledged && this.loseAnswers > 0) {
          this.loseAnswers -= 1;
          lost = true;
        } else queue.push(...answers);
      },
      receive: () => {
        if (lost) {
          lost = false;
          throw new TransportError('answers were lost', ENOBUFS);
        }
        const datagram = queue.shift();
        if (!datagram) throw new TransportError('nothing to receive', errno.EAGAIN);
        return datagram;
      },
      close: () => {},
    };
  }

  #answer(message: Message): Uint8Array[] {
    const command = message.payload[0]!;
    const attributes = message.payload.slice(GENL_HEADER);
    const dump = (message.flags & NLM_F_DUMP) === NLM_F_DUMP;
    try {
      if (message.type === 16) return this.#family(message);
      this.requests.push({ command, flags: message.flags, attributes });
      const values = decodeAttributes(commandAttributes, attributes);
      if (dump) {
        const records = this.#dump(command, values).map(({ reply, record }) =>
          encoded(message, reply, encodeAttributes(commandAttributes, record), 2),
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
    const answer = (reply: number, record: CommandValues) => [
      encoded(message, reply, encodeAttributes(commandAttributes, record), 0),
    ];
    switch (command) {
      case ipvsCommands.getInfo: {
        const connectionTableSize = this.entries.length > 0 ? 256 : 0;
        const info = encodeAttributes(infoAttributes, { version: this.version, connectionTableSize });
        return [encoded(message, INFO_REPLY, info, 0)];
      }
      case ipvsCommands.getConfig:
        return answer(ipvsCommands.setConfig, this.timeouts);
      case ipvsCommands.getService:
        return answer(ipvsCommands.newService, { service: this.#existing(values.service).service });
      default:
        this.#change(command, values);
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
        this.entries = this.entries.filter((other) => other !== entry);
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
      const length = Buffer.from(asked.netmask).readUInt32LE();
      if (length < 1 || length > 128) throw new Refusal(errno.EINVAL);
    }
    const service = {
      ...asked,
      flags: { flags: asked.flags.flags | 0x02, mask: 0xffffffff },
      ...newStatistics(),
    };
    if (found) found.service = service;
    else this.entries.push({ service, destinations: [] });
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
    return this.entries.find(({ service }) => {
      if (service.family !== asked.family || (service.fwmark || 0) !== (asked.fwmark || 0)) return false;
      if (asked.fwmark) return true;
      const { protocol, port, address } = service;
      return protocol === asked.protocol && port === asked.port && sameBytes(address, asked.address);
    });
  }

  #existing(asked: ServiceRecord | undefined): Entry {
    const entry = this.#find(required(asked));
    if (!entry) throw new Refusal(errno.ESRCH);
    return entry;
  }
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Refusal(errno.EINVAL);
  return value;
}

function checkFamily(family: number | undefined): void {
  if (family !== AF_INET && family !== AF_INET6) throw new Refusal(errno.EAFNOSUPPORT);
}

/** ip_vs_sync.c: what is asked for, in its limits; else what fits an Ethernet frame, or loopback's MTU. */
function syncMaxLength({ state, maxLength, group6 }: DaemonRecord): number {
  const header = group6 ? 48 : 28;
  const master = state === 1;
  if (!maxLength) return (master ? 1500 : 65535) - header;
  return Math.min(Math.max(maxLength, master ? 1 : 1024), 65535 - header);
}

const notUnicast = {
  /** Unspecified, broadcast and, of loopback's network, broadcast; multicast. */
  [AF_INET]: /^(0\.0\.0\.0|255\.255\.255\.255|127\.0\.0\.0|127\.255\.255\.255|2(2[4-9]|3[0-9])\..*)$/,
  /** Unspecified, multicast, link-local and IPv4-mapped. */
  [AF_INET6]: /^(::|ff..:.*|fe[89ab].:.*|::ffff:.*\..*)$/,
};

/** inet_addr_type and ipv6_addr_type, as far as they need no routes. */
function isUnicast(address: Uint8Array, family: number): boolean {
  const known = family === AF_INET ? AF_INET : AF_INET6;
  return !notUnicast[known].test(formatAddress(address.slice(0, known === AF_INET ? 4 : 16)));
}

function sameBytes(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a !== undefined && b !== undefined && Buffer.compare(a, b) === 0;
}

function encoded(request: Message, command: number, attributes: Uint8Array, flags: number): Uint8Array {
  return encodeGenlMessage(
    { id: request.type, version: 1 },
    { command, attributes },
    flags,
    request.sequence,
  );
}

/** NLMSG_ERROR or NLMSG_DONE with a code, by hand: nlmsghdr, then a 32-bit errno, negative. */
function control(request: Message, type: number, code: number): Uint8Array {
  const out = Buffer.alloc(20);
  out.writeUInt32LE(20, 0);
  out.writeUInt16LE(type, 4);
  out.writeUInt32LE(request.sequence, 8);
  out.writeInt32LE(-code, 16);
  return out;
}
