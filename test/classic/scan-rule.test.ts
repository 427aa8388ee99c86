import fc from 'fast-check';
import { toBytes } from '../../src/byte-text';
import { parseCommandLine } from '../../src/classic/parse';
import { afterRule, newScannedServer, scanServerRule, scanServiceRule } from '../../src/classic/scan-rule';
import { IpvsadmError } from '../../src/errors';
import { toChange } from '../../src/netlink/server-template';
import { wordsOf } from '../../src/restore';
import { testNames } from '../helpers/test-names';

const context = { programName: 'ipvsadm', posix: false, names: testNames };

/** What the scanner makes of a line: the change, or undefined when it leaves the line to the parser. */
function scanned(line: string) {
  const bytes = toBytes(`#${line}\nrest`);
  const rule = newScannedServer();
  const next = scanServerRule(bytes, 1, rule);
  if (next === 0) {
    const service = scanServiceRule(bytes, 1);
    if (!service) return undefined;
    expect(afterRule()).toBe(line.length + 2);
    return { kind: 'add-service', service };
  }
  expect(next).toBe(line.length + 2);
  return toChange(rule);
}

function parsed(line: string) {
  try {
    return parseCommandLine(wordsOf(line), context);
  } catch (error) {
    if (!(error instanceof IpvsadmError)) throw error;
    return error.message;
  }
}

test.each([
  '-a -t 192.0.2.10:80 -r 10.0.0.17:8080 -m -w 1',
  '-a -u 255.255.255.255:65535 -r 0.0.0.0:0 -g -w 999999999',
  '-A -t 192.0.2.10:80 -s rr',
  '-A -u 0.0.0.0:1 -s abcdefghijklmno',
])('%s is scanned', (line) => {
  expect(scanned(line)).toEqual(parsed(line));
});

test.each([
  '',
  '-a',
  '-A -t 192.0.2.10:0 -s rr',
  '-A -t 192.0.2.10:80 -s rr ',
  '-A -t 192.0.2.10:80 -s RR',
  '-A -t 192.0.2.10:80 -s abcdefghijklmnop',
  '-A -t 192.0.2.10:80 -s ',
  '-A -t 192.0.2.10:80 -s rr -p 300',
  '-A -t 192.0.2.10 -s rr',
  '-a -f 7 -r 10.0.0.17:80 -m -w 1',
  '-a -t 192.0.2.10:80 -r 10.0.0.17:80 -i -w 1 --tun-type ipip',
  '-a -t 192.0.2.10:80 -r 10.0.0.17:80 -m -w 1 -x 5 -y 0',
  '-a -t 192.0.2.10:80 -r 10.0.0.17:80 -m -w 1 ',
  '-a -t 192.0.2.10:80 -r 10.0.0.17:80 -m -w -1',
  '-a -t 192.0.2.10:80 -r 10.0.0.17:80 -m -w ',
  '-a -t 192.0.2.10:80 -r 10.0.0.17:80 -m -w 2147483648',
  '-a  -t 192.0.2.10:80 -r 10.0.0.17:80 -m -w 1',
  '-a -t 192.0.2.010:80 -r 10.0.0.17:80 -m -w 1',
  '-a -t 192.0.2.256:80 -r 10.0.0.17:80 -m -w 1',
  '-a -t 192.0.2.10:65536 -r 10.0.0.17:80 -m -w 1',
  '-a -t 192.0.2.10:http -r 10.0.0.17:80 -m -w 1',
  '-a -t 192.0.2.10 -r 10.0.0.17:80 -m -w 1',
  '-a -t [::1]:80 -r [::2]:80 -m -w 1',
  'ipvsadm -a -t 192.0.2.10:80 -r 10.0.0.17:80 -m -w 1',
])('%j is left to the parser', (line) => {
  expect(scanned(line)).toBeUndefined();
});

test('a line that is not whole is left alone', () => {
  const bytes = toBytes('-a -t 192.0.2.10:80 -r 10.0.0.17:8080 -m -w 1');
  const lengths = Array.from(bytes, (_, at) => at + 1);
  expect(
    lengths.filter((length) => scanServerRule(bytes.subarray(0, length), 0, newScannedServer()) !== 0),
  ).toEqual([]);
});

const number = fc
  .oneof(
    { weight: 8, arbitrary: fc.nat(65535) },
    { weight: 1, arbitrary: fc.constantFrom(0, 65536, 2 ** 31 - 1, 2 ** 31) },
  )
  .map(String);
const address = fc.oneof(
  { weight: 8, arbitrary: fc.ipV4() },
  { weight: 1, arbitrary: fc.constantFrom('01.2.3.4', '1.2.3', '1.2.3.999') },
);
const endpoint = fc.tuple(address, number).map((parts) => parts.join(':'));
const line = fc
  .tuple(
    fc.constantFrom('-t', '-u', '-t', '-u', '-f'),
    endpoint,
    endpoint,
    fc.constantFrom('-m', '-g', '-m', '-g', '-i'),
    number,
  )
  .map(
    ([option, service, server, method, weight]) =>
      `-a ${option} ${service} -r ${server} ${method} -w ${weight}`,
  );
/** A line with one byte changed. */
const mutant = fc
  .tuple(line, fc.nat(), fc.constantFrom(...'-atrmgw0189.: \r\0x'))
  .map(([text, at, byte]) => text.slice(0, at % text.length) + byte + text.slice((at % text.length) + 1));

test('what is scanned is what the parser makes of it', () => {
  let count = 0;
  fc.assert(
    fc.property(fc.oneof(line, mutant), (text) => {
      const change = scanned(text);
      if (!change) return;
      count += 1;
      expect(change).toEqual(parsed(text));
    }),
    { numRuns: 5000 },
  );
  expect(count).toBeGreaterThan(500);
});
