import {
  byteRate,
  duration,
  percent,
  readDuration,
  seconds,
  short,
  textOfBytes,
} from '../../../src/web/page/state/format';

test.each<[number, string]>([
  [0, '0'],
  [0.25, '0.25'],
  [7, '7'],
  [7.256, '7.26'],
  [12.34, '12.3'],
  [99.94, '99.9'],
  [99.96, '100'],
  [999.4, '999'],
  [999.6, '1k'],
  [1000, '1k'],
  [12_345, '12.3k'],
  [999_600, '1M'],
  [1_210_000, '1.21M'],
  [4_000_000_000, '4G'],
  [Number.NaN, '–'],
])('%d is short: %s', (value, expected) => {
  expect(short(value)).toBe(expected);
});

test.each<[number, string]>([
  [0, '0 B/s'],
  [512, '512 B/s'],
  [12_345, '12.3 kB/s'],
  [1_500_000_000, '1.5 GB/s'],
])('%d bytes a second are %s', (value, expected) => {
  expect(byteRate(value)).toBe(expected);
});

test.each<[number | null, string]>([
  [null, '–'],
  [0, '0 %'],
  [1 / 3, '33.3 %'],
  [0.5, '50 %'],
  [0.9999, '100 %'],
  [1, '100 %'],
])('the part %p is %s', (part, expected) => {
  expect(percent(part)).toBe(expected);
});

test.each<[number, string]>([
  [0, '0 ms'],
  [120, '120 ms'],
  [1000, '1 s'],
  [45_400, '45 s'],
  [61_000, '1 min 1 s'],
  [3_600_000, '1 h'],
  [7_380_000, '2 h 3 min'],
  [183_600_000, '2 d 3 h'],
])('%d ms last %s', (milliseconds, expected) => {
  expect(duration(milliseconds)).toBe(expected);
});

test('seconds are whole', () => {
  expect([-5, 400, 1600, 61_400].map(seconds)).toEqual(['0 s', '0 s', '2 s', '1 min 1 s']);
});

test.each<[string, number | undefined]>([
  ['90s', 90_000],
  [' 10m ', 600_000],
  ['2h30m', 9_000_000],
  ['1.5h', 5_400_000],
  ['1d', 86_400_000],
  ['', undefined],
  ['10', undefined],
  ['10 minutes', undefined],
  ['-1h', undefined],
  ['1h x', undefined],
])('the duration %p is %p', (text, expected) => {
  expect(readDuration(text)).toBe(expected);
});

test.each<[string, string, string]>([
  ['UTF-8', 'gr\u00c3\u00bc\u00c3\u009fe 100%', 'grüße 100%'],
  ['anything else', 'gr\u00fc\u00df', 'gr\u00fc\u00df'],
  ['what is text already', 'ok', 'ok'],
])('reads %s of bytes', (_, bytes, expected) => {
  expect(textOfBytes(bytes)).toBe(expected);
});
