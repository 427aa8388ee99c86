import fc from 'fast-check';
import { asciiJson, bytesFromUnicode, unicodeFromBytes } from '../../src/bytes/unicode';

const bytes = (text: string) => Buffer.from(text, 'utf8').toString('latin1');

test.each([
  ['ASCII', 'eth0', 'eth0'],
  ['UTF-8', bytes('é€😀'), 'é€😀'],
  ['a byte that begins no sequence', 'a\x80b', 'a\udc80b'],
  ['a sequence cut short', '\xe2\x82', '\udce2\udc82'],
  ['an overlong sequence', '\xc0\xaf', '\udcc0\udcaf'],
  ['a surrogate in UTF-8', '\xed\xa0\x80', '\udced\udca0\udc80'],
  ['a code beyond Unicode', '\xf4\x90\x80\x80', '\udcf4\udc90\udc80\udc80'],
])('%s', (_name, text, expected) => {
  expect(unicodeFromBytes(text)).toBe(expected);
});

test('all bytes can be converted back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 12 }), (raw) => {
      const text = Buffer.from(raw).toString('latin1');
      expect(bytesFromUnicode(unicodeFromBytes(text))).toBe(text);
    }),
  );
});

test('well-formed UTF-8 is decoded', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(unicodeFromBytes(bytes(text))).toBe(text);
    }),
  );
});

test('JSON is ASCII and has the same value', () => {
  const text = asciiJson({ name: 'é\udc80\x7f' });
  expect({ text, value: JSON.parse(text) }).toEqual({
    text: '{"name":"\\u00e9\\udc80\\u007f"}',
    value: { name: 'é\udc80\x7f' },
  });
});
