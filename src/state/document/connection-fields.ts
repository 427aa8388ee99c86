/**
 * The fields of a connection (a line of `list --connection --json`); `attribute` is its column of
 * /proc/net/ip_vs_conn.
 */
import type { Connection } from '../../format/connections';
import type { FieldOf, ObjectType } from './field';
import { address, text, u16, u32 } from './kinds';

const engineFields = [
  {
    name: 'engine',
    kind: text('a persistence engine'),
    attribute: 'PEName',
    summary: 'persistence engine',
    required: true,
  },
  {
    name: 'data',
    property: 'engineData',
    kind: text('data of a persistence engine'),
    attribute: 'PEData',
    summary: 'data by which the persistence engine recognises the client',
    required: true,
  },
] as const satisfies readonly FieldOf<Connection>[];

export const connectionFields = [
  {
    name: 'protocol',
    kind: text('a protocol'),
    attribute: 'Pro',
    summary:
      "the kernel's name of the protocol in lower case: `tcp`, `udp`, `sctp`; `ip` for a template of a firewall mark",
    required: true,
    of: ({ protocol }) => protocol.toLowerCase(),
  },
  { name: 'client', required: true, object: endpointType('FromIP', 'FPrt', 'the client') },
  { name: 'virtual', required: true, object: endpointType('ToIP', 'TPrt', 'the virtual service') },
  {
    name: 'server',
    property: 'destination',
    required: true,
    object: endpointType('DestIP', 'DPrt', 'the real server'),
  },
  { name: 'state', kind: text('a state'), attribute: 'State', summary: 'state', required: true },
  {
    name: 'expires',
    property: 'seconds',
    kind: u32,
    attribute: 'Expires',
    summary: 'seconds until the connection expires',
    required: true,
  },
  {
    name: 'persistence',
    inline: true,
    object: { fields: engineFields },
    when: ({ engineData }) => engineData !== undefined,
  },
] as const satisfies readonly FieldOf<Connection>[];

export const connectionType = {
  title: 'IPVS connection',
  summary: 'A line of ipvsadm list --connection --json: docs/state.md',
  fields: connectionFields,
} as const satisfies ObjectType;

function endpointType(addressColumn: string, portColumn: string, whose: string) {
  return {
    fields: [
      {
        name: 'address',
        kind: address,
        attribute: addressColumn,
        summary: `address of ${whose}`,
        required: true,
      },
      { name: 'port', kind: u16, attribute: portColumn, summary: `port of ${whose}`, required: true },
    ],
  } as const;
}
