/**
 * The fields of a state document that describe the table as such: the kernel, timeouts, sync
 * daemons.
 */
import { formatVersionWord } from '../../format/version';
import { formatAddress } from '../../model/address';
import { defaults, limits, nameLengths, U16_MAX } from '../../model/limits';
import { daemonStates, type SyncDaemon } from '../../model/sync-daemon';
import type { IpvsInfo, Timeouts } from '../../model/table';
import type { MaybeUnknown } from '../table/listed-state';
import type { FieldOf } from './field';
import { address, integer, nameOfAtMost, oneOf, text, u32, within } from './kinds';
import { unknownField } from './shared-fields';

export const kernelFields = [
  {
    name: 'version',
    kind: text('a version'),
    attribute: 'IPVS_INFO_ATTR_VERSION',
    summary: 'version of IPVS',
    required: true,
    of: ({ version }) => formatVersionWord(version),
  },
  {
    name: 'connectionTableSize',
    kind: u32,
    attribute: 'IPVS_INFO_ATTR_CONN_TAB_SIZE',
    summary: 'rows of the connection table',
    required: true,
  },
] as const satisfies readonly FieldOf<IpvsInfo>[];

export const timeoutFields = [
  {
    name: 'tcp',
    kind: within(limits.timeout),
    attribute: 'IPVS_CMD_ATTR_TIMEOUT_TCP',
    summary: 'seconds that an idle TCP connection is kept',
    required: true,
  },
  {
    name: 'tcpFin',
    kind: within(limits.timeout),
    attribute: 'IPVS_CMD_ATTR_TIMEOUT_TCP_FIN',
    summary: 'seconds that a TCP connection is kept after a FIN',
    required: true,
  },
  {
    name: 'udp',
    kind: within(limits.timeout),
    attribute: 'IPVS_CMD_ATTR_TIMEOUT_UDP',
    summary: 'seconds that an idle UDP connection is kept',
    required: true,
  },
] as const satisfies readonly FieldOf<Timeouts>[];

export const daemonFields = [
  {
    name: 'state',
    kind: oneOf(daemonStates),
    attribute: 'IPVS_DAEMON_ATTR_STATE',
    summary: 'side of the synchronisation',
    required: true,
  },
  {
    name: 'interface',
    kind: nameOfAtMost(nameLengths.interface, 'the name of an interface'),
    attribute: 'IPVS_DAEMON_ATTR_MCAST_IFN',
    summary: 'multicast interface',
    required: true,
  },
  {
    name: 'syncId',
    kind: u32,
    attribute: 'IPVS_DAEMON_ATTR_SYNC_ID',
    summary: 'group of daemons that listen to each other',
    default: defaults.syncId,
  },
  {
    name: 'maxLength',
    kind: integer(limits.syncMaxLength.min, U16_MAX),
    attribute: 'IPVS_DAEMON_ATTR_SYNC_MAXLEN',
    summary: 'longest datagram in bytes',
    absent: "the kernel's choice",
  },
  {
    name: 'group',
    kind: address,
    attribute: 'IPVS_DAEMON_ATTR_MCAST_GROUP, IPVS_DAEMON_ATTR_MCAST_GROUP6',
    summary: 'multicast group',
    absent: formatAddress(defaults.multicastGroup),
  },
  {
    name: 'port',
    kind: within(limits.destinationPort),
    attribute: 'IPVS_DAEMON_ATTR_MCAST_PORT',
    summary: 'UDP port',
    absent: String(defaults.multicastPort),
  },
  {
    name: 'ttl',
    kind: within(limits.multicastTtl),
    attribute: 'IPVS_DAEMON_ATTR_MCAST_TTL',
    summary: 'time to live of the datagrams',
    absent: String(defaults.multicastTtl),
  },
  unknownField('IPVS_DAEMON_ATTR_*'),
] as const satisfies readonly FieldOf<SyncDaemon & MaybeUnknown>[];
