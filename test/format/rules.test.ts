import { formatServerRule, formatServiceRule } from '../../src/format/rules';
import { AF_INET6 } from '../../src/model/address';
import type { ListedServer } from '../../src/model/real-server';
import type { ListedService } from '../../src/model/virtual-service';
import { key, mark, server, service } from '../helpers/table-rows';
import { testNames } from '../helpers/test-names';

describe('a service is saved', () => {
  test.each<[string, Partial<ListedService>, string]>([
    ['with its scheduler', {}, '-A -t 192.0.2.10:80 -s rr\n'],
    ['of UDP', { key: key('192.0.2.10', 53, 17) }, '-A -u 192.0.2.10:53 -s rr\n'],
    ['of SCTP', { key: key('192.0.2.10', 2905, 132) }, '-A --sctp-service 192.0.2.10:2905 -s rr\n'],
    ['of another protocol', { key: key('192.0.2.10', 80, 1) }, '-A --xxx-service 192.0.2.10:80 -s rr\n'],
    ['of IPv6', { key: key('::1') }, '-A -t [::1]:80 -s rr\n'],
    ['of the largest mark', { key: mark(4294967295) }, '-A -f 4294967295 -s rr\n'],
    ['of an IPv6 mark', { key: mark(1, AF_INET6) }, '-A -f 1 -6 -s rr\n'],
    ['that persists', { flags: 3, timeout: 360 }, '-A -t 192.0.2.10:80 -s rr -p 360\n'],
    [
      'that persists by network',
      { flags: 1, timeout: 100, netmask: 0xffffff00 },
      '-A -t 192.0.2.10:80 -s rr -p 100 -M 255.255.255.0\n',
    ],
    [
      'that persists by IPv6 network',
      { key: key('::1'), flags: 1, timeout: 1, netmask: 127 },
      '-A -t [::1]:80 -s rr -p 1 -M 127\n',
    ],
    [
      'with an engine, persistent or not',
      { persistenceEngine: 'sip' },
      '-A -t 192.0.2.10:80 -s rr --pe sip\n',
    ],
    ['of one-packet scheduling', { flags: 4 }, '-A -t 192.0.2.10:80 -s rr -o\n'],
    [
      'with flags of sh',
      { scheduler: 'sh', flags: 0x18 },
      '-A -t 192.0.2.10:80 -s sh -b sh-fallback,sh-port\n',
    ],
    [
      'with a flag that sh has no name for',
      { scheduler: 'sh', flags: 0x20 },
      '-A -t 192.0.2.10:80 -s sh -b flag-3\n',
    ],
    [
      'with a flag that mh has no name for',
      { scheduler: 'mh', flags: 0x20 },
      '-A -t 192.0.2.10:80 -s mh -b flag-3\n',
    ],
    [
      'with everything',
      { flags: 0x3d, timeout: 5, netmask: 0xff000000, persistenceEngine: 'sip' },
      '-A -t 192.0.2.10:80 -s rr -p 5 -M 255.0.0.0 --pe sip -o -b flag-1,flag-2,flag-3\n',
    ],
  ])('%s', (_name, own, expected) => {
    expect(formatServiceRule(service(own), undefined)).toBe(expected);
  });

  test('with names that are not truncated', () => {
    expect(formatServiceRule(service({ key: key('2001:db8::1', 443) }), testNames)).toBe(
      '-A -t [a-very-long-ipv6-server-name-indeed.some.example.com]:https -s rr\n',
    );
  });
});

describe('a real server is saved', () => {
  const tunnel = (type: number, flags: number) => ({ forwarding: 2, tunnel: { type, port: 6080, flags } });
  test.each<[string, Partial<ListedServer> & { at?: string }, string]>([
    ['by direct routing', {}, '-g -w 1'],
    ['on this host, as by direct routing', { forwarding: 1 }, '-g -w 1'],
    ['by masquerading', { forwarding: 0, weight: 65535 }, '-m -w 65535'],
    ['by a method without a name', { forwarding: 7 }, '(null) -w 1'],
    ['by ipip', { forwarding: 2 }, '-i -w 1 --tun-type ipip'],
    ['by gue', tunnel(1, 0), '-i -w 1 --tun-type gue --tun-port 6080 --tun-nocsum'],
    ['by gue with checksum', tunnel(1, 1), '-i -w 1 --tun-type gue --tun-port 6080 --tun-csum'],
    ['by gue with remote checksum', tunnel(1, 2), '-i -w 1 --tun-type gue --tun-port 6080 --tun-remcsum'],
    ['by gre', tunnel(2, 1), '-i -w 1 --tun-type gre --tun-csum'],
    ['by gre with flags that have no option', tunnel(2, 3), '-i -w 1 --tun-type gre'],
    ['by a tunnel without a name', tunnel(3, 0), '-i -w 1'],
    ['with an upper threshold', { upperThreshold: 100 }, '-g -w 1 -x 100 -y 0'],
    ['with both thresholds', { upperThreshold: 100, lowerThreshold: 50 }, '-g -w 1 -x 100 -y 50'],
    [
      'by gue with thresholds',
      { ...tunnel(1, 0), lowerThreshold: 1 },
      '-i -w 1 --tun-type gue --tun-port 6080 --tun-nocsum -x 0 -y 1',
    ],
  ])('%s', (_name, own, expected) => {
    expect(formatServerRule(key('192.0.2.10'), server(own), undefined)).toBe(
      `-a -t 192.0.2.10:80 -r 10.0.0.17:80 ${expected}\n`,
    );
  });

  test('of a mark, whose ports have no names', () => {
    expect(formatServerRule(mark(7, AF_INET6), server({ at: '2001:db8::2' }), testNames)).toBe(
      '-a -f 7 -6 -r [2001:db8::2]:80 -g -w 1\n',
    );
  });
});
