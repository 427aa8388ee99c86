import fc from 'fast-check';
import { toBytes, toText } from '../../src/bytes/byte-text';

const bytes = fc.uint8Array({ maxLength: 600 });

test('a text has a character for each byte, however long it is', () => {
  fc.assert(
    fc.property(bytes, fc.nat(40), (all, skipped) => {
      const part = all.subarray(Math.min(skipped, all.length));
      const text = toText(part);
      expect(Array.from(text, (character) => character.charCodeAt(0))).toEqual([...part]);
      expect(Uint8Array.from(toBytes(text))).toEqual(Uint8Array.from(part));
    }),
  );
});

test('bytes of a character beyond 255 are its low eight bits', () => {
  for (const length of [1, 300]) {
    expect(Uint8Array.from(toBytes('\u0141'.repeat(length)))).toEqual(new Uint8Array(length).fill(0x41));
  }
});

test('a text is not changed by what its memory holds later', () => {
  const memory = new Uint8Array(1000).fill(0x41);
  const text = toText(memory);
  memory.fill(0x42);
  expect(text).toBe('A'.repeat(1000));
});

test('bytes are in an array of their own, which slice copies', () => {
  for (const length of [1, 300]) {
    const bytes = toBytes('A'.repeat(length));
    expect([bytes.constructor, bytes.buffer.byteLength]).toEqual([Uint8Array, length]);
  }
});
