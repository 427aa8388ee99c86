/**
 * The table of commands and options: the one place that knows their names, letters and values, and which
 * command takes which option. It feeds the classic parser, the legality check, the oclif flags and the help. Names in messages and the order of the checks are ipvsadm's.
 */

export type CommandName =
  | 'add-service'
  | 'edit-service'
  | 'delete-service'
  | 'flush'
  | 'list'
  | 'add-server'
  | 'delete-server'
  | 'edit-server'
  | 'set'
  | 'start-daemon'
  | 'stop-daemon'
  | 'restore'
  | 'save'
  | 'zero'
  | 'help'
  | 'version';

export interface CommandSpec {
  /** What ipvsadm's messages call it. */
  readonly name: CommandName;
  readonly letters: string;
  readonly long: string;
  /** The word command that does the same. */
  readonly words: string;
  /** Placeholder of a value that must follow. */
  readonly argument?: string;
  /** Placeholders of positional values. */
  readonly positional?: string;
  readonly summary: string;
}

export const requestCommands: readonly CommandSpec[] = [
  {
    name: 'add-service',
    letters: 'A',
    long: 'add-service',
    words: 'service add',
    summary: 'add a virtual service',
  },
  {
    name: 'edit-service',
    letters: 'E',
    long: 'edit-service',
    words: 'service edit',
    summary: 'change a virtual service; what is not given is reset',
  },
  {
    name: 'delete-service',
    letters: 'D',
    long: 'delete-service',
    words: 'service delete',
    summary: 'delete a virtual service and its real servers',
  },
  { name: 'flush', letters: 'C', long: 'clear', words: 'clear', summary: 'delete all virtual services' },
  {
    name: 'add-server',
    letters: 'a',
    long: 'add-server',
    words: 'server add',
    summary: 'add a real server to a virtual service',
  },
  {
    name: 'edit-server',
    letters: 'e',
    long: 'edit-server',
    words: 'server edit',
    summary: 'change a real server; what is not given is reset',
  },
  {
    name: 'delete-server',
    letters: 'd',
    long: 'delete-server',
    words: 'server delete',
    summary: 'delete a real server',
  },
  {
    name: 'list',
    letters: 'Ll',
    long: 'list',
    words: 'list',
    summary: 'list services and real servers, connections, timeouts or sync daemons',
  },
  {
    name: 'zero',
    letters: 'Z',
    long: 'zero',
    words: 'zero',
    summary: 'reset the counters of one virtual service, or of all',
  },
  {
    name: 'set',
    letters: '',
    long: 'set',
    words: 'set-timeouts',
    positional: 'TCP TCPFIN UDP',
    summary: 'set the connection timeouts in seconds; 0 keeps one',
  },
  {
    name: 'save',
    letters: 'S',
    long: 'save',
    words: 'save',
    summary: 'write the table as commands that --restore reads',
  },
  {
    name: 'restore',
    letters: 'R',
    long: 'restore',
    words: 'restore',
    summary: 'carry out commands from standard input',
  },
  {
    name: 'start-daemon',
    letters: '',
    long: 'start-daemon',
    words: 'daemon start',
    argument: 'STATE',
    summary: 'start the sync daemon: STATE is master or backup',
  },
  {
    name: 'stop-daemon',
    letters: '',
    long: 'stop-daemon',
    words: 'daemon stop',
    argument: 'STATE',
    summary: 'stop the sync daemon: STATE is master or backup',
  },
  { name: 'help', letters: 'h', long: 'help', words: 'help', summary: 'print this help' },
  { name: 'version', letters: 'v', long: 'version', words: 'version', summary: 'print the version' },
];

/**
 * What the options are called in messages. The order is that of the legality check: the first name that a
 * command misses, or has and must not have, is the one reported.
 */
const optionNames = [
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
  /** Its name in messages and in the legality check; options without one may be given anywhere, repeatedly. */
  readonly name?: OptionName;
  /** Placeholder of its value; none when it takes no value. */
  readonly argument?: string;
  /** The value may be left out. */
  readonly optional?: true;
  /** The values that today's kernels know, for completion; the kernel decides. */
  readonly values?: readonly string[];
  /** The flag of the word commands, where it is not called like the long option. */
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
    summary: 'the service of packets with that firewall mark, 1..4294967295',
  },
  { long: 'ipv6', letter: '6', summary: 'the firewall mark is for IPv6; stands behind -f' },
  {
    long: 'scheduler',
    letter: 's',
    name: 'scheduler',
    argument: 'NAME',
    values: 'rr wrr lc wlc lblc lblcr dh sh sed nq fo ovf mh twos none'.split(' '),
    summary: 'rr, wrr, lc, wlc (default), lblc, lblcr, dh, sh, sed, nq, fo, ovf, mh, twos or none',
  },
  {
    long: 'persistent',
    letter: 'p',
    name: 'persistent',
    argument: 'SECONDS',
    optional: true,
    summary: 'keep a client on its real server for that time, 1..2678400 seconds; usual is 360',
  },
  {
    long: 'netmask',
    letter: 'M',
    name: 'netmask',
    argument: 'NETMASK',
    summary: 'clients that persist together: an IPv4 mask, or an IPv6 prefix length',
  },
  { long: 'pe', name: 'pe', argument: 'NAME', values: ['sip'], summary: 'persistence engine: sip' },
  { long: 'ops', letter: 'o', name: 'ops', summary: 'one-packet scheduling, for UDP and firewall marks' },
  {
    long: 'sched-flags',
    letter: 'b',
    name: 'sched-flags',
    argument: 'FLAGS',
    summary: 'scheduler flags, with commas: flag-1..3, sh-fallback, sh-port, mh-fallback, mh-port',
  },
  {
    long: 'real-server',
    letter: 'r',
    name: 'real-server',
    argument: 'ADDRESS[:PORT]',
    summary: 'the real server; its port is the service port when not said',
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
    summary: 'capacity of the real server, 0 (no new connections) to 2147483647, default 1',
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
    values: ['ipip', 'gue', 'gre'],
    summary: 'encapsulation for -i: ipip (default), gue or gre',
  },
  { long: 'tun-port', name: 'tun-port', argument: 'PORT', summary: 'UDP port of a gue tunnel, 1..65535' },
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
    summary: 'everything the kernel tells, as JSON (docs/state.md); ours, not in C',
  },
  { long: 'exact', letter: 'X', name: 'exact', summary: 'counters as exact numbers' },
  {
    long: 'syncid',
    name: 'syncid',
    argument: 'ID',
    summary: 'group of sync daemons, 0..255, default 0',
  },
  {
    long: 'sync-maxlen',
    name: 'sync-maxlen',
    argument: 'BYTES',
    summary: 'longest sync datagram, 1..65507',
  },
  {
    long: 'mcast-interface',
    name: 'mcast-interface',
    argument: 'INTERFACE',
    summary: 'interface of the sync daemon, default eth0',
  },
  {
    long: 'mcast-group',
    name: 'mcast-group',
    argument: 'ADDRESS',
    summary: 'multicast group, IPv4 or IPv6, default 224.0.0.81',
  },
  {
    long: 'mcast-port',
    name: 'mcast-port',
    argument: 'PORT',
    summary: 'UDP port of the multicast group, 1..65535, default 8848',
  },
  {
    long: 'mcast-ttl',
    name: 'mcast-ttl',
    argument: 'TTL',
    summary: 'time to live of multicast packets, 1..255, default 1',
  },
];

/** How a command takes an option: required, optional, or at most one of those marked so. */
export type Legality = 'required' | 'optional' | 'exclusive';

function legality(marks: {
  required?: readonly OptionName[];
  optional?: readonly OptionName[];
  exclusive?: readonly OptionName[];
}): ReadonlyMap<OptionName, Legality> {
  const map = new Map<OptionName, Legality>();
  for (const mark of ['required', 'optional', 'exclusive'] as const) {
    for (const name of marks[mark] ?? []) map.set(name, mark);
  }
  return map;
}

const nothing = legality({});
const serviceOptions = legality({
  required: ['service-address'],
  optional: ['scheduler', 'persistent', 'netmask', 'ops', 'pe', 'sched-flags'],
});
const serverOptions = legality({
  required: ['service-address', 'real-server'],
  optional: [
    'forwarding-method',
    'weight',
    'u-threshold',
    'l-threshold',
    'tun-type',
    'tun-port',
    'tun-nocsum',
    'tun-csum',
    'tun-remcsum',
  ],
});

/** Which options a command takes; an option that is not named is illegal with it. */
export const legalOptions: Record<CommandName, ReadonlyMap<OptionName, Legality>> = {
  'add-service': serviceOptions,
  'edit-service': serviceOptions,
  'delete-service': legality({ required: ['service-address'] }),
  'add-server': serverOptions,
  'edit-server': serverOptions,
  'delete-server': legality({ required: ['service-address', 'real-server'] }),
  list: legality({
    optional: [
      'numeric',
      'stats',
      'rate',
      'thresholds',
      'persistent-conn',
      'nosort',
      'syncid', // accepted and ignored
      'exact',
      'tun-info',
      'json', // ours
    ],
    exclusive: ['connection', 'service-address', 'timeout', 'daemon'],
  }),
  save: legality({ optional: ['numeric'] }),
  zero: legality({ optional: ['service-address'] }),
  'start-daemon': legality({
    optional: ['syncid', 'mcast-interface', 'mcast-group', 'mcast-port', 'mcast-ttl', 'sync-maxlen'],
  }),
  'stop-daemon': legality({ optional: ['syncid'] }),
  flush: nothing,
  set: nothing,
  restore: nothing,
  help: nothing,
  version: nothing,
};

/** Tunnel options by tunnel type: the same marks, for the second check of add-server and edit-server. */
export const legalTunnelOptions = {
  ipip: nothing,
  gue: legality({ required: ['tun-port'], exclusive: ['tun-nocsum', 'tun-csum', 'tun-remcsum'] }),
  gre: legality({ exclusive: ['tun-nocsum', 'tun-csum'] }),
} as const;
export type TunnelTypeName = keyof typeof legalTunnelOptions;

/** The names of the tunnel options that depend on the tunnel type. */
export const tunnelOptionNames = ['tun-port', 'tun-nocsum', 'tun-csum', 'tun-remcsum'] as const;

/** What is wrong with a set of options. */
export type Violation =
  | { readonly kind: 'missing' | 'illegal'; readonly name: OptionName }
  | { readonly kind: 'conflict'; readonly name: OptionName; readonly other: OptionName };

/** The first thing wrong with the options `given`, in the order of `names`; undefined when all is well. */
export function firstViolation(
  given: ReadonlySet<OptionName>,
  legal: ReadonlyMap<OptionName, Legality>,
  names: readonly OptionName[] = optionNames,
): Violation | undefined {
  let exclusive: OptionName | undefined;
  for (const name of names) {
    const mark = legal.get(name);
    if (!given.has(name)) {
      if (mark === 'required') return { kind: 'missing', name };
    } else if (mark === undefined) {
      return { kind: 'illegal', name };
    } else if (mark === 'exclusive') {
      if (exclusive) return { kind: 'conflict', name, other: exclusive };
      exclusive = name;
    }
  }
  return undefined;
}

/** The summary of a command. */
export function summaryOf(name: CommandName): string {
  return requestCommands.find((command) => command.name === name)!.summary;
}
