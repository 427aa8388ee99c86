/** Which command takes which options, and the check of it, in ipvsadm's order. */
import type { CommandName } from './command-table';
import { type OptionName, optionNames } from './options';

/**
 * How a command takes an option: required, optional, or at most one of those marked `exclusive`.
 */
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

/** The options that each command takes; all others are illegal with it. */
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

/**
 * The tunnel options that each tunnel type takes, for the second check of add-server and
 * edit-server.
 */
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

/**
 * The first violation among the options `given`, in the order of `names`; undefined if they are
 * legal.
 */
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
