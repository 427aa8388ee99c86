/**
 * --dry-run: a client that carries changes out on a table in memory instead of the kernel's. What it
 * lists is the kernel's table, without them.
 */
import { IpvsClient } from '../ipvs/client';
import { RefusedRequestError } from '../ipvs/request-error';
import type { Change } from '../model/change';
import type { Transport } from '../netlink/transport';
import { carryOut, type MemoryTable, refusalOf, stateOf, tableOf } from '../state/plan/memory-table';
import type { WholeState } from '../state/table/table-state';

export class RehearsalClient extends IpvsClient {
  readonly #table: MemoryTable;

  /** @param before the kernel's table. */
  constructor(transport: Transport, before: WholeState) {
    super(transport);
    this.#table = tableOf(before);
  }

  /** The table after the changes. */
  get state(): WholeState {
    return stateOf(this.#table);
  }

  override change(change: Change): void {
    const errno = this.#carryOut(change);
    if (errno !== 0) throw new RefusedRequestError(errno, change.kind);
  }

  override changes(changes: readonly Change[]): number[] {
    return changes.map((change) => this.#carryOut(change));
  }

  #carryOut(change: Change): number {
    const errno = refusalOf(change, this.#table);
    if (errno === 0) carryOut(change, this.#table);
    return errno;
  }
}
