/** The ground of several stories: direct routing on one switch, set up by our commands. */
import { machine, network, webServer } from './network';
import { at, section, step } from './steps';
import type { Section, Step } from './story';

export const vip = '10.0.0.13';
export const realServers = { real1: '10.0.0.17', real2: '10.0.0.18', real3: '10.0.0.19' } as const;
type RealServer = keyof typeof realServers;

interface Ground {
  servers: readonly RealServer[];
  /** Clients with addresses of their own, 10.0.4.0 to 10.0.7.255, all on the machine `client`. */
  manyClients?: boolean;
  /** What each real server runs; default: a web server. */
  serving?: (name: RealServer) => readonly Step[];
}

/** Machines on a switch, and real servers that are ready; the director is still to come. */
export function directRouting({ servers, manyClients = false, serving = webServer }: Ground): Section[] {
  const names = ['director', ...servers];
  const clients = [
    ...at('client', 'ip route add local 10.0.4.0/22 dev lo'),
    ...names.flatMap((name) => at(name, 'ip route add 10.0.4.0/22 via 10.0.0.11')),
  ];
  return [
    network(
      `${servers.length + 2} machines on a switch${manyClients ? '; the client has a thousand addresses' : ''}`,
      [
        machine('client', 'lan', '10.0.0.11/24'),
        machine('director', 'lan', '10.0.0.12/24'),
        ...servers.map((name) => machine(name, 'lan', `${realServers[name]}/24`)),
      ],
      manyClients ? clients : [],
    ),
    section(
      'The real servers: one command each',
      servers.flatMap((name) => [
        ...serving(name),
        step(name, `ipvsadm realserver up ${vip}`, {
          id: `${name}-up`,
          shows: ['arp_ignore = 1', 'arp_announce = 2', `${vip}/32 on lo`],
        }),
      ]),
    ),
  ];
}

/** A client, a director at 192.0.2.1, and the real servers behind it, whose gateway it is. */
export function behindDirector(): Section {
  const gateway = '10.0.0.1';
  return network('A client, a director, and three real servers in a network of their own behind it (NAT)', [
    machine('client', 'out', '192.0.2.11/24'),
    {
      name: 'director',
      interfaces: [
        { switch: 'out', addresses: ['192.0.2.1/24'] },
        { switch: 'in', addresses: [`${gateway}/24`] },
      ],
    },
    ...Object.entries(realServers).map(([name, address]) => machine(name, 'in', `${address}/24`, gateway)),
  ]);
}

/** The lines of real servers in the document of a story. */
export function serverLines(
  servers: Readonly<Record<string, string>>,
  forwarding: 'gatewaying' | 'masquerading',
  more = '',
): string {
  return Object.entries(servers)
    .map(
      ([name, address]) => `      - { name: ${name}, address: ${address}, forwarding: ${forwarding}${more} }`,
    )
    .join('\n');
}

/** The service of most stories: what stands below `services:`. */
export function webService(
  address: string,
  servers: Readonly<Record<string, string>>,
  forwarding: 'gatewaying' | 'masquerading',
): string {
  return `  - name: web
    protocol: tcp
    address: ${address}
    port: 80
    scheduler: rr
    check: { type: http }
    servers:
${serverLines(servers, forwarding)}`;
}

/** A server that says the machine's name and waits, on all ports from `first` to `last`. */
export function greeter(first: number, last = first): (name: RealServer) => Step[] {
  return (name) => at(name, `greet ${name} ${last === first ? first : `${first}-${last}`}`);
}
