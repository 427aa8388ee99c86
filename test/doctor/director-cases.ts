/** Mistakes of a director, on facts made by hand. */
import type { Facts } from '../../src/doctor/facts';
import { daemonStates } from '../../src/model/sync-daemon';
import { serviceFlags } from '../../src/model/virtual-service';
import {
  address,
  bytes,
  checkPath,
  director,
  eth0,
  group,
  link,
  lo,
  neighbour,
  route,
  server,
  service,
  settings,
  table,
} from './hand-made';

/** What was done, the facts, and what is found: ids with certainties. */
export type Case = readonly [title: string, facts: Facts, found: readonly string[]];

export const good = server('10.0.0.17 80');
export const bad = (more: Parameters<typeof server>[1] = {}) =>
  server('10.0.0.18 80', { total: [2, 4, 0], ...more });
export const sound = director();

/** The second real server has connections that get no answer. */
export function stuck(
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

export const changed = (facts: Facts, values: Readonly<Record<string, number>>) =>
  new Map([...facts.sysctls, ...settings(values)]);
export const only = (services: Parameters<typeof table>[0], more: Partial<Facts> = {}) =>
  director({ table: table(services), connections: [], ...more });
export const nat = (more: Partial<Facts> = {}) =>
  stuck('open', bad({ method: 'masquerading' }), { sysctls: changed(sound, { ip_forward: 1 }), ...more });
export const persistent = { flags: serviceFlags.hashed | serviceFlags.persistent, timeout: 60 };
export const daemon = { state: daemonStates.backup, interface: 'eth0', syncId: 8 };
export const tunnel = link(3, 'lvs-ipip', { arp: false, kind: 'ipip' });
/** The daemon checks both servers through the forwarding path. */
export const checked = (
  values: Readonly<Record<string, number>>,
  more: Partial<Facts> = {},
  second = server('10.0.0.18 80'),
) => {
  const { services } = sound.table!;
  const paths = [checkPath(0x49500000, good), checkPath(0x49500001, second)];
  return director({ table: table(services, [], paths), sysctls: changed(sound, values), ...more });
};
const onTwoLinks = {
  links: [lo, eth0, link(3, 'eth1.5')],
  addresses: [address(2, '10.0.0.13/32'), address(3, '10.0.0.12/24')],
  routesTo: new Map([...sound.routesTo, ['10.0.0.17', route({ link: 3, source: '10.0.0.12' })]]),
};
export const weightless = only([service('10.0.0.13 80', [good, server('10.0.0.18 80', { weight: 0 })])]);

export const directorCases: readonly Case[] = [
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
  ['a packet filter', stuck('timeout'), ['server-silent possible']],
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
  ['answers to checks by the path', checked({}), ['check-path-dropped certain']],
  [
    'answers to checks by the path of a server that has never been up',
    director({
      table: table([service('10.0.0.13 80', [good])], [], [checkPath(0x49500001, server('10.0.0.18 80'))]),
    }),
    ['check-path-dropped certain'],
  ],
  [
    'answers to checks by the path by another interface',
    checked(
      { 'conf/all/accept_local': 1, 'conf/eth1.5/rp_filter': 1 },
      onTwoLinks,
      server('10.0.0.17 80', { method: 'masquerading' }),
    ),
    ['check-path-dropped certain'],
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
  [
    'a standby without a sync daemon',
    director({ sharing: { engine: 'keepalived', role: 'standby' } }),
    ['sync-missing certain'],
  ],
  [
    'a leader that sends no connections',
    director({
      connections: [],
      sharing: { engine: 'keepalived', role: 'leader' },
      table: table([service('10.0.0.13 80', [good])], [daemon]),
    }),
    ['sync-missing certain'],
  ],
  [
    'mh that refuses packets in the middle of a connection',
    director({
      connections: [],
      sharing: { engine: 'etcd', role: 'standby' },
      sysctls: changed(sound, { 'vs/sloppy_tcp': 0 }),
      table: table([service('10.0.0.13 80', [good], { scheduler: 'mh' })]),
    }),
    ['mh-not-sloppy certain'],
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
];
