/** A text in double quotes with escapes, on one line of YAML. */

/** A backslash of an escape that JSON and YAML do not read in the same way. */
const otherEscape = /\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})/;

/**
 * Returns the text, and the offset of its closing quote; undefined if that is not before `end`, or
 * if it has other escapes than JSON.
 * @param from the offset behind the opening quote.
 */
export function escapedText(
  text: string,
  from: number,
  end: number,
): { readonly value: string; readonly close: number } | undefined {
  let close = from;
  while (close < end && text[close] !== '"') close += text[close] === '\\' ? 2 : 1;
  if (close >= end) return undefined;
  const inner = text.slice(from, close);
  return otherEscape.test(inner) ? undefined : { value: JSON.parse(`"${inner}"`) as string, close };
}
