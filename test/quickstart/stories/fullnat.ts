import { machine, network, webServer } from '../network';
import { at, directorUp, fetch, openings, rulesOf, section, step, watching } from '../steps';
import type { Story } from '../story';

const vip = '10.1.0.13';
const table = rulesOf(`-t ${vip}:80`, 'rr', ['10.2.0.17:8080 -m', '10.2.0.18:8080 -m']);
const probe = `ipvsadm probe tcp:${vip}:80 --from netns:client --http /`;

/** NAT of both addresses: real servers behind any gateway answer the director. */
export const fullnat: Story = {
  summary: 'full NAT: the real servers see the director, and need no route to it (kernel with nftables)',
  needsNftables: true,
  sections: [
    network(
      'The real servers are in another network, and their gateway is a router, not the director',
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
    section('The real servers: nothing but a web server', webServer('real1', 8080), webServer('real2', 8080)),
    section(
      'NAT alone: the answers go past the director, and the client takes none of them',
      directorUp(table, { shows: ['net.ipv4.ip_forward', '+ table: 3 changes'] }),
      step('director', `${probe} --count 2 --timeout 2`, {
        id: 'fails',
        status: 1,
        shows: ['0 answered, 2 failed'],
      }),
    ),
    section(
      'With source NAT: IPVS shows its packets to netfilter, and nftables rewrites the source',
      directorUp(
        table,
        { id: 'snat', shows: ['net.ipv4.vs.conntrack = 1', 'nftables table ip ipvsadm'] },
        ' --snat',
      ),
      step('director', 'nft list table ip ipvsadm', { id: 'nft', shows: ['masquerade', '10.2.0.17'] }),
      step('director', `${probe} --count 4`, {
        id: 'probe',
        shows: ['4 answered, 0 failed', /10\.2\.0\.17:8080 +2 +2/],
      }),
    ),
    section(
      'One connection at the director: four addresses',
      watching({ place: 'director', interface: 'any', filter: openings, count: 4 }, [fetch(vip)], {
        id: 'packets',
        shows: [
          /In +IP 10\.1\.0\.11\.\d+ > 10\.1\.0\.13\.80/,
          /Out +IP 10\.1\.0\.12\.\d+ > 10\.2\.0\.1[78]\.8080/,
          /In +IP 10\.2\.0\.1[78]\.8080 > 10\.1\.0\.12\.\d+/,
          /Out +IP 10\.1\.0\.13\.80 > 10\.1\.0\.11\.\d+/,
        ],
      }),
    ),
    section(
      'Taken back',
      step('director', 'ipvsadm director down', { id: 'down', shows: ['nftables'] }),
      step('director', 'nft list tables', { shows: [{ lacks: 'ipvsadm' }] }),
    ),
  ],
  conclusion: ['Shown: full NAT. The price: the real servers do not see the client.'],
};
