import fc from 'fast-check';
import { newByteBuffer } from '../../src/bytes/byte-buffer';
import { toBytes, toText } from '../../src/bytes/byte-text';
import { formatConnection, parseConnection } from '../../src/format/connections';
import { appendUsualConnections } from '../../src/format/fast-connection-lines';
import { alteredConnectionLine, connectionLine } from '../helpers/arbitrary-lines';

/** The output for the lines of a text, and the lines that are left. */
function printed(text: string): { lines: string; rest: string } {
  const output = { buffer: newByteBuffer(16), flushFull() {} };
  const bytes = toBytes(text);
  const next = appendUsualConnections(output, bytes, 0);
  return { lines: toText(output.buffer.bytes.subarray(0, output.buffer.length)), rest: text.slice(next) };
}

const usual = 'TCP 0A010002 9C43 0A010064 0050 0A020003 1F90 TIME_WAIT       119\n';

test('prints lines of the usual form up to the first other line', () => {
  const line = 'TCP 01:59  TIME_WAIT   10.1.0.2:40003     10.1.0.100:80      10.2.0.3:8080\n';
  expect(printed(`${usual}${usual}\n${usual}`)).toEqual({ lines: line + line, rest: `\n${usual}` });
});

test.each([
  ['is incomplete', usual.trimEnd()],
  ['has engine data', usual.replace('119', '119 sip call-1')],
  ['is of IPv6', 'TCP 2001:0db8:0001:0000:0000:0000:0000:0002 9C54 ::1 01BB ::2 20FB ESTABLISHED 899\n'],
  ['has a dotted address', usual.replace('0A010064', '10.1.0.100')],
  ['has a short address', usual.replace('0A010064', 'A010064')],
  ['has a field less', usual.replace(' 1F90', '')],
  ['has no seconds', usual.replace('119', '')],
  ['has more digits of seconds than a timeout can have', usual.replace('119', '1190000000')],
  ['is empty', '\n'],
])('a line that %s is left', (_name, text) => {
  expect(printed(text)).toEqual({ lines: '', rest: text });
});

test('prints the same as parseConnection and formatConnection', () => {
  let count = 0;
  fc.assert(
    fc.property(fc.oneof(connectionLine, alteredConnectionLine), (text) => {
      const { lines, rest } = printed(text);
      if (rest !== '') return;
      count += 1;
      expect(lines).toBe(formatConnection(parseConnection(text.slice(0, -1))!, false, undefined));
    }),
    { numRuns: 5000 },
  );
  expect(count).toBeGreaterThan(300);
});
