import { toText } from './byte-text';

const NEWLINE = 0x0a;

/**
 * Takes lines before they are cut out as text: given where a line begins, returns where the first one begins
 * that it leaves.
 */
export type TakeLines = (block: Uint8Array, from: number) => number;

/** Cuts blocks of bytes into lines of text, without their newlines. */
export class LineCutter {
  #unfinished = '';

  /** The lines that end in this block. @param take is offered each line that begins in the block. */
  *cut(block: Uint8Array, take: TakeLines): Generator<string, void> {
    for (let at = 0; at < block.length; ) {
      if (this.#unfinished === '') at = take(block, at);
      const end = block.indexOf(NEWLINE, at);
      this.#unfinished += toText(block.subarray(at, end < 0 ? block.length : end));
      if (end < 0) return;
      const line = this.#unfinished;
      this.#unfinished = '';
      yield line;
      at = end + 1;
    }
  }

  /** What stands behind the last newline. */
  rest(): string {
    return this.#unfinished;
  }
}
