/** Changes given attributes of a real server and keeps the others: `server set`. */

import { legalTunnelOptions } from '../command-line/legal-options';
import type { OptionName } from '../command-line/options';
import type { Settings } from '../command-line/settings';
import { tunnelProblems } from '../command-line/settings-problems';
import { usageError } from '../errors/ipvsadm-error';
import { formatEndpoint } from '../format/endpoint';
import { nameOf } from '../model/flag-names';
import { familyAccepted, isTunneling, portReached } from '../model/kernel-rules';
import {
  FORWARDING_MASK,
  forwardingMethods,
  type RealServer,
  type ServerKey,
  type Tunnel,
  tunnelFlags,
  tunnelTypes,
} from '../model/real-server';
import type { ServiceKey } from '../model/virtual-service';
import { givenFields, type OptionTable, optionsOf } from './given-fields';

/** The field that each option sets. */
const fields: OptionTable<Omit<RealServer, keyof ServerKey | 'tunnel'>> = {
  'forwarding-method': ({ forwarding }) => ({ forwarding }),
  weight: ({ weight }) => ({ weight }),
  'u-threshold': ({ upperThreshold }) => ({ upperThreshold }),
  'l-threshold': ({ lowerThreshold }) => ({ lowerThreshold }),
};
const tunnelFields: OptionTable<Tunnel> = {
  'tun-type': ({ tunnelType }) => ({ type: tunnelTypes[tunnelType] }),
  'tun-port': ({ tunnelPort }) => ({ port: tunnelPort }),
  'tun-nocsum': () => ({ flags: tunnelFlags.noChecksum }),
  'tun-csum': () => ({ flags: tunnelFlags.checksum }),
  'tun-remcsum': () => ({ flags: tunnelFlags.remoteChecksum }),
};
const methodFlags = {
  masquerading: forwardingMethods.masquerading,
  ipip: forwardingMethods.tunneling,
  gatewaying: forwardingMethods.gatewaying,
} as const;

const settingOptions = [...optionsOf(fields), ...optionsOf(tunnelFields)];

/** The values of a command line, by the name of the flag. */
type Flags = Readonly<Record<string, unknown>>;

/** @throws IpvsadmError, status 2, when no option sets an attribute. */
export function checkSomethingSet({ given }: Settings): void {
  if (settingOptions.some((name) => given.has(name))) return;
  throw usageError(
    'ipvsadm: nothing to change: give --weight, --u-threshold, --l-threshold, a forwarding method, ...',
  );
}

/**
 * `live` with the fields that the options set. Its address and port stay.
 * @param service the virtual service of the real server.
 * @throws IpvsadmError, status 2, when the result is not valid.
 */
export function changedServer(
  live: RealServer,
  service: ServiceKey,
  settings: Settings,
  flags: Flags,
): RealServer {
  const { given } = settings;
  const server = {
    ...live,
    ...givenFields(fields, settings),
    tunnel: { ...kept(live.tunnel, settings), ...givenFields(tunnelFields, settings) },
  };
  if (given.has('forwarding-method')) checkMethod(server, service);
  const problems = invalidTunnel(server, given, flags);
  if (problems.length > 0) throw usageError(problems.map((problem) => `ipvsadm: ${problem}`).join('\n'));
  return server;
}

/** The tunnel's data, without what a newly given type does not use. */
function kept(tunnel: Tunnel, { given, tunnelType }: Settings): Tunnel {
  if (!given.has('tun-type')) return tunnel;
  const legal: ReadonlyMap<OptionName, unknown> = legalTunnelOptions[tunnelType];
  return {
    ...tunnel,
    port: legal.has('tun-port') ? tunnel.port : 0,
    flags:
      tunnel.flags &
      ((legal.has('tun-csum') ? tunnelFlags.checksum : 0) |
        (legal.has('tun-remcsum') ? tunnelFlags.remoteChecksum : 0)),
  };
}

/**
 * Checks a new forwarding method. The classic -e checks the address family, too, and silently
 * changes the port.
 */
function checkMethod(server: RealServer, service: ServiceKey): void {
  const method = `--${nameOf(methodFlags, server.forwarding & FORWARDING_MASK)}`;
  const name = formatEndpoint(server, 0, undefined);
  if (!familyAccepted(service, server)) {
    throw usageError(
      `ipvsadm: ${method}: ${name} and its service are of different address families, which only tunneling bridges: leave ${method} out`,
    );
  }
  if (service.kind === 'fwmark' || portReached(service, server)) return;
  const other = formatEndpoint({ ...server, port: service.port }, 0, undefined);
  throw usageError(
    `ipvsadm: ${method}: only masquerading can change the port, and ${name} has another port than its service: leave ${method} out, or replace ${name} by ${other}`,
  );
}

/** What is wrong with tunnel options for a tunnel: a given one, or that of the real server. */
function invalidTunnel(server: RealServer, given: ReadonlySet<OptionName>, flags: Flags): string[] {
  const { tunnel } = server;
  const type = nameOf(tunnelTypes, tunnel.type);
  if (type === undefined) return []; // another program set a type that we do not know
  return tunnelProblems(given, isTunneling(server), type, flags, tunnel.port !== 0);
}
