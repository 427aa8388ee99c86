/**
 * Names in the kernel are bytes; JSON is Unicode. A byte that is not part of a UTF-8 sequence is
 * converted to a lone surrogate, U+DC80..U+DCFF (as by Python's `surrogateescape`), so that every
 * name can be converted back.
 */
const ESCAPE = 0xdc00;

/** Decodes a text of one character per byte as UTF-8. */
export function unicodeFromBytes(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII
  if (/^[\x00-\x7f]*$/.test(text)) return text;
  let out = '';
  for (let at = 0; at < text.length; ) {
    const length = sequenceLength(text, at);
    out += length === 0 ? String.fromCharCode(ESCAPE + text.charCodeAt(at)) : decoded(text, at, length);
    at += length || 1;
  }
  return out;
}

/** The inverse of `unicodeFromBytes`: a text of one character per byte. */
export function bytesFromUnicode(text: string): string {
  // Character by character, a text of megabytes would become as many strings.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all but ASCII
  return text.replace(/[^\x00-\x7f]/gu, (character) => {
    const code = character.codePointAt(0)!;
    if (code >= ESCAPE + 0x80 && code <= ESCAPE + 0xff) return String.fromCharCode(code - ESCAPE);
    return encoded(code);
  });
}

/** JSON in ASCII: other characters are escaped as \uXXXX, so that its encoding is unambiguous. */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\x7f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The length in bytes of the well-formed UTF-8 sequence (RFC 3629) at `at`; 0 if there is none. */
function sequenceLength(text: string, at: number): number {
  const first = text.charCodeAt(at);
  if (first < 0x80) return 1;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  if (length === 0 || first > 0xf4 || at + length > text.length) return 0;
  for (let index = at + 1; index < at + length; index++) {
    if ((text.charCodeAt(index) & 0xc0) !== 0x80) return 0;
  }
  const code = decoded(text, at, length).codePointAt(0)!;
  const shortest = length === 4 ? 0x10000 : length === 3 ? 0x800 : 0x80;
  return code >= shortest && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? length : 0;
}

function decoded(text: string, at: number, length: number): string {
  let code = length === 1 ? text.charCodeAt(at) : text.charCodeAt(at) & (0xff >> (length + 1));
  for (let index = at + 1; index < at + length; index++) code = (code << 6) | (text.charCodeAt(index) & 0x3f);
  return code > 0x10ffff ? '\0' : String.fromCodePoint(code);
}

function encoded(code: number): string {
  const tail = (shift: number) => 0x80 | ((code >> shift) & 0x3f);
  if (code < 0x800) return String.fromCharCode(0xc0 | (code >> 6), tail(0));
  if (code < 0x10000) return String.fromCharCode(0xe0 | (code >> 12), tail(6), tail(0));
  return String.fromCharCode(0xf0 | (code >> 18), tail(12), tail(6), tail(0));
}
