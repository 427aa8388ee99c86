/** Work on the same thing that does not overlap, in the order in which it was asked for. */
const last = new WeakMap<object, Promise<unknown>>();

/** @param about what the work is on. @throws what the work throws. */
export function oneAtATime<T>(about: object, work: () => Promise<T>): Promise<T> {
  const mine = (last.get(about) ?? Promise.resolve()).then(work);
  last.set(
    about,
    mine.catch(() => {}),
  );
  return mine;
}
