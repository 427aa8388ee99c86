/** Makes a screenshot a third of its size: 256 colours are enough for a page. */
import { crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
const COLOURS = 256;
/** Up to which distance two colours look alike. */
const ALIKE = 64;

/** @param png as Chromium writes them: of 8 bits, RGB or RGBA, not interlaced. */
export function smallPng(png: Buffer): Buffer {
  const { width, height, pixels } = decode(png);
  const palette = commonColours(pixels);
  const nearest = new Map(palette.map((colour, index) => [colour, index]));
  const rows = Buffer.alloc((width + 1) * height); // each begins with its filter: none
  for (let index = 0; index < pixels.length; index++) {
    const colour = pixels[index]!;
    let entry = nearest.get(colour);
    if (entry === undefined) {
      entry = nearestOf(palette, colour);
      nearest.set(colour, entry);
    }
    rows[index + 1 + Math.floor(index / width)] = entry;
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 3, 0, 0, 0], 8); // a palette
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', head),
    chunk('PLTE', Buffer.from(palette.flatMap(channels))),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function decode(png: Buffer): { width: number; height: number; pixels: Uint32Array } {
  const data: Buffer[] = [];
  for (let at = SIGNATURE.length; at < png.length; ) {
    const size = png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') data.push(png.subarray(at + 8, at + 8 + size));
    at += size + 12;
  }
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const size = png[25] === 6 ? 4 : 3; // RGBA or RGB
  const bytes = unfiltered(inflateSync(Buffer.concat(data)), width * size, size);
  const pixels = new Uint32Array(width * height);
  for (let index = 0; index < pixels.length; index++) pixels[index] = bytes.readUIntBE(index * size, 3);
  return { width, height, pixels };
}

/** Each byte was written as its difference from a guess: https://www.w3.org/TR/png-3/#9Filters */
function unfiltered(rows: Buffer, length: number, size: number): Buffer {
  const result = Buffer.alloc((rows.length / (length + 1)) * length);
  for (let from = 0, to = 0; from < rows.length; from += length + 1, to += length) {
    const guess = guesses[rows[from]!]!;
    for (let at = 0; at < length; at++) {
      const left = at >= size ? result[to + at - size]! : 0;
      const above = to > 0 ? result[to - length + at]! : 0;
      const corner = to > 0 && at >= size ? result[to - length + at - size]! : 0;
      result[to + at] = rows[from + 1 + at]! + guess(left, above, corner);
    }
  }
  return result;
}

const guesses: readonly ((left: number, above: number, corner: number) => number)[] = [
  () => 0,
  (left) => left,
  (_, above) => above,
  (left, above) => (left + above) >> 1,
  (left, above, corner) => {
    const off = [left, above, corner].map((each) => Math.abs(left + above - corner - each));
    if (off[0]! <= off[1]! && off[0]! <= off[2]!) return left;
    return off[1]! <= off[2]! ? above : corner;
  },
];

function commonColours(pixels: Uint32Array): number[] {
  const counts = new Map<number, number>();
  for (const colour of pixels) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const sorted = [...counts].sort(([a, first], [b, second]) => second - first || a - b);
  const palette: number[] = [];
  // The shades of a letter's edge are many: one of those that look alike leaves room for a small red mark.
  for (const [colour] of sorted) {
    if (palette.length === COLOURS) break;
    if (palette.every((entry) => distance(entry, colour) > ALIKE)) palette.push(colour);
  }
  return palette;
}

function nearestOf(palette: readonly number[], colour: number): number {
  const distances = palette.map((entry) => distance(entry, colour));
  return distances.indexOf(Math.min(...distances));
}

function distance(one: number, other: number): number {
  const wanted = channels(other);
  return channels(one).reduce((sum, value, index) => sum + (value - wanted[index]!) ** 2, 0);
}

function channels(colour: number): number[] {
  return [colour >> 16, (colour >> 8) & 255, colour & 255];
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([size, named, sum]);
}
