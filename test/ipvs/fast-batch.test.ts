import fc from 'fast-check';
import { ChangeBatch } from '../../src/ipvs/change-batch';
import { fastAdder } from '../../src/ipvs/fast-batch';
import type { Change } from '../../src/model/change';
import { GenlConnection } from '../../src/netlink/genl';
import { planChanges } from '../../src/state/plan/diff';
import { wholeState } from '../helpers/arbitrary-states';
import { ScriptedTransport } from '../helpers/scripted-transport';

/** NLMSG_ERROR with code 0 for the request with that sequence number, at most 255. */
const ack = (sequence: number) =>
  `24000000 0200 0001 ${sequence.toString(16).padStart(2, '0')}000000 00000000 00000000 ${'00'.repeat(16)}`;

/** The datagram that a batch sends. */
function sentBy(count: number, fill: (batch: ChangeBatch) => void): string[] {
  const transport = new ScriptedTransport([ack(count)]);
  const batch = new ChangeBatch(new GenlConnection(transport), { id: 0x1f, version: 1 });
  fill(batch);
  batch.send();
  return transport.sent;
}

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
