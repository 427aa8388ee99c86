import { behindDirector, realServers, webService } from '../ground';
import { at, section, step, told, until } from '../steps';
import type { Expectation, Step, Story } from '../story';

const vip = '192.0.2.10';
const names = Object.entries(realServers);

const file = `format: ipvsadm-state
version: 2
services:
${webService(vip, realServers, 'masquerading')}`;

const serve = (name: string, text = 'version 1') => step(name, `serve ${name} 80 "${text}"`);
const daemon = (more: Omit<Step, 'place' | 'command'> = {}) =>
  step(
    'director',
    'ipvsadm director run /tmp/lvs.yaml >>/tmp/director.log 2>&1 & echo $! >/tmp/director.pid',
    more,
  );
const event = (place: string, command: string, more: Omit<Step, 'place' | 'command'> = {}) =>
  step(place, `touch /tmp/event; ${command}`, more);
const report = (id: string, after: number, ...shows: Expectation[]) =>
  step('client', `sleep ${after}; traffic report`, { id, shows });
const allUp = until('director', '[ "$(ipvsadm health | grep -c " up ")" = 3 ]');
const logged = (text: string) => until('director', `grep -q '${text}' /tmp/director.log`);
const director = (id: string, command: string, ...shows: Expectation[]) =>
  step('director', `ipvsadm ${command}`, { id, shows });

const NONE_LOST = 'requests, none lost';
const BOTH = [NONE_LOST, 'long connections: none of 20 was cut'];

/** Failures, a deployment and accidents, with clients that count what they lose. */
export const health: Story = {
  summary: 'the director daemon: dead servers, a deployment, a crash, changes by hand, all under traffic',
  sections: [
    { title: "The daemon's files are this story's own", steps: ownFiles(), hidden: true },
    behindDirector(),
    section('The real servers: a web server each', ...names.map(([name]) => serve(name))),
    told(
      section(
        'The director: a file says what is wanted, and what a healthy server answers',
        step('director', `cat >/tmp/lvs.yaml <<'END'\n${file}\nEND`, { id: 'file' }),
        director('up', 'director up /tmp/lvs.yaml', '+ table: 4 changes'),
      ),
      'The check of the service is inherited by its real servers: a request of HTTP, which has to be',
      'answered with a status of 200 to 299 within one second. Nothing checks yet.',
    ),
    told(
      section(
        'The daemon takes over the table as it is, and begins to check',
        daemon({ id: 'run' }),
        allUp,
        director('health', 'health', /real1 +up .*status 200/, /real2 +up /, /real3 +up /),
        director('status', 'director status', 'generation 1', '0 changes sent'),
      ),
      'Each server is checked every 2 s. The table was right, so that no change was sent. systemd would',
      'run the daemon (docs/daemon.md); here it is a process in the background.',
    ),
    told(
      section(
        'Clients that count: what they lose is what users feel',
        step('client', `traffic ${vip}:80`, { id: 'traffic' }),
        event('client', 'sleep 4; traffic report', { id: 'calm', shows: BOTH }),
      ),
      '50 new connections a second, and 20 that stay. The director has not lost any of them.',
    ),
    told(
      section(
        'A server dies: its process is killed',
        event('real2', 'kill -9 $(cat /tmp/real2.pid)', { id: 'dies' }),
        logged('real2 is down'),
        report('lost', 1, /lost \(.*\d+ refused/, /the last one \d\.\d s after/, /[1-9]\d* of 20 were cut/),
        director('down', 'health', /real2 +down +\d+s +ready +0 +http: .*refused/, /real1 +up .*ready +1 /),
        director('why', 'monitor --once web/real2', /server-down +web\/real2 is down: http: connect: /),
      ),
      'Every third new connection is refused until three checks in a row have failed (fall: 3). After the',
      'first failure the daemon checks every 500 ms, so that this takes three seconds at most. Then the',
      'weight is 0: nobody is sent there. What was connected to the process died with it; the others stay.',
    ),
    told(
      section(
        'It comes back: two checks in a row have to succeed (rise: 2)',
        event('real2', 'serve real2 80 "version 1"', { id: 'serves' }),
        logged('real2 is up'),
        report('back', 2, ...BOTH),
        director('up-again', 'health web/real2', /state: +up since/, /ok +http .*status 200/, /fail http /),
      ),
      'A server that is down is checked every 5 s. The list shows why, and since when.',
    ),
    told(
      section(
        'A deployment: drain, wait, replace, look, ready',
        event('client', 'traffic renew 5; sleep 6', { id: 'users' }),
        director(
          'drain',
          'server drain web/real2 --reason "version 2" --wait --until idle --timeout 60',
          'web/real2: drain',
          'web/real2 is idle',
        ),
        step('real2', 'kill $(cat /tmp/real2.pid); sleep 1; serve real2 80 "version 2"', { id: 'replace' }),
        director('check', 'health check web/real2 --verbose', 'this is real2, version 2', 'ok   http'),
        director('drained', 'health', /real2 +\w+ +\d+s +drain by \w+ +0 /),
        director('ready', 'server ready web/real2', 'web/real2: ready'),
        allUp,
        report('deployed', 4, ...BOTH),
        director('ready-health', 'health', /real2 +up +\d+s +ready +1 /),
      ),
      'drain gives weight 0: new connections go elsewhere, present ones go on, and no user notices. --wait',
      'returns when the last one has left; the new version is looked at before anybody is sent there. The',
      'reason is there for colleagues. A restart of the daemon would not forget it.',
    ),
    told(
      section(
        'The daemon is killed, and nobody notices',
        event('director', 'kill -9 $(cat /tmp/director.pid)', { id: 'crash' }),
        step('director', 'ipvsadm health', {
          id: 'no-daemon',
          status: 2,
          shows: ['the director daemon has ended'],
        }),
        daemon({ id: 'again' }),
        allUp,
        report('restarted', 4, ...BOTH),
        director('restart-status', 'director status', 'generation 1', '0 changes sent'),
        director('known', 'health', /real2 +up /),
      ),
      'The kernel forwards without it; only the checks stop. When it is back it compares file, health and',
      'table, and as they agree it sends nothing to the kernel: 0 changes. Nothing moves because of it.',
    ),
    told(
      section(
        'Behind its back: somebody changes a weight, and somebody the scheduler',
        event('director', `ipvsadm -e -t ${vip}:80 -r ${realServers.real1}:80 -m -w 5`, { id: 'by-hand' }),
        logged('by hand: it stays so'),
        step('director', `ipvsadm -E -t ${vip}:80 -s wlc`, { id: 'scheduler' }),
        logged('were changed: repaired'),
        report('behind', 1, ...BOTH),
        director('hand-health', 'health', /real1 +up +\w+ +weight by hand +5 /),
        director('table', '-Sn', `-A -t ${vip}:80 -s rr`, `-r ${realServers.real1}:80 -m -w 5`),
        director('told', 'monitor --once web | tail -n 2', 'by hand: it stays so', 'were changed: repaired'),
        director('hand-ready', 'server ready web/real1', 'web/real1: ready'),
      ),
      'A weight that was set by hand has a meaning: it stays, is shown, and ends with server ready. Other',
      'changes are taken for accidents, and repaired within five seconds.',
    ),
    told(
      section(
        'In all',
        step('client', 'traffic end', { id: 'all', shows: [/requests, \d+ lost \(.*\d+ refused/] }),
        director('history', 'monitor --once web/real2', 'server-down', 'server-up', 'drain by', 'version 2'),
        director('stop', 'director stop', 'table and VIPs stay'),
        director('stays', '-Sn', /(.*-m -w 1\n){3}/),
      ),
      'The only requests lost are those of the first three seconds after the server died.',
    ),
  ],
  conclusion: [
    'Shown: who is down and why, a deployment without a lost request, a restart that sends no change.',
    'docs/director.md teaches it step by step, docs/daemon.md has the details.',
  ],
};

/** Its state survives restarts of the machine: that of another story's director must not be found. */
function ownFiles(): Step[] {
  return at('lab', 'mkdir -p /var/lib/ipvsadm && mount -t tmpfs tmpfs /var/lib/ipvsadm');
}
