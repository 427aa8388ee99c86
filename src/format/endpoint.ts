import { AF_INET, AF_INET6, type Family, formatIpv4, formatIpv6 } from '../model/address';
import { protocols, type ServiceKey } from '../model/virtual-service';
import type { NameSource } from '../platform/names';

/** The size of ipvsadm's buffer for "address:port": longer text is truncated. */
const MAX_LENGTH = 59;

/**
 * The address and port of a service, real server or connection as text, not truncated.
 * @param protocol the IP protocol number for service names; 0 has none.
 * @param names the source of names; undefined for numbers.
 */
export function formatEndpoint(
  endpoint: { readonly family: Family; readonly address: Uint8Array; readonly port: number },
  protocol: number,
  names: NameSource | undefined,
): string {
  const { family, address, port } = endpoint;
  const host = names?.nameOfAddress(address);
  const service = names?.serviceOfPort(port, protocol) ?? port;
  return family === AF_INET
    ? `${host ?? formatIpv4(address)}:${service}`
    : `[${host ?? formatIpv6(address)}]:${service}`;
}

/** Like `formatEndpoint`, but truncated as in ipvsadm's listings. */
export function formatListedEndpoint(...endpoint: Parameters<typeof formatEndpoint>): string {
  return formatEndpoint(...endpoint).slice(0, MAX_LENGTH);
}

const protocolNames = new Map<number, string>([
  [protocols.tcp, 'TCP'],
  [protocols.udp, 'UDP'],
  [protocols.sctp, 'SCTP'],
]);

/** The name of an IP protocol in listings; '?' for one that IPVS does not balance. */
export function formatProtocol(protocol: number): string {
  return protocolNames.get(protocol) ?? '?';
}

/** What people know a virtual service by: its protocol and end point, or its firewall mark. */
export function formatServiceName(key: ServiceKey, names: NameSource | undefined): string {
  return key.kind === 'fwmark'
    ? `FWM ${key.fwmark}${key.family === AF_INET6 ? ' (IPv6)' : ''}`
    : `${formatProtocol(key.protocol)} ${formatEndpoint(key, key.protocol, names)}`;
}
