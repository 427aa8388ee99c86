/**
 * Text of others, such as names in files and in the kernel, made safe for a terminal: there control
 * characters act, and controls of bidirectional text reorder what is read.
 */
import { toBytes, toText } from './byte-text';
import { bytesFromUnicode, unicodeFromBytes } from './unicode';

/**
 * The control characters, those of C1 included, the controls of bidirectional text, line and
 * paragraph separators, and the lone surrogates that stand for bytes that are not UTF-8. Newlines
 * and tabs are layout.
 */
const invisible =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is searched for
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]/gu;

/** What no ASCII text without control characters has: such text needs no closer look. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is searched for
const suspicious = /[^\x09\x0a\x20-\x7e]/;

/** Unicode text with each character of `invisible` as an escape: `\x1b`, `\u202e`. */
export function visibleUnicode(text: string): string {
  return suspicious.test(text) ? text.replace(invisible, escaped) : text;
}

/** As `visibleUnicode`, for a text of one character per byte. */
export function visible(text: string): string {
  return suspicious.test(text) ? bytesFromUnicode(visibleUnicode(unicodeFromBytes(text))) : text;
}

/** As `visible`, for a block of bytes that ends where a character does. */
function visibleBlock(block: Uint8Array): Uint8Array {
  for (const byte of block) {
    if (byte > TILDE || (byte < SPACE && byte !== NEWLINE && byte !== TAB)) {
      return toBytes(visible(toText(block)));
    }
  }
  return block;
}

const TAB = 0x09;
const NEWLINE = 0x0a;
const SPACE = 0x20;
const TILDE = 0x7e;

/** For `Output`: everything that is printed is made visible. */
export const visibly = { line: visible, block: visibleBlock } as const;

/** As `visibleUnicode`, for what is a part of a line: newlines and tabs are escaped as well. */
export function visibleUnicodeWord(text: string): string {
  return visibleUnicode(text).replace(/[\n\t]/g, escaped);
}

/** As `visibleUnicodeWord`, for a text of one character per byte. */
export function visibleWord(text: string): string {
  return suspicious.test(text) || /[\n\t]/.test(text)
    ? bytesFromUnicode(visibleUnicodeWord(unicodeFromBytes(text)))
    : text;
}

function escaped(character: string): string {
  const code = character.charCodeAt(0);
  // A byte that is not UTF-8: unicode.ts.
  const value = code >= 0xdc80 && code <= 0xdcff ? code - 0xdc00 : code;
  const digits = value.toString(16);
  return value < 0x100 ? `\\x${digits.padStart(2, '0')}` : `\\u${digits.padStart(4, '0')}`;
}
