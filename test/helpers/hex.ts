/** Bytes written out by hand: hexadecimal digits, with spaces where they help. */
export function hex(text: string): Uint8Array {
  const digits = text.replace(/\s+/g, '');
  if (!/^([0-9a-f]{2})*$/.test(digits)) throw new Error(`not hexadecimal bytes: ${text}`);
  return Uint8Array.from(Buffer.from(digits, 'hex'));
}

/** Bytes as hexadecimal digits. */
export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
