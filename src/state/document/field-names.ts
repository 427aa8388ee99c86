import type { Path } from '../source/tree';
import type { Field } from './field';
import { directorStateFields } from './state-fields';

/**
 * Returns the names of the fields of the object at `path` of a state document; none when it is not
 * an object.
 */
export function fieldNamesAt(path: Path): readonly string[] {
  let fields: readonly Field[] = directorStateFields;
  let names: readonly Field[] | undefined;
  for (const step of path) {
    if (typeof step === 'number') continue;
    if (names) [fields, names] = [names, undefined];
    else {
      const field = fields.find(({ name }) => name === step);
      fields = (field?.object ?? field?.items ?? field?.either?.object)?.fields ?? [];
      names = field?.entries?.object.fields;
    }
  }
  return fields.map(({ name }) => name);
}
