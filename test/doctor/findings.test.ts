/** Every row of the tables of findings, on facts made by hand. */
import type { Facts } from '../../src/doctor/facts';
import { countLine, diagnose, findingKinds, findingLines } from '../../src/doctor/findings';
import { daemonStates } from '../../src/model/sync-daemon';
import { serviceFlags } from '../../src/model/virtual-service';
import {
  address,
  bytes,
  director,
  eth0,
  group,
  link,
  lo,
  neighbour,
  realServer,
  route,
  server,
  service,
  settings,
  table,
} from './hand-made';

const good = server('10.0.0.17 80');
const bad = (more: Parameters<typeof server>[1] = {}) =>
  server('10.0.0.18 80', { total: [2, 4, 0], ...more });
const sound = director();

/** The second real server has connections that get no answer. */
function stuck(
  attempt: 'open' | 'refused' | 'timeout' | 'unreachable',
  second = bad(),
  more: Partial<Facts> = {},
): Facts {
  return director({
    table: table([service('10.0.0.13 80', [good, second])]),
    connections: [group('10.0.0.18 80', { halfOpen: 2, waitingClients: [bytes('192.0.2.11')] })],
    attempts: new Map([...sound.attempts, ['10.0.0.18 80', attempt]]),
    ...more,
  });
}

const changed = (facts: Facts, values: Readonly<Record<string, number>>) =>
  new Map([...facts.sysctls, ...settings(values)]);
const only = (services: Parameters<typeof table>[0], more: Partial<Facts> = {}) =>
  director({ table: table(services), connections: [], ...more });
const nat = (more: Partial<Facts> = {}) =>
  stuck('open', bad({ method: 'masquerading' }), { sysctls: changed(sound, { ip_forward: 1 }), ...more });
const persistent = { flags: serviceFlags.hashed | serviceFlags.persistent, timeout: 60 };
const daemon = { state: daemonStates.backup, interface: 'eth0', syncId: 8 };
const tunnel = link(3, 'lvs-ipip', { arp: false, kind: 'ipip' });
const weightless = only([service('10.0.0.13 80', [good, server('10.0.0.18 80', { weight: 0 })])]);

const cases: readonly (readonly [title: string, facts: Facts, found: readonly string[]])[] = [
  [
    'no address',
    director({ routesTo: new Map([...sound.routesTo, ['10.0.0.13', route({})]]) }),
    ['vip-missing certain'],
  ],
  [
    'no address beside keepalived',
    director({ routesTo: new Map([...sound.routesTo, ['10.0.0.13', route({})]]), managers: ['keepalived'] }),
    ['vip-missing possible'],
  ],
  [
    'a VIP as source',
    director({ routesTo: new Map([...sound.routesTo, ['10.0.0.17', route({ source: '10.0.0.13' })]]) }),
    ['vip-source certain'],
  ],
  [
    'another owner',
    director({ otherOwners: new Map([['10.0.0.13', bytes('1.2.3.4')]]) }),
    ['vip-elsewhere certain'],
  ],
  ['lo down', director({ links: [{ ...lo, up: false }, eth0] }), ['lo-down certain']],
  ['no module', director({ table: undefined, connections: [] }), ['no-ipvs certain']],
  ['no scheduler', only([service('10.0.0.13 80', [good], { scheduler: 'none' })]), ['no-scheduler certain']],
  ['no server', only([service('10.0.0.13 80', [])]), ['no-server certain']],
  [
    'weights 0',
    only([service('10.0.0.13 80', [server('10.0.0.17 80', { weight: 0 })])]),
    ['all-weights-0 certain'],
  ],
  [
    'thresholds',
    only([
      service('10.0.0.13 80', [
        server('10.0.0.17 80', { upperThreshold: 4, activeConnections: 1, inactiveConnections: 3 }),
      ]),
    ]),
    ['threshold-reached certain'],
  ],
  [
    'one template',
    only([service('10.0.0.13 80', [good, server('10.0.0.18 80')], persistent)], {
      connections: [group('10.0.0.17 80', { others: 20, templates: 1 })],
    }),
    ['persistence-one-client possible'],
  ],
  [
    'a persistent client of a server of weight 0',
    only([service('10.0.0.13 80', [good, server('10.0.0.18 80', { weight: 0 })], persistent)], {
      connections: [group('10.0.0.18 80', { templates: 1 })],
    }),
    ['quiesced-persistent certain'],
  ],
  [
    'a server that is gone',
    only([service('10.0.0.13 80', [good])], { connections: [group('10.0.0.19 80', { established: 3 })] }),
    ['orphan-connections certain'],
  ],
  ['nobody answers ARP', stuck('unreachable'), ['server-dead certain']],
  [
    'nobody answers ARP yet',
    stuck('timeout', bad(), { neighbours: [neighbour('10.0.0.18', 'incomplete')] }),
    ['server-dead certain'],
  ],
  [
    'a neighbour that did not answer lately',
    director({ attempts: new Map(), neighbours: [neighbour('10.0.0.18', 'failed')] }),
    ['server-dead possible'],
  ],
  [
    'no route',
    director({ routesTo: new Map([...sound.routesTo, ['10.0.0.18', undefined]]), attempts: new Map() }),
    ['server-dead certain'],
  ],
  ['a packet filter', stuck('timeout'), ['server-silent certain']],
  [
    'masquerading to a machine that does not answer',
    nat({ connections: [], attempts: new Map([['10.0.0.18 80', 'timeout']]) }),
    ['server-silent possible'],
  ],
  ['a closed port', stuck('refused'), ['port-closed certain']],
  ['packets that circle', stuck('open', bad({ total: [2, 128, 0] })), ['server-loop certain']],
  ['VIP missing on a real server', stuck('open'), ['vip-missing-on-server possible']],
  [
    'no device that unpacks',
    stuck('open', bad({ method: 'tunneling', total: [2, 4, 8] })),
    ['tunnel-refused certain'],
  ],
  [
    'listening on the own address',
    stuck('open', bad({ total: [2, 2, 0] })),
    ['vip-refused-on-server possible'],
  ],
  [
    'a router before a real server',
    director({ routesTo: new Map([...sound.routesTo, ['10.0.0.17', route({ gateway: '10.0.0.1' })]]) }),
    ['not-on-link certain'],
  ],
  ['another port', only([service('10.0.0.13 80', [server('10.0.0.17 8080')])]), ['other-port certain']],
  ['forwarding off', nat({ sysctls: sound.sysctls }), ['forwarding-off certain']],
  [
    'IPv6 forwarding off',
    only([service('2001:db8::13 80', [server('2001:db8:1::17 80', { method: 'masquerading' })])], {
      routesTo: new Map([
        ['2001:db8::13', route({ local: true })],
        ['2001:db8:1::17', route({ gateway: '2001:db8::1' })],
      ]),
    }),
    ['forwarding-off certain'],
  ],
  [
    'a client inside',
    nat({ connections: [group('10.0.0.18 80', { halfOpen: 2, waitingClients: [bytes('10.0.0.11')] })] }),
    ['nat-client-inside certain'],
  ],
  ['a way back past us', nat(), ['nat-way-back possible']],
  [
    'source NAT without conntrack',
    nat({ modules: new Map([['nft_masq', 1]]) }),
    ['nat-way-back possible', 'source-nat-without-conntrack possible'],
  ],
  [
    'no estimation',
    director({ sysctls: changed(sound, { 'vs/run_estimation': 0 }) }),
    ['estimation-off certain'],
  ],
  ['a defence', director({ sysctls: changed(sound, { 'vs/drop_entry': 3 }) }), ['defence-always-on certain']],
  [
    'delays of reused ports',
    director({ release: '4.19.0-27-amd64', sysctls: changed(sound, { 'vs/conntrack': 1 }) }),
    ['reuse-delays certain'],
  ],
  [
    'reused ports that stick',
    { ...weightless, sysctls: changed(sound, { 'vs/conn_reuse_mode': 0 }) },
    ['reuse-sticks possible'],
  ],
  [
    'a full table',
    director({ sysctls: changed(sound, { 'vs/conn_max': 8 }) }),
    ['connection-table-full certain'],
  ],
  [
    'few rows',
    director({ connections: [group('10.0.0.17 80', { others: 8 * 4096 + 1 })] }),
    ['connection-table-small certain'],
  ],
  [
    'sync by lo',
    director({
      connections: [],
      table: table([], [{ ...daemon, state: daemonStates.master, interface: 'lo' }]),
    }),
    ['sync-interface certain'],
  ],
  [
    'another syncid',
    director({ connections: [], table: table([], [daemon]), heardSyncIds: [7] }),
    ['sync-other-id certain'],
  ],
  ['two managers', director({ managers: ['keepalived'], directorUp: true }), ['several-managers possible']],
  [
    'rp_filter',
    stuck('refused', bad(), { growth: new Map([['TcpExtIPReversePathFilter', 2]]) }),
    ['port-closed certain', 'rp-filter-drops possible'],
  ],
  [
    'a tunnel that is too narrow',
    only([service('10.0.0.13 80', [server('10.0.0.17 80', { method: 'tunneling' })])], {
      growth: new Map([['IcmpOutDestUnreachs', 2]]),
    }),
    ['tunnel-mtu possible'],
  ],
  [
    'a VIP that is missing',
    realServer({ addresses: [address(2, '10.0.0.17/24')] }, { given: true }),
    ['rs-vip-missing certain'],
  ],
  [
    'foreign packets',
    realServer({ growth: new Map([['IpInAddrErrors', 4]]) }),
    ['rs-foreign-packets possible'],
  ],
  [
    'the VIP on eth0, as given',
    realServer({ addresses: [address(2, '10.0.0.13/32'), address(2, '10.0.0.17/24')] }, { given: true }),
    ['rs-vip-on-interface certain'],
  ],
  [
    'a VIP on eth0, perhaps',
    realServer({
      addresses: [address(2, '10.0.0.14/32'), address(2, '10.0.0.17/24'), address(1, '10.0.0.13/32')],
    }),
    ['rs-vip-on-interface possible'],
  ],
  [
    'a subnet on lo',
    realServer({ addresses: [address(1, '10.0.0.13/24'), address(2, '10.0.0.17/24')] }),
    ['rs-vip-prefix certain'],
  ],
  [
    'arp_ignore',
    realServer({ sysctls: settings({ 'conf/all/arp_announce': 2 }) }),
    ['rs-arp-ignore certain'],
  ],
  [
    'arp_announce',
    realServer({ sysctls: settings({ 'conf/eth0/arp_ignore': 1 }) }),
    ['rs-arp-announce certain'],
  ],
  [
    'ARP settings where nobody near may ask',
    realServer(
      { addresses: [address(1, '192.0.2.10/32'), address(2, '10.0.0.17/24')], sysctls: new Map() },
      { vips: [bytes('192.0.2.10')] },
    ),
    ['rs-arp-ignore possible', 'rs-arp-announce possible'],
  ],
  [
    'a duplicate',
    realServer(
      { addresses: [address(1, '2001:db8::13/128', { duplicate: true })] },
      { vips: [bytes('2001:db8::13')] },
    ),
    ['rs-vip-duplicate certain'],
  ],
  [
    'a closed port of a real server',
    realServer({ listeners: [] }, { ports: [80] }),
    ['rs-port-closed certain'],
  ],
  [
    'a listener of the own address, as given',
    realServer({ listeners: [{ address: bytes('10.0.0.17'), port: 80 }] }, { ports: [80] }),
    ['rs-listens-on-own-address certain'],
  ],
  [
    'a listener of the own address, while connections are refused',
    realServer({
      listeners: [{ address: bytes('10.0.0.17'), port: 80 }],
      growth: new Map([['TcpOutRsts', 1]]),
    }),
    ['rs-listens-on-own-address possible'],
  ],
  [
    'a tunnel that is down',
    realServer({ links: [lo, eth0, { ...tunnel, up: false }] }),
    ['rs-tunnel-down certain'],
  ],
  [
    'no tunnel',
    realServer({ growth: new Map([['IcmpOutDestUnreachs', 3]]) }),
    ['rs-tunnel-missing possible'],
  ],
  [
    'rp_filter on a tunnel',
    realServer({
      links: [lo, eth0, tunnel],
      sysctls: settings({ 'conf/all/rp_filter': 1, 'conf/all/arp_ignore': 1, 'conf/all/arp_announce': 2 }),
    }),
    ['rs-tunnel-rp-filter certain'],
  ],
  [
    'no route out',
    realServer({ addresses: [address(2, '10.0.0.17/24')] }, { vips: [] }),
    ['rs-no-way-out certain'],
  ],
  [
    'no route out for some',
    realServer({ growth: new Map([['IpOutNoRoutes', 3]]) }),
    ['rs-no-way-out possible'],
  ],
];

const found = (facts: Facts) => diagnose(facts).map(({ id, certainty }) => `${id} ${certainty}`);

test.each(cases)('%s', (_title, facts, expected) => {
  expect(found(facts)).toEqual(expected);
});

test('every finding, with each of its certainties, is among the cases', () => {
  const every = findingKinds.flatMap(({ id, certainties }) =>
    certainties.map((certainty) => `${id} ${certainty}`),
  );
  expect([...new Set(cases.flatMap(([, , ids]) => ids))].sort()).toEqual([...new Set(every)].sort());
});

test('ids are unique, and those of real servers begin with rs-', () => {
  const ids = findingKinds.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(findingKinds.filter(({ id, side }) => id.startsWith('rs-') !== (side === 'realserver'))).toEqual([]);
});

const soundOnes: Readonly<Record<string, Facts>> = {
  director: sound,
  'director without traffic': director({ connections: [], attempts: new Map() }),
  'real server': realServer(),
  'real server with the settings on the interface': realServer({
    sysctls: settings({ 'conf/eth0/arp_ignore': 2, 'conf/eth0/arp_announce': 2 }),
  }),
  'real server of a far subnet behind a tunnel, without ARP settings': realServer(
    {
      links: [lo, eth0, tunnel],
      addresses: [address(1, '192.0.2.10/32'), address(2, '10.0.0.17/24')],
      sysctls: new Map(),
    },
    { vips: [bytes('192.0.2.10')] },
  ),
  'real server with the tunl0 of the module': realServer({
    links: [lo, eth0, link(3, 'tunl0', { arp: false, kind: 'ipip', up: false })],
  }),
  'director whose servers listen on the VIP alone': director({
    attempts: new Map([
      ['10.0.0.17 80', 'refused'],
      ['10.0.0.18 80', 'timeout'],
    ]),
  }),
  'director of a firewall mark': only([
    {
      service: { ...service('10.0.0.13 80', []).service, key: { kind: 'fwmark', fwmark: 1, family: 2 } },
      servers: [server('10.0.0.17 0')],
    },
  ]),
  'director with one server drained': weightless,
  'director under keepalived': director({ managers: ['keepalived'] }),
  'director whose server was mended': stuck('open', {
    ...bad(),
    recent: { connections: 3, inPackets: 18, outPackets: 0 },
  }),
  'NAT director in the subnet of its only address': only(
    [service('10.0.0.12 80', [server('10.0.0.17 80', { method: 'masquerading' })])],
    {
      sysctls: changed(sound, { ip_forward: 1 }),
      routesTo: new Map([
        ['10.0.0.12', route({ local: true })],
        ['10.0.0.17', route({ source: '10.0.0.12' })],
      ]),
    },
  ),
  'backup that hears its master': director({
    connections: [],
    table: table([], [daemon]),
    heardSyncIds: [7, 8],
  }),
  'empty machine': director({ connections: [], table: table([]) }),
};

test.each(Object.entries(soundOnes))('nothing is found on a sound %s', (_title, facts) => {
  expect(diagnose(facts)).toEqual([]);
});

test('all texts are there, and fixes change what the remedy names', () => {
  for (const [, facts] of cases) {
    for (const { what, how, effect, remedy, fix } of diagnose(facts)) {
      for (const text of [what, how, effect, remedy]) expect(text).toMatch(/^\S.*[^.\s]$/);
      expect(`${what}${how}${effect}${remedy}`).not.toMatch(/undefined|NaN|\[object/);
      for (const step of fix ?? []) {
        if (step.kind === 'sysctl')
          expect(remedy).toContain(`${step.name.replace(/\//g, '.')}=${step.value}`);
      }
    }
  }
});

test('a finding in lines, the certain ones first, and the count', () => {
  const findings = diagnose(stuck('open', bad(), { links: [{ ...lo, up: false }, eth0] }));
  expect(findings.map(({ id }) => id)).toEqual(['lo-down', 'vip-missing-on-server']);
  expect(findingLines(findings[0]!)).toEqual([
    'certain: the loopback interface lo is down [lo-down]',
    '  seen by: ip link show lo',
    '  effect:  the kernel refuses real servers (EINVAL), and local addresses do not answer',
    '  remedy:  ip link set lo up',
    '',
  ]);
  expect(countLine(findings)).toBe('2 findings: 1 certain, 1 possible');
  expect(countLine(findings.slice(1))).toBe('1 finding: 0 certain, 1 possible');
  expect(countLine([])).toBe('no findings');
});
