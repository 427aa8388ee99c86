/**
 * When a leader tells its neighbours that it has the VIPs: five times within ten seconds of the gain,
 * because frames get lost and switches learn late; when another machine answers for one of them; and
 * every minute. Used by all engines.
 */
import type { HaWorld } from './world';

/** Milliseconds since the gain. A director that hands over answers for the VIPs a moment longer. */
const AT_GAIN: readonly number[] = [0, 300, 800, 3000, 9000];
const REFRESH = 60_000;
/** RFC 5227, section 2.4: DEFEND_INTERVAL. */
const DEFEND = 10_000;

export class Announcing {
  #cancel: (() => void) | undefined;
  #defended = Number.NEGATIVE_INFINITY;

  constructor(
    readonly world: Pick<HaWorld, 'now' | 'after'> & { readonly vips: Pick<HaWorld['vips'], 'announce'> },
  ) {}

  /** The VIPs have come, or have come back. */
  begin(): void {
    this.end();
    this.#at(0);
  }

  /** Another machine answers for a VIP. Does nothing unless this one leads. */
  conflict(): void {
    const at = this.world.now();
    if (!this.#cancel || at - this.#defended < DEFEND) return;
    this.#defended = at;
    void this.world.vips.announce();
  }

  /** The VIPs are gone. */
  end(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #at(index: number): void {
    const next = AT_GAIN[index + 1];
    const wait = next === undefined ? REFRESH : next - AT_GAIN[index]!;
    this.#cancel = this.world.after(wait, () => this.#at(next === undefined ? index : index + 1));
    void this.world.vips.announce();
  }
}
