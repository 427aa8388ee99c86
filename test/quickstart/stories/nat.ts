import { machine, network, webServer } from '../network';
import { directorUp, fetch, openings, rulesOf, section, step, watching } from '../steps';
import type { Story } from '../story';

const vip = '192.0.2.10';

/** NAT: real servers in a network of their own, behind the director. */
export const nat: Story = {
  summary: 'NAT: the director rewrites addresses and ports, and the answers pass it too',
  sections: [
    network('A client, a director with two interfaces, and two web servers in a network of their own', [
      machine('client', 'out', '192.0.2.11/24'),
      {
        name: 'director',
        interfaces: [
          { switch: 'out', addresses: ['192.0.2.1/24'] },
          { switch: 'in', addresses: ['10.0.0.1/24'] },
        ],
      },
      machine('real1', 'in', '10.0.0.17/24', '10.0.0.1'),
      machine('real2', 'in', '10.0.0.18/24', '10.0.0.1'),
    ]),
    section(
      'The real servers serve port 8080; all that NAT wants of them is a default route to the director',
      webServer('real1', 8080),
      webServer('real2', 8080),
      ...['real1', 'real2'].map((place) =>
        step(place, `ipvsadm realserver up ${vip} --method masquerading --director 10.0.0.1`, {
          id: `${place}-up`,
          shows: ['nothing to change'],
        }),
      ),
    ),
    section(
      'The director: kernel settings, the table, and the virtual address, by one command',
      directorUp(rulesOf(`-t ${vip}:80`, 'rr', ['10.0.0.17:8080 -m', '10.0.0.18:8080 -m']), {
        shows: ['net.ipv4.ip_forward', '+ table: 3 changes', `${vip}/32`],
      }),
      step('director', 'ipvsadm -ln', { id: 'list', shows: [/10\.0\.0\.17:8080 +Masq +1/] }),
    ),
    section(
      'One connection at the director: the same packet outside and inside, and its answer',
      watching({ place: 'director', interface: 'any', filter: openings, count: 4 }, [fetch(vip)], {
        id: 'packets',
        shows: [
          /eth0 +In +IP 192\.0\.2\.11\.\d+ > 192\.0\.2\.10\.80/,
          /eth1 +Out +IP 192\.0\.2\.11\.\d+ > 10\.0\.0\.1[78]\.8080/,
          /eth1 +In +IP 10\.0\.0\.1[78]\.8080 > 192\.0\.2\.11\.\d+/,
          /eth0 +Out +IP 192\.0\.2\.10\.80 > 192\.0\.2\.11\.\d+/,
        ],
      }),
    ),
    section(
      'Twenty connections, and what the director counts: packets of both directions',
      step('director', `ipvsadm probe tcp:${vip}:80 --from netns:client --http / --count 20`, {
        id: 'probe',
        shows: ['20 answered, 0 failed', /10\.0\.0\.17:8080 +10 +10/, /10\.0\.0\.18:8080 +10 +10/],
      }),
      step('director', 'sleep 2.1; ipvsadm -ln --stats', {
        id: 'stats',
        shows: [/10\.0\.0\.17:8080 +1[01] /],
      }),
    ),
    section(
      'Everything is taken back',
      step('director', 'ipvsadm director down', { id: 'down' }),
      step('director', 'ipvsadm -ln', { shows: [{ lacks: vip }] }),
    ),
  ],
  conclusion: ['Shown: NAT. The real server sees the client; the client sees only the virtual address.'],
};
