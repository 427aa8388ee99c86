import fc from 'fast-check';
import { fastAdder } from '../../src/ipvs/fast-batch';
import type { Change } from '../../src/model/change';
import { planChanges } from '../../src/state/plan/diff';
import { wholeState } from '../helpers/arbitrary-states';
import { sentBy } from '../helpers/sent-by';

const isPlain = (change: Change) =>
  change.kind === 'add-server' && change.server.upperThreshold === 0 && change.server.tunnel.type === 0;

test('the messages are those of ChangeBatch.add', () => {
  const word = fc.integer({ min: 0, max: 0xffffffff });
  const plainServer = fc.record({ port: fc.nat(65535), forwarding: word, weight: fc.nat(0x7fffffff) });
  let usual = 0;
  fc.assert(
    fc.property(wholeState, wholeState, fc.array(plainServer, { maxLength: 3 }), (from, to, more) => {
      const planned = planChanges(from, to).map(({ change }) => change);
      const plain = planned.flatMap((change) =>
        change.kind === 'add-server' || change.kind === 'edit-server'
          ? more.map((values) => ({
              ...change,
              server: {
                ...change.server,
                ...values,
                upperThreshold: 0,
                lowerThreshold: 0,
                tunnel: { type: 0, port: 0, flags: 0 },
              },
            }))
          : [],
      );
      const changes: Change[] = [...planned, ...plain].slice(0, 100);
      usual += changes.filter(isPlain).length;
      expect(
        sentBy(changes.length, (batch) => {
          const add = fastAdder(batch);
          for (const change of changes) add(change);
        }),
      ).toEqual(
        sentBy(changes.length, (batch) => {
          for (const change of changes) batch.add(change);
        }),
      );
    }),
    { numRuns: 300 },
  );
  expect(usual).toBeGreaterThan(100);
});
