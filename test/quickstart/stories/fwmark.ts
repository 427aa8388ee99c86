import { directRouting, greeter, vip } from '../ground';
import { at, directorUp, rulesOf, section, step } from '../steps';
import type { Expectation, Step, Story } from '../story';

const servers = ['10.0.0.17', '10.0.0.18'];
const both = (id: string, from: string, ...shows: Expectation[]): Step =>
  step('client', `visit 1 ${vip}:80,443 ${from}`, { id, shows });
const mark = (port: number) =>
  `tc filter add dev eth0 ingress proto ip prio 1 flower ip_proto tcp dst_ip ${vip} dst_port ${port} action skbedit mark 1`;

/** Two ports as one service. */
export const fwmark: Story = {
  summary: 'a firewall mark makes ports 80 and 443 one service: a client has one server for both',
  sections: [
    ...directRouting({
      servers: ['real1', 'real2'],
      manyClients: true,
      serving: (name) => [...greeter(80)(name), ...greeter(443)(name)],
    }),
    section(
      'Two services: each has persistence of its own',
      directorUp(
        [80, 443].flatMap((port) =>
          rulesOf(
            `-t ${vip}:${port}`,
            'rr -p 20',
            servers.map((server) => `${server}:${port} -g`),
          ),
        ),
      ),
      step('client', `visit 1 ${vip}:80 10.0.4.99`, { id: 'first' }),
      both('two', '10.0.4.1-20', '0 of 20 clients had one server each time'),
    ),
    section(
      'One service: packets to either port get the mark 1 (with nftables: meta mark set 1)',
      at('director', 'tc qdisc add dev eth0 clsact', mark(80), mark(443)),
      directorUp(
        rulesOf(
          '-f 1',
          'rr -p 20',
          servers.map((server) => `${server} -g`),
        ),
        {
          id: 'up-mark',
          shows: ['+ table:'],
        },
        ` --vip ${vip}`,
      ),
      step('director', 'ipvsadm -ln', { id: 'list', shows: [/FWM +1 rr persistent 20/] }),
      both('one', '10.0.5.1-20', '20 of 20 clients had one server each time', 'real1 20, real2 20'),
    ),
    section(
      'The template names the mark in place of an address',
      step('director', "ipvsadm -lnc | grep '10.0.5.1:0 '", {
        id: 'template',
        shows: [/10\.0\.5\.1:0 +0\.0\.0\.1:0/],
      }),
    ),
  ],
  conclusion: ['Shown: a service by firewall mark.'],
};
