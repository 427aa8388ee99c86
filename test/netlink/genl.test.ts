import { decodeAttributes, text, u16 } from '../../src/netlink/attribute';
import { NetlinkError, TransportError } from '../../src/netlink/errors';
import { GenlConnection } from '../../src/netlink/genl';
import { hex, toHex } from '../helpers/hex';
import { ENOBUFS, ScriptedTransport } from '../helpers/scripted-transport';

const family = { id: 0x1f, version: 1 };
const table = { number: [1, u16], name: [2, text] } as const;

/** Requests without attributes, by generic netlink command. */
const request = (command: number) => ({ command, attributes: new Uint8Array(0) });

/** A record with `number`, with sequence number 1. */
const record = (number: number, flags = '0200', sequence = '01') =>
  `1c000000 1f00 ${flags} ${sequence}000000 00000000 01 01 0000 0600 0100 ${number.toString(16).padStart(2, '0')}00 0000`;
const done = (flags = '0200', sequence = '01') =>
  `14000000 0300 ${flags} ${sequence}000000 00000000 00000000`;
const ack = (sequence: string) => `24000000 0200 0001 ${sequence}000000 00000000 00000000 ${'00'.repeat(16)}`;
const refusal = (errno: string, sequence = '01') =>
  `24000000 0200 0000 ${sequence}000000 00000000 ${errno} ${'00'.repeat(16)}`;

function connectionTo(datagrams: readonly string[]) {
  const transport = new ScriptedTransport(datagrams);
  return { transport, connection: new GenlConnection(transport) };
}

/** Dumps, and collects `number` of every reply; discards those of an interrupted dump. */
function numbersOf(connection: GenlConnection): (number | undefined)[] {
  let numbers: (number | undefined)[] = [];
  connection.dump(
    family,
    request(4),
    (datagram, from, to) => numbers.push(decodeAttributes(table, datagram.subarray(from, to)).number),
    () => {
      numbers = [];
    },
  );
  return numbers;
}

describe('the family', () => {
  const question = '20000000 1000 0100 01000000 00000000 03 01 0000 0900 0200 49505653 00 000000';

  test('is requested by name, and returned with its id', () => {
    const answer = '1c000000 1000 0000 01000000 00000000 01 02 0000 0600 0100 2300 0000';
    const { transport, connection } = connectionTo([answer]);
    expect({ family: connection.resolveFamily('IPVS', 1), sent: transport.sent }).toEqual({
      family: { id: 0x23, version: 1 },
      sent: [toHex(hex(question))],
    });
  });

  test('is missing with ENOENT', () => {
    const { connection } = connectionTo([refusal('feffffff')]);
    expect(() => connection.resolveFamily('IPVS', 1)).toThrow(new NetlinkError(2));
  });

  test('without an id is a malformed reply', () => {
    const { connection } = connectionTo(['14000000 1000 0000 01000000 00000000 01 02 0000']);
    expect(() => connection.resolveFamily('IPVS', 1)).toThrow(TransportError);
  });
});

describe('a request with one reply', () => {
  test('gets its reply, and requests no ack', () => {
    const { transport, connection } = connectionTo([record(5, '0000')]);
    expect({ answer: connection.get(family, request(13), table), sent: transport.sent }).toEqual({
      answer: { number: 5 },
      sent: [toHex(hex('14000000 1f00 0100 01000000 00000000 0d 01 0000'))],
    });
  });

  test('ignores replies to earlier requests', () => {
    const { connection } = connectionTo([record(4, '0000', '09'), record(5, '0000')]);
    expect(connection.get(family, request(13), table)).toEqual({ number: 5 });
  });

  test('throws the errno with which it is refused', () => {
    const { connection } = connectionTo([refusal('fdffffff')]);
    expect(() => connection.get(family, request(4), table)).toThrow(new NetlinkError(3));
  });

  test('ignores the flag of an interrupted dump', () => {
    const { connection } = connectionTo([record(5, '1000')]);
    expect(connection.get(family, request(4), table)).toEqual({ number: 5 });
  });
});

describe('a dump', () => {
  test('is requested with NLM_F_DUMP and has the records of every datagram', () => {
    const { transport, connection } = connectionTo([record(1) + record(2), record(3), record(4) + done()]);
    expect({ rows: numbersOf(connection), sent: transport.sent }).toEqual({
      rows: [1, 2, 3, 4],
      sent: [toHex(hex('14000000 1f00 0103 01000000 00000000 04 01 0000'))],
    });
  });

  test('may be empty', () => {
    expect(numbersOf(connectionTo([done()]).connection)).toEqual([]);
  });

  test('ends at once with the errno with which it is refused', () => {
    expect(() => numbersOf(connectionTo([refusal('a1ffffff')]).connection)).toThrow(new NetlinkError(95));
  });

  test('throws the errno with which it is aborted', () => {
    const broken = '14000000 0300 0200 01000000 00000000 f4ffffff';
    expect(() => numbersOf(connectionTo([record(1), broken]).connection)).toThrow(new NetlinkError(12));
  });

  test('ignores records of other requests and NLMSG_NOOP', () => {
    const noop = '10000000 0100 0000 01000000 00000000';
    const { connection } = connectionTo([
      record(9, '0200', '07') + noop + record(1),
      done('0200', '07'),
      done(),
    ]);
    expect(numbersOf(connection)).toEqual([1]);
  });

  test.each([
    ['a record', [record(1, '1200') + record(2), done()]],
    ['its end', [record(1) + record(2), done('1200')]],
  ] as const)('is repeated if %s has the flag of an interrupted dump', (_what, interrupted) => {
    const { transport, connection } = connectionTo([
      ...interrupted,
      record(3, '0200', '02') + done('0200', '02'),
    ]);
    expect({ rows: numbersOf(connection), requests: transport.sent.length }).toEqual({
      rows: [3],
      requests: 2,
    });
  });

  test('fails when it was interrupted ten times', () => {
    const sequences = ['01', '02', '03', '04', '05', '06', '07', '08', '09', '0a', '0b'];
    const { transport, connection } = connectionTo(sequences.map((sequence) => done('1200', sequence)));
    expect(() => numbersOf(connection)).toThrow(TransportError);
    expect(transport.sent.length).toBe(10);
  });

  test('fails if a reply is lost', () => {
    expect(() => numbersOf(connectionTo([record(1)]).connection)).toThrow(TransportError);
  });
});

describe('a datagram of numbered requests', () => {
  const datagram = hex('01020304');

  test('is sent unchanged, and none is refused if the last one is acknowledged', () => {
    const { transport, connection } = connectionTo([ack('02')]);
    expect({ errnos: connection.exchange(datagram, 1, 2), sent: transport.sent }).toEqual({
      errnos: new Map(),
      sent: ['01020304'],
    });
  });

  test('finds by sequence number which request was refused', () => {
    const { connection } = connectionTo([refusal('efffffff', '02'), refusal('feffffff', '04')]);
    expect(connection.exchange(datagram, 1, 4)).toEqual(
      new Map([
        [1, 17],
        [3, 2],
      ]),
    );
  });

  test('finds several replies in one datagram', () => {
    const { connection } = connectionTo([refusal('efffffff', '01') + ack('02')]);
    expect(connection.exchange(datagram, 1, 2)).toEqual(new Map([[0, 17]]));
  });

  test('ignores replies to earlier requests', () => {
    const { connection } = connectionTo([refusal('efffffff', '09'), ack('01')]);
    expect(connection.exchange(datagram, 1, 1)).toEqual(new Map());
  });

  test('fails if a reply is lost', () => {
    const connection = new GenlConnection(new ScriptedTransport([refusal('efffffff', '01')], ENOBUFS));
    expect(() => connection.exchange(datagram, 1, 2)).toThrow(TransportError);
  });

  test('reports a last request without reply as interrupted', () => {
    const { connection } = connectionTo([refusal('efffffff', '01')]);
    expect(connection.exchange(datagram, 1, 2)).toEqual(
      new Map([
        [0, 17],
        [1, 4],
      ]),
    );
  });
});
