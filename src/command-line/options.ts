/**
 * The options: names, letters, values and summaries, in the order of the help. The classic parser,
 * the legality check, the flags of subcommands, the help and the completion are made from this
 * table.
 */
import { formatAddress } from '../model/address';
import { defaults, formatRange, limits } from '../model/limits';
import { tunnelTypes } from '../model/real-server';
import { schedulerFlagNames, schedulerOfFlag } from '../model/scheduler-flags';
import { DEFAULT_SCHEDULER, persistenceEngines, schedulerNames } from '../model/schedulers';

/**
 * The names of options in messages, in the order of the legality check: the first option that a
 * command lacks or must not have is the one reported.
 */
export const optionNames = [
  'numeric',
  'connection',
  'service-address',
  'scheduler',
  'persistent',
  'netmask',
  'real-server',
  'forwarding-method',
  'weight',
  'u-threshold',
  'l-threshold',
  'mcast-interface',
  'timeout',
  'daemon',
  'stats',
  'rate',
  'thresholds',
  'persistent-conn',
  'nosort',
  'syncid',
  'exact',
  'ops',
  'pe',
  'sched-flags',
  'mcast-group',
  'mcast-port',
  'mcast-ttl',
  'sync-maxlen',
  'tun-info',
  'tun-type',
  'tun-port',
  'tun-nocsum',
  'tun-csum',
  'tun-remcsum',
  'json',
] as const;
export type OptionName = (typeof optionNames)[number];

export type OptionLong =
  | Exclude<OptionName, 'service-address' | 'forwarding-method'>
  | 'tcp-service'
  | 'udp-service'
  | 'sctp-service'
  | 'fwmark-service'
  | 'ipv6'
  | 'gatewaying'
  | 'ipip'
  | 'masquerading'
  | 'sort';

export interface OptionSpec {
  readonly long: OptionLong;
  readonly letter?: string;
  /**
   * Its name in messages and in the legality check; an option without one is always legal and
   * repeatable.
   */
  readonly name?: OptionName;
  /** Placeholder of its value; absent if it takes none. */
  readonly argument?: string;
  /** The value is optional. */
  readonly optional?: true;
  /** The values of current kernels, for completion. Other values are left to the kernel. */
  readonly values?: readonly string[];
  /** The flag of subcommands, where it differs from the long option. */
  readonly flag?: string;
  readonly summary: string;
}

export const options: readonly OptionSpec[] = [
  {
    long: 'tcp-service',
    letter: 't',
    name: 'service-address',
    argument: 'ADDRESS[:PORT]',
    flag: 'tcp',
    summary: 'the TCP service of that address and port',
  },
  {
    long: 'udp-service',
    letter: 'u',
    name: 'service-address',
    argument: 'ADDRESS[:PORT]',
    flag: 'udp',
    summary: 'the UDP service of that address and port',
  },
  {
    long: 'sctp-service',
    name: 'service-address',
    argument: 'ADDRESS[:PORT]',
    flag: 'sctp',
    summary: 'the SCTP service of that address and port',
  },
  {
    long: 'fwmark-service',
    letter: 'f',
    name: 'service-address',
    argument: 'MARK',
    flag: 'fwmark',
    summary: `the service of packets with that firewall mark, ${formatRange(limits.fwmark)}`,
  },
  { long: 'ipv6', letter: '6', summary: 'the firewall mark is for IPv6; must follow -f' },
  {
    long: 'scheduler',
    letter: 's',
    name: 'scheduler',
    argument: 'NAME',
    values: schedulerNames,
    summary: schedulerSummary(),
  },
  {
    long: 'persistent',
    letter: 'p',
    name: 'persistent',
    argument: 'SECONDS',
    optional: true,
    summary: `keep a client on its real server for that time, ${formatRange(limits.persistenceTimeout)} seconds, default ${defaults.persistenceTimeout}`,
  },
  {
    long: 'netmask',
    letter: 'M',
    name: 'netmask',
    argument: 'NETMASK',
    summary: 'clients that persist together: an IPv4 mask, or an IPv6 prefix length',
  },
  {
    long: 'pe',
    name: 'pe',
    argument: 'NAME',
    values: persistenceEngines,
    summary: `persistence engine: ${persistenceEngines.join(', ')}`,
  },
  { long: 'ops', letter: 'o', name: 'ops', summary: 'one-packet scheduling, for UDP and firewall marks' },
  {
    long: 'sched-flags',
    letter: 'b',
    name: 'sched-flags',
    argument: 'FLAGS',
    summary: `scheduler flags, with commas: flag-1..3, ${schedulerFlagNames.filter(schedulerOfFlag).join(', ')}`,
  },
  {
    long: 'real-server',
    letter: 'r',
    name: 'real-server',
    argument: 'ADDRESS[:PORT]',
    summary: "the real server; the port defaults to the service's port",
  },
  {
    long: 'gatewaying',
    letter: 'g',
    name: 'forwarding-method',
    summary: 'direct routing (default)',
  },
  { long: 'ipip', letter: 'i', name: 'forwarding-method', summary: 'tunneling' },
  { long: 'masquerading', letter: 'm', name: 'forwarding-method', summary: 'masquerading (NAT)' },
  {
    long: 'weight',
    letter: 'w',
    name: 'weight',
    argument: 'WEIGHT',
    summary: `capacity of the real server, 0 (no new connections) to ${limits.weight.max}, default ${defaults.weight}`,
  },
  {
    long: 'u-threshold',
    letter: 'x',
    name: 'u-threshold',
    argument: 'CONNECTIONS',
    summary: 'no new connections above this number; 0: no limit (default)',
  },
  {
    long: 'l-threshold',
    letter: 'y',
    name: 'l-threshold',
    argument: 'CONNECTIONS',
    summary: 'new connections again below this number; 0: three quarters of -x (default)',
  },
  {
    long: 'tun-type',
    name: 'tun-type',
    argument: 'TYPE',
    values: Object.keys(tunnelTypes),
    summary: 'encapsulation for -i: ipip (default), gue or gre',
  },
  {
    long: 'tun-port',
    name: 'tun-port',
    argument: 'PORT',
    summary: `UDP port of a gue tunnel, ${formatRange(limits.destinationPort)}`,
  },
  { long: 'tun-nocsum', name: 'tun-nocsum', summary: 'gue and gre without checksum' },
  { long: 'tun-csum', name: 'tun-csum', summary: 'gue and gre with checksum' },
  { long: 'tun-remcsum', name: 'tun-remcsum', summary: 'gue with remote checksum' },
  { long: 'numeric', letter: 'n', name: 'numeric', summary: 'addresses and ports as numbers' },
  { long: 'connection', letter: 'c', name: 'connection', summary: 'the current connections' },
  { long: 'timeout', name: 'timeout', summary: 'the connection timeouts' },
  { long: 'daemon', name: 'daemon', summary: 'the running sync daemons' },
  { long: 'stats', name: 'stats', summary: 'totals of connections, packets and bytes' },
  { long: 'rate', name: 'rate', summary: 'connections, packets and bytes per second' },
  { long: 'thresholds', name: 'thresholds', summary: 'connection thresholds of the real servers' },
  {
    long: 'persistent-conn',
    name: 'persistent-conn',
    summary: 'persistent connections; with -c the persistence engine data',
  },
  { long: 'tun-info', name: 'tun-info', summary: 'tunnel data of the real servers' },
  { long: 'nosort', name: 'nosort', summary: "the kernel's order" },
  { long: 'sort', summary: 'no effect: sorting is the default' },
  {
    long: 'json',
    name: 'json',
    summary: 'everything the kernel reports, as JSON (docs/state.md); not in the C program',
  },
  { long: 'exact', letter: 'X', name: 'exact', summary: 'counters as exact numbers' },
  {
    long: 'syncid',
    name: 'syncid',
    argument: 'ID',
    summary: `group of sync daemons, ${formatRange(limits.syncId)}, default ${defaults.syncId}`,
  },
  {
    long: 'sync-maxlen',
    name: 'sync-maxlen',
    argument: 'BYTES',
    summary: `longest sync datagram, ${formatRange(limits.syncMaxLength)}`,
  },
  {
    long: 'mcast-interface',
    name: 'mcast-interface',
    argument: 'INTERFACE',
    summary: `interface of the sync daemon, default ${defaults.multicastInterface}`,
  },
  {
    long: 'mcast-group',
    name: 'mcast-group',
    argument: 'ADDRESS',
    summary: `multicast group, IPv4 or IPv6, default ${formatAddress(defaults.multicastGroup)}`,
  },
  {
    long: 'mcast-port',
    name: 'mcast-port',
    argument: 'PORT',
    summary: `UDP port of the multicast group, ${formatRange(limits.destinationPort)}, default ${defaults.multicastPort}`,
  },
  {
    long: 'mcast-ttl',
    name: 'mcast-ttl',
    argument: 'TTL',
    summary: `time to live of multicast packets, ${formatRange(limits.multicastTtl)}, default ${defaults.multicastTtl}`,
  },
];

/** All schedulers as a list in prose, with the default marked. */
function schedulerSummary(): string {
  const names = schedulerNames.map((name) => (name === DEFAULT_SCHEDULER ? `${name} (default)` : name));
  return `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}
