/** One cause of a refusal, and what the tables of causes share. */
import type { Refused } from '../errors/refused';
import type { RealServer } from '../model/real-server';
import type { ServiceKey, VirtualService } from '../model/virtual-service';
import type { Facts } from './facts';

export interface Cause {
  /** The errnos that it produces. */
  readonly errno: readonly number[];
  /** The operations that it affects. */
  readonly of: readonly string[];
  /** A sentence without its full stop. */
  readonly describe: (refused: Refused, facts: Facts) => string;
  /** A shell command that shows whether the cause applies. */
  readonly test: (refused: Refused, facts: Facts) => string;
  /** What to do about it. */
  readonly remedy: (refused: Refused, facts: Facts) => string;
  /** Whether the cause applies; undefined if that cannot be determined here. */
  readonly applies: (refused: Refused, facts: Facts) => boolean | undefined;
}

/** The operations that send a complete virtual service. */
export const serviceChanges = ['add-service', 'edit-service'];

/** The operations that send a complete real server. */
export const serverChanges = ['add-server', 'edit-server'];

/** The service that was to be added or edited, if that was asked. */
export function serviceOf({ change }: Refused): VirtualService | undefined {
  return change?.kind === 'add-service' || change?.kind === 'edit-service' ? change.service : undefined;
}

/** The real server that was to be added or edited, with its service, if that was asked. */
export function serverOf({
  change,
}: Refused): { readonly key: ServiceKey; readonly server: RealServer } | undefined {
  return change?.kind === 'add-server' || change?.kind === 'edit-server' ? change : undefined;
}

/** A name in quotes, or what stands in for one that is not known. */
export function quoted(name: string | undefined): string {
  return name === undefined ? 'of that name' : `'${name}'`;
}
