import type { DirectorEvent, DirectorStatus } from '../../../src/director/types';
import type { OverviewService } from '../../../src/web/contract';
import { type Live, merged, nothingYet } from '../../../src/web/page/state/live';

const status = { generation: { wanted: 7, applied: 7 } } as DirectorStatus;

function service(key: string, more: Partial<OverviewService> = {}): OverviewService {
  const rates = { connections: 1, inPackets: 0, outPackets: 0, inBytes: 0, outBytes: 0 };
  const counts = { up: 1, down: 0, unknown: 0, drained: 0, active: 0, inactive: 0 };
  return { key, name: key, comment: null, scheduler: 'rr', owner: 'ours', rates, ...counts, ...more };
}

function event(id: number): DirectorEvent {
  return { id, at: id, kind: 'note', text: `event ${id}` };
}

const started: Live = merged(nothingYet, {
  name: 'overview',
  data: {
    at: 1,
    services: [service('c'), service('a'), service('b')],
    status,
    ha: null,
    events: [event(2), event(1)],
  },
});

test('an overview is everything, in the order of names', () => {
  expect({ ...started, services: [...started.services.keys()] }).toEqual({
    at: 1,
    services: ['a', 'b', 'c'],
    status,
    ha: null,
    events: [event(2), event(1)],
    service: undefined,
  });
});

test('names with numbers are in the order of the numbers', () => {
  const services = [service('web10'), service('web2'), service('web1')];
  const live = merged(nothingYet, {
    name: 'overview',
    data: { at: 1, services, status, ha: null, events: [] },
  });
  expect([...live.services.keys()]).toEqual(['web1', 'web2', 'web10']);
});

test('a change replaces, adds in order and takes away, and leaves the others as they are', () => {
  const down = service('a', { up: 0, down: 1 });
  const data = { at: 2, services: [down, service('aa')], gone: ['c', 'never'], status: null, ha: null };
  const live = merged(started, { name: 'changed', data });
  expect([...live.services]).toEqual([
    ['a', down],
    ['aa', service('aa')],
    ['b', service('b')],
  ]);
  expect(live.services.get('b')).toBe(started.services.get('b'));
  expect({ at: live.at, status: live.status, events: live.events }).toEqual({
    at: 2,
    status: null,
    events: started.events,
  });
});

test('a service that is renamed gets another place', () => {
  const data = { at: 2, services: [service('a', { name: 'z' })], gone: [], status, ha: null };
  expect([...merged(started, { name: 'changed', data }).services.keys()]).toEqual(['b', 'c', 'a']);
});

test('a change of nothing keeps the very services, so that nothing is drawn again', () => {
  const data = { at: 3, services: [], gone: [], status, ha: null };
  expect(merged(started, { name: 'changed', data }).services).toBe(started.services);
});

test('events are newest first, each once, and fifty', () => {
  const heard = [4, 3, 4, 2].reduce(
    (live, id) => merged(live, { name: 'happened', data: event(id) }),
    started,
  );
  expect(heard.events.map(({ id }) => id)).toEqual([4, 3, 2, 1]);
  const many = Array.from({ length: 100 }, (_, index) => event(index + 5)).reduce(
    (live, data) => merged(live, { name: 'happened', data }),
    heard,
  );
  expect(many.events.map(({ id }) => id)).toEqual(Array.from({ length: 50 }, (_, index) => 104 - index));
});

test('another overview, after the connection was lost, replaces what was there', () => {
  const live = merged(started, {
    name: 'overview',
    data: { at: 9, services: [service('d')], status: null, ha: null, events: [] },
  });
  expect([[...live.services.keys()], live.events]).toEqual([['d'], []]);
});

test('the service that is looked at comes whole, or is gone', () => {
  const detail = { ...service('a'), rule: '-A -f 1', servers: [] };
  const live = merged(started, { name: 'service', data: detail });
  expect([live.service, merged(live, { name: 'service', data: null }).service]).toEqual([detail, null]);
});
