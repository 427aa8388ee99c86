import { behindDirector, realServers, serverLines } from '../ground';
import { section, step, told, until } from '../steps';
import type { Expectation, Step, Story } from '../story';

const vip = '192.0.2.10';
const names = Object.entries(realServers);

/** Of the page: where the story is shown it is another one. */
export const PAGE_PORT = '3636';

const file = `format: ipvsadm-state
version: 2
director:
  web: { listen: "127.0.0.1:${PAGE_PORT}" }
services:
  - name: shop
    protocol: tcp
    address: ${vip}
    port: 80
    scheduler: wrr
    check: { type: http }
    servers:
${serverLines(realServers, 'masquerading', ', weight: 2')}`;

const director = (id: string, command: string, ...shows: Expectation[]) =>
  step('director', `ipvsadm ${command}`, { id, shows });
const asked = (id: string, request: string, ...shows: Expectation[]) =>
  step(
    'director',
    `wget -q -O - --header "Authorization: Bearer $(cat /tmp/token)" http://127.0.0.1:${PAGE_PORT}${request}`,
    { id, shows },
  );
const ownFiles = (): Step[] => [
  step(
    'lab',
    'mkdir -p /run/ipvsadm /var/lib/ipvsadm /etc/ipvsadm && for place in /run/ipvsadm /var/lib/ipvsadm /etc/ipvsadm; do mount -t tmpfs tmpfs $place; done',
  ),
];

/** Of each server its name and its state. */
const STATES = `grep -oE '"name":"real[0-9]"|"state":"[a-z]+"' | cut -d : -f 2`;

/** The web page of the director daemon, which test/quickstart/show-page.ts leaves open for a browser. */
export const web: Story = {
  summary: 'the web page of the director daemon, with traffic to look at',
  page: { place: 'director', port: PAGE_PORT, token: 'token', after: 2 },
  sections: [
    { title: "The daemon's files are this story's own", steps: ownFiles(), hidden: true },
    behindDirector(),
    section(
      'The real servers, and a director whose file says where the page is',
      ...names.map(([name]) => step(name, `serve ${name} 80`)),
      step('director', `cat >/tmp/lvs.yaml <<'END'\n${file}\nEND`, { id: 'file' }),
      director('up', 'director up /tmp/lvs.yaml', '+ table: 4 changes'),
      step('director', 'ipvsadm director run /tmp/lvs.yaml >>/tmp/director.log 2>&1 &', { id: 'run' }),
      until('director', '[ "$(ipvsadm health 2>/dev/null | grep -c " up ")" = 3 ]'),
      step('client', `traffic ${vip}:80`, { id: 'traffic' }),
    ),
    told(
      section(
        'Who may use it: a token for each, printed once',
        step('director', 'ipvsadm web token you --role edit | tee /tmp/token', {
          id: 'token',
          shows: [/^ipvsadm_[\w-]{43}\n$/],
        }),
        director('tokens', 'web tokens', /you +edit /),
      ),
      'The page asks for it. It has a role: view, operate or edit.',
    ),
    told(
      section(
        'What the page asks, a program may ask, too',
        asked('me', '/v1/me', '"name":"you","role":"edit"'),
        until('director', 'sleep 3'),
        asked('overview', '/v1/overview', /"name":"shop",.*"up":3,"down":0/),
      ),
      'docs/daemon.md lists the requests, docs/schema/openapi.json has them for tools.',
    ),
    told(
      section(
        'A server dies, and the page shows it without being asked',
        step('real2', 'kill -9 $(cat /tmp/real2.pid)', { id: 'dies' }),
        until('director', 'ipvsadm health | grep -q "real2 *down"'),
        asked('down', `/v1/service/tcp%3A192.0.2.10%3A80 | ${STATES}`, /real2"\n"down"/, /real1"\n"up"/),
        step('real2', 'serve real2 80', { id: 'serves' }),
      ),
      'While the page is open, this happens again every half a minute.',
    ),
  ],
  conclusion: [
    'Shown: who may use the page, and what it says about a server that dies.',
    'docs/web.md has the rest.',
  ],
};
