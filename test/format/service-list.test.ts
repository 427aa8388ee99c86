import type { ListFormat } from '../../src/command-line/request';
import {
  formatServer,
  formatService,
  formatTitles,
  formatVersion,
  type ListOptions,
} from '../../src/format/service-list';
import { AF_INET6 } from '../../src/model/address';
import type { ListedServer } from '../../src/model/real-server';
import type { Statistics } from '../../src/model/statistics';
import type { ListedService, ServiceKey } from '../../src/model/virtual-service';
import { key, mark, server, service } from '../helpers/table-rows';
import { testNames } from '../helpers/test-names';

const plain: ListOptions = { format: 'plain', exact: false, names: undefined };
const statistics: Statistics = {
  connections: 71n,
  inPackets: 702n,
  outPackets: 7003n,
  inBytes: 70004n,
  outBytes: 700005n,
  connectionRate: 7000006n,
  inPacketRate: 70000007n,
  outPacketRate: 700000008n,
  inByteRate: 7000000009n,
  outByteRate: 70000000010n,
};
const largest = 18_446_744_073_709_551_615n;

test.each([
  [0x010201, 4096, 'IP Virtual Server version 1.2.1 (size=4096)\n'],
  [0xffffffff, 0xffffffff, 'IP Virtual Server version 255.255.255 (size=-1)\n'],
])('version %d with %d rows', (version, connectionTableSize, expected) => {
  expect(formatVersion({ version, connectionTableSize })).toBe(expected);
});

test.each<[ListFormat, string]>([
  [
    'plain',
    'Prot LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n',
  ],
  [
    'tun-info',
    'Prot LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port           Forward TunnelInfo    Weight ActiveConn InActConn\n',
  ],
  [
    'stats',
    'Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes\n  -> RemoteAddress:Port\n',
  ],
  [
    'rate',
    'Prot LocalAddress:Port                 CPS    InPPS   OutPPS    InBPS   OutBPS\n  -> RemoteAddress:Port\n',
  ],
  [
    'thresholds',
    'Prot LocalAddress:Port            Uthreshold Lthreshold ActiveConn InActConn \n  -> RemoteAddress:Port\n',
  ],
  [
    'persistent-conn',
    'Prot LocalAddress:Port            Weight    PersistConn ActiveConn InActConn \n  -> RemoteAddress:Port\n',
  ],
])('titles of %s', (format, expected) => {
  expect(formatTitles(format)).toBe(expected);
});

describe('a service', () => {
  test.each<[string, Partial<ListedService>, string]>([
    ['of TCP', {}, 'TCP  192.0.2.10:80 rr\n'],
    ['of UDP', { key: key('192.0.2.10', 53, 17) }, 'UDP  192.0.2.10:53 rr\n'],
    ['of SCTP', { key: key('192.0.2.10', 2905, 132) }, 'SCTP 192.0.2.10:2905 rr\n'],
    ['of another protocol', { key: key('192.0.2.10', 80, 1) }, '?    192.0.2.10:80 rr\n'],
    ['of IPv6', { key: key('2001:db8::1', 443) }, 'TCP  [2001:db8::1]:443 rr\n'],
    ['of a mark', { key: mark(7) }, 'FWM  7 rr\n'],
    ['of the largest mark', { key: mark(4294967295) }, 'FWM  4294967295 rr\n'],
    ['of an IPv6 mark', { key: mark(7, AF_INET6) }, 'FWM  7 IPv6 rr\n'],
    ['that persists', { flags: 3, timeout: 300 }, 'TCP  192.0.2.10:80 rr persistent 300\n'],
    [
      'that persists by network',
      { flags: 1, timeout: 300, netmask: 0xffffff00 },
      'TCP  192.0.2.10:80 rr persistent 300 mask 255.255.255.0\n',
    ],
    [
      'that persists by IPv6 network',
      { key: key('2001:db8::1'), flags: 1, timeout: 100, netmask: 64 },
      'TCP  [2001:db8::1]:80 rr persistent 100 mask 64\n',
    ],
    [
      'that persists by engine',
      { flags: 1, timeout: 360, persistenceEngine: 'sip' },
      'TCP  192.0.2.10:80 rr persistent 360 pe sip\n',
    ],
    ['with an engine that does not persist', { persistenceEngine: 'sip' }, 'TCP  192.0.2.10:80 rr\n'],
    ['with a mask that does not persist', { netmask: 0xffffff00 }, 'TCP  192.0.2.10:80 rr\n'],
    ['of one-packet scheduling', { key: key('192.0.2.10', 53, 17), flags: 4 }, 'UDP  192.0.2.10:53 rr ops\n'],
    ['with scheduler flags', { flags: 0x38 }, 'TCP  192.0.2.10:80 rr (flag-1,flag-2,flag-3)\n'],
    ['with flags of sh', { scheduler: 'sh', flags: 0x18 }, 'TCP  192.0.2.10:80 sh (sh-fallback,sh-port)\n'],
    ['with flags of mh', { scheduler: 'mh', flags: 0x10 }, 'TCP  192.0.2.10:80 mh (mh-port)\n'],
    ['with a flag that sh has no name for', { scheduler: 'sh', flags: 0x20 }, 'TCP  192.0.2.10:80 sh ()\n'],
    [
      'with everything',
      { flags: 0x2d, timeout: 5, netmask: 0xff000000, persistenceEngine: 'sip' },
      'TCP  192.0.2.10:80 rr (flag-1,flag-3) persistent 5 mask 255.0.0.0 pe sip ops\n',
    ],
  ])('%s', (_name, own, expected) => {
    expect(formatService(service(own), plain)).toBe(expected);
  });

  test('has names, cut to 33 bytes for IPv4 only', () => {
    const named = {
      ...plain,
      names: { ...testNames, nameOfAddress: () => 'a-host-name-of-thirty-characters.test' },
    };
    expect([
      formatService(service(), named),
      formatService(service({ key: key('2001:db8::2') }), named),
      formatService(service(), { ...plain, names: testNames }),
    ]).toEqual([
      'TCP  a-host-name-of-thirty-charac rr\n',
      'TCP  [a-host-name-of-thirty-characters.test]:http rr\n',
      'TCP  vip.test:http rr\n',
    ]);
  });
});

describe('a service with counters', () => {
  test.each<[string, Partial<ListOptions>, ListedService, string]>([
    [
      'in totals',
      { format: 'stats' },
      service({ statistics }),
      'TCP  192.0.2.10:80                      71      702     7003    70004   700005\n',
    ],
    [
      'in rates',
      { format: 'rate' },
      service({ statistics }),
      'TCP  192.0.2.10:80                 7000006 70000007  700000K    7000M   70000M\n',
    ],
    [
      'in exact rates',
      { format: 'rate', exact: true },
      service({ statistics }),
      'TCP  192.0.2.10:80                 7000006 70000007 700000008 7000000009 70000000010\n',
    ],
    [
      'that has none',
      { format: 'stats' },
      service(),
      'TCP  192.0.2.10:80                       0        0        0        0        0\n',
    ],
    [
      'that touch',
      { format: 'stats' },
      service({ key: mark(7), statistics: { ...statistics, connections: largest, inPackets: largest } }),
      'FWM  7                           18446744T18446744T     7003    70004   700005\n',
    ],
  ])('%s', (_name, options, row, expected) => {
    expect(formatService(row, { ...plain, ...options })).toBe(expected);
  });
});

describe('a real server', () => {
  const address: ServiceKey = key('192.0.2.10');
  const counted = server({ statistics });
  test.each<[string, Partial<ListOptions>, ListedServer, string]>([
    [
      'in plain',
      {},
      server({ weight: 5, activeConnections: 2, inactiveConnections: 1 }),
      '  -> 10.0.0.17:80                 Route   5      2          1         \n',
    ],
    [
      'of IPv6',
      {},
      server({ at: '2001:db8::2', port: 8443, forwarding: 2 }),
      '  -> [2001:db8::2]:8443           Tunnel  1      0          0         \n',
    ],
    [
      'by masquerading',
      {},
      server({ forwarding: 0 }),
      '  -> 10.0.0.17:80                 Masq    1      0          0         \n',
    ],
    [
      'on this host',
      {},
      server({ forwarding: 1 }),
      '  -> 10.0.0.17:80                 Local   1      0          0         \n',
    ],
    [
      'by a method without a name',
      {},
      server({ forwarding: 4 }),
      '  -> 10.0.0.17:80                 (null)  1      0          0         \n',
    ],
    [
      'by the low three bits of its method',
      {},
      server({ forwarding: 0x100 }),
      '  -> 10.0.0.17:80                 Masq    1      0          0         \n',
    ],
    [
      'with a negative weight',
      {},
      server({ weight: -1, activeConnections: 4294967295 }),
      '  -> 10.0.0.17:80                 Route   -1     4294967295 0         \n',
    ],
    [
      'with a negative weight, unsigned',
      { format: 'persistent-conn' },
      server({ weight: -1, persistentConnections: 9 }),
      '  -> 10.0.0.17:80                 4294967295 9           0          0         \n',
    ],
    [
      'with thresholds',
      { format: 'thresholds' },
      server({ upperThreshold: 1000, lowerThreshold: 10, activeConnections: 2 }),
      '  -> 10.0.0.17:80                 1000       10         2          0         \n',
    ],
    [
      'without a tunnel',
      { format: 'tun-info' },
      server({ tunnel: { type: 1, port: 1, flags: 1 } }),
      '  -> 10.0.0.17:80                 Route   n/a           1      0          0         \n',
    ],
    [
      'by ipip',
      { format: 'tun-info' },
      server({ forwarding: 2 }),
      '  -> 10.0.0.17:80                 Tunnel  ipip          1      0          0         \n',
    ],
    [
      'by gue',
      { format: 'tun-info' },
      server({ forwarding: 2, tunnel: { type: 1, port: 6080, flags: 1 } }),
      '  -> 10.0.0.17:80                 Tunnel  gue:6080:+c   1      0          0         \n',
    ],
    [
      'by gre',
      { format: 'tun-info' },
      server({ forwarding: 2, tunnel: { type: 2, port: 0, flags: 0 } }),
      '  -> 10.0.0.17:80                 Tunnel  gre:-c        1      0          0         \n',
    ],
    [
      'by gue with remote checksum',
      { format: 'tun-info' },
      server({ forwarding: 2, tunnel: { type: 1, port: 65535, flags: 2 } }),
      '  -> 10.0.0.17:80                 Tunnel  gue:65535:r+c 1      0          0         \n',
    ],
    [
      'by gre with flags that have no name',
      { format: 'tun-info' },
      server({ forwarding: 2, tunnel: { type: 2, port: 0, flags: 3 } }),
      '  -> 10.0.0.17:80                 Tunnel  gre:?         1      0          0         \n',
    ],
    [
      'by a tunnel without a name',
      { format: 'tun-info' },
      server({ forwarding: 2, tunnel: { type: 3, port: 0, flags: 0 } }),
      '  -> 10.0.0.17:80                 Tunnel  n/a           1      0          0         \n',
    ],
    [
      'in totals',
      { format: 'stats' },
      counted,
      '  -> 10.0.0.17:80                       71      702     7003    70004   700005\n',
    ],
    [
      'in rates, three of them never scaled',
      { format: 'rate' },
      counted,
      '  -> 10.0.0.17:80                  7000006 70000007 700000008    7000M   70000M\n',
    ],
    [
      'in exact rates',
      { format: 'rate', exact: true },
      counted,
      '  -> 10.0.0.17:80                  7000006 70000007 700000008 7000000009 70000000010\n',
    ],
    [
      'without counters',
      { format: 'rate' },
      server(),
      '  -> 10.0.0.17:80                        0        0        0        0        0\n',
    ],
  ])('%s', (_name, options, row, expected) => {
    expect(formatServer(address, row, { ...plain, ...options })).toBe(expected);
  });

  test('has names, cut to 28 bytes for IPv4 only; a mark has no service names', () => {
    const named = {
      ...plain,
      names: { ...testNames, nameOfAddress: () => 'a-host-name-of-thirty-characters.test' },
    };
    expect([
      formatServer(address, server(), named),
      formatServer(address, server({ at: '2001:db8::2' }), named),
      formatServer(mark(7), server(), { ...plain, names: testNames }),
    ]).toEqual([
      '  -> a-host-name-of-thirty-charac Route   1      0          0         \n',
      '  -> [a-host-name-of-thirty-characters.test]:http Route   1      0          0         \n',
      '  -> 10.0.0.17:80                 Route   1      0          0         \n',
    ]);
  });
});
