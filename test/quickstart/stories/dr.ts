import { at, repeat, section } from '../steps';
import type { Step, Story } from '../story';

const virtualAddress = '10.0.0.13';
const service = `${virtualAddress}:80`;

const addresses = { client: '10.0.0.11', director: '10.0.0.12', real1: '10.0.0.17', real2: '10.0.0.18' };
type Host = keyof typeof addresses;
const hosts = Object.keys(addresses) as Host[];

const list: Step = { place: 'director', command: 'ipvsadm -ln' };
const requests = repeat(6, { place: 'client', command: `wget -q -O - http://${virtualAddress}/` });

const persistent = 'A client sends requests to the virtual address and stays with one server';
const alternating = 'The same without persistence: the servers take turns';

/** The expected output of `ipvsadm -ln` before the first request. */
const expectedListing = new RegExp(
  [
    '^IP Virtual Server version 1\\.2\\.1 \\(size=\\d+\\)',
    'Prot LocalAddress:Port Scheduler Flags',
    '  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn',
    `TCP  ${service} wrr persistent 20`,
    `  -> ${addresses.real1}:80                 Route   1      0          0         `,
    `  -> ${addresses.real2}:80                 Route   1      0          0         `,
    '$',
  ].join('\n'),
);

/** The classic LVS tutorial: direct routing to two web servers, by hand as in the textbooks. */
export const dr: Story = {
  summary: 'direct routing, the classic tutorial, by hand: MAC addresses change, answers go straight',
  sections: [
    section(
      'Four machines on a switch: network namespaces, connected by a bridge',
      at('lab', 'ip link add switch type bridge', 'ip link set switch up'),
      ...hosts.map(joinNetwork),
    ),
    section(
      'Two real servers: a web server and the virtual address each, without ARP replies for that address',
      ...(['real1', 'real2'] as const).map(becomeRealServer),
    ),
    section(
      'The director: the virtual address, and a virtual service with 20 seconds of persistence',
      at(
        'director',
        `ip addr add ${virtualAddress}/24 dev eth0`,
        'ipvsadm -C',
        'ipvsadm --set 30 5 60',
        `ipvsadm -A -t ${service} -s wrr -p 20`,
        `ipvsadm -a -t ${service} -r ${addresses.real1}:80 -g -w 1`,
        `ipvsadm -a -t ${service} -r ${addresses.real2}:80 -g -w 1`,
      ),
      { ...list, id: 'list', shows: [expectedListing] },
    ),
    {
      title: 'The C program on the same table',
      hidden: true,
      steps: [{ place: 'director', command: '"$IPVSADM_C" -ln', id: 'genuine' }],
    },
    section(persistent, requests),
    section(alternating, at('director', `ipvsadm -E -t ${service} -s wrr`), requests, [
      { ...list, id: 'after' },
    ]),
  ],
  across: [
    { kind: 'same output', steps: ['list', 'genuine'] },
    { kind: 'one server', section: persistent },
    { kind: 'take turns', section: alternating },
  ],
  conclusion: [
    'Shown: a virtual service on one address, two real servers, persistence, and round robin.',
    'The table was listed byte for byte as by the C program. Next: README.md, then docs/.',
  ],
};

function joinNetwork(host: Host): Step[] {
  return [
    ...at(
      'lab',
      `ip netns add ${host}`,
      `ip link add ${host} type veth peer name eth0 netns ${host}`,
      `ip link set ${host} master switch up`,
    ),
    ...at(host, 'ip link set lo up', 'ip link set eth0 up', `ip addr add ${addresses[host]}/24 dev eth0`),
  ];
}

function becomeRealServer(host: Host): Step[] {
  const quiet = ['all', 'lo'].map(
    (device) => `sysctl -w net.ipv4.conf.${device}.arp_ignore=1 net.ipv4.conf.${device}.arp_announce=2`,
  );
  return at(
    host,
    ...quiet,
    `ip addr add ${virtualAddress}/32 dev lo`,
    `mkdir -p /tmp/${host} && echo "this is ${host}" >/tmp/${host}/index.html`,
    `httpd -p 80 -h /tmp/${host}`,
  );
}
