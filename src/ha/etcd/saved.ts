/** What a restart of the daemon goes on with: its lease, and until when the VIPs may be its. */
import type { HaWorld } from '../world';
import type { Own } from './leadership';
import type { Head } from './store';

const VERSION = 1;

export interface Saved {
  readonly cluster: string;
  readonly name: string;
  readonly lease: string;
  readonly seconds: number;
  /** Monotonic milliseconds: the file ends with the boot. */
  readonly deadline: number;
  /** The key of the leader, if it is this director's. */
  readonly own?: Own | undefined;
  /** It had the VIPs. */
  readonly leading: boolean;
  /** The newest that was seen of the store. */
  readonly newest?: Head | undefined;
}

/** @throws when the disk refuses. */
export function save(world: Pick<HaWorld, 'writeState'>, saved: Saved): void {
  world.writeState(
    `${JSON.stringify({ version: VERSION, ...saved }, (_, value: unknown) =>
      typeof value === 'bigint' ? value.toString() : value,
    )}\n`,
  );
}

/** @returns nothing of use: there is none, it is damaged, or of other directors. */
export function load(world: Pick<HaWorld, 'readState'>, cluster: string, name: string): Saved | undefined {
  try {
    const fields = JSON.parse(world.readState() ?? 'null') as Record<string, unknown> | null;
    if (fields === null || fields.version !== VERSION) return undefined;
    if (fields.cluster !== cluster || fields.name !== name) return undefined;
    const { lease, seconds, deadline, own, leading, newest } = fields;
    if (typeof lease !== 'string' || typeof seconds !== 'number' || typeof deadline !== 'number') {
      return undefined;
    }
    return {
      cluster,
      name,
      lease,
      seconds,
      deadline,
      own: ownOf(own),
      leading: leading === true,
      newest: headOf(newest),
    };
  } catch {
    return undefined;
  }
}

function ownOf(value: unknown): Own | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { created, holdFrom, leaving } = value as Record<string, unknown>;
  return typeof created === 'string' && typeof holdFrom === 'number'
    ? { created: BigInt(created), holdFrom, leaving: leaving === true }
    : undefined;
}

function headOf(value: unknown): Head | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { store, term, revision } = value as Record<string, unknown>;
  return typeof store === 'string' && typeof term === 'string' && typeof revision === 'string'
    ? { store, term: BigInt(term), revision: BigInt(revision) }
    : undefined;
}
