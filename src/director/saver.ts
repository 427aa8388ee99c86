/** Writes what is to survive the process: at once what people said, health and events every second. */
import type { Sight } from './blind';
import type { Book, ServerRecord } from './book';
import type { Events } from './events';
import type { Keeping } from './keeping';
import type { Overrides } from './overrides';
import { eventsFormat, healthTexts, overridesFormat, serverText } from './state-files';
import type { Store } from './store';

/** Health is saved when a state changes, and so often for the sake of the streaks. */
const SAVE_HEALTH = 60_000;

export interface SaverWorld {
  readonly store: Store;
  readonly book: Book;
  readonly keeping: Keeping;
  readonly overrides: Overrides;
  readonly events: Events;
  readonly sight: Sight;
  now(): number;
}

export class Saver {
  #unsavedHealth = false;
  #savedHealth: number;

  constructor(readonly world: SaverWorld) {
    this.#savedHealth = world.now();
  }

  healthChanged(): void {
    this.#unsavedHealth = true;
  }

  tick(): void {
    if (this.#unsavedHealth || this.world.now() - this.#savedHealth >= SAVE_HEALTH) this.health();
    if (this.world.events.unsaved) this.events();
  }

  health(): void {
    const { book, keeping, sight, store } = this.world;
    this.#unsavedHealth = false;
    this.#savedHealth = this.world.now();
    const servers = Array.from(book.records, textOf);
    store.save('health', healthTexts, { servers, quorum: keeping.quorum, gateway: sight.known });
  }

  events(): void {
    this.world.events.unsaved = false;
    this.world.store.save('events', eventsFormat, this.world.events.saved);
  }

  overrides(): void {
    this.world.store.save('overrides', overridesFormat, this.world.overrides.all);
  }
}

/** What is saved of a server. */
function textOf(record: ServerRecord): string {
  if (record.text === undefined) {
    const { member, judged, healths, ramp } = record;
    const checks = new Map(judged.map((name, index) => [name, healths[index]!]));
    record.text = serverText(member.id, { checks, ramp });
  }
  return record.text;
}
