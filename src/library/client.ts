/**
 * The client of library users: the kernel's commands, and what takes several of them. What few programs
 * need is loaded when it is used.
 */
/// <reference lib="esnext.disposable" preserve="true" />
import { openNodeTransport } from '../engines/node/transport';
import { IpvsClient as KernelClient } from '../ipvs/client';
import type { Transport } from '../netlink/transport';
import type { ConnectionDocument } from '../state/document/types';
import { applyPlan, type Planned } from '../state/plan/apply';
import type { TableEvent } from '../state/plan/table-events';
import { readLive } from '../state/table/live';
import type { TableState, WholeState } from '../state/table/table-state';
import { ApplyError } from './apply-error';
import type { ConnectionFilter } from './connections';
import { type PlanSettings, planTable } from './plan';
import type { WatchOptions } from './watch';

/** What a client communicates through. */
export interface ClientTransport extends Transport {
  /** The text of the connection table, in blocks; absent: that of /proc/net/ip_vs_conn. */
  connectionTable?(): Iterable<Uint8Array>;
}

/** The first releases of Node 20 lack it: there the helpers of esbuild take the other one. */
const dispose: typeof Symbol.dispose = Symbol.dispose ?? Symbol.for('Symbol.dispose');

/** The IPVS table of the network namespace of this process. */
export class IpvsClient extends KernelClient {
  readonly #transport: ClientTransport;
  #closed = false;

  /** @throws NetlinkError: ENOENT if the kernel has no IPVS (module ip_vs not loaded). */
  constructor(transport: ClientTransport) {
    super(transport);
    this.#transport = transport;
  }

  /** Opens a socket, and a client on it. @throws TransportError, and as the constructor. */
  static open(): IpvsClient {
    const transport = openNodeTransport();
    try {
      return new IpvsClient(transport);
    } catch (error) {
      transport.close();
      throw error;
    }
  }

  /** The complete table without counters: services by address, real servers as they were added. */
  table(): WholeState {
    return readLive(this);
  }

  /**
   * Plans the fewest changes from the table as it is to `wanted`, in an order that disrupts no
   * clients. Parts that `wanted` lacks are left alone; an empty list of services deletes them all.
   * @throws TypeError for what is no table, and for names of services that neither table has.
   */
  plan(wanted: TableState, settings: PlanSettings = {}): Planned {
    return planTable(this, wanted, settings);
  }

  /**
   * Carries out a plan. If the kernel refuses a change, those before it are undone.
   * @returns how many changes were made.
   * @throws ApplyError, as a rejection, if not everything was carried out.
   */
  async apply(plan: Planned): Promise<number> {
    const applied = await applyPlan(plan, this);
    if (applied.kind !== 'done') throw new ApplyError(applied);
    return applied.made;
  }

  /**
   * The connections, one at a time, while the kernel's table is read.
   * @throws TypeError or RangeError for an invalid filter; when iterated, the error of Node if the
   * file cannot be read.
   */
  connections(filter: ConnectionFilter = {}): Generator<ConnectionDocument, void> {
    const { connectionTable, filteredConnections, toQuery } = extras();
    const query = toQuery(filter);
    return filteredConnections(this.#transport.connectionTable?.() ?? connectionTable(), query);
  }

  /**
   * Yields what changes in the table from now on: services, real servers, weights, timeouts, sync
   * daemons. The kernel tells nobody, so the table is read again and again: what comes and goes
   * between two looks is not seen.
   * @throws RangeError for an invalid interval; a netlink failure now, or when iterated.
   */
  watch(options: WatchOptions = {}): AsyncGenerator<TableEvent, void> {
    return extras().watchTable(() => readLive(this), options);
  }

  /** Closes the socket. The client cannot be used afterwards. */
  override close(): void {
    if (this.#closed) return;
    this.#closed = true;
    super.close();
  }

  /** For `using`. */
  [dispose](): void {
    this.close();
  }
}

function extras(): typeof import('./extras') {
  return require('./extras') as typeof import('./extras');
}
