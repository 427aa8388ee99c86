/** Which of many rows of equal height are made, so that ten thousand of them scroll smoothly. */
export interface RowWindow {
  /** The first row that is made, and the one behind the last. */
  readonly first: number;
  readonly end: number;
  /** The heights of what is left out, in pixels. */
  readonly above: number;
  readonly below: number;
}

/** So many rows are made beyond what is seen: for the keyboard, and while the browser scrolls. */
const BEYOND = 8;

/**
 * @param top how far the top of the rows is above the top of what is seen, in pixels; negative: below.
 * @param seen the height of what is seen.
 */
export function windowOfRows(count: number, height: number, top: number, seen: number): RowWindow {
  const clamp = (row: number) => Math.min(Math.max(row, 0), count);
  const first = clamp(Math.floor(top / height) - BEYOND);
  const end = Math.max(first, clamp(Math.ceil((top + seen) / height) + BEYOND));
  return { first, end, above: first * height, below: (count - end) * height };
}
