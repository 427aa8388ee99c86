/**
 * What is wrong with the options of a subcommand taken together, and what would be right. The
 * classic syntax has the C program's messages instead (settings-to-request.ts).
 */

import { AF_INET6, formatAddress } from '../model/address';
import {
  addressVerdict,
  familyAccepted,
  isTunneling,
  onePacketAllowed,
  portReached,
  servicePortAllowed,
  thresholdsInOrder,
} from '../model/kernel-rules';
import { schedulerFlagBit, schedulerFlagBits } from '../model/scheduler-flags';
import { DEFAULT_SCHEDULER } from '../model/schedulers';
import { withBrackets } from './endpoint-problem';
import { legalTunnelOptions, type TunnelTypeName, tunnelOptionNames } from './legal-options';
import { type OptionName, type OptionSpec, options } from './options';
import type { Settings } from './settings';
import { toKey, toServerKey } from './settings-to-request';

/** The options of a command line as they were given, and their values. */
export interface Given {
  readonly settings: Settings;
  /** The values, by the name of the flag. */
  readonly flags: Readonly<Record<string, unknown>>;
}

/** The problems of the options taken together, each with the option to blame. */
export function settingsProblems(given: Given): string[] {
  const { command, schedulerFlags, scheduler } = given.settings;
  switch (command) {
    case 'add-service':
    case 'edit-service':
      return [
        ...found([portMissing, onePacket], given),
        ...schedulerFlagProblems(schedulerFlags, scheduler || DEFAULT_SCHEDULER),
      ];
    case 'add-server':
      return [...found([notUnicast], given), ...serverProblems(given)];
    case 'edit-server':
      return serverProblems(given);
    default:
      return [];
  }
}

type Check = (given: Given) => string | undefined;

function found(checks: readonly Check[], given: Given): string[] {
  return checks.map((check) => check(given)).filter((problem) => problem !== undefined);
}

function serverProblems(given: Given): string[] {
  const { settings } = given;
  return [
    ...found([familyDiffers, bracketsMissing, portIgnored, thresholdsSwapped], given),
    ...tunnelProblems(settings.given, isTunneling(settings), settings.tunnelType, given.flags),
  ];
}

/** An option and its value as they were given: `--weight 3`. */
export function asGiven(flag: string, flags: Given['flags']): string {
  const value = flags[flag];
  return typeof value === 'string' ? `--${flag} ${value}` : `--${flag}`;
}

/** The option that names the service, as it was given. */
function serviceFlag(flags: Given['flags']): string {
  return ['tcp', 'udp', 'sctp', 'fwmark'].find((name) => flags[name] !== undefined) ?? 'tcp';
}

function portMissing({ settings, flags }: Given): string | undefined {
  if (servicePortAllowed({ key: toKey(settings), flags: settings.flags })) return undefined;
  const flag = serviceFlag(flags);
  const text = String(flags[flag]);
  const bracketed = withBrackets(text);
  const subject = asGiven(flag, flags);
  if (bracketed) return `${subject}: an IPv6 address with a port needs brackets: ${bracketed}`;
  const example =
    settings.family === AF_INET6
      ? `[${formatAddress(settings.address)}]:80`
      : `${formatAddress(settings.address)}:80`;
  return `${subject}: a service without a port (all ports) requires persistence: give a port, as in ${example}, or --persistent`;
}

function onePacket({ settings, flags }: Given): string | undefined {
  if (onePacketAllowed({ key: toKey(settings), flags: settings.flags })) return undefined;
  return `--ops and ${asGiven(serviceFlag(flags), flags)}: one-packet scheduling is for UDP and firewall marks: give --udp or --fwmark, or leave --ops out`;
}

/** Each name of the value of --sched-flags that the scheduler does not have among its flags. */
export function schedulerFlagProblems(schedulerFlags: string, scheduler: string): string[] {
  if (schedulerFlags === '') return [];
  const items = schedulerFlags.split(',').filter((item) => item !== '');
  const subject = `--sched-flags ${schedulerFlags}`;
  const known = Object.keys(schedulerFlagBits(scheduler)).join(', ');
  if (items.length === 0) return [`${subject}: names no flag: scheduler ${scheduler} has ${known}`];
  return items
    .filter((item) => schedulerFlagBit(item, scheduler) === undefined)
    .map((item) => `${subject}: scheduler ${scheduler} has no flag '${item}': it has ${known}`);
}

function notUnicast({ settings, flags }: Given): string | undefined {
  if (addressVerdict(settings.serverAddress) !== 'refused') return undefined;
  return `${asGiven('real-server', flags)}: is not a unicast address: give the real server's own address`;
}

function familyDiffers({ settings, flags }: Given): string | undefined {
  const key = toKey(settings);
  const { serverFamily: family, forwarding } = settings;
  if (familyAccepted(key, { family, forwarding })) return undefined;
  const [server, service] = family === AF_INET6 ? ['IPv6', 'IPv4'] : ['IPv4', 'IPv6'];
  return `${asGiven('real-server', flags)}: is ${server}, but the service is ${service}: give an ${service} address, or --ipip, which bridges the two`;
}

/** An IPv6 address whose last group is the port of the service was probably meant to end before it. */
function bracketsMissing({ settings, flags }: Given): string | undefined {
  const text = String(flags['real-server']);
  const bracketed = withBrackets(text);
  if (!bracketed?.endsWith(`]:${settings.port}`) || settings.fwmark !== 0) return undefined;
  return `${asGiven('real-server', flags)}: an IPv6 address with a port needs brackets: ${bracketed}, or [${text}]:${settings.port} if all of it is the address`;
}

/**
 * A port that the C program would silently replace by that of the service.
 * @see keepsServicePort of model/kernel-rules.ts.
 */
function portIgnored({ settings, flags }: Given): string | undefined {
  const key = toKey(settings);
  const { forwarding } = settings;
  const { port } = toServerKey(settings);
  if (portReached(key, { port, forwarding })) return undefined;
  const from = key.kind === 'address' ? key.port : 0;
  const remedy =
    settings.command === 'edit-server'
      ? 'give --masquerading, or use server set, which keeps the method'
      : 'give --masquerading, or leave the port out';
  return `${asGiven('real-server', flags)}: only masquerading changes the port, here from ${from} to ${port}: ${remedy}`;
}

function thresholdsSwapped({ settings, flags }: Given): string | undefined {
  if (thresholdsInOrder(settings)) return undefined;
  const { upperThreshold } = settings;
  const upper = settings.given.has('u-threshold')
    ? asGiven('u-threshold', flags)
    : 'the default of --u-threshold, 0';
  const remedy =
    upperThreshold === 0
      ? 'give a --u-threshold of at least that'
      : `give 0 to ${upperThreshold}, or a larger --u-threshold`;
  return `${asGiven('l-threshold', flags)}: is above ${upper}: ${remedy}`;
}

/**
 * The problems of the tunnel options.
 * @param tunneling whether the real server is tunneled to.
 * @param type the type that its tunnel is to have.
 * @param hasPort whether the tunnel has a port without --tun-port.
 */
export function tunnelProblems(
  given: ReadonlySet<OptionName>,
  tunneling: boolean,
  type: TunnelTypeName,
  flags: Given['flags'],
  hasPort = false,
): string[] {
  const tunnelOptions = options.filter(
    ({ name }) => name?.startsWith('tun-') && name !== 'tun-info' && given.has(name),
  );
  if (tunnelOptions.length === 0) return [];
  if (!tunneling) {
    return tunnelOptions.map(
      ({ long }) => `${asGiven(long, flags)}: is for tunneling only: give --ipip, or leave --${long} out`,
    );
  }
  const legal: ReadonlyMap<OptionName, string> = legalTunnelOptions[type];
  const illegal = tunnelOptions.filter(
    ({ name }) => tunnelOptionNames.some((each) => each === name) && !legal.has(name!),
  );
  const checksums = tunnelOptions
    .filter(({ name }) => legal.get(name!) === 'exclusive')
    .map(({ long }) => `--${long}`);
  return [
    ...illegal.map(
      ({ long }) => `${asGiven(long, flags)}: a tunnel of type ${type} does not take it: ${typesWith(long)}`,
    ),
    ...(checksums.length > 1 ? [`${checksums.join(' and ')} cannot be used together`] : []),
    ...(legal.has('tun-port') && !given.has('tun-port') && !hasPort
      ? [
          `--tun-type ${type}: requires the UDP port of its encapsulation: give --tun-port, such as --tun-port 6080`,
        ]
      : []),
  ];
}

function typesWith(long: OptionSpec['long']): string {
  const types = Object.entries(legalTunnelOptions).filter(
    ([, legal]: [string, ReadonlyMap<OptionName, string>]) => legal.has(long as OptionName),
  );
  return `give --tun-type ${types.map(([type]) => type).join(' or ')}, or leave --${long} out`;
}
