/** Pads `text` with spaces to `width`; never truncates it. */
export function left(text: string | number, width: number): string {
  return String(text).padEnd(width);
}

/** Pads `text` on the left to `width`; never truncates it. */
export function right(text: string | number | bigint, width: number): string {
  return String(text).padStart(width);
}
