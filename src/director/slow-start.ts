/** Slow start: the weight of a server that has come back grows in steps of a second. */
import type { DirectorService } from '../model/director';
import { limits } from '../model/limits';
import { share } from './combine';

/** Integer weights are too coarse for a ramp: these services have theirs times this, always. */
const SCALE = 100;
const FIRST_PART = 0.1;
export const RAMP_STEP = 1000;

/** By how much the weights of a service are larger in the kernel. */
export function weightScale({ slowStart }: Pick<DirectorService, 'slowStart'>): number {
  return slowStart > 0 ? SCALE : 1;
}

/** The part of its weight that a server has: linear from 10 %, in steps of a second. */
export function rampPart(slowStart: number, elapsed: number): number {
  const steps = Math.floor(Math.max(0, elapsed) / RAMP_STEP) * RAMP_STEP;
  return steps >= slowStart ? 1 : FIRST_PART + (1 - FIRST_PART) * (steps / slowStart);
}

/** The weight in the kernel for one of the file. */
export function kernelWeight(weight: number, scale: number, part: number): number {
  return Math.min(share(weight * scale, part), limits.weight.max);
}

/** Why a service cannot have a slow start. sh deals 256 buckets by weight. */
export function slowStartProblem({ name, slowStart, service }: DirectorService): string | undefined {
  if (slowStart === 0 || service.scheduler !== 'sh') return undefined;
  return `${name}: a slow start moves clients with the scheduler sh: use another scheduler, or no slowStart`;
}

/** What is remembered of a server from one moment to the next. */
export interface Ramp {
  /** It has been out since the daemon started, so that it grows when it is back. */
  readonly wasOut: boolean;
  /** When it came back, in monotonic milliseconds. */
  readonly since?: number | undefined;
}

export const noRamp: Ramp = { wasOut: false };

/** @param place where the server is: `kept` says nothing about it. */
export function rampAfter(ramp: Ramp, place: 'in' | 'out' | 'kept', slowStart: number, now: number): Ramp {
  if (place === 'kept') return ramp;
  if (place === 'out') return ramp.wasOut && ramp.since === undefined ? ramp : { wasOut: true };
  if (ramp.wasOut) return slowStart > 0 ? { wasOut: false, since: now } : noRamp;
  if (ramp.since !== undefined && now - ramp.since >= slowStart) return noRamp;
  return ramp;
}
