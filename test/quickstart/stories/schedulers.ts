import { directRouting, greeter, realServers, vip } from '../ground';
import { at, section, step } from '../steps';
import type { Expectation, Step, Story } from '../story';

const SCHEDULERS = ['rr', 'wrr', 'lc', 'wlc', 'sed', 'nq', 'fo', 'ovf', 'sh', 'dh', 'mh'] as const;
const BY_DESTINATION = ['dh', 'lblc', 'lblcr'] as const;
type Scheduler = (typeof SCHEDULERS)[number];

const servers = Object.values(realServers)
  .map((address, index) => `${address}=${index + 1}`)
  .join(' ');

const portOf = (scheduler: Scheduler) => 9001 + SCHEDULERS.indexOf(scheduler);
const serviceOf = (scheduler: Scheduler) => `tcp:${vip}:${portOf(scheduler)}`;

/** A service of each scheduler, on ports from 9001 on, with weights 1, 2 and 3. */
const rules = `port=9001
for scheduler in ${SCHEDULERS.join(' ')}; do
  echo "-A -t ${vip}:$port -s $scheduler"
  for server in ${servers}; do
    echo "-a -t ${vip}:$port -r \${server%=*}:$port -g -w \${server#*=}"
  done
  port=$((port + 1))
done >/tmp/rules`;

const markRules = `mark=1
for scheduler in ${BY_DESTINATION.join(' ')}; do
  echo "-A -f $mark -s $scheduler"
  for server in ${servers}; do echo "-a -f $mark -r \${server%=*} -g -w \${server#*=}"; done
  mark=$((mark + 1))
done >>/tmp/rules`;

const hold = (scheduler: Scheduler, count: number, ...shows: Expectation[]): Step =>
  step('client', `hold ${count} ${vip}:${portOf(scheduler)}`, { id: scheduler, shows });

const visit = (scheduler: Scheduler, times: number, from: string, ...shows: Expectation[]): Step =>
  step('client', `visit ${times} ${vip}:${portOf(scheduler)}${from && ` ${from}`}`, { id: scheduler, shows });

const whatIf = (scheduler: Scheduler, id: string, ...shows: Expectation[]): Step =>
  step(
    'director',
    `ipvsadm what-if ${serviceOf(scheduler)} --client 10.0.4.1 --without 10.0.0.18:${portOf(scheduler)}`,
    { id, shows },
  );

const mark = (number: number) =>
  `tc filter add dev eth0 ingress proto ip prio ${number} flower dst_ip 10.9.${number}.0/24 action skbedit mark ${number}`;

/** Every scheduler of the kernel, each with a count. */
export const schedulers: Story = {
  summary: 'every scheduler, with the shares of three real servers of weights 1, 2 and 3',
  sections: [
    ...directRouting({
      servers: ['real1', 'real2', 'real3'],
      manyClients: true,
      serving: greeter(9001, 9000 + SCHEDULERS.length),
    }),
    section(
      'For those that choose by destination: packets to three networks get firewall marks 1, 2 and 3',
      at('director', 'tc qdisc add dev eth0 clsact', ...BY_DESTINATION.map((_, index) => mark(index + 1))),
      ...['director', 'real1', 'real2', 'real3'].map((name) =>
        at(name, 'ip route add local 10.9.0.0/16 dev lo'),
      ),
      at('client', 'ip route add 10.9.0.0/16 via 10.0.0.12'),
    ),
    section(
      'The director: a service for each scheduler, real servers of weights 1, 2 and 3',
      at('director', rules, markRules),
      step('director', 'ipvsadm director up /tmp/rules --format rules --interface eth0', {
        id: 'up',
        shows: [`+ table: ${4 * (SCHEDULERS.length + BY_DESTINATION.length)} changes`],
      }),
    ),
    section(
      'rr takes turns, whatever the weights; wrr takes turns by weight',
      step('director', `ipvsadm probe ${serviceOf('wrr')} --from netns:client --count 12`, {
        id: 'probe-wrr',
        shows: [/10\.0\.0\.17:9002 +2 +2/, /10\.0\.0\.18:9002 +4 +4/, /10\.0\.0\.19:9002 +6 +6/],
      }),
      visit('rr', 12, '', 'real1 4, real2 4, real3 4'),
      visit('wrr', 12, '', 'real1 2, real2 4, real3 6'),
    ),
    section(
      'By connections, which have to stay open to count: `hold` opens twelve and keeps them',
      hold('lc', 12, 'real1 4, real2 4, real3 4'),
      hold('wlc', 12, 'real1 2, real2 4, real3 6'),
    ),
    section(
      'The first connections of sed and nq: sed takes the one that will be done soonest, nq an idle one first',
      hold('sed', 3, /^real2 1, real3 2$/m),
      hold('nq', 3, /^real1 1, real2 1, real3 1$/m),
    ),
    section(
      'fo fills the real server of the highest weight; ovf goes on when it has more than its weight',
      hold('fo', 12, /^real3 12$/m),
      hold('ovf', 12, 'real1 2, real2 3, real3 4, refused 3'),
      step('director', `ipvsadm -ln -t ${vip}:${portOf('ovf')}`, { id: 'list-ovf' }),
    ),
    section(
      'By the client: sh and mh; a client keeps its real server',
      visit('sh', 2, '10.0.4.1-30', '30 of 30 clients had one server each time'),
      visit('mh', 2, '10.0.4.1-30', '30 of 30 clients had one server each time'),
      whatIf('sh', 'sh-without', /\d % of clients would move/),
      whatIf('mh', 'mh-without', /\d % of clients would move/),
    ),
    section(
      'By the destination: with one virtual address, dh sends all to one real server',
      visit('dh', 1, '10.0.4.1-20', /^real\d 20$/m),
    ),
    section(
      'With many destinations (a transparent proxy): dh, lblc and lblcr',
      step('client', 'visit 2 10.9.1.1-20:9001 10.0.4.1', {
        id: 'dh-many',
        shows: ['20 of 20 destinations had one server each time'],
      }),
      step('client', 'visit 2 10.9.2.1-20:9001 10.0.4.1', {
        id: 'lblc',
        shows: ['20 of 20 destinations had one server each time'],
      }),
      step('client', 'visit 2 10.9.3.1-20:9001 10.0.4.1', {
        id: 'lblcr',
        shows: ['20 of 20 destinations had one server each time'],
      }),
    ),
    section(
      'One destination that is in great demand: lblc moves it to another server, lblcr spreads it over a set',
      step('client', 'hold 12 10.9.2.77:9001', { id: 'lblc-busy' }),
      step('client', 'hold 12 10.9.3.77:9001', { id: 'lblcr-busy' }),
    ),
  ],
  conclusion: ['Shown: 13 schedulers. docs/guide.md says which to take.'],
};
