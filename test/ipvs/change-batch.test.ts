import { ChangeBatch } from '../../src/ipvs/change-batch';
import { AF_INET } from '../../src/model/address';
import type { Change } from '../../src/model/change';
import { TransportError } from '../../src/netlink/errors';
import { GenlConnection } from '../../src/netlink/genl';
import { hex, toHex } from '../helpers/hex';
import { ENOBUFS, ScriptedTransport } from '../helpers/scripted-transport';

const ack = (sequence: string) => `24000000 0200 0001 ${sequence}000000 00000000 00000000 ${'00'.repeat(16)}`;
const refusal = (sequence: string) =>
  `24000000 0200 0000 ${sequence}000000 00000000 fdffffff ${'00'.repeat(16)}`;
const flush: Change = { kind: 'flush' };
const remove: Change = { kind: 'delete-service', key: { kind: 'fwmark', fwmark: 7, family: AF_INET } };

function batchFor(answers: readonly string[], endErrno?: number) {
  const transport = new ScriptedTransport(answers, endErrno);
  return { transport, batch: new ChangeBatch(new GenlConnection(transport), { id: 0x1f, version: 1 }) };
}

test('changes are sent as one datagram, in order; only the last requests an ack', () => {
  const { transport, batch } = batchFor([ack('02')]);
  batch.add(remove);
  batch.add(flush);
  expect({ count: batch.count, refusals: batch.send(), sent: transport.sent, left: batch.count }).toEqual({
    count: 2,
    refusals: [undefined, undefined],
    sent: [
      toHex(
        hex(
          '28000000 1f00 0100 01000000 00000000 03 01 0000 1400 0180 0600 0100 0200 0000 0800 0500 07000000' +
            '14000000 1f00 0500 02000000 00000000 11 01 0000',
        ),
      ),
    ],
    left: 0,
  });
});

test('a refusal has the kind of the change', () => {
  const { batch } = batchFor([refusal('01'), ack('02')]);
  batch.add(remove);
  batch.add(flush);
  expect(batch.send()).toEqual([{ kind: 'delete-service', errno: 3 }, undefined]);
});

test('a batch can be reused', () => {
  const { transport, batch } = batchFor([ack('01'), refusal('02')]);
  batch.add(flush);
  const first = batch.send();
  batch.add(remove);
  expect({ first, second: batch.send(), datagrams: transport.sent.length }).toEqual({
    first: [undefined],
    second: [{ kind: 'delete-service', errno: 3 }],
    datagrams: 2,
  });
});

test('an empty batch sends nothing', () => {
  const { transport, batch } = batchFor([]);
  expect({ refusals: batch.send(), sent: transport.sent }).toEqual({ refusals: [], sent: [] });
});

test('is full with 128 changes', () => {
  const { batch } = batchFor([]);
  let count = 0;
  while (!batch.full) {
    batch.add(remove);
    count += 1;
  }
  expect(count).toBe(128);
});

test('fails if replies were lost', () => {
  const { batch } = batchFor([refusal('01')], ENOBUFS);
  batch.add(remove);
  batch.add(flush);
  expect(() => batch.send()).toThrow(TransportError);
});

test.each([
  ['a sync daemon that ends without an ack is stopped', 'stop-daemon', undefined],
  [
    'any other change without an ack is reported as interrupted',
    'start-daemon',
    { kind: 'start-daemon', errno: 4 },
  ],
] as const)('%s', (_name, kind, refusal) => {
  const { batch } = batchFor([]);
  batch.add({ kind, daemon: { state: 1, interface: 'lo', syncId: 0 } });
  expect(batch.send()).toEqual([refusal]);
});
