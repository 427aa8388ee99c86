/** Reads and writes the state files. A damaged file or a full disk is an alarm, not an end. */
import type { Events } from './events';
import { DamagedError } from './shape';
import type { Format } from './state-files';
import type { StateFile, World } from './world';

type StoreWorld = Pick<World, 'readState' | 'writeState' | 'removeState' | 'epoch'>;

/** What a file holds; `problem`: why it cannot be used. */
export interface Loaded<T> {
  readonly value?: T | undefined;
  readonly problem?: string | undefined;
}

export function load<T>(world: StoreWorld, name: StateFile, format: Format<T>): Loaded<T> {
  try {
    const content = world.readState(name);
    return content === undefined ? {} : { value: format.read(content, world.epoch) };
  } catch (error) {
    const why = error instanceof DamagedError ? `it is damaged: ${error.message}` : String(error);
    return { problem: `the state file '${name}' cannot be used (${why}): going on without it` };
  }
}

export class Store {
  /** What could not be written, by the names of the files. */
  readonly #failed = new Map<StateFile, () => void>();

  constructor(
    readonly world: StoreWorld,
    readonly events: Events,
  ) {}

  /** @returns whether it was written. */
  save<T>(name: StateFile, format: Pick<Format<T>, 'write'>, value: T): boolean {
    return this.#attempt(name, () => this.world.writeState(name, format.write(value, this.world.epoch)));
  }

  remove(name: StateFile): void {
    this.#attempt(name, () => this.world.removeState(name));
  }

  /** Tries again what could not be written: a disk that was full has room some time. */
  retry(): void {
    for (const [name, work] of this.#failed) this.#attempt(name, work);
  }

  #attempt(name: StateFile, work: () => void): boolean {
    try {
      work();
      this.#failed.delete(name);
      this.events.end(`write ${name}`);
      return true;
    } catch (error) {
      this.#failed.set(name, work);
      this.events.alarm(
        `write ${name}`,
        `the state file '${name}' cannot be written (${error}): a restart will not know what it holds`,
      );
      return false;
    }
  }
}
