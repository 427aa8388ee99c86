/** The bytes are made by hand from uapi/linux/rtnetlink.h, if_link.h, if_addr.h and neighbour.h. */
import { HostClient } from '../../src/host/client';
import { parseAddress } from '../../src/model/address';
import { NetlinkError } from '../../src/netlink/errors';
import { hex } from '../helpers/hex';
import { ScriptedTransport } from '../helpers/scripted-transport';

const ack = `24000000 0200 0001 01000000 00000000 00000000 ${'00'.repeat(16)}`;
const refusal = (code: string) => `24000000 0200 0000 01000000 00000000 ${code} ${'00'.repeat(16)}`;
const done = '14000000 0300 0200 01000000 00000000 00000000';
const of = (text: string) => parseAddress(text)!;
const digits = (text: string) => text.replace(/\s+/g, '');

function clientOf(...datagrams: string[]) {
  const transport = new ScriptedTransport(datagrams);
  return { client: new HostClient(transport), transport };
}

/** The one datagram that `change` sends. */
function sentBy(change: (client: HostClient) => void): string {
  const { client, transport } = clientOf(ack);
  change(client);
  expect(transport.sent).toHaveLength(1);
  return transport.sent[0]!;
}

describe('requests', () => {
  const cases: readonly [name: string, change: (client: HostClient) => void, bytes: string][] = [
    [
      'an IPv4 address: CREATE and EXCL; local and address',
      (client) => client.addAddress(1, of('192.0.2.10'), 32),
      `28000000 1400 0506 01000000 00000000  02 20 00 00 01000000
       0800 0200 c000020a  0800 0100 c000020a`,
    ],
    [
      'an IPv6 address as a guest: IFA_FLAGS with IFA_F_NODAD; preferred for 0 seconds, valid without end',
      (client) => client.addAddress(2, of('2001:db8::10'), 128, { guest: true }),
      `5c000000 1400 0506 01000000 00000000  0a 80 00 00 02000000
       1400 0200 20010db8000000000000000000000010  1400 0100 20010db8000000000000000000000010
       1400 0600 00000000 ffffffff 00000000 00000000  0800 0800 02000000`,
    ],
    [
      'a guest means nothing for IPv4',
      (client) => client.addAddress(1, of('192.0.2.10'), 32, { guest: true }),
      `28000000 1400 0506 01000000 00000000  02 20 00 00 01000000
       0800 0200 c000020a  0800 0100 c000020a`,
    ],
    [
      'an IPv4 address for some seconds: CREATE and REPLACE; preferred as long as it is valid',
      (client) => client.lendAddress(2, of('192.0.2.10'), 32, 3),
      `3c000000 1400 0505 01000000 00000000  02 20 00 00 02000000
       0800 0200 c000020a  0800 0100 c000020a  1400 0600 03000000 03000000 00000000 00000000`,
    ],
    [
      'an IPv6 address for some seconds: never preferred, IFA_F_NODAD',
      (client) => client.lendAddress(2, of('2001:db8::10'), 128, 3),
      `5c000000 1400 0505 01000000 00000000  0a 80 00 00 02000000
       1400 0200 20010db8000000000000000000000010  1400 0100 20010db8000000000000000000000010
       1400 0600 00000000 03000000 00000000 00000000  0800 0800 02000000`,
    ],
    [
      'an address is deleted',
      (client) => client.deleteAddress(1, of('192.0.2.10'), 32),
      `28000000 1500 0500 01000000 00000000  02 20 00 00 01000000
       0800 0200 c000020a  0800 0100 c000020a`,
    ],
    [
      'a link is switched on: IFF_UP in flags and mask',
      (client) => client.setUp(2, true),
      '20000000 1000 0500 01000000 00000000  00 00 0000 02000000 01000000 01000000',
    ],
    [
      'a link is switched off',
      (client) => client.setUp(2, false),
      '20000000 1000 0500 01000000 00000000  00 00 0000 02000000 00000000 01000000',
    ],
    [
      'the MAC address of a link',
      (client) => client.setLinkAddress(2, hex('020000000001')),
      `2c000000 1000 0500 01000000 00000000  00 00 0000 02000000 00000000 00000000
       0a00 0100 020000000001 0000`,
    ],
    [
      'a device of IP in IP',
      (client) => client.addTunnel({ kind: 'ipip', name: 'lvs-ipip', local: of('10.0.0.17') }),
      `4c000000 1000 0506 01000000 00000000  00 00 0000 00000000 00000000 00000000
       0d00 0300 6c76732d69706970 00 000000
       1c00 1280  0900 0100 69706970 00 000000  0c00 0200  0800 0200 0a000011`,
    ],
    [
      'a device of ip6tnl takes IPv4 and IPv6: protocol 0',
      (client) => client.addTunnel({ kind: 'ip6tnl', name: 't6', local: of('2001:db8::17') }),
      `58000000 1000 0506 01000000 00000000  00 00 0000 00000000 00000000 00000000
       0700 0300 7436 00 00
       3000 1280  0b00 0100 697036746e6c 00 00  2000 0200
       1400 0200 20010db8000000000000000000000017  0500 0900 00 000000`,
    ],
    [
      'a device of GRE with checksums: GRE_CSUM in network order',
      (client) =>
        client.addTunnel({
          kind: 'gre',
          name: 'g',
          local: of('10.0.0.19'),
          remote: of('10.0.0.1'),
          checksum: true,
        }),
      `50000000 1000 0506 01000000 00000000  00 00 0000 00000000 00000000 00000000
       0600 0300 67 00 0000
       2800 1280  0800 0100 67726500  1c00 0200
       0800 0600 0a000013  0800 0700 0a000001  0600 0200 8000 0000`,
    ],
    [
      'a link is deleted',
      (client) => client.deleteLink(3),
      '20000000 1100 0500 01000000 00000000  00 00 0000 03000000 00000000 00000000',
    ],
    [
      'a neighbour is asked for: CREATE and REPLACE, NTF_USE',
      (client) => client.askNeighbour(2, of('192.0.2.10')),
      `24000000 1c00 0505 01000000 00000000  02 00 0000 02000000 0000 01 00
       0800 0100 c000020a`,
    ],
    [
      'a neighbour is forgotten',
      (client) => client.forgetNeighbour(2, of('192.0.2.10')),
      `24000000 1d00 0500 01000000 00000000  02 00 0000 02000000 0000 00 00
       0800 0100 c000020a`,
    ],
  ];

  test.each(cases)('%s', (_name, change, bytes) => {
    expect(sentBy(change)).toBe(digits(bytes));
  });

  test('the kernel refuses with an errno', () => {
    const { client } = clientOf(refusal('efffffff'));
    expect(() => client.addAddress(1, of('192.0.2.10'), 32)).toThrow(new NetlinkError(17));
  });
});

describe('answers', () => {
  test('links', () => {
    const { client, transport } = clientOf(
      `50000000 1000 0200 01000000 00000000  00 00 0100 02000000 43100100 00000000
       0900 0300 65746830 00 000000  0800 0400 dc050000  0a00 0100 020000000001 0000
       1000 1200  0900 0100 76657468 00 000000`,
      `30000000 1000 0200 01000000 00000000  00 00 0403 01000000 09000000 00000000
       0700 0300 6c6f 00 00  0800 0400 00000100`,
      done,
    );
    expect(client.links()).toEqual([
      {
        index: 2,
        name: 'eth0',
        up: true,
        carrier: true,
        loopback: false,
        arp: true,
        mtu: 1500,
        address: hex('020000000001'),
        kind: 'veth',
      },
      {
        index: 1,
        name: 'lo',
        up: true,
        carrier: false,
        loopback: true,
        arp: false,
        mtu: 65536,
        address: undefined,
        kind: undefined,
      },
    ]);
    expect(transport.sent).toEqual([digits(`20000000 1200 0103 01000000 00000000 ${'00'.repeat(16)}`)]);
  });

  test('addresses: the local one of a point-to-point link; flags of 32 bits', () => {
    const { client } = clientOf(
      `28000000 1400 0200 01000000 00000000  02 18 80 00 02000000
       0800 0100 0a000001  0800 0200 0a000011`,
      `34000000 1400 0200 01000000 00000000  0a 40 00 00 02000000
       1400 0100 20010db8000000000000000000000017  0800 0800 48000000`,
      `18000000 1400 0200 01000000 00000000  1c 00 00 00 02000000`,
      done,
    );
    expect(client.addresses()).toEqual([
      { link: 2, family: 2, address: of('10.0.0.17'), prefix: 24, tentative: false, duplicate: false },
      { link: 2, family: 10, address: of('2001:db8::17'), prefix: 64, tentative: true, duplicate: true },
    ]);
  });

  test('routes of the main table, unicast ones alone', () => {
    const { client } = clientOf(
      `34000000 1800 0200 01000000 00000000  02 00 00 00 fe 03 00 01 00000000
       0800 0f00 fe000000  0800 0500 0a000001  0800 0400 02000000`,
      `34000000 1800 0200 01000000 00000000  02 20 00 00 ff 02 fe 02 00000000
       0800 0f00 ff000000  0800 0100 0a000011  0800 0400 02000000`,
      done,
    );
    expect(client.routes()).toEqual([
      {
        family: 2,
        destination: undefined,
        prefix: 0,
        gateway: of('10.0.0.1'),
        link: 2,
        source: undefined,
        local: false,
        mtu: undefined,
        advmss: undefined,
      },
    ]);
  });

  test('the route to an address, with its metrics', () => {
    const { client } = clientOf(
      `48000000 1800 0000 01000000 00000000  02 20 00 00 fe 00 00 01 00000000
       0800 0100 c000020a  0800 0400 02000000  0800 0700 0a000011
       1400 0880  0800 0200 78050000  0800 0800 50050000`,
    );
    expect(client.routeTo(of('192.0.2.10'))).toMatchObject({
      link: 2,
      source: of('10.0.0.17'),
      local: false,
      mtu: 1400,
      advmss: 1360,
    });
  });

  test('neighbours', () => {
    const entry = (state: string, mac = '0a00 0200 020000000007 0000') => {
      const length = mac === '' ? '24000000' : '30000000';
      return `${length} 1c00 0200 01000000 00000000  02 00 0000 02000000 ${state} 00 01  0800 0100 0a000011 ${mac}`;
    };
    const { client } = clientOf(
      entry('0200'),
      entry('0400'),
      entry('0100', ''),
      entry('2000', ''),
      entry('8000'),
      done,
    );
    const found = client.neighbours();
    expect(found.map(({ state }) => state)).toEqual([
      'reachable',
      'stale',
      'incomplete',
      'failed',
      'permanent',
    ]);
    expect(found[0]).toEqual({
      link: 2,
      address: of('10.0.0.17'),
      mac: hex('020000000007'),
      state: 'reachable',
    });
    expect(found[2]!.mac).toBeUndefined();
  });

  test('an interrupted list is asked for again', () => {
    const link = (flags: string, sequence: string, name: string) =>
      `2c000000 1000 ${flags} ${sequence}000000 00000000  00 00 0100 02000000 00000000 00000000  0900 0300 ${name} 00 000000`;
    const { client } = clientOf(
      link('1200', '01', '65746830'),
      '14000000 0300 1200 01000000 00000000 00000000',
      link('0200', '02', '65746831'),
      '14000000 0300 0200 02000000 00000000 00000000',
    );
    expect(client.links().map(({ name }) => name)).toEqual(['eth1']);
  });

  test('the socket is closed', () => {
    const { client, transport } = clientOf();
    client.close();
    expect(transport.closed).toBe(true);
  });
});
