/** What has changed in a listing that is shown again and again. */

export class Changes {
  /** Texts by the names of what they belong to; undefined in the first listing. */
  #before: ReadonlyMap<string, string> | undefined;
  #now: Map<string, string> | undefined;

  /** Begins a listing. */
  begin(): void {
    this.#before = this.#now;
    this.#now = new Map();
  }

  /** Notes the text of `name`. @returns whether it is another one than in the listing before. */
  isNew(name: string, text: string): boolean {
    this.#now?.set(name, text);
    return this.#before !== undefined && (this.#before.get(name) ?? '') !== text;
  }

  /** The names that were in the listing before, and are not in this one. */
  gone(): string[] {
    return [...(this.#before?.keys() ?? [])].filter((name) => !this.#now?.has(name));
  }
}
