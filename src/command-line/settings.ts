import { usageError } from '../errors/ipvsadm-error';
import { AF_INET, AF_INET6, addressWord, type Family } from '../model/address';
import { defaults, limits, MAX_TIMEOUT, nameLengths, type Range } from '../model/limits';
import { forwardingMethods, tunnelFlags, tunnelTypes } from '../model/real-server';
import { daemonStates } from '../model/sync-daemon';
import { hostNetmask, protocols, serviceFlags } from '../model/virtual-service';
import type { NameSource } from '../platform/names';
import { CommandLineError, type Subject } from './command-line-error';
import type { CommandName } from './command-table';
import type { TunnelTypeName } from './legal-options';
import type { OptionLong, OptionName, OptionSpec } from './options';
import {
  parseEndpoint,
  parseIpv4OrName,
  parseMulticastGroup,
  parseNumber,
  parsePrefixLength,
} from './values';

/**
 * The values of the options of one command line that have been read so far. Their order matters, as
 * in ipvsadm.
 */
export interface Settings {
  readonly command: CommandName;
  readonly given: Set<OptionName>;
  /** IP protocol of the service; 0 before an option sets it. */
  protocol: number;
  family: Family;
  fwmark: number;
  address: Uint8Array;
  port: number;
  scheduler: string;
  schedulerFlags: string;
  flags: number;
  timeout: number;
  netmask: number;
  persistenceEngine: string;
  serverFamily: Family;
  serverAddress: Uint8Array;
  serverPort: number;
  forwarding: number;
  weight: number;
  upperThreshold: number;
  lowerThreshold: number;
  tunnelType: TunnelTypeName;
  tunnelPort: number;
  tunnelFlags: number;
  daemonState: number;
  syncId: number;
  syncMaxLength: number | undefined;
  multicastInterface: string;
  multicastGroup: Uint8Array | undefined;
  multicastPort: number | undefined;
  multicastTtl: number | undefined;
}

/** The defaults of ipvsadm for a command line that begins with `command`. */
export function newSettings(command: CommandName): Settings {
  return {
    command,
    given: new Set(),
    protocol: 0,
    family: AF_INET,
    fwmark: 0,
    address: new Uint8Array(4),
    port: 0,
    scheduler: '',
    schedulerFlags: '',
    flags: 0,
    timeout: 0,
    netmask: hostNetmask(AF_INET),
    persistenceEngine: '',
    serverFamily: AF_INET,
    serverAddress: new Uint8Array(4),
    serverPort: 0,
    forwarding: forwardingMethods.gatewaying,
    weight: defaults.weight,
    upperThreshold: 0,
    lowerThreshold: 0,
    tunnelType: 'ipip',
    tunnelPort: 0,
    tunnelFlags: tunnelFlags.noChecksum,
    daemonState: 0,
    syncId: defaults.syncId,
    syncMaxLength: undefined,
    multicastInterface: '',
    multicastGroup: undefined,
    multicastPort: undefined,
    multicastTtl: undefined,
  };
}

/**
 * Applies one option with its value to `settings`.
 * @throws IpvsadmError if the option was given before or its value is invalid.
 */
export function applyOption(
  settings: Settings,
  option: OptionSpec,
  value: string | undefined,
  names: NameSource,
): void {
  if (option.name) {
    if (settings.given.has(option.name)) throw usageError(`multiple '${option.name}' options specified`);
    settings.given.add(option.name);
  }
  setters[option.long]?.(settings, value ?? '', names, value !== undefined);
}

/** Applies the value of --start-daemon or --stop-daemon. @throws IpvsadmError if it is invalid. */
export function applyDaemonState(settings: Settings, state: string): void {
  if (state !== 'master' && state !== 'backup') {
    throw usageError(
      settings.command === 'start-daemon'
        ? 'illegal start-daemon parameter specified'
        : 'illegal start_daemon specified', // ipvsadm's message for --stop-daemon
    );
  }
  settings.daemonState = daemonStates[state];
}

/**
 * Parses a timeout of -p or --set in seconds. @throws CommandLineError about `subject` if it is
 * invalid.
 */
export function parseTimeout(text: string, minimum: 0 | 1, subject: Subject): number {
  const seconds = parseNumber(text, minimum, MAX_TIMEOUT);
  if (seconds === undefined) {
    throw new CommandLineError(`invalid timeout value \`${text}' specified`, subject);
  }
  return seconds;
}

type Setter = (settings: Settings, text: string, names: NameSource, hasValue: boolean) => void;

/**
 * How each option changes the settings. Options that only need to be remembered as given have no
 * setter.
 */
const setters: { readonly [K in OptionLong]?: Setter } = {
  'tcp-service': (settings, text, names) => setService(settings, protocols.tcp, text, names),
  'udp-service': (settings, text, names) => setService(settings, protocols.udp, text, names),
  'sctp-service': (settings, text, names) => setService(settings, protocols.sctp, text, names),
  'fwmark-service': (settings, text) => {
    const fwmark = parseNumber(text, limits.fwmark.min, limits.fwmark.max);
    if (fwmark === undefined) throw usageError(`invalid fwmark value \`${text}' specified`);
    settings.fwmark = fwmark;
    settings.protocol = protocols.tcp; // so that service names of real servers are looked up
    settings.family = AF_INET;
  },
  ipv6: (settings) => {
    if (settings.fwmark === 0) throw usageError('-6 used before -f\n');
    settings.family = AF_INET6;
    settings.netmask = hostNetmask(AF_INET6);
  },
  scheduler: (settings, text) => {
    settings.scheduler = text.slice(0, nameLengths.scheduler);
  },
  persistent: (settings, text, _names, hasValue) => {
    settings.flags |= serviceFlags.persistent;
    settings.timeout = hasValue
      ? parseTimeout(text, 1, { options: ['persistent'] })
      : defaults.persistenceTimeout;
  },
  netmask: (settings, text, names) => {
    if (settings.family === AF_INET6) {
      settings.netmask = known(parsePrefixLength(text), 'illegal ipv6 netmask specified');
      return;
    }
    const mask = known(parseIpv4OrName(text, names), 'illegal virtual server persistent mask specified');
    settings.netmask = addressWord(mask, 0);
  },
  pe: (settings, text) => {
    settings.persistenceEngine = text.slice(0, nameLengths.persistenceEngine);
  },
  ops: (settings) => {
    settings.flags |= serviceFlags.onePacket;
  },
  'sched-flags': (settings, text) => {
    settings.schedulerFlags = text.slice(0, nameLengths.schedulerFlags);
  },
  'real-server': (settings, text, names) => {
    const server = known(
      parseEndpoint(text, settings.protocol, names),
      'illegal real server address[:port] specified',
    );
    settings.serverFamily = server.family;
    settings.serverAddress = server.address;
    settings.serverPort = server.port ?? settings.port;
  },
  gatewaying: (settings) => {
    settings.forwarding = forwardingMethods.gatewaying;
  },
  ipip: (settings) => {
    settings.forwarding = forwardingMethods.tunneling;
  },
  masquerading: (settings) => {
    settings.forwarding = forwardingMethods.masquerading;
  },
  weight: (settings, text) => {
    settings.weight = knownNumber(text, limits.weight, 'weight');
  },
  'u-threshold': (settings, text) => {
    settings.upperThreshold = knownNumber(text, limits.threshold, 'u_threshold');
  },
  'l-threshold': (settings, text) => {
    settings.lowerThreshold = knownNumber(text, limits.threshold, 'l_threshold');
  },
  'tun-type': (settings, text) => {
    if (!Object.hasOwn(tunnelTypes, text)) throw usageError('illegal tunnel type specified');
    settings.tunnelType = text as TunnelTypeName;
  },
  'tun-port': (settings, text) => {
    settings.tunnelPort = knownNumber(text, limits.destinationPort, 'tunnel port');
  },
  'tun-nocsum': (settings) => {
    settings.tunnelFlags |= tunnelFlags.noChecksum;
  },
  'tun-csum': (settings) => {
    settings.tunnelFlags |= tunnelFlags.checksum;
  },
  'tun-remcsum': (settings) => {
    settings.tunnelFlags |= tunnelFlags.remoteChecksum;
  },
  syncid: (settings, text) => {
    settings.syncId = knownNumber(text, limits.syncId, 'syncid');
  },
  'sync-maxlen': (settings, text) => {
    settings.syncMaxLength = knownNumber(text, limits.syncMaxLength, 'sync-maxlen');
  },
  'mcast-interface': (settings, text) => {
    settings.multicastInterface = text.slice(0, nameLengths.interface);
  },
  'mcast-group': (settings, text) => {
    const family = text.includes(':') ? 'IPv6' : 'IPv4';
    settings.multicastGroup = known(parseMulticastGroup(text), `invalid ${family} mcast-group \`${text}'`);
  },
  'mcast-port': (settings, text) => {
    settings.multicastPort = knownNumber(text, limits.destinationPort, 'mcast-port');
  },
  'mcast-ttl': (settings, text) => {
    settings.multicastTtl = knownNumber(text, limits.multicastTtl, 'mcast-ttl');
  },
};

function setService(settings: Settings, protocol: number, text: string, names: NameSource): void {
  settings.protocol = protocol;
  const service = known(
    parseEndpoint(text, protocol, names),
    'illegal virtual server address[:port] specified',
  );
  settings.family = service.family;
  settings.address = service.address;
  settings.port = service.port ?? 0;
  if (service.family === AF_INET6) settings.netmask = hostNetmask(AF_INET6);
}

function known<T>(value: T | undefined, message: string): T {
  if (value === undefined) throw usageError(message);
  return value;
}

function knownNumber(text: string, { min, max }: Range, what: string): number {
  return known(parseNumber(text, min, max), `illegal ${what} specified`);
}
