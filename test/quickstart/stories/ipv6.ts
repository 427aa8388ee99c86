import { machine, network, webServer } from '../network';
import { directorUp, fetch, rulesOf, section, step, watching } from '../steps';
import type { Story } from '../story';

const vip = '2001:db8::13';

/** Direct routing with IPv6. */
export const ipv6: Story = {
  summary: 'direct routing with IPv6: no ARP, hence no kernel settings on the real servers',
  sections: [
    network('Four machines on a switch, with IPv6 addresses', [
      machine('client', 'lan', '2001:db8::11/64'),
      machine('director', 'lan', '2001:db8::12/64'),
      machine('real1', 'lan', '2001:db8::17/64'),
      machine('real2', 'lan', '2001:db8::18/64'),
    ]),
    section(
      'The real servers: the virtual address on lo is all',
      webServer('real1'),
      webServer('real2'),
      ...['real1', 'real2'].map((place) =>
        step(place, `ipvsadm realserver up ${vip}`, {
          id: `${place}-up`,
          shows: [`+ address ${vip}/128 on lo`, { lacks: 'arp' }],
        }),
      ),
    ),
    section(
      'The director: an IPv6 address with a port needs brackets',
      directorUp(rulesOf(`-t [${vip}]:80`, 'rr', ['[2001:db8::17]:80 -g', '[2001:db8::18]:80 -g']), {
        shows: ['+ table: 3 changes', `+ address ${vip}/128 on eth0`],
      }),
      step('director', 'ipvsadm -ln', { id: 'list', shows: [/\[2001:db8::17\]:80 +Route +1/] }),
    ),
    section(
      'Who says that he has the virtual address? The director, and nobody else',
      watching(
        { place: 'client', interface: 'eth0', filter: `icmp6[0] == 136 and src host ${vip}`, count: 1 },
        [fetch(`[${vip}]`)],
        { id: 'neighbour', shows: [`${vip} >`, 'neighbor advertisement', '02:00:00:00:00:12 >'] },
      ),
      step('client', `ip -6 neigh show ${vip}`, { id: 'neighbours', shows: ['02:00:00:00:00:12'] }),
    ),
    section(
      'One connection at the director: the packet comes and goes on, with another MAC address',
      watching(
        { place: 'director', interface: 'eth0', filter: `dst host ${vip} and ip6[53] & 2 != 0`, count: 2 },
        [fetch(`[${vip}]`)],
        {
          id: 'packets',
          shows: [
            /02:00:00:00:00:11 > 02:00:00:00:00:12, .*2001:db8::13\.80/,
            /02:00:00:00:00:12 > 02:00:00:00:00:1[78], .*2001:db8::13\.80/,
          ],
        },
      ),
    ),
    section(
      'Both servers answer',
      step('director', `ipvsadm probe tcp:[${vip}]:80 --from netns:client --http / --count 20`, {
        id: 'probe',
        shows: ['20 answered, 0 failed', /\[2001:db8::17\]:80 +10 +10/],
      }),
    ),
  ],
  conclusion: ['Shown: direct routing with IPv6. IPv6 hosts answer neighbours only for the interface asked.'],
};
