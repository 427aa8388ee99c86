/** Simulated time: an hour of timers runs in a second. */

interface Timer {
  readonly at: number;
  readonly order: number;
  work: (() => void) | undefined;
  /** It starts nothing that would have to be waited for. */
  readonly alone: boolean;
}

/** The interval of src/director/lag.ts, and of nothing else: most timers are its. */
const BEAT = 25;

export class SimulatedClock {
  now = 1_000_000;
  /** What the wall clock is ahead of `now`. */
  wallOffset = 1_700_000_000_000;
  /** How late timers fire. */
  late = 0;
  #order = 0;
  readonly #heap: Timer[] = [];

  after(milliseconds: number, then: () => void): () => void {
    const at = this.now + Math.max(0, milliseconds);
    const timer: Timer = { at, order: this.#order++, work: then, alone: milliseconds === BEAT };
    this.#push(timer);
    return () => {
      timer.work = undefined;
    };
  }

  get pending(): number {
    return this.#heap.length;
  }

  /** Lets time pass, with everything that happens in it. */
  async run(milliseconds: number): Promise<void> {
    const end = this.now + milliseconds;
    await settled();
    for (let timer = this.#heap[0]; timer && timer.at <= end; timer = this.#heap[0]) {
      this.#pop();
      const { work } = timer;
      if (!work) continue;
      this.now = Math.max(this.now, timer.at);
      work();
      if (!timer.alone) await settled();
    }
    await settled();
    this.now = Math.max(this.now, end);
  }

  /** The whole process stands still: its timers fire late. */
  stall(milliseconds: number): void {
    this.now += milliseconds;
  }

  #push(timer: Timer): void {
    const heap = this.#heap;
    let index = heap.push(timer) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!before(timer, heap[parent]!)) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = timer;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child += 1;
      if (!before(heap[child]!, last)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = last;
  }
}

function before(a: Timer, b: Timer): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

/** Lets everything that waits for no timer come to its end. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
