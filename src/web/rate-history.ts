/** The rates of each service in the last hour. */
import type { OverviewService, RateHistory } from './contract';

/** Milliseconds from one value to the next. */
export const RATE_STEP = 10_000;
const VALUES = 360;

const series = ['connections', 'inBytes', 'outBytes', 'active'] as const;
type Series = (typeof series)[number];

const measured: Readonly<Record<Series, (service: OverviewService) => number>> = {
  connections: ({ rates }) => rates.connections,
  inBytes: ({ rates }) => rates.inBytes,
  outBytes: ({ rates }) => rates.outBytes,
  active: ({ active }) => active,
};

/** A ring of numbers for each series: 5.6 KB a service. */
export class RateRings {
  readonly #rings = new Map<string, Readonly<Record<Series, Float32Array>>>();
  /** How many moments were written; the next one goes to this number modulo VALUES. */
  #moments = 0;
  #last = 0;

  /** @param at milliseconds since 1970. Moments that were left out since the last one have no values. */
  add(services: readonly OverviewService[], at: number): void {
    const steps = Math.round((at - this.#last) / RATE_STEP);
    const missed = this.#moments === 0 ? 0 : Math.min(Math.max(steps - 1, 0), VALUES);
    for (let left = missed; left > 0; left -= 1) this.#write([]);
    this.#write(services);
    this.#last = at;
    for (const [key, { active }] of this.#rings) if (active.every(Number.isNaN)) this.#rings.delete(key);
  }

  #write(services: readonly OverviewService[]): void {
    const place = this.#moments % VALUES;
    for (const rings of this.#rings.values()) for (const name of series) rings[name][place] = Number.NaN;
    for (const service of services) {
      const rings = this.#rings.get(service.key) ?? this.#begin(service.key);
      for (const name of series) rings[name][place] = measured[name](service);
    }
    this.#moments += 1;
  }

  /** @returns undefined for a service that was not there for an hour. */
  of(key: string): RateHistory | undefined {
    const rings = this.#rings.get(key);
    if (!rings) return undefined;
    const count = Math.min(this.#moments, VALUES);
    const values = (ring: Float32Array) =>
      Array.from({ length: count }, (_, index) => {
        const value = ring[(this.#moments - count + index) % VALUES]!;
        return Number.isNaN(value) ? null : value;
      });
    return {
      from: this.#last - (count - 1) * RATE_STEP,
      step: RATE_STEP,
      series: {
        connections: values(rings.connections),
        inBytes: values(rings.inBytes),
        outBytes: values(rings.outBytes),
        active: values(rings.active),
      },
    };
  }

  #begin(key: string): Readonly<Record<Series, Float32Array>> {
    const ring = () => new Float32Array(VALUES).fill(Number.NaN);
    const rings = { connections: ring(), inBytes: ring(), outBytes: ring(), active: ring() };
    this.#rings.set(key, rings);
    return rings;
  }
}
