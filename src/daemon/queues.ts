/**
 * Who is told of events gets them one at a time for each object, in order. What repeats itself while
 * another one is being told is merged.
 */
import type { DirectorEvent } from '../director/types';

/** An event, and how often it happened since the last one was told. */
export interface ToldEvent extends DirectorEvent {
  readonly count: number;
}

const MAX_PENDING = 100;
const MAX_OBJECTS = 10_000;
/** How many are told at the same time. */
const MAX_RUNNING = 8;

type Deliver<C> = (event: ToldEvent, context: C) => Promise<void>;

interface Item<C> {
  event: ToldEvent;
  readonly context: C;
}

export class Queues<C> {
  readonly #pending = new Map<string, Item<C>[]>();
  readonly #busy = new Set<string>();

  /** @param deliver tells one event; must end by itself. Its failures are reported to `failed`. */
  constructor(
    readonly deliver: Deliver<C>,
    readonly failed: (text: string) => void,
  ) {}

  add(event: DirectorEvent, context: C): void {
    const key = `${event.service ?? ''}/${event.server ?? ''}`;
    const items = this.#pending.get(key) ?? [];
    const last = items.at(-1);
    if (last && last.event.kind === event.kind && last.event.text === event.text) {
      last.event = { ...event, count: last.event.count + 1 };
      return;
    }
    if (items.length >= MAX_PENDING || (items.length === 0 && this.#pending.size >= MAX_OBJECTS)) {
      this.failed(`event ${event.id} is told to nobody: too many wait`);
      return;
    }
    items.push({ event: { ...event, count: 1 }, context });
    this.#pending.set(key, items);
    this.#next();
  }

  #next(): void {
    for (const [key, items] of this.#pending) {
      if (this.#busy.size >= MAX_RUNNING) return;
      if (!this.#busy.has(key)) void this.#tell(key, items);
    }
  }

  async #tell(key: string, items: Item<C>[]): Promise<void> {
    this.#busy.add(key);
    const { event, context } = items.shift()!;
    if (items.length === 0) this.#pending.delete(key);
    try {
      await this.deliver(event, context);
    } catch (error) {
      this.failed(`event ${event.id} could not be told: ${(error as Error).message}`);
    }
    this.#busy.delete(key);
    this.#next();
  }
}
