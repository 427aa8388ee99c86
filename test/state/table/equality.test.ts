/** What is equal needs no plan: the daemon plans only what is not. */
import fc from 'fast-check';
import { planChanges } from '../../../src/state/plan/diff';
import { sameState } from '../../../src/state/table/equality';
import type { ServiceState } from '../../../src/state/table/table-state';
import { server, service } from '../../helpers/table-rows';

const servers = fc.uniqueArray(
  fc.record({
    host: fc.integer({ min: 1, max: 4 }),
    weight: fc.integer({ min: 0, max: 2 }),
    upperThreshold: fc.integer({ min: 0, max: 1 }),
  }),
  { selector: ({ host }) => host, maxLength: 4 },
);
const state: fc.Arbitrary<ServiceState> = fc
  .record({ scheduler: fc.constantFrom('rr', 'wlc'), servers })
  .map((one) => ({
    service: service({ scheduler: one.scheduler }),
    servers: one.servers.map(({ host, ...own }) => server({ at: `10.0.0.${host}`, ...own })),
  }));

test('equal services need no change, and what needs one is not equal', () => {
  fc.assert(
    fc.property(state, state, (live, wanted) => {
      const plan = planChanges({ services: [live] }, { services: [wanted] });
      if (plan.length > 0) expect(sameState(live, wanted)).toBe(false);
      expect(sameState(live, { ...live, servers: live.servers.map((one) => ({ ...one })) })).toBe(true);
      // In another order it is left to the plan, which does not mind.
      if (sameState(live, wanted)) expect(plan).toEqual([]);
    }),
  );
});
