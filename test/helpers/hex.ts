/** Returns the bytes of hexadecimal digits, which may be separated by white space. */
export function hex(text: string): Uint8Array {
  const digits = text.replace(/\s+/g, '');
  if (!/^([0-9a-f]{2})*$/.test(digits)) throw new Error(`not hexadecimal bytes: ${text}`);
  return Uint8Array.from(Buffer.from(digits, 'hex'));
}

/** Returns bytes as hexadecimal digits. */
export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
