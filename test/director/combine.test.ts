import { combine } from '../../src/director/combine';
import { type CheckHealth, initialHealth } from '../../src/director/health';
import type { CheckType } from '../../src/model/check';
import { check, directorServer } from '../helpers/simulated-director';

const health = (own: Partial<CheckHealth>): CheckHealth => ({ ...initialHealth('up', 10), ...own });
const up = health({ since: 10 });
const down = health({ state: 'down', since: 20 });
const unknown = health({ state: 'unknown', since: 5 });

/** Combines healths of checks of some types. */
function combined(types: readonly CheckType[], healths: readonly CheckHealth[], any = false, weight = 10) {
  const checks = types.map((type) => check({ type } as object));
  return combine(directorServer('10.0.0.1', { checks, any, weight }), healths, 1);
}

const ok = (state: string, since: number) => expect.objectContaining({ state, since });

test.each([
  ['no checks: up since it is there', [], false, ok('up', 1)],
  ['all up: since the last one', [up, health({ since: 30 })], false, ok('up', 30)],
  ['one down of all', [up, down], false, ok('down', 20)],
  ['down wins over unknown', [unknown, down], false, ok('down', 20)],
  ['one unknown of all', [up, unknown], false, ok('unknown', 5)],
  ['any: one up', [down, up, unknown], true, ok('up', 10)],
  ['any: one unknown', [down, unknown], true, ok('unknown', 5)],
  ['any: all down, since the last one', [down, health({ state: 'down', since: 40 })], true, ok('down', 40)],
])('%s', (_, healths, any, expected) => {
  expect(
    combined(
      healths.map(() => 'tcp'),
      healths,
      any,
    ),
  ).toEqual(expected);
});

test.each([
  ['an agent does not lift a server that a check holds down', ['tcp', 'agent'], [down, up], false, 'down'],
  ['not even where any check is enough', ['tcp', 'agent'], [down, up], true, 'down'],
  ['an agent takes a server down', ['tcp', 'agent'], [up, down], true, 'down'],
  ['an agent alone decides', ['agent'], [up], false, 'up'],
] as const)('%s', (_, types, healths, any, state) => {
  expect(combined(types, healths, any).state).toBe(state);
});

test.each([
  ['percent', [health({ wish: { weight: 50 } })], 5],
  ['two of them', [health({ wish: { weight: 50 } }), health({ wish: { weight: 50 } })], 3],
  ['little is not nothing', [health({ wish: { weight: 1 } })], 1],
  ['nothing is', [health({ wish: { weight: 0 } })], 0],
  ['a weight instead', [health({ wish: { absoluteWeight: 7 } })], 7],
  ['added', [health({ wish: { addedWeight: -3 } })], 7],
  ['never below 0', [health({ wish: { addedWeight: -30 } })], 0],
  ['never more than the kernel takes', [health({ wish: { addedWeight: 1e12 } })], 0x7fffffff],
] as const)('weight: %s', (_, healths, weight) => {
  expect(
    combined(
      healths.map(() => 'agent'),
      healths,
    ).weight,
  ).toBe(weight);
});

test('the strictest wish counts', () => {
  const wishes = (['ready', 'drain', 'maint'] as const).map((wish) => health({ wish: { wish } }));
  expect(combined(['agent', 'agent'], wishes.slice(0, 2)).wish).toBe('drain');
  expect(combined(['agent', 'agent', 'agent'], wishes).wish).toBe('maint');
});
