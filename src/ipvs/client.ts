import type { Change } from '../model/change';
import type { Operation } from '../model/operation';
import type { ListedServer, RealServer, ServerKey } from '../model/real-server';
import type { SyncDaemon } from '../model/sync-daemon';
import type { IpvsInfo, Timeouts } from '../model/table';
import type { ListedService, ServiceKey, VirtualService } from '../model/virtual-service';
import {
  type Attributes,
  type AttributeTable,
  decodeAttributes,
  encodeAttributes,
  unknownAttributes,
} from '../netlink/attribute';
import { GenlConnection, type GenlFamily, type GenlRequest } from '../netlink/genl';
import type { Transport } from '../netlink/transport';
import {
  bareServiceCommandAttributes,
  commandAttributes,
  daemonAttributes,
  infoAttributes,
  rawCommandAttributes,
  serviceAttributes,
} from './attributes';
import { ChangeBatch } from './change-batch';
import { ChangesMade } from './changes-made';
import { IPVS_FAMILY_NAME, IPVS_FAMILY_VERSION, ipvsCommands } from './commands';
import {
  daemonFromAttributes,
  infoFromAttributes,
  keyToAttributes,
  required,
  serverFromAttributes,
  serviceFromAttributes,
  timeoutsFromAttributes,
} from './convert';
import { RefusedRequestError, withOperation } from './request-error';
import { bareColumns } from './server-columns';
import { type RowServer, ServerRows } from './server-rows';

/**
 * An entry with the attributes of a newer kernel that this version does not know: payloads by type.
 */
export type Detailed<T> = T & { readonly unknown: ReadonlyMap<number, Uint8Array> };

/**
 * The IPVS table of one network namespace, with a method for each kernel command. Each throws
 * NetlinkError with the kernel's errno if it is refused, AttributeError or MessageError if a reply
 * is malformed.
 */
export class IpvsClient {
  readonly #transport: Transport;
  readonly #connection: GenlConnection;
  readonly #family: GenlFamily;
  #rows: ServerRows | undefined;
  #changesMade: ChangesMade | undefined;

  /** @throws NetlinkError: ENOENT if the kernel has no IPVS (module ip_vs not loaded). */
  constructor(transport: Transport) {
    this.#transport = transport;
    this.#connection = new GenlConnection(transport);
    this.#family = asOperation('connect', () =>
      this.#connection.resolveFamily(IPVS_FAMILY_NAME, IPVS_FAMILY_VERSION),
    );
  }

  /** GET_INFO: the kernel's IPVS version and the size of the connection table. */
  info(): IpvsInfo {
    const request = { command: ipvsCommands.getInfo, attributes: new Uint8Array(0) };
    return infoFromAttributes(
      asOperation('info', () => this.#connection.get(this.#family, request, infoAttributes)),
    );
  }

  /** GET_SERVICE as a dump: every virtual service, in the kernel's order. */
  services(): ListedService[] {
    return this.#dump('services', ipvsCommands.getService, {}, commandAttributes, serviceOf);
  }

  /** `services` without statistics, at half the cost. */
  bareServices(): ListedService[] {
    return this.#dump('services', ipvsCommands.getService, {}, bareServiceCommandAttributes, serviceOf);
  }

  /** GET_SERVICE for one service. ESRCH if it does not exist. */
  service(key: ServiceKey): ListedService {
    return serviceOf(this.#get('service', ipvsCommands.getService, { service: keyToAttributes(key) }));
  }

  /** GET_DEST: the real servers of a service, newest first; none if the service does not exist. */
  servers(key: ServiceKey): ListedServer[] {
    return this.#dump(
      'servers',
      ipvsCommands.getDest,
      { service: keyToAttributes(key) },
      commandAttributes,
      (attributes) => serverFromAttributes(required(attributes.destination, 'destination'), key.family),
    );
  }

  /** `servers`, into reusable rows. @internal */
  serverRows(key: ServiceKey, rows: ServerRows): void {
    rows.clear();
    const getServers = request(ipvsCommands.getDest, { service: keyToAttributes(key) });
    asOperation('servers', () =>
      this.#connection.dump(
        this.#family,
        getServers,
        (datagram, from, to) => rows.add(datagram, from, to, key.family),
        () => rows.clear(),
        (datagram, at, sequence) => rows.addMany(datagram, at, sequence),
      ),
    );
  }

  /** GET_CONFIG: connection timeouts in seconds. */
  timeouts(): Timeouts {
    return timeoutsFromAttributes(this.#get('timeouts', ipvsCommands.getConfig, {}));
  }

  /** GET_DAEMON: the running sync daemons, master first. */
  daemons(): SyncDaemon[] {
    return this.#dump('daemons', ipvsCommands.getDaemon, {}, commandAttributes, (attributes) =>
      daemonFromAttributes(required(attributes.daemon, 'daemon')),
    );
  }

  /** `services`, or the one of `key`, with the attributes that this version does not know. */
  detailedServices(key?: ServiceKey): Detailed<ListedService>[] {
    const convert = ({ service }: Attributes<typeof rawCommandAttributes>) =>
      detailed(serviceAttributes, required(service, 'service'), serviceFromAttributes);
    if (!key) return this.#dump('services', ipvsCommands.getService, {}, rawCommandAttributes, convert);
    const getService = request(ipvsCommands.getService, { service: keyToAttributes(key) });
    const get = () => this.#connection.get(this.#family, getService, rawCommandAttributes);
    return [convert(asOperation('service', get))];
  }

  /** `servers` without statistics, with the attributes that this version does not know. */
  bareServers(key: ServiceKey): RowServer[] {
    this.#rows ??= new ServerRows({ columns: bareColumns(), complete: true });
    this.serverRows(key, this.#rows);
    return this.#rows.servers();
  }

  /** `daemons` with the attributes that this version does not know. */
  detailedDaemons(): Detailed<SyncDaemon>[] {
    return this.#dump('daemons', ipvsCommands.getDaemon, {}, rawCommandAttributes, ({ daemon }) =>
      detailed(daemonAttributes, required(daemon, 'daemon'), daemonFromAttributes),
    );
  }

  /** NEW_SERVICE. EEXIST if it exists; ENOENT for an unknown scheduler or persistence engine. */
  addService(service: VirtualService): void {
    this.change({ kind: 'add-service', service });
  }

  /**
   * SET_SERVICE: replaces everything but the key. ESRCH if it does not exist; ENOENT as for
   * `addService`.
   */
  editService(service: VirtualService): void {
    this.change({ kind: 'edit-service', service });
  }

  /** DEL_SERVICE. ESRCH if it does not exist. */
  deleteService(key: ServiceKey): void {
    this.change({ kind: 'delete-service', key });
  }

  /** NEW_DEST. ESRCH for an unknown service, EEXIST, EINVAL if the address is not unicast. */
  addServer(key: ServiceKey, server: RealServer): void {
    this.change({ kind: 'add-server', key, server });
  }

  /**
   * SET_DEST: replaces everything but address and port. ESRCH for an unknown service, ENOENT for an
   * unknown server.
   */
  editServer(key: ServiceKey, server: RealServer): void {
    this.change({ kind: 'edit-server', key, server });
  }

  /** DEL_DEST. ESRCH for an unknown service, ENOENT for an unknown server. */
  deleteServer(key: ServiceKey, server: ServerKey): void {
    this.change({ kind: 'delete-server', key, server });
  }

  /** FLUSH: deletes every service with its real servers. */
  flush(): void {
    this.change({ kind: 'flush' });
  }

  /**
   * ZERO: resets the counters of a service and its real servers, or of all. ESRCH for an unknown
   * service.
   */
  zero(key?: ServiceKey): void {
    this.change({ kind: 'zero', key });
  }

  /** SET_CONFIG: connection timeouts in seconds. 0 leaves a timeout unchanged. */
  setTimeouts(timeouts: Timeouts): void {
    this.change({ kind: 'set-timeouts', timeouts });
  }

  /** NEW_DAEMON. EEXIST if it runs; ENODEV for an unknown interface. */
  startDaemon(daemon: SyncDaemon): void {
    this.change({ kind: 'start-daemon', daemon });
  }

  /** DEL_DAEMON: `state` is one of `daemonStates`. ESRCH if it does not run. */
  stopDaemon(state: number): void {
    this.change({ kind: 'stop-daemon', daemon: { state, interface: '', syncId: 0 } });
  }

  /** Makes one change. @throws NetlinkError with the kernel's errno. */
  change(change: Change): void {
    const [refused] = asOperation(change.kind, () => this.changes([change]));
    if (refused) throw new RefusedRequestError(refused, change.kind);
  }

  /**
   * Makes changes in order, many in a datagram. A refused change does not stop the others.
   * @returns for each change 0, or the errno (positive) with which it was refused.
   */
  changes(changes: readonly Change[]): number[] {
    const errnos: number[] = [];
    const batch = this.batch();
    const send = () => {
      const answers = new Array<number>(batch.count).fill(0);
      for (const refusal of batch.send()) answers[refusal.index] = refusal.errno;
      errnos.push(...answers);
    };
    for (const change of changes) {
      batch.add(change);
      if (batch.full) send();
    }
    send();
    return errnos;
  }

  /** The changes of batches that come after the first use of this. @internal */
  get changesMade(): ChangesMade {
    this.#changesMade ??= new ChangesMade();
    return this.#changesMade;
  }

  /** An empty batch, for changes to be sent together. @internal */
  batch(): ChangeBatch {
    return new ChangeBatch(this.#connection, this.#family, this.#changesMade?.count);
  }

  /** Closes the socket. The client cannot be used afterwards. */
  close(): void {
    this.#transport.close();
  }

  #get(
    operation: Operation,
    command: number,
    values: Attributes<typeof commandAttributes>,
  ): Attributes<typeof commandAttributes> {
    return asOperation(operation, () =>
      this.#connection.get(this.#family, request(command, values), commandAttributes),
    );
  }

  /** @param table the attributes of the replies to decode. */
  #dump<T extends AttributeTable, R>(
    operation: Operation,
    command: number,
    values: Attributes<typeof commandAttributes>,
    table: T,
    convert: (attributes: Attributes<T>) => R,
  ): R[] {
    let rows: R[] = [];
    asOperation(operation, () =>
      this.#connection.dump(
        this.#family,
        request(command, values),
        (datagram, from, to) => {
          rows.push(convert(decodeAttributes(table, datagram.subarray(from, to))));
        },
        () => {
          rows = [];
        },
      ),
    );
    return rows;
  }
}

function detailed<T extends AttributeTable, R>(
  table: T,
  payload: Uint8Array,
  convert: (attributes: Attributes<T>) => R,
): Detailed<R> {
  return { ...convert(decodeAttributes(table, payload)), unknown: unknownAttributes(table, payload) };
}

/** Returns the result of `work`. Adds `operation` to a netlink failure. */
function asOperation<T>(operation: Operation, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw withOperation(operation, error);
  }
}

/** The service of a reply to GET_SERVICE. */
function serviceOf({ service }: Pick<Attributes<typeof commandAttributes>, 'service'>): ListedService {
  return serviceFromAttributes(required(service, 'service'));
}

function request(command: number, values: Attributes<typeof commandAttributes>): GenlRequest {
  return { command, attributes: encodeAttributes(commandAttributes, values) };
}
