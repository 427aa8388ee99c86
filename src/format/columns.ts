/** `text` padded with spaces to `width`, never cut. */
export function left(text: string | number, width: number): string {
  return String(text).padEnd(width);
}

/** `text` padded on the left to `width`, never cut. */
export function right(text: string | number | bigint, width: number): string {
  return String(text).padStart(width);
}
