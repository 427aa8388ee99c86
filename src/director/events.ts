/** What happened, for people and programs: the last thousand events, and the alarms that last. */
import { visibleUnicodeWord } from '../bytes/visible';
import type { SavedEvents } from './state-files';
import type { DirectorEvent } from './types';

const KEPT = 1000;
/** An alarm that comes and goes is told once within this time. */
const ALARM_PAUSE = 60_000;

export interface EventWorld {
  now(): number;
  wallClock(): number;
  /** Tells others; what it throws is no concern of ours. */
  notify(event: DirectorEvent): void;
}

export class Events {
  #next: number;
  #list: DirectorEvent[];
  readonly #hearers = new Set<(event: DirectorEvent) => void>();
  readonly #alarms = new Map<string, string>();
  readonly #told = new Map<string, number>();
  /** Whether there is something that is not saved yet. */
  unsaved = false;

  constructor(
    readonly world: EventWorld,
    saved: SavedEvents | undefined,
  ) {
    this.#next = saved?.next ?? 1;
    this.#list = [...(saved?.list ?? [])].slice(-KEPT);
  }

  tell(
    kind: DirectorEvent['kind'],
    text: string,
    of: { readonly service?: string | undefined; readonly server?: string | undefined } = {},
  ): void {
    const event: DirectorEvent = {
      id: this.#next,
      at: this.world.wallClock(),
      kind,
      ...of,
      text: visibleUnicodeWord(text),
    };
    this.#next += 1;
    this.#list.push(event);
    if (this.#list.length > KEPT) this.#list.shift();
    this.unsaved = true;
    for (const hear of [() => this.world.notify(event), ...this.#hearers]) {
      try {
        hear(event);
      } catch {
        // A hearer's failure must not stop what the event is about.
      }
    }
  }

  /** Newest first, of those with a greater number. */
  after(id: number): readonly DirectorEvent[] {
    return this.#list.filter((event) => event.id > id).reverse();
  }

  subscribe(hear: (event: DirectorEvent) => void): () => void {
    this.#hearers.add(hear);
    return () => this.#hearers.delete(hear);
  }

  /** Something is wrong until `end` is called with the same name. */
  alarm(name: string, text: string): void {
    const isNew = this.#alarms.get(name) !== text;
    this.#alarms.set(name, visibleUnicodeWord(text));
    const last = this.#told.get(name);
    const now = this.world.now();
    if (!isNew || (last !== undefined && now - last < ALARM_PAUSE)) return;
    for (const [other, at] of this.#told) if (now - at >= ALARM_PAUSE) this.#told.delete(other);
    this.#told.set(name, now);
    this.tell('alarm', text);
  }

  end(name: string): void {
    this.#alarms.delete(name);
  }

  get alarms(): readonly string[] {
    return [...this.#alarms.values()];
  }

  get saved(): SavedEvents {
    return { next: this.#next, list: this.#list };
  }
}
