/** The machines of a story: network namespaces, joined by bridges. */
import { at, section, until } from './steps';
import type { Section, Step } from './story';

export interface Machine {
  name: string;
  /** The interfaces eth0, eth1 and so on. */
  interfaces: readonly Interface[];
  /** The default gateway. */
  via?: string;
  /** It has a name of its own, and files of its own in /run/ipvsadm and /var/lib/ipvsadm. */
  own?: boolean;
}

interface Interface {
  switch: string;
  /** With prefix; the last part of the first is the last byte of the MAC address. */
  addresses: readonly string[];
}

export function machine(name: string, place: string, addresses: string | string[], via?: string): Machine {
  const interfaces = [{ switch: place, addresses: [addresses].flat() }];
  return { name, interfaces, ...(via !== undefined && { via }) };
}

export function network(title: string, machines: readonly Machine[], more: readonly Step[] = []): Section {
  const switches = new Set(machines.flatMap(({ interfaces }) => interfaces.map((each) => each.switch)));
  return section(
    title,
    at('lab', ...[...switches].map((name) => `ip link add ${name} type bridge && ip link set ${name} up`)),
    machines.flatMap(made),
    more,
  );
}

function made({ name, interfaces, via, own }: Machine): Step[] {
  const wires = interfaces.map(
    (each, index) =>
      `ip link add ${name}${index} type veth peer name eth${index} netns ${name} && ` +
      `ip link set ${name}${index} master ${each.switch} up`,
  );
  return [
    ...at('lab', `ip netns add ${name}`, ...wires),
    ...at(name, 'ip link set lo up', ...interfaces.flatMap(addressed)),
    ...(via === undefined ? [] : at(name, `ip route add default via ${via}`)),
    ...(own ? ownFiles(name) : []),
  ];
}

/** A process in whose namespaces the steps of a machine run: play.ts. */
function ownFiles(name: string): Step[] {
  const files = ['/run/ipvsadm', '/var/lib/ipvsadm'];
  const mounts = files.map((path) => `mount -t tmpfs tmpfs ${path}`).join(' && ');
  const inside = `hostname ${name} && ${mounts} && echo $$ >/tmp/${name}.machine && exec sleep 100000`;
  const started = [
    `mkdir -p ${files.join(' ')}`,
    `nsenter --net=/run/netns/${name} unshare -m -u "$0" -c '${inside}' >/dev/null 2>&1 &`,
  ];
  return [...at('lab', started.join('; ')), until('lab', `[ -s /tmp/${name}.machine ]`)];
}

function addressed({ addresses }: Interface, index: number): string[] {
  const link = `eth${index}`;
  return [
    `ip link set ${link} address ${macOf(addresses[0]!, index)} up`,
    ...addresses.map(
      (address) => `ip addr add ${address} dev ${link}${address.includes(':') ? ' nodad' : ''}`,
    ),
  ];
}

/** A MAC address that shows whose it is: 02:00:00:00:00:17 of 10.0.0.17. */
export function macOf(address: string, index = 0): string {
  const [, last = '0'] = /[.:](\w+)\/\d+$/.exec(address) ?? [];
  return `02:00:00:00:0${index}:${last.padStart(2, '0')}`;
}

/** A web server whose only page says the machine's name. */
export function webServer(name: string, port = 80): Step[] {
  return at(
    name,
    `mkdir -p /tmp/${name} && echo "this is ${name}" >/tmp/${name}/index.html && httpd -p ${port} -h /tmp/${name}`,
  );
}
