import { formatTimeouts } from '../../src/format/timeouts';

test.each([
  [{ tcp: 900, tcpFin: 120, udp: 300 }, 'Timeout (tcp tcpfin udp): 900 120 300\n'],
  [{ tcp: 4294967295, tcpFin: 0, udp: 2147483648 }, 'Timeout (tcp tcpfin udp): -1 0 -2147483648\n'],
])('%j', (timeouts, expected) => {
  expect(formatTimeouts(timeouts)).toBe(expected);
});
