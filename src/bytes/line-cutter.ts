import { toBytes, toText } from './byte-text';

const NEWLINE = 0x0a;

/**
 * Handles complete lines as bytes, before they are converted to text. Given where a line begins,
 * returns where the first line begins that it does not handle.
 */
export type TakeLines = (block: Uint8Array, from: number) => number;

/** Splits blocks of bytes into lines of text, without newlines. */
export class LineCutter {
  #unfinished = '';

  /**
   * The lines that end in this block.
   * @param take called with each line, of which the first may have begun in an earlier block.
   */
  *cut(block: Uint8Array, take: TakeLines): Generator<string, void> {
    for (let at = 0; at < block.length; ) {
      const begunEarlier = this.#unfinished !== '';
      if (!begunEarlier) at = take(block, at);
      const end = block.indexOf(NEWLINE, at);
      this.#unfinished += toText(block.subarray(at, end < 0 ? block.length : end));
      if (end < 0) return;
      const line = this.#unfinished;
      this.#unfinished = '';
      if (!begunEarlier || !takes(take, line)) yield line;
      at = end + 1;
    }
  }

  /** The text after the last newline. */
  rest(): string {
    return this.#unfinished;
  }
}

/** Whether a line alone is handled by `take`. */
function takes(take: TakeLines, line: string): boolean {
  const bytes = toBytes(`${line}\n`);
  return take(bytes, 0) === bytes.length;
}
