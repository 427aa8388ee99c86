/** /proc/net/ip_vs as Linux 7.2 writes it. */
import { parseProcTable } from '../../src/live/proc-table';
import { serverName, serviceName } from '../../src/state/table/table-state';

const text = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
TCP  C000020A:0050 wrr persistent 36000 FFFFFF00
  -> 0A000012:0050      Tunnel  0      2          7         
  -> 0A000011:1F90      Masq    3      0          0         
UDP  C000020A:0035 rr ops 
TCP  [2001:0db8:0000:0000:0000:0000:0000:0010]:01BB sh persistent 30000 40000000
  -> [2001:0db8:0000:0000:0000:0000:0000:0011]:01BB      Route   1      0          0         
FWM  00000007 wlc 
FWM  00000008 rr ops persistent 36000 FFFFFFFF
  -> [2001:0db8:0000:0000:0000:0000:0000:0012]:0000      Local   1      1          0         
`;

test('services, real servers and what it tells of them', () => {
  const table = parseProcTable(text)!;
  expect(table.info).toEqual({ version: 0x010201, connectionTableSize: 4096 });
  const told = table.services.map(({ service, servers }) => [
    serviceName(service.key),
    service.scheduler,
    service.flags,
    service.timeout,
    service.netmask,
    ...servers.map((server) => [
      serverName(server),
      server.forwarding,
      server.weight,
      server.activeConnections,
      server.inactiveConnections,
    ]),
  ]);
  expect(told).toEqual([
    [
      'tcp:192.0.2.10:80',
      'wrr',
      1,
      -1,
      0xffffff00,
      ['10.0.0.18:80', 2, 0, 2, 7],
      ['10.0.0.17:8080', 0, 3, 0, 0],
    ],
    ['udp:192.0.2.10:53', 'rr', 4, 0, 0xffffffff],
    ['tcp:[2001:db8::10]:443', 'sh', 1, -1, 64, ['[2001:db8::11]:443', 3, 1, 0, 0]],
    ['fwmark:7', 'wlc', 0, 0, 0xffffffff],
    ['fwmark:8:ipv6', 'rr', 5, -1, 128, ['[2001:db8::12]:0', 1, 1, 1, 0]],
  ]);
});

test('a file of something else, and lines of something else', () => {
  expect(parseProcTable('')).toBeUndefined();
  expect(parseProcTable('Inter-| Receive\n')).toBeUndefined();
  expect(
    parseProcTable('IP Virtual Server version 1.2.1 (size=1)\n  -> 0A000011:1F90 Masq 3 0 0\nXYZ\n'),
  ).toEqual({ info: { version: 0x010201, connectionTableSize: 1 }, services: [] });
});
