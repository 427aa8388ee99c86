import { errno } from '../../src/errors/errno';
import { ChangeBatch } from '../../src/ipvs/change-batch';
import { IpvsClient } from '../../src/ipvs/client';
import { AF_INET } from '../../src/model/address';
import type { Change } from '../../src/model/change';
import { TransportError } from '../../src/netlink/errors';
import { GenlConnection } from '../../src/netlink/genl';
import { decodeMessages } from '../../src/netlink/message';
import type { Transport } from '../../src/netlink/transport';
import { FakeKernel } from '../helpers/fake-kernel';
import { hex, toHex } from '../helpers/hex';
import { ENOBUFS, ScriptedTransport } from '../helpers/scripted-transport';
import { key, server, service } from '../helpers/table-rows';

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
    refusals: [],
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
  expect(batch.send()).toEqual([{ index: 0, kind: 'delete-service', errno: 3 }]);
});

test('a batch can be reused', () => {
  const { transport, batch } = batchFor([ack('01'), refusal('02')]);
  batch.add(flush);
  const first = batch.send();
  batch.add(remove);
  expect({ first, second: batch.send(), datagrams: transport.sent.length }).toEqual({
    first: [],
    second: [{ index: 0, kind: 'delete-service', errno: 3 }],
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
  ['a sync daemon that ends without an ack is stopped', 'stop-daemon', []],
  [
    'any other change without an ack is reported as interrupted',
    'start-daemon',
    [{ index: 0, kind: 'start-daemon', errno: 4 }],
  ],
] as const)('%s', (_name, kind, refusals) => {
  const { batch } = batchFor([]);
  batch.add({ kind, daemon: { state: 1, interface: 'lo', syncId: 0 } });
  expect(batch.send()).toEqual(refusals);
});

/** A client of a fake kernel, over a transport that `alter` changes; the sizes of what was sent. */
function client(alter: (transport: Transport) => Partial<Transport>) {
  const kernel = new FakeKernel();
  const transport = kernel.open();
  const sent: number[] = [];
  const altered = { ...transport, ...alter(transport) };
  const ipvs = new IpvsClient({
    ...altered,
    send(datagram) {
      sent.push(decodeMessages(datagram).length);
      altered.send(datagram);
    },
  });
  sent.length = 0;
  return { kernel, ipvs, sent };
}

const table: Change[] = [
  { kind: 'add-service', service: service() },
  ...[1, 2, 3, 4, 5, 6, 7].map(
    (last): Change => ({
      kind: 'add-server',
      key: key('192.0.2.10'),
      server: server({ at: `10.0.0.${last}` }),
    }),
  ),
];

describe('a small socket buffer:', () => {
  test.each([errno.EMSGSIZE, errno.ENOBUFS, errno.ENOMEM])(
    'a datagram refused with errno %s is sent in parts, and the next batches are smaller',
    (code) => {
      const { kernel, ipvs } = client(({ send }) => ({
        send(datagram) {
          if (datagram.length > 300) throw new TransportError('too large', code);
          send(datagram);
        },
      }));
      const batch = ipvs.batch();
      for (const change of table) batch.add(change);
      batch.add(table[0]!);
      expect(batch.send()).toEqual([{ index: table.length, kind: 'add-service', errno: errno.EEXIST }]);
      expect(kernel.entries[0]!.destinations).toHaveLength(7);
      let fitting = 0;
      while (!batch.full) {
        batch.add(table[1]!);
        fitting += 1;
      }
      expect(fitting).toBeLessThan(4);
    },
  );

  test('one message that is too large is an error with its errno', () => {
    const { ipvs } = client(({ send }) => ({
      send(datagram) {
        if (datagram.length > 50) throw new TransportError('too large', errno.EMSGSIZE);
        send(datagram);
      },
    }));
    expect(() => ipvs.changes(table)).toThrow(expect.objectContaining({ errno: errno.EMSGSIZE }));
  });

  test.each([
    ['2 replies', 4608, 2],
    ['less than a reply', 100, 1],
    ['any number', 1 << 20, 128],
  ])('a receive buffer for %s', (_name, receiveBuffer, messages) => {
    const { ipvs } = client(() => ({ receiveBuffer }));
    const batch = ipvs.batch();
    let count = 0;
    while (!batch.full) {
      batch.add({ kind: 'flush' });
      count += 1;
    }
    expect(count).toBe(messages);
  });
});

describe('lost replies:', () => {
  test('every change is asked for again, and refusals are found', () => {
    const { kernel, ipvs } = client(() => ({}));
    kernel.lostReplies = 1;
    const changes: Change[] = [
      ...table,
      { kind: 'add-server', key: key('192.0.2.10'), server: server({ at: '10.0.0.1', weight: 9 }) },
      { kind: 'delete-server', key: key('192.0.2.10'), server: server({ at: '10.0.0.2' }) },
      { kind: 'add-service', service: service({ key: key('192.0.2.11'), scheduler: 'nosuch' }) },
    ];
    expect(ipvs.changes(changes)).toEqual([...table.map(() => 0), errno.EEXIST, 0, errno.ENOENT]);
    expect(kernel.entries[0]!.destinations.map(({ address }) => address![3])).toEqual([7, 6, 5, 4, 3, 1]);
  });

  test.each<[string, (datagram: Uint8Array) => Uint8Array]>([
    ['cut off in a message', (datagram) => datagram.subarray(0, 18)],
    ['cut off in its header', (datagram) => datagram.subarray(0, 7)],
  ])('a reply %s is asked for again', (_name, cut) => {
    let replies = 0;
    const { ipvs } = client(({ receive }) => ({
      receive() {
        replies += 1;
        return replies === 2 ? cut(receive()) : receive();
      },
    }));
    expect(ipvs.changes(table)).toEqual(table.map(() => 0));
  });

  test.each([errno.EINTR, errno.ENOBUFS, errno.ENOMEM])(
    'a dump that failed with errno %s is repeated',
    (code) => {
      let replies = 0;
      const { ipvs } = client(({ receive }) => ({
        receive() {
          replies += 1;
          if (replies === 5) throw new TransportError('lost', code);
          return receive();
        },
      }));
      ipvs.changes(table);
      expect(ipvs.servers(key('192.0.2.10'))).toHaveLength(7);
    },
  );
});
