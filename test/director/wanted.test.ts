/** The wanted table: a pure function. */
import fc from 'fast-check';
import { heldIn } from '../../src/director/at-most-half';
import type { Combined } from '../../src/director/combine';
import { hasQuorum } from '../../src/director/quorum';
import { kernelWeight, noRamp, rampAfter, rampPart, slowStartProblem } from '../../src/director/slow-start';
import { type ServerFacts, wantedService } from '../../src/director/wanted';
import type { DirectorService } from '../../src/model/director';
import { serverName } from '../../src/state/table/table-state';
import { directorServer, directorService, someServers } from '../helpers/simulated-director';
import { server } from '../helpers/table-rows';

type Facts = Partial<Omit<ServerFacts, 'combined'>> & Partial<Combined>;

const factsOf = ({ admin = 'ready', byHand, rampSince, last, ...combined }: Facts): ServerFacts => ({
  admin,
  byHand,
  rampSince,
  last,
  combined: { state: 'up', since: 0, confirmed: true, weight: 1, wish: 'ready', ...combined },
});

const NOW = 100_000;

/** The weights of the wanted servers by the last number of their addresses; `s` is the sorry server. */
function weights(own: Partial<DirectorService>, facts: readonly Facts[], hadQuorum = true) {
  const service = directorService('web', someServers(facts.length), own);
  const { state, ...rest } = wantedService(service, { servers: facts.map(factsOf), hadQuorum }, NOW);
  const shown = state.servers.map((one) => {
    const name = serverName(one)
      .replace(/^10\.0\.0\.(\d+):80$/, '$1')
      .replace('10.9.9.9:80', 's');
    return `${name}=${one.weight}`;
  });
  return { shown: shown.join(' '), ...rest };
}

const down = { state: 'down', last: 1, since: NOW - 50_000 } as const;
const up = { last: 1 };
const sorry = server({ at: '10.9.9.9' });

test.each<[string, Partial<DirectorService>, Facts[], string]>([
  ['up: the weight of the file', {}, [{ weight: 3 }, up], '1=3 2=1'],
  ['down: weight 0', {}, [down, up], '1=0 2=1'],
  ['down: removed', { onFail: 'remove' }, [down, up], '2=1'],
  ['down for long enough: removed', { removeAfter: 50_000 }, [down, up], '2=1'],
  ['not yet', { removeAfter: 50_001 }, [down, up], '1=0 2=1'],
  ['drained', {}, [{ ...up, admin: 'drain' }, up], '1=0 2=1'],
  ['drained and down', { onFail: 'remove' }, [{ ...down, admin: 'drain' }, up], '2=1'],
  ['in maintenance nothing is known', {}, [{ state: 'unknown', last: 5, admin: 'maint' }, up], '1=0 2=1'],
  ['an agent drains', {}, [{ ...up, wish: 'drain' }, up], '1=0 2=1'],
  ['an agent wants maintenance', {}, [{ ...up, wish: 'maint' }, up], '1=0 2=1'],
  ['unknown: as it was', {}, [{ state: 'unknown', last: 5 }, up], '1=5 2=1'],
  ['unknown, and not there', {}, [{ state: 'unknown' }, up], '2=1'],
  ['a weight by hand', {}, [{ ...up, byHand: 7 }, up], '1=7 2=1'],
  ['by hand, but down', {}, [{ ...down, byHand: 7 }, up], '1=0 2=1'],
  [
    'all down: the last weights stay',
    {},
    [
      { ...down, last: 0 },
      { ...down, last: 4 },
    ],
    '1=0 2=4',
  ],
  ['all down: dropped', { whenAllDown: 'drop' }, [down, down], '1=0 2=0'],
  ['all down: sorry', { sorry, whenAllDown: 'sorry' }, [down, down], '1=0 2=0 s=1'],
  ['all down: sorry wins over keeping', { sorry }, [down, down], '1=0 2=0 s=1'],
  [
    'all down: dropped, although there is a sorry server',
    { sorry, whenAllDown: 'drop' },
    [down, down],
    '1=0 2=0',
  ],
  ['sorry, and removed', { sorry, onFail: 'remove' }, [down, down], 's=1'],
  [
    'too few: the sorry server replaces those that are up',
    { sorry, quorum: { weight: 2 } },
    [up, down],
    '1=0 2=0 s=1',
  ],
  ['too few, and no sorry server', { quorum: { weight: 2 } }, [up, down], '1=1 2=0'],
  [
    'all drained by hand: nothing is kept',
    {},
    [
      { ...up, admin: 'drain' },
      { ...down, admin: 'drain' },
    ],
    '1=0 2=0',
  ],
  [
    'at most half of one second',
    {},
    [down, down, down, up].map((one) => ({ ...one, confirmed: false })),
    '1=0 2=0 3=1 4=1',
  ],
  ['unless it failed twice more', {}, [down, down, down, up], '1=0 2=0 3=0 4=1'],
])('%s', (_, own, facts, expected) => {
  expect(weights(own, facts).shown).toBe(expected);
});

describe('slow start', () => {
  const own = { slowStart: 30_000 };
  test('weights are a hundredfold always', () => {
    expect(weights(own, [{ weight: 2 }, up]).shown).toBe('1=200 2=100');
  });
  test('a server that is back grows from 10 % in steps of a second', () => {
    const at = (since: number) => weights(own, [{ rampSince: NOW - since }, up]);
    expect([0, 999, 1000, 15_000, 29_999, 30_000].map((since) => at(since).shown)).toEqual(
      ['1=10', '1=10', '1=13', '1=55', '1=97', '1=100'].map((one) => `${one} 2=100`),
    );
    expect(at(1500).changesAt).toBe(NOW + 500);
  });
  test('not the only server', () => {
    expect(weights(own, [{ rampSince: NOW }, down]).shown).toBe('1=100 2=0');
  });
  test('a ramp begins when a server comes back, not at the start', () => {
    expect(rampAfter(noRamp, 'in', 30_000, 5)).toEqual(noRamp);
    const out = rampAfter(noRamp, 'out', 30_000, 5);
    expect(rampAfter(out, 'kept', 30_000, 6)).toBe(out);
    const ramp = rampAfter(out, 'in', 30_000, 7);
    expect(ramp).toEqual({ wasOut: false, since: 7 });
    expect(rampAfter(ramp, 'in', 30_000, 30_006)).toBe(ramp);
    expect(rampAfter(ramp, 'in', 30_000, 30_007)).toEqual(noRamp);
    expect(rampAfter(ramp, 'out', 30_000, 8)).toEqual({ wasOut: true });
  });
  test('is refused for sh', () => {
    const service = directorService('web', [], own);
    expect(slowStartProblem(service)).toBeUndefined();
    expect(slowStartProblem({ ...service, service: { ...service.service, scheduler: 'sh' } })).toContain(
      'sh',
    );
  });
  test('never decreases, never exceeds the weight', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000 }),
        fc.nat(200_000),
        fc.nat(5000),
        fc.nat(0x7fffffff),
        (slow, from, by, weight) => {
          const [one, two] = [from, from + by].map((elapsed) =>
            kernelWeight(weight, 100, rampPart(slow, elapsed)),
          );
          expect(one!).toBeLessThanOrEqual(two!);
          expect(two!).toBeLessThanOrEqual(Math.min(100 * weight, 0x7fffffff));
          if (weight > 0) expect(one!).toBeGreaterThan(0);
        },
      ),
    );
  });
});

describe('quorum', () => {
  const service = directorService('web', someServers(4, { weight: 10 }), {
    hysteresis: 5,
    quorum: { part: 0.5 },
  });
  test.each([
    [true, 15, true],
    [true, 14, false],
    [false, 24, false],
    [false, 25, true],
  ])('had: %s, sum %d: %s', (had, sum, expected) => {
    expect(hasQuorum(service, sum, had)).toBe(expected);
  });
  test('all servers together always have one', () => {
    expect(hasQuorum({ ...service, quorum: { weight: 39 } }, 40, false)).toBe(true);
  });
});

test('of the falls of one second at most half are let through', () => {
  const fallen = fc.array(fc.record({ since: fc.nat(5000), confirmed: fc.boolean() }), { maxLength: 20 });
  fc.assert(
    fc.property(fallen, fc.nat(10), (servers, others) => {
      const count = servers.length + others;
      const held = heldIn(servers, count);
      for (const { since } of servers) {
        const through = servers.filter(
          (one, index) => !held[index] && !one.confirmed && one.since >= since && one.since < since + 1000,
        );
        expect(through.length).toBeLessThanOrEqual(Math.max(1, Math.floor(count / 2)));
      }
      for (const [index, { confirmed }] of servers.entries()) if (confirmed) expect(held[index]).toBe(false);
    }),
  );
});

const anyFacts: fc.Arbitrary<ServerFacts> = fc
  .record({
    admin: fc.constantFrom('ready', 'drain', 'maint'),
    byHand: fc.option(fc.nat(9), { nil: undefined }),
    rampSince: fc.option(fc.integer({ min: NOW - 40_000, max: NOW }), { nil: undefined }),
    last: fc.option(fc.nat(9), { nil: undefined }),
    state: fc.constantFrom('up', 'down', 'unknown'),
    since: fc.integer({ min: NOW - 3000, max: NOW }),
    confirmed: fc.boolean(),
    weight: fc.nat(9),
    wish: fc.constantFrom('ready', 'drain', 'maint'),
  })
  .map((facts) => factsOf(facts as Facts));

const anyService = fc
  .record({
    count: fc.nat(6),
    sorry: fc.boolean(),
    quorum: fc.constantFrom({ weight: 0 }, { weight: 1 }, { weight: 5 }, { part: 0.5 }),
    hysteresis: fc.nat(3),
    whenAllDown: fc.constantFrom('keep', 'drop', 'sorry'),
    onFail: fc.constantFrom('weight0', 'remove'),
    removeAfter: fc.option(fc.constantFrom(0, 1000), { nil: undefined }),
    slowStart: fc.constantFrom(0, 30_000),
  })
  .map(({ count, sorry: hasSorry, ...own }) =>
    directorService('web', someServers(count, { weight: 3 }), { ...own, ...(hasSorry ? { sorry } : {}) }),
  );

describe('for anything', () => {
  const input = anyService.chain((service) =>
    fc.tuple(
      fc.constant(service),
      fc.array(anyFacts, { minLength: service.servers.length, maxLength: service.servers.length }),
      fc.boolean(),
    ),
  );

  test('the same input gives the same output, and stays as it was', () => {
    fc.assert(
      fc.property(input, ([service, servers, hadQuorum]) => {
        const before = structuredClone([service, servers]);
        const first = wantedService(service, { servers, hadQuorum }, NOW);
        expect(wantedService(service, { servers, hadQuorum }, NOW)).toEqual(first);
        expect([service, servers]).toEqual(before);
      }),
    );
  });

  test('no server that is out, drained or in maintenance gets connections, but to keep the last ones', () => {
    fc.assert(
      fc.property(input, ([service, servers, hadQuorum]) => {
        const { state, places, sorry: hasSorry } = wantedService(service, { servers, hadQuorum }, NOW);
        const weightOf = (index: number) =>
          state.servers.find((one) => serverName(one) === serverName(service.servers[index]!.server))
            ?.weight ?? 0;
        const sum = service.servers.reduce((all, _, index) => all + weightOf(index), 0);
        for (const [index, { admin, combined, last }] of servers.entries()) {
          const weight = weightOf(index);
          if (admin === 'maint' || (admin === 'drain' && combined.state !== 'down')) expect(weight).toBe(0);
          if (places[index] === 'out' && weight > 0) {
            expect({ policy: service.whenAllDown, weight }).toEqual({ policy: 'keep', weight: last });
          }
        }
        expect(hasSorry && sum > 0).toBe(false);
        expect(hasSorry && !service.sorry).toBe(false);
      }),
    );
  });

  test('what was wanted last is wanted again while nothing is known', () => {
    fc.assert(
      fc.property(input, ([service, servers, hadQuorum]) => {
        const first = wantedService(service, { servers, hadQuorum }, NOW);
        if (first.sorry) return;
        const lasts = service.servers.map(
          ({ server: own }) => first.state.servers.find((one) => serverName(one) === serverName(own))?.weight,
        );
        const unknown = servers.map((facts, index) => ({
          ...facts,
          admin: 'ready' as const,
          combined: { ...facts.combined, state: 'unknown' as const },
          last: lasts[index],
        }));
        const second = wantedService({ ...service, sorry: undefined }, { servers: unknown, hadQuorum }, NOW);
        expect(second.state.servers.map(({ weight }) => weight)).toEqual(
          lasts.filter((weight) => weight !== undefined),
        );
      }),
    );
  });
});

test('a server of the document with other settings keeps only its weight', () => {
  const own = directorServer('10.0.0.1', { weight: 5 });
  const service = directorService('web', [{ ...own, server: { ...own.server, forwarding: 2 } }]);
  const facts = factsOf({ state: 'unknown', last: 9 });
  const { state } = wantedService(service, { servers: [facts], hadQuorum: true }, NOW);
  expect(state.servers).toEqual([{ ...own.server, forwarding: 2, weight: 9 }]);
});
