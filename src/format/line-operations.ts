/*
 * The operations of `LineProgram`, which line-steps.ts describes and src/engines/quickjs/lines.c has
 * too. A file without imports: esbuild inlines its constants.
 */

/** The number of words of an operation: its number and up to four operands. */
export const STEP = 5;

/* The numbers of the operations, with their operands. */

/** where in the texts, length */
export const TEXT = 0;
/** width: address and port, padded */
export const ENDPOINT = 1;
/** the address without brackets */
export const ADDRESS = 2;
/** column, width, whether it is signed: padded with spaces on the right */
export const NUMBER = 3;
/** column of the low word, width, style: padded with spaces on the left */
export const COUNTER = 4;
/** column, mask, where the table of texts is in the steps, index of its last text */
export const CHOICE = 5;
/** remembers the position */
export const MARK = 6;
/** width: spaces up to that behind the mark */
export const PAD = 7;
/** column, mask, value, number of steps that are skipped if the masked column is not the value */
export const UNLESS = 8;
/** column, mask, value: if the masked column is not the value, the row is unusual */
export const REQUIRE = 9;

/* How counters are written. */

/** With units. */
export const SCALED = 0;
/** With all digits. */
export const EXACT = 1;
/** With all digits, in a column of any width. */
export const BARE = 2;
/** As a value in JSON. */
export const JSON_VALUE = 3;
