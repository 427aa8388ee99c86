/** From a file and the command line to the steps of a director. */
import type { HostAddress, Link, Route } from '../../host/types';
import { AF_INET6, formatAddress, parseAddress } from '../../model/address';
import { FORWARDING_MASK, forwardingMethods, type RealServer } from '../../model/real-server';
import { protocols } from '../../model/virtual-service';
import { type DirectorOptions, parseVip, type Vip } from '../../setup/director';
import { interfacesFor, isVip } from '../../setup/realserver';
import type { Machine, NatTarget } from '../../setup/step';
import type { ReadState } from '../../state/files/read';
import type { ServiceState } from '../../state/table/table-state';
import { CommandLineError } from '../support/command-line-error';

export interface DirectorFlags {
  readonly interface?: string | undefined;
  readonly vip?: readonly string[] | undefined;
  readonly snat?: boolean | undefined;
}

/** The options for this machine: flags win over the file. @throws CommandLineError with what is missing or wrong. */
export function directorOptions(
  { state: { services = [] }, director = {} }: Pick<ReadState, 'state' | 'director'>,
  flags: DirectorFlags,
  machine: Machine,
  kernel: string,
): DirectorOptions {
  const given = unique(flags.vip ?? director.vips);
  const vips = given?.map(vipOf) ?? addressesOf(services, machine.host.addresses());
  const links = machine.host.links();
  const link = chosenLink(flags.interface ?? director.interface, vips, links, machine.host.routes());
  const masqueraded = services.flatMap(({ service, servers }) =>
    servers.filter(isMasqueraded).map((server) => ({ service, server })),
  );
  return {
    interface: link.name,
    vips,
    kernel,
    forwarding: {
      ipv4: masqueraded.some(({ server }) => server.family !== AF_INET6),
      ipv6: masqueraded.some(({ server }) => server.family === AF_INET6),
    },
    sourceNat: (flags.snat ?? director.snat) ? natTargets(services) : [],
  };
}

function isMasqueraded({ forwarding }: RealServer): boolean {
  return (forwarding & FORWARDING_MASK) === forwardingMethods.masquerading;
}

function vipOf(text: string): Vip {
  const vip = parseVip(text);
  if (!vip || !parseAddress(vip.address)) {
    throw new CommandLineError([`--vip ${text}: must be an address such as 192.0.2.10, or 192.0.2.10/24`]);
  }
  if (isVip(vip.address)) return { ...vip, address: formatAddress(parseAddress(vip.address)!) };
  throw new CommandLineError([`--vip ${text}: a VIP is a unicast address, and not one of loopback`]);
}

/** The addresses of the services, each once, without those that this machine has as its own. */
function addressesOf(services: readonly ServiceState[], present: readonly HostAddress[]): Vip[] {
  const texts = services.flatMap(({ service: { key } }) =>
    key.kind === 'address' ? [formatAddress(key.address)] : [],
  );
  const own = new Set(
    present
      .filter(({ address, prefix }) => prefix < address.length * 8)
      .map(({ address }) => formatAddress(address)),
  );
  return [...new Set(texts)]
    .filter((address) => isVip(address) && !own.has(address))
    .map((address) => ({ address, prefix: address.includes(':') ? 128 : 32 }));
}

function chosenLink(
  name: string | undefined,
  vips: readonly Vip[],
  links: readonly Link[],
  routes: readonly Route[],
): Link {
  const names = links.map((link) => link.name).join(', ');
  if (name !== undefined) {
    const link = links.find((each) => each.name === name);
    if (link) return link;
    throw new CommandLineError([`--interface ${name}: this machine has ${names}`]);
  }
  const fitting = interfacesFor(
    vips.map(({ address }) => address),
    links,
    routes,
  );
  if (fitting.length === 1) return fitting[0]!;
  const candidates = fitting.map((link) => link.name).join(', ') || names;
  throw new CommandLineError([`which interface gets the VIPs? name it with --interface: ${candidates}`]);
}

/** Each real server and port of masquerading, once. */
function natTargets(services: readonly ServiceState[]): NatTarget[] {
  const targets = new Map<string, NatTarget>();
  for (const { service, servers } of services) {
    if (service.key.kind !== 'address') continue;
    const protocol = protocolNames.get(service.key.protocol);
    if (!protocol) continue;
    for (const server of servers.filter(isMasqueraded)) {
      const target = { protocol, address: formatAddress(server.address), port: server.port };
      targets.set(JSON.stringify(target), target);
    }
  }
  return [...targets.values()];
}

const protocolNames = new Map<number, NatTarget['protocol']>([
  [protocols.tcp, 'tcp'],
  [protocols.udp, 'udp'],
  [protocols.sctp, 'sctp'],
]);

function unique(vips: readonly string[] | undefined): readonly string[] | undefined {
  return vips && [...new Set(vips)];
}
