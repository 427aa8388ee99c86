import { isEmpty, serverState } from '../../src/model/server-state';
import { server as listedServer } from '../helpers/table-rows';

test.each([
  ['it has a weight', {}, ''],
  ['weight 0 with an active connection', { weight: 0, activeConnections: 1 }, 'draining'],
  ['weight 0 with an inactive connection', { weight: 0, inactiveConnections: 1 }, 'draining'],
  ['weight 0 with a persistent client', { weight: 0, persistentConnections: 1 }, 'draining'],
  ['weight 0 without connections', { weight: 0 }, 'down'],
  ['fewer connections than the threshold', { upperThreshold: 3, activeConnections: 2 }, ''],
  [
    'as many as the threshold',
    { upperThreshold: 3, activeConnections: 2, inactiveConnections: 1 },
    'overloaded',
  ],
  ['weight 0 at the threshold', { weight: 0, upperThreshold: 1, activeConnections: 1 }, 'draining'],
] as const)('%s', (_name, parts, state) => {
  expect(serverState(listedServer(parts))).toBe(state);
});

test('a service is empty without a real server that has a weight', () => {
  const [up, down] = [listedServer({}), listedServer({ weight: 0, activeConnections: 3 })];
  expect([[], [down], [down, up], [up]].map(isEmpty)).toEqual([true, true, false, false]);
});
