import { parseSchedulerFlags } from '../../src/command-line/scheduler-flags';
import { IpvsadmError } from '../../src/errors/ipvsadm-error';
import { formatSchedulerFlags } from '../../src/model/scheduler-flags';

describe('scheduler flags', () => {
  test.each([
    ['', 'rr', 0],
    ['flag-1', 'rr', 0x08],
    ['flag-1,flag-2,flag-3', '', 0x38],
    [',flag-1,,flag-1,', 'rr', 0x08],
    ['sh-fallback,sh-port', 'sh', 0x18],
    ['mh-port,flag-3', 'mh', 0x30],
  ] as const)('%j of scheduler %j', (text, scheduler, expected) => {
    expect(parseSchedulerFlags(text, scheduler)).toBe(expected);
  });

  test.each([
    ['x', 'rr', "invalid scheduler flag `x'"],
    ['FLAG-1', 'rr', "invalid scheduler flag `FLAG-1'"],
    ['flag-1, flag-2', 'rr', "invalid scheduler flag ` flag-2'"],
    ['sh-port', 'mh', "incompatible scheduler flag `sh-port'"],
    ['mh-port', '', "incompatible scheduler flag `mh-port'"],
    [',', 'rr', "invalid scheduler flag `,'"],
    [',,', 'sh', "invalid scheduler flag `,,'"],
  ] as const)('%j of scheduler %j is refused', (text, scheduler, message) => {
    expect(() => parseSchedulerFlags(text, scheduler)).toThrow(new IpvsadmError(message, 2));
  });

  test.each([
    [0x3f, 'rr', 'flag-1,flag-2,flag-3'],
    [0x28, 'wlc', 'flag-1,flag-3'],
    [0x18, 'sh', 'sh-fallback,sh-port'],
    [0x38, 'mh', 'mh-fallback,mh-port'],
    [0x20, 'sh', ''],
    [0x07, 'rr', ''],
  ] as const)('bits %i of scheduler %s are named', (bits, scheduler, expected) => {
    expect(formatSchedulerFlags(bits, scheduler)).toBe(expected);
  });
});
