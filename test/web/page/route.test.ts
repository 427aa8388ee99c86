import fc from 'fast-check';
import { linkTo, type Route, readRoute, tokenOf, viewNames } from '../../../src/web/page/state/route';

test.each<[string, Route]>([
  ['', { view: 'overview' }],
  ['#/', { view: 'overview' }],
  ['#/history', { view: 'history' }],
  ['#/nowhere', { view: 'overview' }],
  ['#/service', { view: 'overview' }],
  ['#/service/tcp%3A192.0.2.10%3A80', { view: 'service', key: 'tcp:192.0.2.10:80' }],
  [
    '#/service/tcp:192.0.2.10:80/10.0.0.1:80',
    { view: 'service', key: 'tcp:192.0.2.10:80', server: '10.0.0.1:80' },
  ],
  ['#/service/%zz', { view: 'service', key: '%zz' }],
])('%p leads to %j', (hash, expected) => {
  expect(readRoute(hash)).toEqual(expected);
});

test('a link leads back to its route, whatever is in names', () => {
  const name = fc.string({ minLength: 1, unit: 'grapheme' });
  const route: fc.Arbitrary<Route> = fc.oneof(
    fc.constantFrom<Route>({ view: 'overview' }, ...viewNames.map((view) => ({ view }))),
    name.map((key): Route => ({ view: 'service', key })),
    fc.tuple(name, name).map(([key, server]): Route => ({ view: 'service', key, server })),
  );
  fc.assert(fc.property(route, (given) => expect(readRoute(linkTo(given))).toEqual(given)));
});

test('a token is in the address, or is not', () => {
  expect(['#token=a%2Fb', '#token=', '#/token=x', ''].map(tokenOf)).toEqual([
    'a/b',
    undefined,
    undefined,
    undefined,
  ]);
});
