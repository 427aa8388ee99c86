import { directRouting, greeter, vip } from '../ground';
import { at, directorUp, rulesOf, section, step } from '../steps';
import type { Expectation, Step, Story } from '../story';

const PORTS = { short: 9001, network: 9002, quiet: 9003 };
const servers = (port: number) => [`10.0.0.17:${port} -g`, `10.0.0.18:${port} -g`];
const service = (port: number, options: string) => rulesOf(`-t ${vip}:${port}`, options, servers(port));

const visit = (id: string, times: number, port: number, from: string, ...shows: Expectation[]): Step =>
  step('client', `visit ${times} ${vip}:${port} ${from}`, { id, shows });

const templates = "ipvsadm -lnc | grep ':0 '";

/** Clients that stay with their real server, and what ends that. */
export const persistence: Story = {
  summary: 'persistence: templates, timeouts, networks of clients, and how to quiesce a server',
  sections: [
    ...directRouting({
      servers: ['real1', 'real2'],
      manyClients: true,
      serving: greeter(PORTS.short, PORTS.quiet),
    }),
    section(
      'Three services: 5 seconds of persistence; the same for networks of clients; 300 seconds',
      directorUp([
        ...service(PORTS.short, 'rr -p 5'),
        ...service(PORTS.network, 'rr -p 5 -M 255.255.255.0'),
        ...service(PORTS.quiet, 'rr -p 300'),
      ]),
      at('director', 'ipvsadm --set 900 2 300'),
      step('director', 'ipvsadm -ln', { id: 'list', shows: ['persistent 5 mask 255.255.255.0'] }),
    ),
    section(
      'A client stays with its server; many clients are spread all the same',
      visit('one', 6, PORTS.short, '10.0.4.200', /^real[12] 6$/m),
      visit('many', 2, PORTS.short, '10.0.4.1-20', '20 of 20 clients', 'real1 20, real2 20'),
    ),
    section(
      'A template, an entry with port 0 as the client, holds it',
      step('director', `${templates} | grep 10.0.4.200`, {
        id: 'template',
        shows: [/10\.0\.4\.200:0 +10\.0\.0\.13:9001 +10\.0\.0\.1[78]:9001/],
      }),
      step('director', 'ipvsadm -ln --persistent-conn', { id: 'persistent' }),
    ),
    section(
      'Eight seconds later the templates are gone: the last connection has ended, and 5 seconds are over',
      at('director', 'sleep 8'),
      step('director', templates, { id: 'gone', status: 1 }),
    ),
    section(
      'With a mask, all clients of a network stay with one server: as a proxy that uses many addresses',
      visit('network', 1, PORTS.network, '10.0.4.1-20', /^real[12] 20$/m),
    ),
    section(
      'A server of weight 0 gets no new clients; its own leave it as director up has set the kernel',
      visit('before', 1, PORTS.quiet, '10.0.4.1-20', 'real1 10, real2 10'),
      at('director', `ipvsadm -e -t ${vip}:${PORTS.quiet} -r 10.0.0.17:${PORTS.quiet} -g -w 0`),
      visit('quiet', 1, PORTS.quiet, '10.0.4.1-20', /^real2 20$/m),
    ),
    section(
      "With the kernel's default they stay, as long as the template lives",
      at(
        'director',
        'sysctl -w net.ipv4.vs.expire_quiescent_template=0',
        `ipvsadm -e -t ${vip}:${PORTS.quiet} -r 10.0.0.17:${PORTS.quiet} -g -w 1`,
      ),
      visit('again', 1, PORTS.quiet, '10.0.5.1-20', 'real1 10, real2 10'),
      at('director', `ipvsadm -e -t ${vip}:${PORTS.quiet} -r 10.0.0.17:${PORTS.quiet} -g -w 0`),
      visit('stay', 1, PORTS.quiet, '10.0.5.1-20', 'real1 10, real2 10'),
    ),
  ],
  conclusion: ['Shown: persistence. A template outlives its connections; its timeout begins with the last.'],
};
