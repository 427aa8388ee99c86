/**
 * The places of parts of a file that fast-read.ts has read. Its services do not depend on each other,
 * so only those that are asked for are read plainly, behind what precedes the first one.
 */
import type { Span } from '../source/diagnostics';
import type { SourceDocument, Wanted } from '../source/tree';

/** @param starts where the services begin. @param read reads a text plainly. */
export function placesIn(
  text: string,
  starts: readonly number[],
  wanted: readonly Wanted[],
  read: (text: string) => SourceDocument,
): Span[] {
  const indexes = wanted.map(({ path: [field, index] }) =>
    field === 'services' && typeof index === 'number' && starts[index] !== undefined ? index : undefined,
  );
  // With none the file would not describe its services.
  const asked = new Set(indexes.map((index = 0) => index).sort((one, other) => one - other));
  const parts = [text.slice(0, starts[0])];
  const moved = new Map<number, { readonly index: number; readonly offset: number }>();
  let size = parts[0]!.length;
  for (const one of asked) {
    const part = `${text.slice(starts[one], starts[one + 1])}\n`;
    moved.set(one, { index: moved.size, offset: starts[one]! - size });
    parts.push(part);
    size += part.length;
  }
  const places = read(parts.join('')).places(
    wanted.map(({ path, part }, at) => {
      const index = indexes[at];
      return index === undefined
        ? { path, part }
        : { path: ['services', moved.get(index)!.index, ...path.slice(2)], part };
    }),
  );
  return places.map(({ offset, length }, at) => {
    const index = indexes[at];
    const isBefore = index === undefined || offset < starts[0]!;
    return { offset: isBefore ? offset : offset + moved.get(index)!.offset, length };
  });
}
