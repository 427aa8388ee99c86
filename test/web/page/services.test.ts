import type { OverviewService } from '../../../src/web/contract';
import { chosen, type Sorting, totals } from '../../../src/web/page/state/services';

function service(name: string, more: Partial<OverviewService> = {}): OverviewService {
  const rates = { connections: 1, inPackets: 0, outPackets: 0, inBytes: 10, outBytes: 20 };
  const counts = { up: 2, down: 0, unknown: 0, drained: 0, active: 3, inactive: 4 };
  return {
    key: `tcp:${name}:80`,
    name,
    comment: null,
    scheduler: 'rr',
    owner: 'ours',
    rates,
    ...counts,
    ...more,
  };
}

const services = [
  service('api', { down: 1, up: 1 }),
  service('dns', { unknown: 2, up: 0, active: 9 }),
  service('mail', { owner: 'contested' }),
  service('web', { scheduler: 'wlc', down: 2, up: 0 }),
];
const byName: Sorting = { key: 'name', descending: false };
const names = (list: readonly OverviewService[]) => list.map(({ name }) => name);

test.each<[string, string, string[]]>([
  ['nothing', '', ['api', 'dns', 'mail', 'web']],
  ['a part of the name', 'A', ['api', 'mail']],
  ['the scheduler', 'wlc', ['web']],
  ['the key', 'tcp:dns', ['dns']],
  ['several words, all of which must be there', 'a rr pi', ['api']],
  ['what there is not', 'nothing', []],
])('filters by %s', (_, filter, expected) => {
  expect(names(chosen(services, filter, false, byName))).toEqual(expected);
});

test('those with problems have servers that are down, or are fought for', () => {
  expect(names(chosen(services, '', true, byName))).toEqual(['api', 'mail', 'web']);
});

test.each<[Sorting, string[]]>([
  [{ key: 'name', descending: true }, ['web', 'mail', 'dns', 'api']],
  [{ key: 'health', descending: true }, ['web', 'api', 'mail', 'dns']],
  [{ key: 'health', descending: false }, ['dns', 'mail', 'api', 'web']],
  [{ key: 'active', descending: true }, ['dns', 'api', 'mail', 'web']],
  [{ key: 'connections', descending: true }, ['api', 'dns', 'mail', 'web']],
])('sorts by %j, equal ones by name', (sorting, expected) => {
  expect(names(chosen(services, '', false, sorting))).toEqual(expected);
});

test('sums up all services', () => {
  expect(totals(services)).toEqual({
    services: 4,
    servers: 8,
    up: 3,
    down: 3,
    unknown: 2,
    drained: 0,
    active: 18,
    rates: { connections: 4, inBytes: 40, outBytes: 80 },
  });
});
