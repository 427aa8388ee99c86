/** The fields of a state document that are about the table as a whole: the kernel, timeouts, sync daemons. */

import { unicodeFromBytes } from '../../bytes/unicode';
import { formatVersionWord } from '../../format/version';
import { formatAddress } from '../../model/address';
import { nameOf } from '../../model/flag-names';
import { daemonStates, type SyncDaemon } from '../../model/sync-daemon';
import type { IpvsInfo, Timeouts } from '../../model/table';
import { type Field, type Unknown, unknownField } from './field';

export const kernelFields: readonly Field<IpvsInfo>[] = [
  {
    name: 'version',
    attribute: 'IPVS_INFO_ATTR_VERSION',
    type: 'text',
    summary: 'version of IPVS',
    of: ({ version }) => formatVersionWord(version),
  },
  {
    name: 'connectionTableSize',
    attribute: 'IPVS_INFO_ATTR_CONN_TAB_SIZE',
    type: 'number',
    summary: 'rows of the connection table',
    of: ({ connectionTableSize }) => connectionTableSize,
  },
];

export const timeoutFields: readonly Field<Timeouts>[] = [
  {
    name: 'tcp',
    attribute: 'IPVS_CMD_ATTR_TIMEOUT_TCP',
    type: 'number',
    summary: 'seconds that an idle TCP connection is kept',
    of: ({ tcp }) => tcp,
  },
  {
    name: 'tcpFin',
    attribute: 'IPVS_CMD_ATTR_TIMEOUT_TCP_FIN',
    type: 'number',
    summary: 'seconds, after a FIN',
    of: ({ tcpFin }) => tcpFin,
  },
  {
    name: 'udp',
    attribute: 'IPVS_CMD_ATTR_TIMEOUT_UDP',
    type: 'number',
    summary: 'seconds, UDP',
    of: ({ udp }) => udp,
  },
];

export const daemonFields: readonly Field<SyncDaemon & Unknown>[] = [
  {
    name: 'state',
    attribute: 'IPVS_DAEMON_ATTR_STATE',
    type: '`master`, `backup`',
    summary: 'which side of the synchronisation',
    of: ({ state }) => nameOf(daemonStates, state),
  },
  {
    name: 'interface',
    attribute: 'IPVS_DAEMON_ATTR_MCAST_IFN',
    type: 'text',
    summary: 'multicast interface',
    of: (daemon) => unicodeFromBytes(daemon.interface),
  },
  {
    name: 'syncId',
    attribute: 'IPVS_DAEMON_ATTR_SYNC_ID',
    type: '0..4294967295',
    summary: 'group of daemons that listen to each other',
    absent: '0',
    of: ({ syncId }) => syncId,
  },
  {
    name: 'maxLength',
    attribute: 'IPVS_DAEMON_ATTR_SYNC_MAXLEN',
    type: '1..65535',
    summary: 'longest datagram in bytes',
    absent: "the kernel's choice",
    of: ({ maxLength }) => maxLength,
  },
  {
    name: 'group',
    attribute: 'IPVS_DAEMON_ATTR_MCAST_GROUP, IPVS_DAEMON_ATTR_MCAST_GROUP6',
    type: 'address',
    summary: 'multicast group',
    absent: '224.0.0.81',
    of: ({ group }) => group && formatAddress(group),
  },
  {
    name: 'port',
    attribute: 'IPVS_DAEMON_ATTR_MCAST_PORT',
    type: '1..65535',
    summary: 'UDP port',
    absent: '8848',
    of: ({ port }) => port,
  },
  {
    name: 'ttl',
    attribute: 'IPVS_DAEMON_ATTR_MCAST_TTL',
    type: '1..255',
    summary: 'time to live of the datagrams',
    absent: '1',
    of: ({ ttl }) => ttl,
  },
  unknownField('IPVS_DAEMON_ATTR_*'),
];
