/** Changes given attributes of a real server and keeps the others: `server set`. */

import { legalTunnelOptions, type TunnelTypeName, tunnelOptionNames } from '../command-line/legal-options';
import type { OptionName } from '../command-line/options';
import type { Settings } from '../command-line/settings';
import { checkOptions } from '../command-line/settings-to-request';
import { usageError } from '../errors/ipvsadm-error';
import { formatEndpoint } from '../format/endpoint';
import { familyAccepted, isTunneling, portReached } from '../model/kernel-rules';
import { type RealServer, type ServerKey, type Tunnel, tunnelFlags, tunnelTypes } from '../model/real-server';
import type { ServiceKey } from '../model/virtual-service';

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
type OptionTable<T> = { readonly [name in OptionName]?: (settings: Settings) => Partial<T> };

const settingOptions = [...Object.keys(fields), ...Object.keys(tunnelFields)] as OptionName[];

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
export function changedServer(live: RealServer, service: ServiceKey, settings: Settings): RealServer {
  const { given } = settings;
  const server = {
    ...live,
    ...merged(fields, settings),
    tunnel: { ...kept(live.tunnel, settings), ...merged(tunnelFields, settings) },
  };
  if (given.has('forwarding-method')) checkMethod(server, service);
  checkTunnel(server, given);
  return server;
}

function merged<T>(table: OptionTable<T>, settings: Settings): Partial<T> {
  const given = (Object.keys(table) as OptionName[]).filter((name) => settings.given.has(name));
  return Object.assign({}, ...given.map((name) => table[name]!(settings))) as Partial<T>;
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
  if (!familyAccepted(service, server)) {
    throw usageError('Different address family is allowed only for tunneling servers');
  }
  if (service.kind === 'fwmark' || portReached(service, server)) return;
  const other = formatEndpoint({ ...server, port: service.port }, 0, undefined);
  throw usageError(
    `ipvsadm: only masquerading can change the port: replace ${formatEndpoint(server, 0, undefined)} by ${other}`,
  );
}

/** Checks that tunnel options come with a tunnel: a given one, or that of the real server. */
function checkTunnel(server: RealServer, given: ReadonlySet<OptionName>): void {
  if (!Object.keys(tunnelFields).some((name) => given.has(name as OptionName))) return;
  if (!isTunneling(server)) {
    throw usageError('Tunnel options conflict with forward method');
  }
  const { tunnel } = server;
  const types = Object.entries(tunnelTypes) as [TunnelTypeName, number][];
  const type = types.find(([, number]) => number === tunnel.type)?.[0];
  if (type === undefined) return; // another program set a type that we do not know
  const legal: ReadonlyMap<OptionName, 'required' | 'optional' | 'exclusive'> = legalTunnelOptions[type];
  const known = legal.has('tun-port') && tunnel.port !== 0 ? new Set([...given, 'tun-port' as const]) : given;
  checkOptions(known, legal, `'${type}' tunnel type`, tunnelOptionNames);
}
