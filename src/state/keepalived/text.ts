/** Pieces of text that know their places in the source. */
import type { Span } from '../source/diagnostics';

export interface Text {
  readonly text: string;
  /** The place of its first character. */
  readonly offset: number;
  /** Absent: the text is in the source as it is. */
  readonly pieces?: readonly Piece[] | undefined;
}

/** A part of a text, from character `from` to the next piece. */
interface Piece {
  readonly from: number;
  readonly offset: number;
  /** Present: the piece as a whole stands for a part of the source of this length. */
  readonly length?: number;
}

/** A text that replaces a part of the source, such as the name of a definition. */
export function replacement(text: string, { offset, length }: Span): Text {
  return { text, offset, pieces: [{ from: 0, offset, length }] };
}

export function slice(whole: Text, start: number, end = whole.text.length): Text {
  const text = whole.text.slice(start, end);
  if (!whole.pieces) return { text, offset: whole.offset + start };
  const pieces = piecesOf(whole, start, end);
  return { text, offset: pieces[0]?.offset ?? whole.offset, pieces };
}

export function concat(...parts: readonly Text[]): Text {
  const pieces: Piece[] = [];
  let text = '';
  for (const part of parts) {
    for (const piece of piecesOf(part, 0, part.text.length)) {
      pieces.push({ ...piece, from: piece.from + text.length });
    }
    text += part.text;
  }
  return { text, offset: pieces[0]?.offset ?? parts[0]!.offset, pieces };
}

function piecesOf({ text, offset, pieces }: Text, start: number, end: number): Piece[] {
  if (start >= end) return [];
  if (!pieces) return [{ from: 0, offset: offset + start }];
  return pieces.flatMap((piece, index): Piece[] => {
    const next = pieces[index + 1]?.from ?? text.length;
    if (next <= start || piece.from >= end) return [];
    const cut = Math.max(0, start - piece.from);
    const from = Math.max(piece.from, start) - start;
    return [piece.length === undefined ? { from, offset: piece.offset + cut } : { ...piece, from }];
  });
}

/** Returns the place of a part of a text in the source. */
export function spanOf(whole: Text, start = 0, end = whole.text.length): Span {
  if (!whole.pieces) return { offset: whole.offset + start, length: end - start };
  const first = placeOf(whole, start);
  const last = placeOf(whole, Math.max(start, end - 1));
  return { offset: first.offset, length: Math.max(last.offset + last.length - first.offset, first.length) };
}

/** Returns the place of one character. */
function placeOf({ pieces = [], offset }: Text, at: number): Span {
  const piece = pieces.findLast(({ from }) => from <= at);
  if (!piece) return { offset, length: 1 };
  const { from, length } = piece;
  return length === undefined
    ? { offset: piece.offset + at - from, length: 1 }
    : { offset: piece.offset, length };
}
