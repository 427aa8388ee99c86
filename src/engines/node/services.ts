import { protocols } from '../../model/virtual-service';

/**
 * The services database, services(5), by IP protocol number. The first entry for a name or port is
 * used.
 */
export interface Services {
  readonly ports: ReadonlyMap<number, ReadonlyMap<string, number>>;
  readonly names: ReadonlyMap<number, ReadonlyMap<number, string>>;
}

/** Parses the text of /etc/services; ignores protocols that IPVS does not balance. */
export function parseServices(text: string): Services {
  const numbers = Object.entries(protocols);
  const ports = new Map(numbers.map(([, number]) => [number, new Map<string, number>()]));
  const names = new Map(numbers.map(([, number]) => [number, new Map<number, string>()]));
  for (const line of text.split('\n')) {
    const [name, portAndProtocol, ...aliases] = line.replace(/#.*/, '').match(/[^ \t\n\v\f\r]+/g) ?? [];
    const match = /^([0-9]+)\/([a-z]+)$/.exec(portAndProtocol ?? '');
    if (!name || !match || !Object.hasOwn(protocols, match[2]!)) continue;
    const number = protocols[match[2] as keyof typeof protocols];
    const port = Number(match[1]);
    if (!names.get(number)!.has(port)) names.get(number)!.set(port, name);
    for (const alias of [name, ...aliases]) {
      if (!ports.get(number)!.has(alias)) ports.get(number)!.set(alias, port);
    }
  }
  return { ports, names };
}
