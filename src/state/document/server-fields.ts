/** The fields of a real server in a state document. */
import { formatAddress } from '../../model/address';
import { bitNames, nameOf, tunnelFlagNames } from '../../model/flag-names';
import { FORWARDING_MASK, forwardingMethods, type ListedServer, tunnelTypes } from '../../model/real-server';
import { type Field, familyName, some, statisticsFields, type Unknown, unknownField } from './field';

export const serverFields: readonly Field<ListedServer & Unknown>[] = [
  {
    name: 'family',
    attribute: 'IPVS_DEST_ATTR_ADDR_FAMILY',
    type: '`ipv4`, `ipv6`',
    summary: 'address family; another one than that of the service wants `tunneling`',
    absent: 'that of `address`',
    of: ({ family }) => familyName(family),
  },
  {
    name: 'address',
    attribute: 'IPVS_DEST_ATTR_ADDR',
    type: 'address',
    summary: 'address of the real server',
    of: ({ address }) => formatAddress(address),
  },
  {
    name: 'port',
    attribute: 'IPVS_DEST_ATTR_PORT',
    type: '0..65535',
    summary: 'its port',
    absent: 'that of the service',
    of: ({ port }) => port,
  },
  {
    name: 'forwarding',
    attribute: 'IPVS_DEST_ATTR_FWD_METHOD',
    type: '`masquerading`, `local`, `tunneling`, `gatewaying`, or 4..7',
    summary: 'how packets reach it; `gatewaying` is direct routing',
    absent: '`gatewaying`',
    of: ({ forwarding }) => nameOf(forwardingMethods, forwarding & FORWARDING_MASK) ?? forwarding,
  },
  {
    name: 'weight',
    attribute: 'IPVS_DEST_ATTR_WEIGHT',
    type: '0..2147483647',
    summary: 'capacity; 0 for no new connections',
    absent: '1',
    of: ({ weight }) => weight,
  },
  {
    name: 'upperThreshold',
    attribute: 'IPVS_DEST_ATTR_U_THRESH',
    type: '0..2147483647',
    summary: 'connections above which it gets no new ones; 0: no limit',
    absent: '0',
    of: ({ upperThreshold }) => upperThreshold,
  },
  {
    name: 'lowerThreshold',
    attribute: 'IPVS_DEST_ATTR_L_THRESH',
    type: '0..2147483647',
    summary: 'connections below which it gets new ones again; 0: three quarters of `upperThreshold`',
    absent: '0',
    of: ({ lowerThreshold }) => lowerThreshold,
  },
  {
    name: 'tunnel.type',
    attribute: 'IPVS_DEST_ATTR_TUN_TYPE',
    type: '`ipip`, `gue`, `gre`, or a number',
    summary: 'encapsulation',
    absent: '`ipip`',
    of: (server) =>
      hasTunnel(server) ? (nameOf(tunnelTypes, server.tunnel.type) ?? server.tunnel.type) : undefined,
  },
  {
    name: 'tunnel.port',
    attribute: 'IPVS_DEST_ATTR_TUN_PORT',
    type: '0..65535',
    summary: 'UDP port of a gue tunnel',
    absent: '0',
    of: ({ tunnel }) => tunnel.port || undefined,
  },
  {
    name: 'tunnel.flags',
    attribute: 'IPVS_DEST_ATTR_TUN_FLAGS',
    type: 'list',
    summary: '`checksum`, `remote-checksum` of gue and gre; bits without a name as `0x4`',
    absent: 'none',
    of: ({ tunnel }) => some(bitNames(tunnel.flags, tunnelFlagNames)),
  },
  {
    name: 'connections.active',
    attribute: 'IPVS_DEST_ATTR_ACTIVE_CONNS',
    type: 'number',
    summary: 'active connections',
    counter: true,
    of: ({ activeConnections }) => activeConnections,
  },
  {
    name: 'connections.inactive',
    attribute: 'IPVS_DEST_ATTR_INACT_CONNS',
    type: 'number',
    summary: 'inactive connections',
    counter: true,
    of: ({ inactiveConnections }) => inactiveConnections,
  },
  {
    name: 'connections.persistent',
    attribute: 'IPVS_DEST_ATTR_PERSIST_CONNS',
    type: 'number',
    summary: 'persistent connections',
    counter: true,
    of: ({ persistentConnections }) => persistentConnections,
  },
  ...statisticsFields('IPVS_DEST_ATTR_STATS64'),
  unknownField('IPVS_DEST_ATTR_*'),
];

function hasTunnel({ forwarding, tunnel }: ListedServer): boolean {
  return (
    (forwarding & FORWARDING_MASK) === forwardingMethods.tunneling ||
    tunnel.type !== 0 ||
    tunnel.port !== 0 ||
    tunnel.flags !== 0
  );
}
