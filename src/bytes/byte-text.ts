/** Conversion between bytes and text of one character per byte (0..255). */

/** The characters made by one call, limited because its arguments are on the stack. */
const PIECE = 8192;

/** Fewer bytes are converted here: the call of another function would take longer. */
const MIN_LENGTH = 256;

/** The conversions of a `Buffer`, which Node has and QuickJS has not. */
interface Buffers {
  from(
    memory: ArrayBufferLike,
    offset: number,
    length: number,
  ): { latin1Slice(): string; latin1Write(text: string): void };
}

const { Buffer: buffers } = globalThis as unknown as { readonly Buffer?: Buffers };

export function toText(bytes: Uint8Array): string {
  if (buffers && bytes.length >= MIN_LENGTH) {
    return buffers.from(bytes.buffer, bytes.byteOffset, bytes.length).latin1Slice();
  }
  let text = '';
  for (let at = 0; at < bytes.length; at += PIECE) {
    text += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  }
  return text;
}

export function toBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  if (buffers && text.length >= MIN_LENGTH) {
    buffers.from(bytes.buffer, 0, bytes.length).latin1Write(text);
    return bytes;
  }
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}

/** Bytes as hexadecimal digits. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
