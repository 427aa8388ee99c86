/** The table of a fake kernel, in netlink's terms: what each command does to it, and what is refused. */
import { errno } from '../errors/errno';
import type { commandAttributes, destinationAttributes, serviceAttributes } from '../ipvs/attributes';
import { ipvsCommands } from '../ipvs/commands';
import { AF_INET6 } from '../model/address';
import { isWithin, limits } from '../model/limits';
import { tunnelTypes } from '../model/real-server';
import type { Attributes } from '../netlink/attribute';
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
} from './checks';
import { EntryIndex } from './entry-index';

/** The attributes of a virtual service. */
export type ServiceRecord = Attributes<typeof serviceAttributes>;
export type DestinationRecord = Attributes<typeof destinationAttributes>;
export type CommandValues = Attributes<typeof commandAttributes>;

/** A virtual service and its real servers, the newest first. */
export interface Entry {
  /** @internal */
  service: ServiceRecord;
  /** @internal */
  destinations: DestinationRecord[];
}

const timeoutNames = ['timeoutTcp', 'timeoutTcpFin', 'timeoutUdp'] as const;

/** The table of a fake kernel, with what the kernel has and refuses. */
export class FakeTable {
  /** In the order in which they were added. */
  entries: Entry[] = [];
  /** The sync daemons, in netlink's terms. @internal */
  daemons: DaemonRecord[] = [];
  /** In seconds. */
  timeouts = { timeoutTcp: 900, timeoutTcpFin: 120, timeoutUdp: 300 };
  /** The schedulers that the kernel has, or could load. */
  schedulers: readonly string[] = 'rr wrr lc wlc fo ovf lblc lblcr dh sh mh sed nq none'.split(' ');
  persistenceEngines: readonly string[] = ['sip'];
  /** The network interfaces, for sync daemons. */
  interfaces: readonly string[] = ['lo'];
  readonly #index = new EntryIndex<Entry>();

  /** The entry of a virtual service. @internal */
  protected find(asked: ServiceRecord): Entry | undefined {
    return this.#index.find(this.entries, asked);
  }

  /** @throws Refusal with ESRCH. @internal */
  protected existing(asked: ServiceRecord | undefined): Entry {
    const entry = this.find(required(asked));
    if (!entry) throw new Refusal(errno.ESRCH);
    return entry;
  }

  /** Makes a change. @throws Refusal. @internal */
  protected change(command: number, values: CommandValues): void {
    switch (command) {
      case ipvsCommands.setConfig:
        this.#setTimeouts(values);
        return;
      case ipvsCommands.flush:
        this.entries = [];
        return;
      case ipvsCommands.zero:
        for (const entry of values.service ? [this.existing(values.service)] : this.entries) zero(entry);
        return;
      case ipvsCommands.newService:
      case ipvsCommands.setService:
        this.#setService(command, required(values.service));
        return;
      case ipvsCommands.delService: {
        const entry = this.existing(values.service);
        this.entries.splice(this.entries.indexOf(entry), 1);
        this.#index.remove(entry);
        return;
      }
      case ipvsCommands.newDest:
      case ipvsCommands.setDest:
      case ipvsCommands.delDest:
        this.#changeDestination(command, this.existing(values.service), required(values.destination));
        return;
      case ipvsCommands.newDaemon:
      case ipvsCommands.delDaemon:
        this.#changeDaemon(command, required(values.daemon));
        return;
      default:
        throw new Refusal(errno.EOPNOTSUPP);
    }
  }

  #setTimeouts(values: CommandValues): void {
    for (const name of timeoutNames) {
      if (!isWithin(values[name] ?? 0, limits.timeout)) throw new Refusal(errno.EINVAL);
    }
    for (const name of timeoutNames) this.timeouts[name] = values[name] || this.timeouts[name];
  }

  #setService(command: number, asked: ServiceRecord): void {
    checkFamily(asked.family);
    const found = this.find(asked);
    if (command === ipvsCommands.newService ? found : !found) {
      throw new Refusal(found ? errno.EEXIST : errno.ESRCH);
    }
    if (asked.scheduler === undefined || !asked.flags || asked.timeout === undefined || !asked.netmask) {
      throw new Refusal(errno.EINVAL);
    }
    if (!this.schedulers.includes(asked.scheduler)) throw new Refusal(errno.ENOENT);
    const { persistenceEngine = '' } = asked;
    if (persistenceEngine !== '' && !this.persistenceEngines.includes(persistenceEngine)) {
      throw new Refusal(errno.ENOENT);
    }
    if (asked.family === AF_INET6) {
      const length = new DataView(asked.netmask.slice().buffer).getUint32(0, true);
      if (length < 1 || length > 128) throw new Refusal(errno.EINVAL);
    }
    const { stats, stats64 } = found?.service ?? newStatistics();
    const flags = { flags: asked.flags.flags | 0x02, mask: 0xffffffff };
    const service = { ...asked, flags, ...(stats ? { stats } : {}), ...(stats64 ? { stats64 } : {}) };
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
    if (asked.tunnelType === tunnelTypes.gue && !asked.tunnelPort) throw new Refusal(errno.EINVAL);
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
    if (!this.interfaces.includes(asked.interface ?? '')) throw new Refusal(errno.ENODEV);
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
}

/** Counters of 0. The records are replaced, because `keptAttributes` keeps the bytes of each. */
function zero(entry: Entry): void {
  entry.service = { ...entry.service, ...newStatistics() };
  entry.destinations = entry.destinations.map((one) => ({ ...one, ...newStatistics() }));
}
