/** The one virtual service that an argument names. */
import { isAskedService, parseServiceTarget, type ServiceTarget } from '../../live/table-query';
import { missing, type TableSource } from '../../operations/table-source';
import type { ServiceEntry } from '../../state/table/listed-state';
import { serviceName } from '../../state/table/table-state';
import { CommandLineError } from './command-line-error';

export const SERVICE_DESCRIPTION =
  'a virtual service, such as 192.0.2.10:80, tcp:192.0.2.10:80, udp:[2001:db8::1]:53 or fwmark:7';

/** @throws CommandLineError if `text` is no name of a service. */
export function serviceTargetOf(text: string): ServiceTarget {
  const target = parseServiceTarget(text);
  if (target) return target;
  throw new CommandLineError([
    `${text}: a service is 192.0.2.10:80, tcp:192.0.2.10:80, udp:[2001:db8::1]:53, fwmark:7 or fwmark:7:ipv6`,
  ]);
}

/** The services of that name: several, if it tells no protocol or port. @throws IpvsadmError if there is none. */
export function findServices(
  source: TableSource,
  text: string,
  target: ServiceTarget,
): readonly [ServiceEntry, ...ServiceEntry[]] {
  const query = { services: [target], protocols: [], servers: [], states: [] };
  const there = [...source.entries()];
  const [first, ...others] = there.filter(({ service }) => isAskedService(query, service.key));
  if (!first) throw missing(text, there);
  return [first, ...others];
}

/** @throws IpvsadmError if no service has that name, CommandLineError if several have it. */
export function findService(source: TableSource, text: string, target: ServiceTarget): ServiceEntry {
  const found = findServices(source, text, target);
  if (found.length === 1) return found[0];
  const names = found.map(({ service }) => serviceName(service.key)).join(', ');
  throw new CommandLineError([`${text} names several services: give one of ${names}`]);
}
