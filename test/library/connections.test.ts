/** The connections of a table are the lines that are asked for, wherever its blocks begin. */
import * as fc from 'fast-check';
import { toBytes } from '../../src/bytes/byte-text';
import { parseConnection } from '../../src/format/connections';
import {
  type ConnectionFilter,
  documentOf,
  filteredConnections,
  toQuery,
} from '../../src/library/connections';
import { isAsked } from '../../src/live/connection-query';

const title = 'Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData';
const hex = (word: number, digits: number) => word.toString(16).toUpperCase().padStart(digits, '0');
const end = fc
  .tuple(fc.constantFrom(0x0a000001, 0xc0000207, 0xffffffff, 0), fc.constantFrom(0, 80, 65535))
  .map(([address, port]) => `${hex(address, 8)} ${hex(port, 4)}`);
const usualLine = fc
  .tuple(
    fc.constantFrom('TCP', 'UDP'),
    end,
    end,
    end,
    fc.constantFrom('ESTABLISHED', 'TIME_WAIT  ', 'UDP        '),
  )
  .map(([protocol, from, to, server, state]) => `${protocol} ${from} ${to} ${server} ${state}     899`);
const otherLine = fc.constantFrom(
  'TCP 2001:0db8:0000:0000:0000:0000:0000:0007 1F90 2001:0db8:0000:0000:0000:0000:0000:0010 0050 0A000001 0050 ESTABLISHED 5',
  'IP  0A000001 0000 00000007 0000 0A000002 0000 NONE 50',
  'UDP 0A000001 0400 0A000002 0050 0A0000FF 0050 UDP               5 sip a-call',
  'TCP 0A000001 0400',
);
const filter = fc.constantFrom<ConnectionFilter>(
  {},
  { client: '10.0.0.1' },
  { state: ['established', 'udp'] },
  { protocol: 'udp', service: '192.0.2.7:80' },
  { expiresTo: 60 },
);

test.each([[7], [64], [4096]])('in blocks of %i bytes', (size) => {
  fc.assert(
    fc.property(fc.array(fc.oneof(usualLine, otherLine), { maxLength: 8 }), filter, (lines, wanted) => {
      const bytes = toBytes([title, ...lines].map((line) => `${line}\n`).join(''));
      const blocks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
        bytes.subarray(at * size, (at + 1) * size),
      );
      const query = toQuery(wanted);
      const plain = lines
        .map(parseConnection)
        .filter((connection) => connection !== undefined && isAsked(query, connection))
        .map((connection) => documentOf(connection!));
      expect([...filteredConnections(blocks, query)]).toEqual(plain);
    }),
    { numRuns: 300 },
  );
});

test('of a table that is no longer iterated nothing more is read', () => {
  let read = 0;
  let closed = false;
  function* blocks() {
    try {
      for (;;) {
        read += 1;
        yield toBytes(`${title}\nTCP 0A000001 0400 0A000002 0050 0A0000FF 0050 ESTABLISHED       5\n`);
      }
    } finally {
      closed = true;
    }
  }
  for (const { client } of filteredConnections(blocks(), toQuery({}))) {
    expect(client).toEqual({ address: '10.0.0.1', port: 1024 });
    break;
  }
  expect({ read, closed }).toEqual({ read: 1, closed: true });
});
