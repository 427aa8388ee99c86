import { AF_INET } from '../../src/model/address';
import { isOverloaded, shares } from '../../src/model/share';

const server = (weight: number, upperThreshold = 0, connections = 0) => ({
  family: AF_INET as typeof AF_INET,
  address: Uint8Array.of(10, 0, 0, 1),
  port: 80,
  forwarding: 0,
  weight,
  upperThreshold,
  lowerThreshold: 0,
  tunnel: { type: 0, port: 0, flags: 0 },
  activeConnections: connections,
  inactiveConnections: 0,
  persistentConnections: 0,
});

test.each([
  ['wrr', [3, 1], [0.75, 0.25]],
  ['wlc', [3, 0, 1], [0.75, 0, 0.25]],
  ['an unknown scheduler', [1, 1], [0.5, 0.5]],
  ['rr', [3, 1, 0], [0.5, 0.5, 0]],
  ['lc', [7, 1], [0.5, 0.5]],
  ['fo', [1, 5, 5], [0, 1, 0]],
  ['ovf', [1, 5], [0, 1]],
  ['none', [1, 5], [0, 0]],
  ['wrr', [0, 0], [0, 0]],
  ['rr', [], []],
] as const)('%s shares by weights %j: %j', (scheduler, weights, expected) => {
  expect(
    shares(
      scheduler,
      weights.map((weight) => server(weight)),
    ),
  ).toEqual(expected);
});

test('an overloaded server gets nothing, and the others get its share', () => {
  const servers = [server(1, 10, 10), server(1, 10, 9), server(2)];
  expect(servers.map(isOverloaded)).toEqual([true, false, false]);
  expect(shares('wrr', servers)).toEqual([0, 1 / 3, 2 / 3]);
});
