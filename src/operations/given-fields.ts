/** Attributes of an entry of the table that options set: what `service set` and `server set` share. */
import type { OptionName } from '../command-line/options';
import type { Settings } from '../command-line/settings';

/** The fields that each option sets. */
export type OptionTable<T> = { readonly [name in OptionName]?: (settings: Settings) => Partial<T> };

/** The options of a table. */
export function optionsOf(table: OptionTable<unknown>): OptionName[] {
  return Object.keys(table) as OptionName[];
}

/** The fields that the given options set. */
export function givenFields<T>(table: OptionTable<T>, settings: Settings): Partial<T> {
  const given = optionsOf(table).filter((name) => settings.given.has(name));
  return Object.assign({}, ...given.map((name) => table[name]!(settings))) as Partial<T>;
}
