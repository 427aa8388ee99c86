/** Whether two byte strings are equal; nothing is equal to none. */
export function sameBytes(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (!a || !b || a.length !== b.length) return false;
  // A loop: tables of 100,000 real servers are compared by it.
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}
