/** Finds the services of the fake kernel by what the kernel finds them by, however many there are. */
import type { serviceAttributes } from '../ipvs/attributes';
import type { Attributes } from '../netlink/attribute';

type Key = Attributes<typeof serviceAttributes>;

export class EntryIndex<E extends { readonly service: Key }> {
  readonly #entries = new Map<string, E>();
  #of: readonly E[] | undefined;

  /** @param all every entry: tests put another list in place of the one that there was. */
  find(all: readonly E[], key: Key): E | undefined {
    if (this.#of !== all || this.#entries.size !== all.length) {
      this.#entries.clear();
      for (const entry of all) this.#entries.set(textOf(entry.service), entry);
      this.#of = all;
    }
    return this.#entries.get(textOf(key));
  }

  add(entry: E): void {
    this.#entries.set(textOf(entry.service), entry);
  }

  remove(entry: E): void {
    this.#entries.delete(textOf(entry.service));
  }
}

function textOf({ family, fwmark, protocol, port, address }: Key): string {
  return fwmark ? `${family} mark ${fwmark}` : `${family} ${protocol} ${port} ${address?.join('.')}`;
}
