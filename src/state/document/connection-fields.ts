/** A connection as a line of JSON: docs/state.md. */

import { unicodeFromBytes } from '../../bytes/unicode';
import type { Connection } from '../../format/connections';
import { formatAddress } from '../../model/address';
import type { Field } from './field';

/** The fields of a connection; `attribute` is the column of /proc/net/ip_vs_conn. */
export const connectionFields: readonly Field<Connection>[] = [
  {
    name: 'protocol',
    attribute: 'Pro',
    type: 'text',
    summary:
      "the kernel's name of the protocol in lower case: `tcp`, `udp`, `sctp`; `ip` for a template of a firewall mark",
    of: ({ protocol }) => unicodeFromBytes(protocol).toLowerCase(),
  },
  ...endpointFields('client', 'From', 'the client'),
  ...endpointFields('virtual', 'To', 'the virtual service'),
  ...endpointFields('server', 'Dest', 'the real server', ({ destination }) => destination),
  {
    name: 'state',
    attribute: 'State',
    type: 'text',
    summary: 'state',
    of: ({ state }) => unicodeFromBytes(state),
  },
  {
    name: 'expires',
    attribute: 'Expires',
    type: 'number',
    summary: 'seconds until it is forgotten',
    of: ({ seconds }) => seconds,
  },
  {
    name: 'persistence.engine',
    attribute: 'PEName',
    type: 'text',
    summary: 'persistence engine',
    of: ({ engine, engineData }) => (engineData === undefined ? undefined : unicodeFromBytes(engine!)),
  },
  {
    name: 'persistence.data',
    attribute: 'PEData',
    type: 'text',
    summary: 'what it knows the client by',
    of: ({ engineData }) => (engineData === undefined ? undefined : unicodeFromBytes(engineData)),
  },
];

function endpointFields(
  name: 'client' | 'virtual' | 'server',
  column: string,
  whose: string,
  of: (connection: Connection) => Connection['client'] = (connection) => connection[name as 'client'],
): readonly Field<Connection>[] {
  return [
    {
      name: `${name}.address`,
      attribute: `${column}IP`,
      type: 'address',
      summary: `address of ${whose}`,
      of: (connection) => formatAddress(of(connection).address),
    },
    {
      name: `${name}.port`,
      attribute: `${column === 'Dest' ? 'D' : column === 'From' ? 'F' : 'T'}Prt`,
      type: '0..65535',
      summary: `port of ${whose}`,
      of: (connection) => of(connection).port,
    },
  ];
}
