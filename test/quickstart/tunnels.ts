/** The stories of the tunnels differ in the encapsulation alone. */
import { machine, network, webServer } from './network';
import { at, directorUp, fetch, rulesOf, section, step, watching } from './steps';
import type { Expectation, Section } from './story';

const vip = '10.1.0.13';

export interface Tunnel {
  /** As `realserver up --method` names it. */
  method: 'tunnel' | 'gue' | 'gre';
  /** What `ipvsadm -a` wants besides -i. */
  options: string;
  /** An expression of pcap-filter(7) for the encapsulated packets. */
  filter: string;
  device: string;
  packet: Expectation;
}

export function tunnelSections({ method, options, filter, device, packet }: Tunnel): Section[] {
  return [
    network(
      'The real servers are in another network, behind a router that is not the director',
      [
        machine('client', 'lan', '10.1.0.11/24', '10.1.0.1'),
        machine('director', 'lan', '10.1.0.12/24', '10.1.0.1'),
        {
          name: 'router',
          interfaces: [
            { switch: 'lan', addresses: ['10.1.0.1/24'] },
            { switch: 'far', addresses: ['10.2.0.1/24'] },
          ],
        },
        machine('real1', 'far', '10.2.0.17/24', '10.2.0.1'),
        machine('real2', 'far', '10.2.0.18/24', '10.2.0.1'),
      ],
      at('router', 'sysctl -w net.ipv4.ip_forward=1'),
    ),
    section(
      'Each real server unpacks, and has the virtual address on the device that does it',
      webServer('real1'),
      webServer('real2'),
      ...['real1', 'real2'].map((place) =>
        step(place, `ipvsadm realserver up ${vip} --method ${method}`, {
          id: `${place}-up`,
          shows: [device, `${vip}/32 on ${device}`, 'rp_filter = 2'],
        }),
      ),
    ),
    section(
      'The director',
      directorUp(
        rulesOf(
          `-t ${vip}:80`,
          'rr',
          ['17', '18'].map((last) => `10.2.0.${last}:80 -i${options}`),
        ),
        { shows: ['+ table: 3 changes'] },
      ),
      step('director', 'ipvsadm -ln', { id: 'list', shows: [/10\.2\.0\.17:80 +Tunnel +1/] }),
    ),
    section(
      'On the far side of the router: the packet in a packet, and the answer, which is plain',
      watching(
        {
          place: 'router',
          interface: 'eth1',
          filter: `${filter} or (tcp and src host ${vip})`,
          count: 2,
        },
        [fetch(vip)],
        {
          id: 'packets',
          shows: [packet, /02:00:00:00:00:1[78] > 02:00:00:00:01:01, .*10\.1\.0\.13\.80 > 10\.1\.0\.11\.\d+/],
        },
      ),
    ),
    section(
      'Both servers answer',
      step('director', `ipvsadm probe tcp:${vip}:80 --from netns:client --http / --count 20`, {
        id: 'probe',
        shows: ['20 answered, 0 failed', /10\.2\.0\.17:80 +10 +10/, /10\.2\.0\.18:80 +10 +10/],
      }),
    ),
    section(
      'Taken back',
      step('real1', 'ipvsadm realserver down', { id: 'down', shows: [device] }),
      step('real1', 'ip -br addr', { shows: [{ lacks: vip }] }),
    ),
  ];
}
