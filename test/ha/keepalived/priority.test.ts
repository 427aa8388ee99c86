import fc from 'fast-check';
import { priorityOf } from '../../../src/ha/keepalived/priority';

const own = fc.integer({ min: 1, max: 254 });
const nudged = fc.boolean();

test('whatever is nudged: the unfit are below the fit, and nobody is above a leader that is not preempted', () => {
  fc.assert(
    fc.property(own, own, nudged, nudged, (mine, other, nudge, nudgeOther) => {
      const of = (priority: number, leads: boolean, unfit: boolean, preempt: boolean, off: boolean) =>
        priorityOf(priority, { leads, unfit, preempt, nudged: off });
      const standby = of(other, false, false, false, nudgeOther);
      expect(of(mine, true, false, false, nudge)).toBeGreaterThanOrEqual(standby);
      expect(of(mine, true, true, false, nudge)).toBeLessThan(standby);
      expect(of(mine, false, true, false, nudge)).toBeLessThan(of(other, true, true, false, nudgeOther));
      expect(of(mine, true, false, true, false)).toBe(of(mine, false, false, true, false));
      for (const leads of [true, false]) {
        for (const unfit of [true, false]) {
          const [plain, off] = [false, true].map((each) => of(mine, leads, unfit, false, each));
          expect(Math.abs(plain! - off!)).toBe(1);
          expect(Math.min(plain!, off!)).toBeGreaterThanOrEqual(1);
          expect(Math.max(plain!, off!)).toBeLessThanOrEqual(254);
        }
      }
    }),
  );
});
