import {
  groupConnections,
  growthOf,
  parseCounters,
  parseListeners,
  parseModules,
} from '../../src/doctor/proc';

test('counters of pairs of lines, and their growth', () => {
  const before = parseCounters('Ip: Forwarding InAddrErrors\nIp: 2 5\nTcp: MaxConn OutRsts\nTcp: -1 7\n');
  expect([...before]).toEqual([
    ['IpForwarding', 2],
    ['IpInAddrErrors', 5],
    ['TcpMaxConn', -1],
    ['TcpOutRsts', 7],
  ]);
  const after = parseCounters('Ip: Forwarding InAddrErrors New\nIp: 2 9 3\n');
  expect([...growthOf(before, after)]).toEqual([
    ['IpForwarding', 0],
    ['IpInAddrErrors', 4],
    ['IpNew', 0],
  ]);
});

test('listeners of either family and byte order', () => {
  const line = (local: string, state: string) =>
    `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000`;
  const text = [
    '  sl  local_address rem_address   st tx_queue',
    line('1100000A:0050', '0A'),
    line('1100000A:0051', '01'),
    line('B80D0120000000000000000013000000:01BB', '0A'),
    '',
  ].join('\n');
  expect(parseListeners(text, true)).toEqual([
    { address: Uint8Array.of(10, 0, 0, 17), port: 80 },
    { address: Uint8Array.of(0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x13), port: 443 },
  ]);
  expect(parseListeners(line('0A000011:0050', '0A'), false)).toEqual([
    { address: Uint8Array.of(10, 0, 0, 17), port: 80 },
  ]);
});

test('modules with their uses', () => {
  expect([...parseModules('nft_masq 16384 2 - Live 0x0\nip_vs 1 0 - Live 0x0\n')]).toEqual([
    ['nft_masq', 2],
    ['ip_vs', 0],
  ]);
});

test('connections by virtual address and real server, templates apart', () => {
  const lines = [
    'Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData',
    'TCP 0A00000B 9C40 0A00000D 0050 0A000011 0050 SYN_RECV         59',
    'TCP 0A00000B 9C41 0A00000D 0050 0A000011 0050 SYN_RECV         59',
    'TCP 0A00000B 9C42 0A00000D 0050 0A000011 0050 ESTABLISHED     899',
    'TCP 0A00000B 9C43 0A00000D 0050 0A000011 0050 FIN_WAIT        119',
    'TCP 0A00000B 0000 0A00000D 0050 0A000011 0050 ASSURED          19',
    'UDP 0A00000B 9C43 0A00000D 0035 0A000012 0035 UDP             299',
    '',
  ].join('\n');
  const text = new TextEncoder().encode(lines);
  const [tcp, udp] = groupConnections([text.subarray(0, 100), text.subarray(100)]);
  const client = Uint8Array.of(10, 0, 0, 11);
  expect(tcp).toMatchObject({
    protocol: 'TCP',
    virtual: { address: Uint8Array.of(10, 0, 0, 13), port: 80 },
    destination: { address: Uint8Array.of(10, 0, 0, 17), port: 80 },
    halfOpen: 2,
    established: 1,
    others: 1,
    templates: 1,
    waitingClients: [client, client],
  });
  expect(udp).toMatchObject({ protocol: 'UDP', others: 1, templates: 0, halfOpen: 0 });
});
