/**
 * A kernel with an IPVS table of its own, behind Transport: the real codecs run against it. It knows the
 * refusals of ../../docs/wire.md; whether they are the kernel's is for test/kernel to prove.
 */
import { AF_INET, AF_INET6 } from '../../src/model/address';
import { type Attributes, decodeAttributes, encodeAttributes } from '../../src/netlink/attribute';
import {
  commandAttributes,
  type daemonAttributes,
  type destinationAttributes,
  infoAttributes,
  type serviceAttributes,
} from '../../src/netlink/ipvs-attributes';
import { ipvsCommands } from '../../src/netlink/ipvs-commands';
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
import { type Transport, TransportError } from '../../src/netlink/transport';

export const FAMILY_ID = 0x1f;
const errno = {
  ENOENT: 2,
  ESRCH: 3,
  EEXIST: 17,
  ENODEV: 19,
  EINVAL: 22,
  ERANGE: 34,
  EOPNOTSUPP: 95,
  EAFNOSUPPORT: 97,
  ENETUNREACH: 101,
  EAGAIN: 11,
};

type ServiceRecord = Attributes<typeof serviceAttributes>;
type DestinationRecord = Attributes<typeof destinationAttributes>;
type DaemonRecord = Attributes<typeof daemonAttributes>;
type CommandValues = Attributes<typeof commandAttributes>;
interface Entry {
  service: ServiceRecord;
  destinations: DestinationRecord[];
}

const schedulers = [
  'rr',
  'wrr',
  'lc',
  'wlc',
  'fo',
  'ovf',
  'lblc',
  'lblcr',
  'dh',
  'sh',
  'mh',
  'sed',
  'nq',
  'none',
];
const interfaces = ['lo'];
const zeroStats = (zero: number | bigint) =>
  Object.fromEntries(
    [
      'connections',
      'inPackets',
      'outPackets',
      'inBytes',
      'outBytes',
      'connectionRate',
      'inPacketRate',
      'outPacketRate',
      'inByteRate',
      'outByteRate',
    ].map((name) => [name, BigInt(zero)]),
  ) as unknown as NonNullable<ServiceRecord['stats64']>;

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
  /** Set to let the family be unknown. */
  familyMissing = false;

  /** A socket to this kernel. */
  open(): Transport {
    const queue: Uint8Array[] = [];
    return {
      send: (datagram) => {
        for (const message of decodeMessages(datagram.slice())) {
          queue.push(...this.#answer(message));
        }
      },
      receive: () => {
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
        const entry = values.service && this.#find(values.service);
        return (entry?.destinations ?? []).map((destination) => ({
          reply: ipvsCommands.newDest,
          record: { destination },
        }));
      }
      case ipvsCommands.getDaemon:
        return this.daemons.map((daemon) => ({ reply: ipvsCommands.newDaemon, record: { daemon } }));
      default:
        throw new Refusal(errno.EOPNOTSUPP);
    }
  }

  #do(command: number, values: CommandValues, message: Message): Uint8Array[] {
    switch (command) {
      case ipvsCommands.getInfo: {
        const connectionTableSize = this.entries.length > 0 ? 256 : 0;
        const info = encodeAttributes(infoAttributes, { version: this.version, connectionTableSize });
        return [encoded(message, 14, info, 0)];
      }
      case ipvsCommands.getConfig:
        return [
          encoded(message, ipvsCommands.setConfig, encodeAttributes(commandAttributes, this.timeouts), 0),
        ];
      case ipvsCommands.getService: {
        const { service } = this.#existing(values.service);
        return [
          encoded(message, ipvsCommands.newService, encodeAttributes(commandAttributes, { service }), 0),
        ];
      }
      case ipvsCommands.setConfig:
        for (const name of ['timeoutTcp', 'timeoutTcpFin', 'timeoutUdp'] as const) {
          this.timeouts[name] = values[name] || this.timeouts[name];
        }
        return [];
      case ipvsCommands.flush:
        this.entries = [];
        return [];
      case ipvsCommands.zero:
        if (values.service) this.#existing(values.service);
        return [];
      case ipvsCommands.newService:
      case ipvsCommands.setService:
        this.#setService(command, required(values.service));
        return [];
      case ipvsCommands.delService: {
        const entry = this.#existing(values.service);
        this.entries = this.entries.filter((other) => other !== entry);
        return [];
      }
      case ipvsCommands.newDest:
      case ipvsCommands.setDest:
      case ipvsCommands.delDest:
        this.#changeDestination(command, this.#existing(values.service), required(values.destination));
        return [];
      case ipvsCommands.newDaemon:
      case ipvsCommands.delDaemon:
        this.#changeDaemon(command, required(values.daemon));
        return [];
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
    if (asked.persistenceEngine && asked.persistenceEngine !== 'sip') throw new Refusal(errno.ENOENT);
    if (asked.family === AF_INET6) {
      const length = new DataView(asked.netmask.buffer, asked.netmask.byteOffset).getUint32(0, true);
      if (length < 1 || length > 128) throw new Refusal(errno.EINVAL);
    }
    const service = {
      ...asked,
      flags: { flags: asked.flags.flags | 0x02, mask: 0xffffffff },
      stats: zeroStats(0),
      stats64: zeroStats(0),
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
    const destination = {
      ...asked,
      family,
      activeConnections: 0,
      inactiveConnections: 0,
      persistentConnections: 0,
      stats: zeroStats(0),
      stats64: zeroStats(0),
    };
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
    const header = asked.group6 ? 48 : 28;
    const least = asked.state === 2 ? 1024 : 1;
    const most = 65535 - header;
    const maxLength = asked.maxLength
      ? Math.min(Math.max(asked.maxLength, least), most)
      : asked.state === 1
        ? 1500 - header
        : most;
    this.daemons.push({
      ...asked,
      maxLength,
      port: asked.port ?? 8848,
      ttl: asked.ttl ?? 1,
      ...(asked.group6 ? {} : { group: asked.group ?? Uint8Array.of(224, 0, 0, 81) }),
    });
    this.daemons.sort((a, b) => a.state! - b.state!);
  }

  #find(asked: ServiceRecord): Entry | undefined {
    const marked = (service: ServiceRecord) => service.fwmark || 0;
    return this.entries.find(({ service }) =>
      service.family !== asked.family || marked(service) !== marked(asked)
        ? false
        : marked(asked) !== 0 ||
          (service.protocol === asked.protocol &&
            service.port === asked.port &&
            sameBytes(service.address, asked.address)),
    );
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

/** inet_addr_type and ipv6_addr_type, as far as they need no routes: own, broadcast and multicast addresses. */
function isUnicast(address: Uint8Array, family: number): boolean {
  if (family === AF_INET) {
    const text = address.slice(0, 4).join('.');
    const multicast = address[0]! >= 224 && address[0]! < 240;
    return !multicast && !['0.0.0.0', '255.255.255.255', '127.0.0.0', '127.255.255.255'].includes(text);
  }
  const zeros = address.slice(0, 15).every((byte) => byte === 0);
  if (zeros) return address[15] === 1;
  if (address[0] === 0xff) return false;
  if (address[0] === 0xfe && (address[1]! & 0xc0) === 0x80) return false;
  return !(address.slice(0, 10).every((byte) => byte === 0) && address[10] === 0xff && address[11] === 0xff);
}

function sameBytes(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a !== undefined && b !== undefined && Buffer.compare(a, b) === 0;
}

function encoded(request: Message, command: number, attributes: Uint8Array, flags: number): Uint8Array {
  const type = request.type;
  return encodeGenlMessage({ type, flags, sequence: request.sequence }, { command, version: 1 }, attributes);
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
