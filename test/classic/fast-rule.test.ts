import fc from 'fast-check';
import { toBytes } from '../../src/bytes/byte-text';
import {
  newScannedServer,
  newScannedService,
  scanServerRule,
  scanServiceRule,
} from '../../src/classic/fast-rule';
import { parseCommandLine } from '../../src/classic/parse';
import { IpvsadmError } from '../../src/errors/ipvsadm-error';
import { addServerChange, addServiceChange } from '../../src/ipvs/fast-change';
import { wordsOf } from '../../src/operations/restore';
import { alteredRuleLine, ruleLine } from '../helpers/arbitrary-lines';
import { testNames } from '../helpers/test-names';

const context = { programName: 'ipvsadm', posix: false, names: testNames };

/** The change that a line is scanned as; undefined if the line is left to the parser. */
function scanned(line: string) {
  const bytes = toBytes(`#${line}\nrest`);
  const server = newScannedServer();
  const service = newScannedService();
  const afterServer = scanServerRule(bytes, 1, server);
  const next = afterServer || scanServiceRule(bytes, 1, service);
  if (next === 0) return undefined;
  expect(next).toBe(line.length + 2);
  return afterServer ? addServerChange(server) : addServiceChange(service);
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

test('an incomplete line is left to the parser', () => {
  const cuts = (line: string) => Array.from(line, (_, at) => toBytes(line.slice(0, at + 1)));
  const servers = cuts('-a -t 192.0.2.10:80 -r 10.0.0.17:8080 -m -w 1');
  expect(servers.filter((bytes) => scanServerRule(bytes, 0, newScannedServer()) !== 0)).toEqual([]);
  const services = cuts('-A -t 192.0.2.10:80 -s wrr');
  expect(services.filter((bytes) => scanServiceRule(bytes, 0, newScannedService()) !== 0)).toEqual([]);
});

test('a scanned line gives the same change as the parser', () => {
  const counts = { 'add-server': 0, 'add-service': 0 };
  fc.assert(
    fc.property(fc.oneof(ruleLine, alteredRuleLine), (text) => {
      const change = scanned(text);
      if (!change) return;
      counts[change.kind as keyof typeof counts] += 1;
      expect(change).toEqual(parsed(text));
    }),
    { numRuns: 5000 },
  );
  expect(counts['add-server']).toBeGreaterThan(500);
  expect(counts['add-service']).toBeGreaterThan(500);
});
