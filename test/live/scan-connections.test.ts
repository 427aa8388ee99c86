/** Lines that are passed over are never asked for, and usual ones that are not asked for are passed over. */
import * as fc from 'fast-check';
import { toBytes } from '../../src/bytes/byte-text';
import { parseConnection } from '../../src/format/connections';
import { connectionCounts } from '../../src/live/connection-counts';
import { type ConnectionQuery, isAsked, parseNetwork, parseTarget } from '../../src/live/connection-query';
import { scanner } from '../../src/live/scan-connections';

const hex = (word: number, digits: number) => word.toString(16).toUpperCase().padStart(digits, '0');
const word = fc.constantFrom(0x0a000001, 0x0a000002, 0x0a0000ff, 0xc0000207, 0xffffffff, 0);
const port = fc.constantFrom(0, 80, 443, 65535);
const usualLine = fc
  .tuple(fc.constantFrom('TCP', 'UDP'), fc.tuple(word, port), fc.tuple(word, port), fc.tuple(word, port))
  .map(([protocol, ...ends]) => {
    const columns = ends.map(([address, at]) => `${hex(address, 8)} ${hex(at, 4)}`);
    return `${protocol} ${columns.join(' ')} ${protocol === 'TCP' ? 'ESTABLISHED     899' : 'UDP              20'}`;
  });
const otherLine = fc.constantFrom(
  'TCP 2001:0db8:0000:0000:0000:0000:0000:0007 1F90 2001:0db8:0000:0000:0000:0000:0000:0010 0050 0A000001 0050 ESTABLISHED 5',
  'IP  0A000001 0000 00000007 0000 0A000002 0000 NONE 50',
  'SCTP 0A000001 0400 0A000002 0050 0A0000FF 0050 ESTABLISHED 5',
  'TCP 0A000001 0400',
  '',
);
const texts = (...some: string[]) => fc.subarray(some, { maxLength: 2 });
const query: fc.Arbitrary<ConnectionQuery> = fc
  .tuple(
    texts('10.0.0.1', '10.0.0.0/24', '0.0.0.0/0', '10.0.0.2/31', '2001:db8::/32', '255.255.255.255/1'),
    texts('10.0.0.2', '10.0.0.2:80', '[2001:db8::10]:80', '0.0.0.7'),
    texts('10.0.0.255', '10.0.0.2:443', '10.0.0.1:80'),
    fc.subarray(['ESTABLISHED', 'NONE']),
    fc.subarray(['TCP', 'IP', 'UDP']),
    fc.constantFrom(0, 10, 899),
    fc.constantFrom(20, 899, Number.POSITIVE_INFINITY),
  )
  .map(([clients, services, servers, states, protocols, expiresFrom, expiresTo]) => ({
    clients: clients.map((text) => parseNetwork(text)!),
    services: services.map((text) => parseTarget(text)!),
    servers: servers.map((text) => parseTarget(text)!),
    states,
    protocols,
    expiresFrom,
    expiresTo,
  }));

const asked = (line: string, wanted: ConnectionQuery) => {
  const connection = parseConnection(line);
  return connection !== undefined && isAsked(wanted, connection);
};

test('a line is passed over only if it is not asked for', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(usualLine, otherLine), { maxLength: 6 }), query, (lines, wanted) => {
      const text = lines.map((line) => `${line}\n`).join('');
      const skip = scanner(wanted);
      let at = 0;
      const left: string[] = [];
      while (at < text.length) {
        at = skip(toBytes(text), at);
        if (at >= text.length) break;
        const end = text.indexOf('\n', at);
        left.push(text.slice(at, end));
        at = end + 1;
      }
      expect(left.filter((line) => asked(line, wanted))).toEqual(lines.filter((line) => asked(line, wanted)));
    }),
    { numRuns: 2000 },
  );
});

test('usual lines are passed over unless they are asked for, and counted as others are', () => {
  fc.assert(
    fc.property(usualLine, query, (line, wanted) => {
      const bytes = toBytes(`${line}\n`);
      expect(scanner(wanted)(bytes, 0)).toBe(asked(line, wanted) ? 0 : bytes.length);
      for (const by of ['client', 'server', 'service', 'state'] as const) {
        const counts = connectionCounts(by);
        expect(scanner(wanted, counts.addUsual)(bytes, 0)).toBe(bytes.length);
        const plain = connectionCounts(by);
        if (asked(line, wanted)) plain.add(parseConnection(line)!);
        expect(counts.top(2)).toEqual(plain.top(2));
      }
    }),
    { numRuns: 2000 },
  );
});

test('a line that is not complete is not passed over', () => {
  const wanted = {
    clients: [parseNetwork('10.9.9.9')!],
    services: [],
    servers: [],
    states: [],
    protocols: [],
  };
  const line = 'TCP 0A000001 0400 0A000002 0050 0A0000FF 0050 ESTABLISHED 5';
  const skip = scanner({ ...wanted, expiresFrom: 0, expiresTo: 1 });
  for (let length = 0; length <= line.length; length++)
    expect(skip(toBytes(line.slice(0, length)), 0)).toBe(0);
  expect(skip(toBytes(`${line}\n`), 0)).toBe(line.length + 1);
});
