/** The fields of a real server in a state document. */

import { tunnelFlagNames } from '../../model/flag-names';
import { defaults } from '../../model/limits';
import {
  FORWARDING_MASK,
  forwardingMethods,
  type ListedServer,
  type Tunnel,
  tunnelTypes,
} from '../../model/real-server';
import type { MaybeUnknown } from '../table/listed-state';
import type { FieldOf } from './field';
import { address, flagBits, oneOfOrInteger, s32, u16, u32 } from './kinds';
import { familyName, statisticsType, unknownField } from './shared-fields';

const tunnelFields = [
  {
    name: 'type',
    kind: oneOfOrInteger(tunnelTypes, 0xff),
    attribute: 'IPVS_DEST_ATTR_TUN_TYPE',
    summary: 'encapsulation',
    default: tunnelTypes.ipip,
  },
  {
    name: 'port',
    kind: u16,
    attribute: 'IPVS_DEST_ATTR_TUN_PORT',
    summary: 'UDP port of a gue tunnel',
    default: 0,
    of: ({ port }) => port || undefined,
  },
  {
    name: 'flags',
    kind: flagBits(tunnelFlagNames, 0xffff),
    attribute: 'IPVS_DEST_ATTR_TUN_FLAGS',
    summary: '`checksum`, `remote-checksum` of gue and gre; bits without a name as `0x4`',
    default: 0,
  },
] as const satisfies readonly FieldOf<Tunnel>[];

const connectionCountFields = [
  {
    name: 'active',
    property: 'activeConnections',
    kind: u32,
    attribute: 'IPVS_DEST_ATTR_ACTIVE_CONNS',
    summary: 'active connections',
    required: true,
  },
  {
    name: 'inactive',
    property: 'inactiveConnections',
    kind: u32,
    attribute: 'IPVS_DEST_ATTR_INACT_CONNS',
    summary: 'inactive connections',
    required: true,
  },
  {
    name: 'persistent',
    property: 'persistentConnections',
    kind: u32,
    attribute: 'IPVS_DEST_ATTR_PERSIST_CONNS',
    summary: 'persistent connections',
    required: true,
  },
] as const satisfies readonly FieldOf<ListedServer>[];

export const serverFields = [
  {
    name: 'family',
    kind: familyName,
    attribute: 'IPVS_DEST_ATTR_ADDR_FAMILY',
    summary: 'address family; one other than that of the service requires `tunneling`',
    absent: 'that of `address`',
  },
  {
    name: 'address',
    kind: address,
    attribute: 'IPVS_DEST_ATTR_ADDR',
    summary: 'address of the real server',
    required: true,
  },
  {
    name: 'port',
    kind: u16,
    attribute: 'IPVS_DEST_ATTR_PORT',
    summary: 'port of the real server',
    absent: 'that of the service',
  },
  {
    name: 'forwarding',
    kind: oneOfOrInteger(forwardingMethods, FORWARDING_MASK),
    attribute: 'IPVS_DEST_ATTR_FWD_METHOD',
    summary: 'forwarding method; `gatewaying` is direct routing',
    default: forwardingMethods.gatewaying,
  },
  {
    name: 'weight',
    kind: s32,
    attribute: 'IPVS_DEST_ATTR_WEIGHT',
    summary: 'capacity; 0 for no new connections',
    default: defaults.weight,
  },
  {
    name: 'upperThreshold',
    kind: s32,
    attribute: 'IPVS_DEST_ATTR_U_THRESH',
    summary: 'connections above which the server gets no new ones; 0: no limit',
    default: 0,
  },
  {
    name: 'lowerThreshold',
    kind: s32,
    attribute: 'IPVS_DEST_ATTR_L_THRESH',
    summary: 'connections below which the server gets new ones again; 0: three quarters of `upperThreshold`',
    default: 0,
  },
  { name: 'tunnel', object: { fields: tunnelFields }, when: hasTunnel },
  { name: 'connections', inline: true, object: { fields: connectionCountFields }, counter: true },
  { name: 'statistics', object: statisticsType('IPVS_DEST_ATTR_STATS64'), counter: true },
  unknownField('IPVS_DEST_ATTR_*'),
] as const satisfies readonly FieldOf<ListedServer & MaybeUnknown>[];

export const serverType = { id: 'server', summary: 'a real server', fields: serverFields } as const;

function hasTunnel({ forwarding, tunnel }: Pick<ListedServer, 'forwarding' | 'tunnel'>): boolean {
  return (
    (forwarding & FORWARDING_MASK) === forwardingMethods.tunneling ||
    tunnel.type !== 0 ||
    tunnel.port !== 0 ||
    tunnel.flags !== 0
  );
}
