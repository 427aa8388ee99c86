/**
 * Writes what is to survive the process: at once what people said, health and events every second. Of
 * many servers it takes several turns of the event loop to say how they are.
 */
import type { Sight } from './blind';
import type { Book, ServerRecord } from './book';
import type { Events } from './events';
import type { Keeping } from './keeping';
import type { Overrides } from './overrides';
import { eventsFormat, healthTexts, overridesFormat, serverText } from './state-files';
import type { Store } from './store';

/** Health is saved when a state changes, and so often for the sake of the streaks. */
const SAVE_HEALTH = 60_000;
/** After the texts of so many servers other work gets its turn. */
const TEXTS_A_TURN = 500;

export interface SaverWorld {
  readonly store: Store;
  readonly book: Book;
  readonly keeping: Keeping;
  readonly overrides: Overrides;
  readonly events: Events;
  readonly sight: Sight;
  now(): number;
  /** Lets other work go on; returns whether to stop. */
  pause(): Promise<boolean>;
}

export class Saver {
  #unsavedHealth = false;
  #savedHealth: number;
  #isSaving = false;

  constructor(readonly world: SaverWorld) {
    this.#savedHealth = world.now();
  }

  healthChanged(): void {
    this.#unsavedHealth = true;
  }

  tick(): void {
    if (this.#unsavedHealth || this.world.now() - this.#savedHealth >= SAVE_HEALTH) void this.#health();
    if (this.world.events.unsaved) this.events();
  }

  /** At once, and for good: nothing is saved after that. */
  lastHealth(): void {
    this.#write(Array.from(this.world.book.records, textOf));
  }

  async #health(): Promise<void> {
    if (this.#isSaving) return;
    this.#isSaving = true;
    this.#unsavedHealth = false;
    this.#savedHealth = this.world.now();
    const servers: string[] = [];
    let made = 0;
    for (const record of this.world.book.records) {
      if (record.text === undefined) made += 1;
      servers.push(textOf(record));
      if (made < TEXTS_A_TURN) continue;
      made = 0;
      if (await this.world.pause()) return;
    }
    this.#isSaving = false;
    this.#write(servers);
  }

  #write(servers: readonly string[]): void {
    const { keeping, sight, store } = this.world;
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
