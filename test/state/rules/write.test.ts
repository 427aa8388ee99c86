import fc from 'fast-check';
import { AF_INET } from '../../../src/model/address';
import type { RealServer } from '../../../src/model/real-server';
import type { ServiceKey } from '../../../src/model/virtual-service';
import { expressesPlainly, expressesServer, serverRule } from '../../../src/state/rules/write';
import { wholeState } from '../../helpers/arbitrary-states';

/** A real server of the usual form, and one that differs from it in one value. */
const usual = fc
  .record({
    address: fc.uint8Array({ minLength: 4, maxLength: 4 }),
    port: fc.nat(65535),
    forwarding: fc.constantFrom(0, 0, 0, 3, 2, 1),
    weight: fc.oneof(fc.nat(100), fc.nat(0x7fffffff)),
    changed: fc.constantFrom(
      'port',
      'weight',
      'upperThreshold',
      'forwarding',
      undefined,
      undefined,
      undefined,
    ),
  })
  .map(({ changed, ...values }) => {
    const server: RealServer = {
      family: AF_INET,
      ...values,
      upperThreshold: 0,
      lowerThreshold: 0,
      tunnel: { type: 0, port: 0, flags: 0 },
    };
    return { server, other: changed ? { ...server, [changed]: 7 } : server };
  });

const key: ServiceKey = {
  kind: 'address',
  protocol: 6,
  family: AF_INET,
  address: Uint8Array.of(192, 0, 2, 1),
  port: 80,
};

test('the fast path knows what a rule expresses', () => {
  let expressed = 0;
  fc.assert(
    fc.property(usual, ({ server, other }) => {
      const rule = serverRule(key, server);
      const plain = expressesPlainly(rule, other);
      if (plain) expressed += 1;
      expect(expressesServer(rule, other)).toBe(plain);
    }),
    { numRuns: 1000 },
  );
  expect(expressed).toBeGreaterThan(100);
});

test('the rules of any table are judged as without the fast path', () => {
  fc.assert(
    fc.property(wholeState, ({ services }) => {
      for (const { service, servers } of services) {
        for (const server of servers) {
          const rule = serverRule(service.key, server);
          expect(expressesServer(rule, server)).toBe(expressesPlainly(rule, server));
        }
      }
    }),
    { numRuns: 300 },
  );
});
