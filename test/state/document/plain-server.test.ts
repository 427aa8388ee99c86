/** The fast path writes what the plain one writes. */
import fc from 'fast-check';
import { plainServer } from '../../../src/state/document/plain-server';
import { writeServer, writeServerPlainly } from '../../../src/state/document/write';
import { server as listedServer } from '../../helpers/table-rows';

const usual = listedServer({ forwarding: 0 });

const number = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }));
const server = fc.record({
  family: fc.constant(2 as const),
  address: fc.oneof(fc.constant(new Uint8Array(4)), fc.uint8Array({ minLength: 4, maxLength: 4 })),
  port: number,
  forwarding: fc.integer({ min: 0, max: 7 }),
  weight: number,
  upperThreshold: number,
  lowerThreshold: number,
  tunnel: fc.record({
    type: fc.constantFrom(0, 0, 1),
    port: fc.constantFrom(0, 0, 9),
    flags: fc.constantFrom(0, 1),
  }),
  activeConnections: number,
  inactiveConnections: number,
  persistentConnections: number,
});

test('any server is written as without the fast path', () => {
  fc.assert(
    fc.property(server, fc.boolean(), (one, counters) => {
      expect(writeServer(one, counters)).toBe(writeServerPlainly(one, counters));
    }),
  );
});

test('a usual one takes the fast path, others do not', () => {
  expect(plainServer(usual)).toBe(writeServerPlainly(usual, false));
  expect(plainServer({ ...usual, tunnel: { type: 1, port: 9, flags: 0 } })).toBeUndefined();
  expect(plainServer({ ...usual, family: 10, address: new Uint8Array(16) })).toBeUndefined();
  expect(plainServer({ ...usual, unknown: new Map([[99, new Uint8Array(1)]]) })).toBeUndefined();
});
