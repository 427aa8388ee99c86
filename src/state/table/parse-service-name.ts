import { AF_INET, AF_INET6, type Family, parseDottedQuad, parseIpv6 } from '../../model/address';
import { isWithin, limits, U16_MAX } from '../../model/limits';
import { protocols } from '../../model/virtual-service';
import { serviceName } from './table-state';

/**
 * The canonical name (`serviceName`) of the service that `text` names; undefined if it is not a
 * service name.
 */
export function parseServiceName(text: string): string | undefined {
  const mark = /^fwmark:([0-9]{1,10})(?::(ipv4|ipv6))?$/.exec(text);
  if (mark) {
    const fwmark = Number(mark[1]);
    const family = mark[2] === 'ipv6' ? AF_INET6 : AF_INET;
    return isWithin(fwmark, limits.fwmark) ? serviceName({ kind: 'fwmark', fwmark, family }) : undefined;
  }
  const parts = /^([a-z]+|[0-9]{1,5}):(?:\[([0-9a-fA-F:.]+)\]|([0-9.]+)):([0-9]{1,5})$/.exec(text);
  if (!parts) return undefined;
  const [, protocol, ipv6, ipv4, port] = parts;
  const number = Object.hasOwn(protocols, protocol!)
    ? protocols[protocol as keyof typeof protocols]
    : Number(protocol);
  const address = ipv6 === undefined ? parseDottedQuad(ipv4!) : parseIpv6(ipv6);
  if (!address || !(number <= U16_MAX) || !isWithin(Number(port), limits.port)) return undefined;
  const family: Family = ipv6 === undefined ? AF_INET : AF_INET6;
  return serviceName({ kind: 'address', protocol: number, family, address, port: Number(port) });
}
