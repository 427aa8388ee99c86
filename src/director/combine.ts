/** What the checks of a real server say together. */
import type { DirectorServer } from '../model/director';
import { limits } from '../model/limits';
import type { CheckHealth } from './health';
import type { ServerState } from './types';

/** Times are monotonic milliseconds. */
export interface Combined {
  readonly state: ServerState;
  readonly since: number;
  /** It is down, and has failed twice more since. */
  readonly confirmed: boolean;
  /** The weight while it is up, without slow start: what the file says, changed by agents and scripts. */
  readonly weight: number;
  /** What an agent wants. */
  readonly wish: 'ready' | 'drain' | 'maint';
}

/** A part of the checks, or all of them. */
type Part = Pick<Combined, 'state' | 'since' | 'confirmed'>;

/**
 * Combines the checks of a server: all of them, or any. An agent is asked in addition, so that it
 * never lifts a server that a check holds down.
 * @param healths in the order of the server's checks.
 * @param begun when a server without checks came into being.
 */
export function combine(server: DirectorServer, healths: readonly CheckHealth[], begun: number): Combined {
  const agents = healths.filter((_, index) => server.checks[index]?.type === 'agent');
  const others = healths.filter((_, index) => server.checks[index]?.type !== 'agent');
  const checked = server.any ? anyOf(others, begun) : allOf(others, begun);
  return {
    ...allOf([checked, ...agents], begun),
    weight: weightOf(server.server.weight, healths),
    wish: wishOf(healths),
  };
}

/** Down as soon as one is. */
function allOf(parts: readonly Part[], begun: number): Part {
  const down = parts.filter(({ state }) => state === 'down');
  if (down.length > 0) return part('down', earliest(down), down.some(isConfirmed));
  const unknown = parts.filter(({ state }) => state === 'unknown');
  if (unknown.length > 0) return part('unknown', earliest(unknown), false);
  return part('up', parts.length === 0 ? begun : latest(parts), false);
}

/** Up as soon as one is. */
function anyOf(parts: readonly Part[], begun: number): Part {
  const up = parts.filter(({ state }) => state === 'up');
  if (up.length > 0 || parts.length === 0) {
    return part('up', parts.length === 0 ? begun : earliest(up), false);
  }
  const unknown = parts.filter(({ state }) => state === 'unknown');
  if (unknown.length > 0) return part('unknown', earliest(unknown), false);
  return part('down', latest(parts), parts.every(isConfirmed));
}

function part(state: ServerState, since: number, confirmed: boolean): Part {
  return { state, since, confirmed };
}

function isConfirmed({ confirmed }: Part): boolean {
  return confirmed;
}

function earliest(parts: readonly Part[]): number {
  return Math.min(...parts.map(({ since }) => since));
}

function latest(parts: readonly Part[]): number {
  return Math.max(...parts.map(({ since }) => since));
}

/** A script's weight replaces that of the file, percentages multiply, files add. */
function weightOf(configured: number, healths: readonly CheckHealth[]): number {
  let base = configured;
  let percent = 100;
  let added = 0;
  for (const { wish } of healths) {
    base = wish.absoluteWeight ?? base;
    percent *= (wish.weight ?? 100) / 100;
    added += wish.addedWeight ?? 0;
  }
  return Math.min(Math.max(share(base, percent / 100) + Math.trunc(added), 0), limits.weight.max);
}

/** A part of a weight: 0 only if one of the two is. */
export function share(weight: number, part: number): number {
  return weight > 0 && part > 0 ? Math.max(1, Math.round(weight * part)) : 0;
}

function wishOf(healths: readonly CheckHealth[]): Combined['wish'] {
  const wishes = healths.map(({ wish }) => wish.wish);
  return wishes.includes('maint') ? 'maint' : wishes.includes('drain') ? 'drain' : 'ready';
}
