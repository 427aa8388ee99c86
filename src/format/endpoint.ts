import { AF_INET, type Family, formatIpv4, formatIpv6 } from '../model/address';
import { protocols } from '../model/virtual-service';
import type { NameSource } from '../platform/names';

/** ipvsadm's buffer for "address:port": longer texts lose their end. */
const MAX_LENGTH = 59;

/**
 * Where a service, real server or connection lives, as text that is never cut.
 * @param protocol IP protocol number that service names belong to; 0 has none.
 * @param names where names come from; undefined asks for numbers.
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

/** The same, cut as ipvsadm's listings cut it. */
export function formatListedEndpoint(...endpoint: Parameters<typeof formatEndpoint>): string {
  return formatEndpoint(...endpoint).slice(0, MAX_LENGTH);
}

const protocolNames = new Map<number, string>([
  [protocols.tcp, 'TCP'],
  [protocols.udp, 'UDP'],
  [protocols.sctp, 'SCTP'],
]);

/** What listings call an IP protocol; '?' for one that IPVS does not balance. */
export function formatProtocol(protocol: number): string {
  return protocolNames.get(protocol) ?? '?';
}
