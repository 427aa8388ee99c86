/** From a file and the command line to the steps of a director. */
import type { Link, Route } from '../../host/types';
import { AF_INET6, formatAddress, parseAddress } from '../../model/address';
import { FORWARDING_MASK, forwardingMethods, type RealServer } from '../../model/real-server';
import { protocols } from '../../model/virtual-service';
import { type DirectorOptions, parseVip, type Vip } from '../../setup/director';
import { interfacesFor } from '../../setup/realserver';
import type { Machine, NatTarget } from '../../setup/step';
import type { ServiceState, TableState } from '../../state/table/table-state';
import { CommandLineError } from '../support/command-line-error';

export interface DirectorFlags {
  readonly interface?: string | undefined;
  readonly vip?: readonly string[] | undefined;
  readonly snat?: boolean | undefined;
}

/** The options for this machine. @throws CommandLineError with what is missing or wrong. */
export function directorOptions(
  { services = [] }: TableState,
  flags: DirectorFlags,
  machine: Machine,
  kernel: string,
): DirectorOptions {
  const vips = flags.vip?.map(vipOf) ?? addressesOf(services);
  const links = machine.host.links();
  const link = chosenLink(flags.interface, vips, links, machine.host.routes());
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
    sourceNat: flags.snat ? natTargets(services) : [],
  };
}

function isMasqueraded({ forwarding }: RealServer): boolean {
  return (forwarding & FORWARDING_MASK) === forwardingMethods.masquerading;
}

function vipOf(text: string): Vip {
  const vip = parseVip(text);
  if (vip && parseAddress(vip.address)) return vip;
  throw new CommandLineError([`--vip ${text}: must be an address such as 192.0.2.10, or 192.0.2.10/24`]);
}

/** The addresses of the services: each once. */
function addressesOf(services: readonly ServiceState[]): Vip[] {
  const texts = services.flatMap(({ service: { key } }) =>
    key.kind === 'address' ? [formatAddress(key.address)] : [],
  );
  return [...new Set(texts)].map((address) => ({ address, prefix: address.includes(':') ? 128 : 32 }));
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
