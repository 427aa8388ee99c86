/** Limits attempts to log in: so many within a minute from one place, then none until some are over. */
const ATTEMPTS = 10;
const WITHIN = 60_000;
/** Places that are remembered. */
const MOST = 10_000;

export class Throttle {
  readonly #failures = new Map<string, number[]>();

  constructor(readonly now: () => number = Date.now) {}

  /** Milliseconds until the next attempt is heard; 0: it is heard now. */
  wait(address: string): number {
    const recent = this.#recent(address);
    return recent.length < ATTEMPTS ? 0 : recent[recent.length - ATTEMPTS]! + WITHIN - this.now();
  }

  failed(address: string): void {
    const place = placeOf(address);
    const recent = [...this.#recent(address), this.now()];
    this.#failures.delete(place);
    this.#failures.set(place, recent.slice(-ATTEMPTS));
    for (const [oldest] of this.#failures) {
      if (this.#failures.size <= MOST) break;
      this.#failures.delete(oldest);
    }
  }

  #recent(address: string): number[] {
    const since = this.now() - WITHIN;
    return (this.#failures.get(placeOf(address)) ?? []).filter((at) => at > since);
  }
}

/** One machine often has a whole /64 of IPv6, and always all of 127.0.0.0/8. */
function placeOf(address: string): string {
  const [, mapped] = /^::ffff:([0-9.]+)$/i.exec(address) ?? [];
  const plain = mapped ?? address;
  if (!plain.includes(':')) return plain.startsWith('127.') ? '127.0.0.1' : plain;
  const [head = '', tail] = address.split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const gap = tail === undefined ? [] : Array<string>(8 - front.length - back.length).fill('0');
  return [...front, ...gap, ...back].slice(0, 4).join(':');
}
