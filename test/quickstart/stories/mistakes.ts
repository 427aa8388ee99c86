import { directRouting, vip } from '../ground';
import { at, directorUp, fetch, openings, rulesOf, section, step, watching } from '../steps';
import type { Expectation, Section, Step, Story } from '../story';

const service = `tcp:${vip}:80`;

interface Mistake {
  id: string;
  title: string;
  made: readonly Step[];
  /** What clients feel; default: nothing is tried. */
  felt?: Step;
  /** Where doctor looks, with which options. */
  doctor: readonly [place: string, options?: string];
  finds: readonly Expectation[];
  mended: readonly Step[];
}

const sections = ({
  id,
  title,
  made,
  felt,
  doctor: [place, options = ''],
  finds,
  mended,
}: Mistake): Section =>
  section(
    title,
    made,
    felt ? { id: `${id}-felt`, ...felt } : [],
    step(place, `ipvsadm doctor${options}`, { id, status: 1, shows: finds }),
    mended,
  );

const probe = (count: number, status: number, ...shows: Expectation[]) =>
  step('client', `ipvsadm probe ${service} --http / --count ${count}`, { status, shows });

const mistakesMade: readonly Mistake[] = [
  {
    id: 'arp',
    title: 'ARP: a real server tells the network that it has the virtual address',
    made: at('real2', 'sysctl -w net.ipv4.conf.all.arp_ignore=0 net.ipv4.conf.eth0.arp_ignore=0'),
    doctor: ['director'],
    finds: ['[vip-elsewhere]', '02:00:00:00:00:18'],
    mended: [
      step('real2', 'ipvsadm doctor --fix', { id: 'arp-fix', shows: ['[rs-arp-ignore]', 'arp_ignore = 1'] }),
    ],
  },
  {
    id: 'prefix',
    title: 'The virtual address as /24 on a real server: the whole subnet seems to be on that machine',
    made: at('real2', `ip addr del ${vip}/32 dev lo`, `ip addr add ${vip}/24 dev lo`),
    doctor: ['real2'],
    finds: ['[rs-vip-prefix]'],
    mended: at('real2', `ip addr del ${vip}/24 dev lo`, `ip addr add ${vip}/32 dev lo`),
  },
  {
    id: 'dead',
    title: 'A real server is dead: its cable is pulled',
    // A neighbour that was there half a minute ago is believed to be there still.
    made: [...at('lab', 'ip link set real20 down'), ...at('director', 'ip neigh flush dev eth0')],
    doctor: ['director'],
    finds: ['[server-dead]', '10.0.0.18:80'],
    mended: at('lab', 'ip link set real20 up'),
  },
  {
    id: 'weights',
    title: 'All weights are 0: every connection is refused',
    made: at(
      'director',
      ...['10.0.0.17', '10.0.0.18'].map((server) => `ipvsadm -e -t ${vip}:80 -r ${server}:80 -g -w 0`),
    ),
    doctor: ['director'],
    finds: ['[all-weights-0]'],
    mended: at(
      'director',
      ...['10.0.0.17', '10.0.0.18'].map((server) => `ipvsadm -e -t ${vip}:80 -r ${server}:80 -g -w 1`),
    ),
  },
  {
    id: 'director-vip',
    title: 'The virtual address is missing on the director',
    made: at('director', `ip addr del ${vip}/32 dev eth0`),
    doctor: ['director'],
    finds: ['[vip-missing]'],
    mended: [
      step('director', 'ipvsadm doctor --fix', {
        id: 'director-vip-fix',
        shows: ['[vip-missing]', `${vip}/32`],
      }),
    ],
  },
  {
    id: 'real-vip',
    title: 'The virtual address is missing on a real server: half of the connections time out',
    made: at('real2', `ip addr del ${vip}/32 dev lo`),
    felt: probe(4, 1, '2 answered, 2 failed'),
    doctor: ['director'],
    finds: ['possible', '10.0.0.18:80', '[vip-missing-on-server]'],
    mended: [
      step('real2', `ipvsadm doctor --vip ${vip} --fix`, { id: 'real-vip-fix', shows: ['[rs-vip-missing]'] }),
    ],
  },
  {
    id: 'closed',
    title: 'The web server is stopped: half of the connections are refused',
    made: at('real2', "kill $(ps | awk '/httpd -p 80 -h .tmp.real2/ && !/awk/ { print $1 }')"),
    felt: probe(2, 1, '1 answered, 1 failed', 'refused'),
    doctor: ['director'],
    finds: ['[port-closed]', '10.0.0.18:80'],
    mended: [],
  },
  {
    id: 'own-address',
    title:
      'The web server is started again, but on its own address alone: the director sees it, clients do not',
    made: at('real2', 'httpd -p 10.0.0.18:80 -h /tmp/real2'),
    felt: probe(2, 1, '1 answered, 1 failed', 'refused'),
    doctor: ['real2', ' --port 80'],
    finds: ['[rs-listens-on-own-address]'],
    mended: at(
      'real2',
      "kill $(ps | awk '/httpd -p 10.0.0.18:80/ && !/awk/ { print $1 }')",
      'httpd -p 80 -h /tmp/real2',
    ),
  },
];

/** Each mistake is made, seen by doctor, and mended. */
export const mistakes: Story = {
  summary: 'the usual mistakes: each is made, found by ipvsadm doctor, and mended',
  sections: [
    ...directRouting({ servers: ['real1', 'real2'] }),
    section(
      'The director; all is well, and doctor finds nothing',
      directorUp(rulesOf(`-t ${vip}:80`, 'rr', ['10.0.0.17:80 -g', '10.0.0.18:80 -g'])),
      step('director', 'ipvsadm doctor', { id: 'well' }),
    ),
    section(
      'How it looks when all is well: the packet comes, and goes on with another MAC address',
      watching({ place: 'director', interface: 'eth0', filter: openings, count: 2 }, [fetch(vip)], {
        id: 'packets',
        shows: [
          /02:00:00:00:00:11 > 02:00:00:00:00:12, .*10\.0\.0\.11\.\d+ > 10\.0\.0\.13\.80/,
          /02:00:00:00:00:12 > 02:00:00:00:00:1[78], .*10\.0\.0\.11\.\d+ > 10\.0\.0\.13\.80/,
        ],
      }),
    ),
    ...mistakesMade.map(sections),
    section(
      'All is well again (until unanswered connections end, for a minute, doctor may still name their server)',
      { ...probe(4, 0, '4 answered, 0 failed'), id: 'again' },
    ),
  ],
  conclusion: ['Shown: eight mistakes. docs/doctor.md has all that doctor finds.'],
};
