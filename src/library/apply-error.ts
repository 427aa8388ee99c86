import { RefusedRequestError } from '../ipvs/request-error';
import type { Change } from '../model/change';
import { NetlinkError, TransportError } from '../netlink/errors';
import type { Applied } from '../state/plan/apply';
import type { PlannedChange } from '../state/plan/diff';
import type { RefusedChange } from '../state/plan/send';

/** A change of a plan that the kernel refused. */
export interface RefusedPlannedChange {
  readonly change: Change;
  /** Says the errno, its name and a hint. */
  readonly error: NetlinkError;
}

/** A plan that was not carried out completely. `cause`: the first refusal, or the netlink failure. */
export class ApplyError extends Error {
  /** Whether the table is as it was: what was carried out has been undone. */
  readonly undone: boolean;
  readonly refused: readonly RefusedPlannedChange[];
  /** The changes that would take back the rest of what was carried out. */
  readonly left: readonly PlannedChange[];

  /** @internal */
  constructor(applied: Exclude<Applied, { readonly kind: 'done' }>) {
    const refused = applied.refused.map(toRefused);
    const cause = refused[0]?.error ?? applied.failure;
    const reason = cause instanceof Error ? cause.message : 'the plan was not carried out';
    const undone = applied.kind === 'put-back';
    super(`${reason}: ${undone ? 'the changes before it were undone' : 'not every change could be undone'}`, {
      cause,
    });
    this.name = 'ApplyError';
    this.undone = undone;
    this.refused = refused;
    this.left = applied.kind === 'half-done' ? applied.left : [];
  }

  /** The name of the errno of `cause`, such as 'ENOENT'; undefined without one. */
  get code(): string | undefined {
    const { cause } = this;
    return cause instanceof NetlinkError || cause instanceof TransportError ? cause.code : undefined;
  }
}

function toRefused({ planned: { change }, errno }: RefusedChange): RefusedPlannedChange {
  return { change, error: new RefusedRequestError(errno, change.kind) };
}
