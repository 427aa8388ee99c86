import { defaults, formatRange, isWithin, limits, syncLength } from '../../src/model/limits';

test('a range includes both ends', () => {
  expect([-1, 0, 255, 256].map((value) => isWithin(value, limits.syncId))).toEqual([
    false,
    true,
    true,
    false,
  ]);
});

test('defaults are within their limits', () => {
  const { persistenceTimeout, weight, syncId, multicastPort, multicastTtl } = defaults;
  expect([
    isWithin(persistenceTimeout, limits.persistenceTimeout),
    isWithin(weight, limits.weight),
    isWithin(syncId, limits.syncId),
    isWithin(multicastPort, limits.destinationPort),
    isWithin(multicastTtl, limits.multicastTtl),
  ]).toEqual([true, true, true, true, true]);
});

/** As help has stated them from the start. */
test.each([
  ['port', '0..65535'],
  ['destinationPort', '1..65535'],
  ['fwmark', '1..4294967295'],
  ['prefixLength', '1..128'],
  ['persistenceTimeout', '1..2678400'],
  ['weight', '0..2147483647'],
  ['threshold', '0..2147483647'],
  ['syncId', '0..255'],
  ['syncMaxLength', '1..65507'],
  ['multicastTtl', '1..255'],
] as const)('%s: %s', (name, expected) => {
  expect(formatRange(limits[name])).toBe(expected);
});

test.each([
  ['within the limits', 1400, false, 4, 1400],
  ['too large for IPv4', 65535, false, 4, 65507],
  ['too large for IPv6', 65535, false, 16, 65487],
  ['too small for a master', 0, false, 4, 1],
  ['too small for a backup', 1, true, 16, 1024],
])('a datagram length that is %s', (_name, requested, isBackup, groupLength, expected) => {
  expect(syncLength(requested, isBackup, groupLength)).toBe(expected);
});
