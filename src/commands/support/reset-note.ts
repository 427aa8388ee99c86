/**
 * What `service edit` and `server edit` reset to a default, because it was not given; and in what an
 * entry differs from one that --exist-ok leaves as it is.
 */
import type { OptionName } from '../../command-line/options';
import { AF_INET, formatIpv4, ipv4FromWord } from '../../model/address';
import { nameOf } from '../../model/flag-names';
import {
  FORWARDING_MASK,
  forwardingMethods,
  type RealServer,
  tunnelFlags,
  tunnelTypes,
} from '../../model/real-server';
import { formatSchedulerFlags, SCHEDULER_FLAGS } from '../../model/scheduler-flags';
import { hostNetmask, serviceFlags, type VirtualService } from '../../model/virtual-service';

/** An option and how its attribute of an entry is given; undefined if the attribute is not set. */
type Shown<T> = readonly (readonly [option: OptionName, show: (entry: T) => string | undefined])[];

const serviceOptions: Shown<VirtualService> = [
  ['scheduler', ({ scheduler }) => `--scheduler ${scheduler}`],
  ['persistent', ({ flags, timeout }) => when(flags & serviceFlags.persistent, `--persistent ${timeout}`)],
  [
    'netmask',
    ({ key, netmask }) =>
      when(
        netmask !== hostNetmask(key.family),
        `--netmask ${key.family === AF_INET ? formatIpv4(ipv4FromWord(netmask)) : netmask}`,
      ),
  ],
  ['pe', ({ persistenceEngine }) => when(persistenceEngine !== '', `--pe ${persistenceEngine}`)],
  ['ops', ({ flags }) => when(flags & serviceFlags.onePacket, '--ops')],
  [
    'sched-flags',
    ({ flags, scheduler }) =>
      when(flags & SCHEDULER_FLAGS, `--sched-flags ${formatSchedulerFlags(flags, scheduler)}`),
  ],
];

const methods = {
  '--masquerading': forwardingMethods.masquerading,
  '--ipip': forwardingMethods.tunneling,
  '--gatewaying': forwardingMethods.gatewaying,
} as const;

const isTunnel = ({ forwarding }: RealServer) =>
  (forwarding & FORWARDING_MASK) === forwardingMethods.tunneling;

const serverOptions: Shown<RealServer> = [
  ['forwarding-method', ({ forwarding }) => nameOf(methods, forwarding & FORWARDING_MASK)],
  ['weight', ({ weight }) => `--weight ${weight}`],
  ['u-threshold', ({ upperThreshold }) => `--u-threshold ${upperThreshold}`],
  ['l-threshold', ({ lowerThreshold }) => `--l-threshold ${lowerThreshold}`],
  [
    'tun-type',
    (server) =>
      when(isTunnel(server), `--tun-type ${nameOf(tunnelTypes, server.tunnel.type) ?? server.tunnel.type}`),
  ],
  [
    'tun-port',
    (server) => when(isTunnel(server) && server.tunnel.port !== 0, `--tun-port ${server.tunnel.port}`),
  ],
  [
    'tun-csum',
    (server) => when(isTunnel(server) && server.tunnel.flags & tunnelFlags.checksum, '--tun-csum'),
  ],
  [
    'tun-remcsum',
    (server) => when(isTunnel(server) && server.tunnel.flags & tunnelFlags.remoteChecksum, '--tun-remcsum'),
  ],
];

function when(condition: boolean | number, text: string): string | undefined {
  return condition ? text : undefined;
}

/** The message of `service edit`; undefined if nothing was reset. */
export function serviceResetNote(
  before: VirtualService,
  after: VirtualService,
  given: ReadonlySet<OptionName>,
): string | undefined {
  const reset = resetOptions(serviceOptions, before, after, given);
  return reset && `${reset}; give what is to stay in every service edit`;
}

/** The message of `server edit`; undefined if nothing was reset. */
export function serverResetNote(
  before: RealServer,
  after: RealServer,
  given: ReadonlySet<OptionName>,
): string | undefined {
  const reset = resetOptions(serverOptions, before, after, given);
  return reset && `${reset}; server set changes only what is given`;
}

function resetOptions<T>(
  shown: Shown<T>,
  before: T,
  after: T,
  given: ReadonlySet<OptionName>,
): string | undefined {
  const reset = shown
    .filter(([option, show]) => !given.has(option) && show(before) !== show(after))
    .flatMap(([, show]) => show(before) ?? []);
  if (reset.length === 0) return undefined;
  return `ipvsadm: not given, and therefore reset to the default: ${reset.join(', ')}`;
}

/** In what a service differs from one that was to be added; undefined if in nothing. */
export function serviceDifference(live: VirtualService, wanted: VirtualService): string | undefined {
  return difference(serviceOptions, live, wanted, 'service set');
}

/** In what a real server differs from one that was to be added; undefined if in nothing. */
export function serverDifference(live: RealServer, wanted: RealServer): string | undefined {
  return difference(serverOptions, live, wanted, 'server set');
}

function difference<T>(shown: Shown<T>, live: T, wanted: T, command: string): string | undefined {
  const parts = shown
    .filter(([, show]) => show(live) !== show(wanted))
    .map(([option, show]) => `${show(live) ?? `no --${option}`} instead of ${show(wanted) ?? 'none'}`);
  return parts.length === 0 ? undefined : `has ${parts.join(', ')}: change it with ${command}`;
}
