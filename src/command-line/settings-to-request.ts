import { usageError } from '../errors/ipvsadm-error';
import {
  familyAccepted,
  isTunneling,
  keepsServicePort,
  onePacketAllowed,
  servicePortAllowed,
} from '../model/kernel-rules';
import { defaults } from '../model/limits';
import { type RealServer, type ServerKey, tunnelTypes } from '../model/real-server';
import { DEFAULT_SCHEDULER } from '../model/schedulers';
import type { ServiceKey, VirtualService } from '../model/virtual-service';
import { CommandLineError } from './command-line-error';
import {
  firstViolation,
  type Legality,
  legalOptions,
  legalTunnelOptions,
  tunnelOptionNames,
} from './legal-options';
import type { OptionName } from './options';
import { listFormats, type Request } from './request';
import { parseSchedulerFlags } from './scheduler-flags';
import { parseTimeout, type Settings } from './settings';

/**
 * Converts the options of a command line to a request. Makes the checks that ipvsadm makes before
 * it contacts the kernel, in the same order.
 * @param positional the arguments that belong to no option.
 * @throws IpvsadmError if a check fails.
 */
export function toRequest(settings: Settings, positional: readonly string[]): Request {
  const timeouts = settings.command === 'set' ? positional.slice(0, 3) : [];
  if (settings.command === 'set' && timeouts.length < 3) {
    throw usageError('--set option requires 3 timeout values');
  }
  const seconds = timeouts.map((text, index) => parseTimeout(text, 0, { positional: index }));
  const [stray] = positional.slice(timeouts.length);
  if (stray !== undefined) {
    throw new CommandLineError(`unexpected argument ${stray}`, { positional: timeouts.length });
  }
  const schedulerFlags = parseSchedulerFlags(settings.schedulerFlags, settings.scheduler);
  checkOptions(settings.given, legalOptions[settings.command], `'${settings.command}' command`);

  switch (settings.command) {
    case 'add-service':
    case 'edit-service':
      return { kind: settings.command, service: toService(settings, schedulerFlags) };
    case 'delete-service':
      return { kind: 'delete-service', key: toKey(settings) };
    case 'add-server':
    case 'edit-server':
      return { kind: settings.command, key: toKey(settings), server: toServer(settings) };
    case 'delete-server':
      return {
        kind: 'delete-server',
        key: toKey(settings),
        server: toServerKey(settings),
      };
    case 'zero':
      return { kind: 'zero', key: toZeroKey(settings) };
    case 'list':
      return toListing(settings);
    case 'save':
      return { kind: 'save', numeric: settings.given.has('numeric') };
    case 'set':
      return {
        kind: 'set-timeouts',
        timeouts: { tcp: seconds[0]!, tcpFin: seconds[1]!, udp: seconds[2]! },
      };
    case 'start-daemon':
      return {
        kind: 'start-daemon',
        daemon: {
          state: settings.daemonState,
          interface: settings.multicastInterface || defaults.multicastInterface,
          syncId: settings.syncId,
          maxLength: settings.syncMaxLength,
          group: settings.multicastGroup,
          port: settings.multicastPort,
          ttl: settings.multicastTtl,
        },
      };
    case 'stop-daemon':
      return {
        kind: 'stop-daemon',
        daemon: { state: settings.daemonState, interface: '', syncId: settings.syncId },
      };
    case 'flush':
    case 'restore':
    case 'help':
    case 'version':
      return { kind: settings.command };
  }
}

/**
 * Checks which options are given.
 * @param where what the options belong to, as it appears in messages.
 * @throws IpvsadmError for the first missing, illegal or conflicting option.
 */
export function checkOptions(
  given: ReadonlySet<OptionName>,
  legal: ReadonlyMap<OptionName, Legality>,
  where: string,
  names?: readonly OptionName[],
): void {
  const violation = firstViolation(given, legal, names);
  if (!violation) return;
  const { name } = violation;
  const error = (message: string) => new CommandLineError(message, { options: [name] });
  switch (violation.kind) {
    case 'missing':
      throw error(`You need to supply the '${name}' option for the ${where}`);
    case 'illegal':
      throw error(`Illegal '${name}' option with the ${where}`);
    case 'conflict':
      throw error(`The option '${name}' conflicts with the '${violation.other}' option in the ${where}`);
  }
}

/** The service that the options identify. */
export function toKey(settings: Settings): ServiceKey {
  const { fwmark, family, protocol, address, port } = settings;
  return fwmark !== 0
    ? { kind: 'fwmark', fwmark, family }
    : { kind: 'address', protocol, family, address, port };
}

/** The real server that the options identify. */
export function toServerKey(settings: Settings): ServerKey {
  return {
    family: settings.serverFamily,
    address: settings.serverAddress,
    port: settings.serverPort,
  };
}

/**
 * The service to zero; undefined, which means all, if none is given or it is 0.0.0.0:0, as in C.
 */
function toZeroKey(settings: Settings): ServiceKey | undefined {
  const named = settings.fwmark !== 0 || settings.port !== 0 || settings.address.some((byte) => byte !== 0);
  return named ? toKey(settings) : undefined;
}

function toService(settings: Settings, schedulerFlags: number): VirtualService {
  const service: VirtualService = {
    key: toKey(settings),
    scheduler: settings.scheduler || DEFAULT_SCHEDULER,
    flags: settings.flags | schedulerFlags,
    timeout: settings.timeout,
    netmask: settings.netmask,
    persistenceEngine: settings.persistenceEngine,
  };
  if (!servicePortAllowed(service)) {
    throw new CommandLineError('Zero port specified for non-persistent service', {
      options: ['service-address'],
    });
  }
  if (!onePacketAllowed(service)) {
    throw new CommandLineError('One-Packet Scheduling is only for UDP virtual services', {
      options: ['ops'],
    });
  }
  return service;
}

const tunnelOptions = ['tun-type', ...tunnelOptionNames] as const;

function toServer(settings: Settings): RealServer {
  const { tunnelType } = settings;
  const key = toKey(settings);
  const server = { ...toServerKey(settings), forwarding: settings.forwarding };
  if (!familyAccepted(key, server)) {
    throw new CommandLineError('Different address family is allowed only for tunneling servers', {
      options: ['real-server'],
    });
  }
  if (!isTunneling(server) && tunnelOptions.some((name) => settings.given.has(name))) {
    throw new CommandLineError('Tunnel options conflict with forward method', { options: tunnelOptions });
  }
  checkOptions(
    settings.given,
    legalTunnelOptions[tunnelType],
    `'${tunnelType}' tunnel type`,
    tunnelOptionNames,
  );
  return {
    ...server,
    port: keepsServicePort(key, server) ? settings.port : server.port,
    weight: settings.weight,
    upperThreshold: settings.upperThreshold,
    lowerThreshold: settings.lowerThreshold,
    tunnel: {
      type: tunnelTypes[tunnelType],
      port: settings.tunnelPort,
      flags: settings.tunnelFlags,
    },
  };
}

function toListing(settings: Settings): Request {
  const { given } = settings;
  const has = (name: OptionName) => given.has(name);
  const other = has('connection') || has('timeout') || has('daemon');
  const countersAsked = has('stats') || has('rate') || has('thresholds');
  if ((other && countersAsked) || ((has('timeout') || has('daemon')) && has('persistent-conn'))) {
    throw usageError('options conflicts in the list command');
  }
  const numeric = has('numeric');
  const json: { json?: true } = has('json') ? { json: true } : {};
  if (has('connection')) {
    return { kind: 'list-connections', numeric, engineData: has('persistent-conn'), ...json };
  }
  if (has('timeout')) return { kind: 'list-timeouts', ...json };
  if (has('daemon')) return { kind: 'list-daemons', ...json };
  return {
    kind: 'list-services',
    key: has('service-address') ? toKey(settings) : undefined,
    format: listFormats.find(has) ?? 'plain',
    numeric,
    exact: has('exact'),
    sorted: !has('nosort'),
    ...json,
  };
}
