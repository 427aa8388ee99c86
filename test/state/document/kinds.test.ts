import fc from 'fast-check';
import { parseAddress } from '../../../src/model/address';
import { forwardingMethods } from '../../../src/model/real-server';
import {
  address,
  counter,
  counterValue,
  flagBits,
  type Kind,
  nameOfAtMost,
  oneOf,
  oneOfOrInteger,
  unknown,
} from '../../../src/state/document/kinds';

const bits = { first: 1, second: 2 };

test.each<[string, Kind, unknown, unknown]>([
  ['an address', address, Uint8Array.of(192, 0, 2, 1), '192.0.2.1'],
  ['a name with a byte that is not UTF-8', nameOfAtMost(15, 'a name'), 'a\xff', 'a\udcff'],
  ['one of some names', oneOf(bits), 2, 'second'],
  ['a number with a name', oneOfOrInteger(forwardingMethods, 7), 3, 'gatewaying'],
  ['a number without a name', oneOfOrInteger(forwardingMethods, 7), 5, 5],
  ['flags with names and without', flagBits(bits, 0xff), 0x43, ['first', 'second', '0x40']],
])('%s is written, and read as the same', (_name, kind, model, document) => {
  expect(kind.write(model)).toEqual(document);
  expect(kind.read(document)).toEqual(model);
});

test('values that are left out', () => {
  expect([oneOf(bits).write(3), flagBits(bits, 0xff).write(0), unknown.write(new Map())]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test('counters are numbers as long as those are exact', () => {
  expect([0n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 64n - 1n].map(counterValue)).toEqual([
    0,
    9007199254740991,
    '9007199254740992',
    '18446744073709551615',
  ]);
  expect(counter.write(7n)).toBe(7);
});

test('an address has a problem when it cannot be parsed', () => {
  const { problem } = address as Extract<typeof address, { form: 'address' }>;
  const part = fc.oneof(fc.nat(300).map(String), fc.constantFrom('', '00', '01', '1 ', '-1', 'a', '+1'));
  const quad = fc
    .tuple(fc.array(part, { minLength: 3, maxLength: 5 }), fc.constantFrom('', '.', '\n'))
    .map(([parts, end]) => parts.join('.') + end);
  fc.assert(
    fc.property(fc.oneof(quad, fc.ipV4(), fc.ipV6()), (text) => {
      expect(problem(text) === undefined).toBe(parseAddress(text) !== undefined);
    }),
    { numRuns: 2000 },
  );
});
