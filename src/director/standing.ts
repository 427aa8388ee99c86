/** What the role of this director among several changes: its sync daemons, and whether it tells people. */
import type { Configuration } from '../model/director';
import type { Events } from './events';
import type { Rest } from './rest';
import type { DirectorEvent, RoleWishes } from './types';
import type { World } from './world';

export interface StandingParts {
  readonly world: Pick<World, 'notify'>;
  readonly events: Pick<Events, 'tell'>;
  readonly rest: Pick<Rest, 'use'>;
}

export class Standing {
  #role: RoleWishes;

  constructor(
    readonly parts: () => StandingParts,
    private configuration: Configuration,
  ) {
    this.#role = { tells: configuration.ha === undefined };
  }

  use(configuration: Configuration): void {
    this.configuration = configuration;
    this.#useRest();
  }

  setRole(wishes: RoleWishes, text: string): void {
    // Whoever has told of events so far tells of this.
    this.#role = { ...wishes, tells: wishes.tells || this.#role.tells };
    this.parts().events.tell('role', text);
    this.#role = wishes;
    this.#useRest();
  }

  /** Of several directors one tells people. */
  notify(event: DirectorEvent): void {
    if (this.#role.tells) this.parts().world.notify(event, this.configuration);
  }

  #useRest(): void {
    const { timeouts, daemons } = this.configuration;
    this.parts().rest.use({ timeouts, daemons: this.#role.daemons ?? daemons });
  }
}
