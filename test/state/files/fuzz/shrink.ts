/** Most attempts, of which each reads a document, and their time in milliseconds. */
const ATTEMPTS = 600;
const MOST_TIME = 10_000;

/**
 * Leaves out parts of a document as long as the same fault remains.
 * @param fault what is wrong with it: the first words tell whether a fault is the same.
 * @param check returns what is wrong with a shorter one.
 */
export async function shrunk(
  document: string,
  fault: string,
  check: (document: string) => Promise<string | undefined>,
): Promise<string> {
  const kind = (text: string | undefined) => text?.slice(0, 40).replace(/[0-9]+/g, '#');
  const end = Date.now() + MOST_TIME;
  let left = ATTEMPTS;
  let result = document;
  for (let size = document.length >> 1; size > 0; size >>= 1) {
    for (let at = 0; at < result.length && left > 0 && Date.now() < end; left--) {
      const shorter = result.slice(0, at) + result.slice(at + size);
      if (kind(await check(shorter)) === kind(fault)) result = shorter;
      else at += size;
    }
  }
  return result;
}
