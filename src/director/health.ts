/** The health of one check of one real server: a pure fold over its results. */
import type { CheckResult, CheckTiming } from '../model/check';
import type { ServerState } from './types';

/** The time in which falls count together. */
export const FALL_WINDOW = 10 * 60_000;
/** The longest hold-down. */
export const MAX_HOLD_DOWN = 5 * 60_000;
/** More falls than these lead to no longer hold-down: 2^20 milliseconds are more than the longest. */
const MAX_FALLS = 20;
/** How many failures after its fall confirm it. */
const CONFIRMATIONS = 2;

/** What a result says about the weight, and what an agent wants. */
export type WeightWish = Pick<CheckResult, 'weight' | 'absoluteWeight' | 'addedWeight' | 'wish'>;

/** Times are monotonic milliseconds. */
export interface CheckHealth {
  readonly state: ServerState;
  /** When it came into this state. */
  readonly since: number;
  /** Whether the last results were successes; undefined before the first one. */
  readonly ok: boolean | undefined;
  /** How many equal results in a row, up to what makes a difference. */
  readonly streak: number;
  /** When the first of them came. */
  readonly streakSince: number;
  /** The falls within ten minutes before the last one, which is included; oldest first. */
  readonly falls: readonly number[];
  /** It has failed twice more since it fell. */
  readonly confirmed: boolean;
  /** Of the last success. */
  readonly wish: WeightWish;
}

type HealthTiming = Pick<CheckTiming, 'fall' | 'rise' | 'interval'>;

const noWish: WeightWish = {};

/** The health before the first result. */
export function initialHealth(state: ServerState, now: number): CheckHealth {
  return {
    state,
    since: now,
    ok: undefined,
    streak: 0,
    streakSince: now,
    falls: [],
    confirmed: false,
    wish: noWish,
  };
}

/**
 * The health after one more result. Unknown servers are up after one success and down after `fall`
 * failures: one failure alone takes nothing out. Returns `health` itself if it says no more.
 */
export function afterResult(
  health: CheckHealth,
  result: Pick<CheckResult, 'ok'> & WeightWish,
  now: number,
  timing: HealthTiming,
): CheckHealth {
  const { ok } = result;
  if (ok && saysNoMore(health, result, timing)) return health;
  const goesOn = health.ok === ok;
  const most = ok ? timing.rise : timing.fall + CONFIRMATIONS;
  const streak = goesOn ? Math.min(health.streak + 1, Math.max(most, health.streak)) : 1;
  const streakSince = goesOn ? health.streakSince : now;
  const state = stateAfter({ ...health, ok, streak, streakSince }, now, timing);
  const wish = ok ? keptWish(health.wish, result) : health.wish;
  const confirmed = state === 'down' && (health.confirmed || (!ok && streak >= timing.fall + CONFIRMATIONS));
  const same = goesOn && streak === health.streak && state === health.state && wish === health.wish;
  if (same && confirmed === health.confirmed) return health;
  const fell = health.state === 'up' && state === 'down';
  return {
    state,
    since: state === health.state ? health.since : now,
    ok,
    streak,
    streakSince,
    falls: fell ? recentFalls(health.falls, now) : health.falls,
    confirmed,
    wish,
  };
}

/** Most results are of servers that are well, and go on to be. */
function saysNoMore(
  { state, ok, streak, wish, confirmed }: CheckHealth,
  result: WeightWish,
  { rise }: HealthTiming,
) {
  return state === 'up' && ok === true && !confirmed && streak >= rise && keptWish(wish, result) === wish;
}

/** The state of a health whose streak has just been counted. */
function stateAfter(health: CheckHealth, now: number, timing: HealthTiming): ServerState {
  const { state, ok, streak } = health;
  if (!ok) return streak >= timing.fall ? 'down' : state;
  if (state !== 'down') return 'up';
  return streak >= timing.rise && holdDownLeft(health, now, timing) === 0 ? 'up' : 'down';
}

function recentFalls(falls: readonly number[], now: number): readonly number[] {
  return [...falls.filter((at) => now - at < FALL_WINDOW), now].slice(-MAX_FALLS);
}

/** How long a server must be well after its last fall, in milliseconds. */
export function holdDown(falls: number, { rise, interval }: HealthTiming): number {
  return falls === 0 ? 0 : Math.min(rise * interval * 2 ** (falls - 1), MAX_HOLD_DOWN);
}

/** How much longer a server that is down has to be well, in milliseconds; 0: no longer. */
export function holdDownLeft(health: CheckHealth, now: number, timing: HealthTiming): number {
  const whole = holdDown(health.falls.length, timing);
  return health.ok ? Math.max(0, whole - (now - health.streakSince)) : whole;
}

/** The milliseconds until the next check; `certain`: the results say what the state says. */
export function nextDelay(health: CheckHealth, now: number, timing: CheckTiming): NextDelay {
  const { interval, slow } = timing;
  const fast = Math.min(timing.fast, interval);
  const { state, ok } = health;
  if (state === 'up' && ok !== false) return { delay: interval, certain: true };
  if (state !== 'down' || (!ok && !health.confirmed)) return { delay: fast, certain: false };
  if (!ok) return { delay: slow, certain: true };
  const left = health.streak >= timing.rise ? holdDownLeft(health, now, timing) : 0;
  return { delay: Math.min(interval, Math.max(fast, left)), certain: false };
}

export interface NextDelay {
  readonly delay: number;
  readonly certain: boolean;
}

function keptWish(former: WeightWish, result: WeightWish): WeightWish {
  const { weight, absoluteWeight, addedWeight, wish } = result;
  const same =
    former.weight === weight &&
    former.absoluteWeight === absoluteWeight &&
    former.addedWeight === addedWeight &&
    former.wish === wish;
  return same ? former : { weight, absoluteWeight, addedWeight, wish };
}
