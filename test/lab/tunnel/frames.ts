/** What the two ends of a tunnel tell each other: a kind, whom it concerns, and bytes. */
export const kinds = ['open', 'data', 'end', 'gone', 'run', 'done', 'close'] as const;
export type Kind = (typeof kinds)[number];

export interface Frame {
  kind: Kind;
  /** Of a connection or a command, chosen by the end that begins it. */
  id: number;
  bytes: Buffer;
}

const HEADER = 9;

export function encodeFrame(kind: Kind, id: number, bytes: Buffer | string = ''): Buffer {
  const payload = Buffer.from(bytes);
  const header = Buffer.alloc(HEADER);
  header.writeUInt8(kinds.indexOf(kind));
  header.writeUInt32BE(id, 1);
  header.writeUInt32BE(payload.length, 5);
  return Buffer.concat([header, payload]);
}

/** Returns the frames of a text that has only complete ones. */
export function decodeFrames(text: Buffer): Frame[] {
  const frames: Frame[] = [];
  for (let at = 0; at < text.length; ) {
    const end = at + HEADER + text.readUInt32BE(at + 5);
    frames.push({
      kind: kinds[text.readUInt8(at)]!,
      id: text.readUInt32BE(at + 1),
      bytes: text.subarray(at + HEADER, end),
    });
    at = end;
  }
  return frames;
}
