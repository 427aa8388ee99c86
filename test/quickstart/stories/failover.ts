import { realServers, vip, webService } from '../ground';
import { machine, network } from '../network';
import { at, section, step, told, until } from '../steps';
import type { Expectation, Step, Story } from '../story';

const directors = { lb03: '10.0.0.12', lb04: '10.0.0.16' } as const;
type Director = keyof typeof directors;
const names = Object.entries(realServers);

const file = `format: ipvsadm-state
version: 2
director:
  interface: eth0
  vips: [${vip}]
  ha:
    engine: keepalived
    name: lb03
    id: 51
    priority: 250
    peers: [${directors.lb04}]
    sync: { syncId: 7 }
services:
${webService(vip, realServers, 'gatewaying')}`;

const others =
  `sed -e 's/name: lb03/name: lb04/' -e 's/priority: 250/priority: 200/' -e 's/${directors.lb04}/${directors.lb03}/' ` +
  '/tmp/lb03.yaml >/tmp/lb04.yaml';

const daemon = (name: Director, more: Omit<Step, 'place' | 'command'> = {}) =>
  step(
    name,
    `ipvsadm director run /tmp/${name}.yaml >>/tmp/${name}.log 2>&1 & echo $! >/tmp/${name}.pid`,
    more,
  );
const event = (place: string, command: string, more: Omit<Step, 'place' | 'command'> = {}) =>
  step(place, `touch /tmp/event; ${command}`, more);
const report = (id: string, after: number, ...shows: Expectation[]) =>
  step('client', `sleep ${after}; traffic report`, { id, shows });
/** The last that a daemon told of its role. */
const becomes = (name: Director, words: string) =>
  until(name, `grep 'role: ' /tmp/${name}.log | tail -n 1 | grep -q 'this director ${words}'`);
const status = (id: string, name: Director, ...shows: Expectation[]) =>
  step(name, 'ipvsadm ha status', { id, shows });
const address = (id: string, name: Director, ...shows: Expectation[]) =>
  step(name, 'ip -o -4 addr show dev eth0', { id, shows });

const LEADS = /role +leader/;
const STANDS_BY = /role +standby/;
const HAS_VIP = `inet ${vip}/32`;
const HAS_NOT: Expectation = { lacks: vip };
const NONE_CUT = 'long connections: none of 20 was cut';
const FEW_LOST = /requests, (none|[1-5]) lost/;

/** The tutorial's two directors, with clients that count what a failover costs them. */
export const failover: Story = {
  summary: 'two directors with one VIP: a hand-over, a machine that is gone, a daemon that hangs',
  needsKeepalived: true,
  sections: [
    { title: 'Each machine has files of its own', steps: ownFiles(), hidden: true },
    network('A client, two directors and three real servers on a switch', [
      machine('client', 'lan', '10.0.0.11/24'),
      ...Object.entries(directors).map(([name, own]) => machine(name, 'lan', `${own}/24`)),
      ...names.map(([name, own]) => machine(name, 'lan', `${own}/24`)),
    ]),
    section(
      'The real servers: a web server each, and the VIP',
      names.flatMap(([name]) => [
        step(name, `serve ${name} 80`),
        step(name, `ipvsadm realserver up ${vip}`, { shows: [`${vip}/32 on lo`] }),
      ]),
    ),
    told(
      section(
        'The file of both directors: name, priority and peer differ',
        step('lb03', `cat >/tmp/lb03.yaml <<'END'\n${file}\nEND`, { id: 'file' }),
        step('lb04', others, { id: 'other' }),
      ),
      'The daemon runs a keepalived of its own, which does nothing but agree with the other one on who',
      "leads. VIP, table, checks and sync daemons are the daemon's. Nothing else has to be set up.",
    ),
    told(
      section(
        'Both daemons: the first one leads, the second one stands by',
        daemon('lb03', { id: 'run' }),
        becomes('lb03', 'leads'),
        daemon('lb04', { id: 'run-other' }),
        becomes('lb04', 'stands by'),
        status('leader', 'lb03', LEADS, `${vip} on eth0`),
        status('standby', 'lb04', STANDS_BY),
        address('vip', 'lb03', HAS_VIP, 'valid_lft'),
        address('no-vip', 'lb04', HAS_NOT),
      ),
      'The VIP is lent for three seconds at a time (valid_lft): a daemon that is dead or hangs loses it by',
      'its own kernel. Both directors have the same table all the time.',
    ),
    told(
      section(
        'Clients that count',
        step('client', `traffic ${vip}:80 8`, { id: 'traffic' }),
        event('client', 'sleep 5; traffic report', { id: 'calm', shows: [NONE_CUT] }),
        step('lb04', 'ipvsadm -Ln --daemon', { id: 'sync', shows: ['backup sync daemon'] }),
        step('lb04', 'ipvsadm -Lnc | grep -c ESTABLISHED', { id: 'entries', shows: [/^[1-9]\d+\n$/] }),
      ),
      'The sync daemon tells lb04 of the connections, which it will need when it leads.',
    ),
    told(
      section(
        'For work on lb03: it hands over',
        event('lb03', 'ipvsadm ha resign', { id: 'resign', shows: ['another director leads'] }),
        becomes('lb04', 'leads'),
        report('resigned', 2, FEW_LOST, NONE_CUT),
        status('relieved', 'lb03', STANDS_BY),
      ),
      'It serves until the other one does. Without another director that is fit, it would stay.',
    ),
    told(
      section(
        'The machine lb04 is gone: no cable, no process',
        event('lab', 'ip link set lb040 down; kill -9 $(ip netns pids lb04) 2>/dev/null; true', {
          id: 'gone',
        }),
        becomes('lb03', 'leads'),
        report('after-gone', 7, /\d+ lost/, NONE_CUT),
        address('vip-again', 'lb03', HAS_VIP),
      ),
      'lb03 misses three adverts, one each second, and takes over within four seconds.',
    ),
    told(
      section(
        'lb04 is back, and takes nothing',
        step('lab', 'ip link set lb040 up', { untold: true }),
        step('lb04', `ip addr flush dev eth0 to ${vip}; : >/tmp/lb04.log`, { untold: true }),
        event('lb04', `ipvsadm director run /tmp/lb04.yaml >>/tmp/lb04.log 2>&1 & echo $! >/tmp/lb04.pid`, {
          id: 'back',
        }),
        becomes('lb04', 'stands by'),
        report('after-back', 5, 'requests, none lost', NONE_CUT),
        status('stays', 'lb03', LEADS),
      ),
      'A change back would cost requests, too: there is no preemption, unless the file asks for it.',
    ),
    told(
      section(
        'The daemon of lb03 hangs, and the machine lives',
        event('lb03', 'kill -STOP $(cat /tmp/lb03.pid)', { id: 'hangs' }),
        becomes('lb04', 'leads'),
        report('after-hangs', 4, NONE_CUT),
        address('vip-gone', 'lb03', HAS_NOT),
        address('vip-there', 'lb04', HAS_VIP),
        step('lb03', ': >/tmp/lb03.log; kill -CONT $(cat /tmp/lb03.pid)', { id: 'moves' }),
        becomes('lb03', 'stands by'),
        status('moves-again', 'lb03', STANDS_BY),
      ),
      'keepalived alone would leave the VIP on both machines here. The kernel of lb03 has taken it away.',
    ),
    told(
      section(
        'The daemon of lb04 is stopped: another director takes over first',
        event('lb04', 'ipvsadm director stop', { id: 'stop', shows: ['the table stays'] }),
        becomes('lb03', 'leads'),
        report('after-stop', 2, FEW_LOST, NONE_CUT),
      ),
    ),
    section('In all', step('client', 'traffic end', { id: 'all', shows: [NONE_CUT] })),
  ],
  conclusion: [
    'Shown: four failovers of two directors, and 20 connections that lived through all of them.',
    'docs/high-availability.md has the figures, and what is not protected.',
  ],
};

/** In the lab machines share their files: each director gets /run/ipvsadm and /var/lib/ipvsadm of its own. */
function ownFiles(): Step[] {
  const wrapper = [
    '#!/bin/sh',
    'own=/tmp/files/$(ip netns identify)',
    'mkdir -p "$own/run" "$own/lib" /run/ipvsadm',
    'exec unshare -m sh -c \'mount --bind $0/run /run/ipvsadm && mount --bind $0/lib /var/lib/ipvsadm && exec /tmp/ipvsadm "$@"\' "$own" "$@"',
  ];
  return at(
    'lab',
    'mkdir -p /var/lib/ipvsadm /run/ipvsadm && mount -t tmpfs tmpfs /usr/local/sbin',
    'ln -s "$KEEPALIVED" /usr/local/sbin/keepalived',
    'mv /tmp/bin/ipvsadm /tmp/ipvsadm',
    `cat >/tmp/bin/ipvsadm <<'END'\n${wrapper.join('\n')}\nEND`,
    'chmod +x /tmp/bin/ipvsadm',
  );
}
