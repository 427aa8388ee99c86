/** Every row of the tables of findings, on facts made by hand. */
import type { Facts } from '../../src/doctor/facts';
import { countLine, diagnose, findingKinds, findingLines } from '../../src/doctor/findings';
import {
  bad,
  changed,
  checked,
  daemon,
  directorCases,
  only,
  sound,
  stuck,
  tunnel,
  weightless,
} from './director-cases';
import {
  address,
  bytes,
  director,
  eth0,
  link,
  lo,
  realServer,
  route,
  server,
  service,
  settings,
  table,
} from './hand-made';
import { realServerCases } from './realserver-cases';

const cases = [...directorCases, ...realServerCases];
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
  'director whose checks by the path are answered': checked({
    'conf/eth0/accept_local': 1,
    'conf/eth0/rp_filter': 1,
  }),
  'standby whose checks by the path have no VIP': checked(
    {},
    { addresses: [address(2, '10.0.0.12/24')], managers: ['keepalived'] },
  ),
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

/** As sysctl(8) takes it: the dots of an interface are slashes there. */
const asSysctl = (path: string) => path.replace(/[./]/g, (mark) => (mark === '/' ? '.' : '/'));

test('all texts are there, and fixes change what the remedy names', () => {
  for (const [, facts] of cases) {
    for (const { what, how, effect, remedy, fix } of diagnose(facts)) {
      for (const text of [what, how, effect, remedy]) expect(text).toMatch(/^\S.*[^.\s]$/);
      expect(`${what}${how}${effect}${remedy}`).not.toMatch(/undefined|NaN|\[object/);
      for (const step of fix ?? []) {
        if (step.kind === 'sysctl') expect(remedy).toContain(`${asSysctl(step.name)}=${step.value}`);
      }
    }
  }
});

test('dropped answers to checks are one finding for all real servers of an interface', () => {
  const [both, ...more] = diagnose(checked({}));
  expect(more).toEqual([]);
  expect(both).toMatchObject({
    what: 'answers to checks with "via: path" of 10.0.0.17, 10.0.0.18 come by eth0 from the VIP, an address of this machine, and accept_local=0 drops them',
    remedy: 'sysctl -w net.ipv4.conf.eth0.accept_local=1',
    fix: [{ kind: 'sysctl', name: 'net/ipv4/conf/eth0/accept_local', value: 1 }],
  });
  const elsewhere = directorCases.find(([title]) => title.endsWith('by another interface'))!;
  expect(diagnose(elsewhere[1])).toMatchObject([
    {
      what: expect.stringContaining('of 10.0.0.17 come by eth1.5 '),
      remedy: 'sysctl -w net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.eth1/5.rp_filter=0',
    },
  ]);
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
