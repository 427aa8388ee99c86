/** What `top` shows: rows, their order and shares, keys, frames. */
import { type FrameLine, pageOf, scaled, topFrame } from '../../src/live/top-frame';
import { filtered, ordered, type TableNow, topGroups } from '../../src/live/top-rows';
import { bindings, firstView, pressed, type TopView } from '../../src/live/top-view';
import { noStatistics } from '../../src/model/statistics';
import { key, mark, server, service } from '../helpers/table-rows';

const rate = (connectionRate: number, inByteRate = 0) => ({
  ...noStatistics,
  connectionRate: BigInt(connectionRate),
  inByteRate: BigInt(inByteRate),
});

const table: TableNow = [
  {
    service: service({ scheduler: 'wrr', statistics: rate(40, 1_234_567) }),
    servers: [
      server({ weight: 3, activeConnections: 5, statistics: rate(30) }),
      server({ at: '10.0.0.18', weight: 1, activeConnections: 15, statistics: rate(10, 999_999) }),
      server({ at: '10.0.0.19', weight: 0, inactiveConnections: 2, statistics: rate(0) }),
    ],
  },
  {
    service: service({ key: key('2001:db8::10', 53, 17), statistics: rate(0) }),
    servers: [server({ at: '2001:db8::17', port: 53, activeConnections: 1, upperThreshold: 1 })],
  },
  { service: service({ key: mark(7), statistics: rate(90) }), servers: [] },
];
const groups = topGroups(table, []);

test('a share is that of new connections, or of active ones where there are no new ones', () => {
  expect(groups.map(({ servers }) => servers.map(({ share, meant }) => [share, meant]))).toEqual([
    [
      [0.75, 0.75],
      [0.25, 0.25],
      [0, 0],
    ],
    [[1, 0]],
    [],
  ]);
});

test('a row has the kernel’s state, or the one that the daemon knows, and its name', () => {
  expect(groups.map(({ service: own, servers }) => [own, ...servers].map(({ state }) => state))).toEqual([
    ['', '', '', 'draining'],
    ['', 'overloaded'],
    ['empty'],
  ]);
  const known = [
    {
      service: 'web',
      server: 'web02',
      key: { service: 'tcp:192.0.2.10:80', server: '10.0.0.18:80' },
      state: 'down',
    },
  ];
  const [web] = topGroups(table, known);
  expect([web!.service.name, ...web!.servers.map(({ name, state }) => `${name} ${state}`)]).toEqual([
    'web TCP 192.0.2.10:80 wrr',
    '10.0.0.17:80 ',
    'web02 10.0.0.18:80 down',
    '10.0.0.19:80 draining',
  ]);
});

test.each([
  ['rate', ['FWM', 'TCP', 'UDP'], ['10.0.0.17:80', '10.0.0.18:80', '10.0.0.19:80']],
  ['active', ['TCP', 'UDP', 'FWM'], ['10.0.0.18:80', '10.0.0.17:80', '10.0.0.19:80']],
  ['inactive', ['TCP', 'UDP', 'FWM'], ['10.0.0.19:80', '10.0.0.17:80', '10.0.0.18:80']],
  ['traffic', ['TCP', 'UDP', 'FWM'], ['10.0.0.18:80', '10.0.0.17:80', '10.0.0.19:80']],
] as const)('ordered by %s, services and the servers of each', (order, services, servers) => {
  const rows = ordered(groups, order);
  expect(rows.map(({ service: { name } }) => name.slice(0, 3))).toEqual(services);
  const web = rows.find(({ service: { name } }) => name.startsWith('TCP'))!;
  expect(web.servers.map(({ name }) => name)).toEqual(servers);
});

test.each([
  ['', 3, 4],
  ['192.0.2.10', 1, 3],
  ['10.0.0.18', 1, 1],
  ['udp:', 1, 1],
  ['draining', 1, 1],
  ['nothing', 0, 0],
])("with '%s': %d services, %d servers", (text, services, servers) => {
  const some = filtered(groups, text);
  expect([some.length, some.flatMap((group) => group.servers).length]).toEqual([services, servers]);
});

test.each([
  [0, '0'],
  [999_999, '999999'],
  [1_000_000, '1000k'],
  [12_345_678, '12.3M'],
  [4_294_967_295, '4295M'],
  [10n ** 19n, '10000P'],
])('%d is %s', (value, text) => {
  expect(scaled(value)).toBe(text);
});

const facts = { time: '12:00:00', seconds: 2, events: undefined };
const texts = (lines: readonly FrameLine[]) => lines.map(({ text }) => text.trimEnd());

test('a frame', () => {
  const view = firstView(undefined, '');
  expect(texts(topFrame(groups, view, facts, { columns: 107, rows: undefined }))).toEqual([
    'ipvsadm top  12:00:00  3 virtual services, 4 real servers  21 active  130 conn/s  every 2 s',
    'SERVICE, SERVER          STATE        WEIGHT  SHARE  MEANT ACTIVE  INACT CONN/S INPK/S OUTP/S IN B/S OUTB/S',
    'TCP 192.0.2.10:80 wrr                                          20      2     40      0      0  1235k      0',
    '  10.0.0.17:80                             3   75 %   75 %      5      0     30      0      0      0      0',
    '  10.0.0.18:80                             1   25 %   25 %     15      0     10      0      0 999999      0',
    '  10.0.0.19:80           draining          0    0 %    0 %      0      2      0      0      0      0      0',
    'UDP [2001:db8::10]:53 rr                                        1      0      0      0      0      0      0',
    '  [2001:db8::17]:53      overloaded        1  100 %    0 %      1      0      0      0      0      0      0',
    'FWM 7 rr                 empty                                  0      0     90      0      0      0      0',
  ]);
});

test.each([
  [80, 'SERVICE, SERVER           STATE        WEIGHT  SHARE  MEANT ACTIVE  INACT CONN/S'],
  [40, 'SERVICE, SERVER             STATE'],
])('in %d columns the least important ones are left out', (columns, head) => {
  const lines = topFrame(groups, firstView(undefined, ''), facts, { columns, rows: undefined });
  expect(lines[1]!.text.trimEnd().slice(0, head.length)).toBe(head);
  expect(Math.max(...lines.map(({ text }) => text.length))).toBeLessThanOrEqual(columns);
});

test.each([5, 8, 24, 200])('a screen of %d rows is filled, whatever is shown', (rows) => {
  const size = { columns: 80, rows };
  const more = { ...facts, events: ['one', 'two', 'three', 'four'], problem: 'no answer' };
  for (const help of [false, true]) {
    const view = { ...firstView(undefined, ''), help };
    expect(topFrame(groups, view, facts, size)).toHaveLength(rows);
    if (rows > 7) expect(topFrame(groups, view, more, size)).toHaveLength(rows);
  }
});

test('the last events and a problem stand below the rows', () => {
  const more = { ...facts, events: ['one', 'two', 'three', 'four'], problem: 'no answer' };
  const lines = topFrame(groups, firstView(undefined, ''), more, { columns: 60, rows: 20 });
  expect(texts(lines).slice(-5, -1)).toEqual(['two', 'three', 'four', 'no answer']);
  expect(lines.at(-2)!.kind).toBe('warning');
});

/** The view after keys, one after the other, of 100 rows on a page of 10. */
function after(keys: string, view = firstView(undefined, '')): TopView {
  return pressed(view, keys, { rows: 100, page: 10 }).view;
}

test.each<[string, Partial<TopView>]>([
  ['r', { order: 'rate' }],
  ['rr', { order: undefined }],
  ['ra', { order: 'active' }],
  ['x', { order: 'excess' }],
  ['?', { help: true }],
  ['??', { help: false }],
  [' ', { paused: true }],
  ['jj', { offset: 2 }],
  ['\x1b[B\x1bOB\x1b[A', { offset: 1 }],
  ['k', { offset: 0 }],
  ['\x1b[6~\x1b[6~\x1b[5~', { offset: 10 }],
  ['G', { offset: 90 }],
  ['Gj', { offset: 90 }],
  ['\x1b[F\x1b[H', { offset: 0 }],
  ['/10.0\r', { filter: '10.0', typing: false }],
  ['/qc', { filter: 'qc', typing: true, order: undefined }],
  ['/ab\x7f\x7f\x7fc', { filter: 'c', typing: true }],
  ['/ab\x15', { filter: '', typing: true }],
  ['/a\x1b[A\x01b', { filter: 'ab', typing: true }],
  ['/ab\x1b', { filter: '', typing: false }],
  ['/ab\r\x1b', { filter: '' }],
  ['/\u{1F600}\x7f', { filter: '', typing: true }],
  ['z\x00\x1b[200~\u00e4', {}],
])('after %j', (keys, changed) => {
  expect(after(keys)).toEqual({ ...firstView(undefined, ''), ...changed });
});

test.each([
  ['q', 'quit'],
  ['\x03', 'quit'],
  ['/q\x03', 'quit'],
  ['\x1a', 'suspend'],
  ['jqx', 'quit'],
])('%j: %s', (keys, wish) => {
  expect(pressed(firstView(undefined, ''), keys, { rows: 1, page: 1 }).wish).toBe(wish);
});

test('help has each key once', () => {
  const keys = bindings.flatMap((binding) => binding.keys);
  expect(new Set(keys).size).toBe(keys.length);
  const help = topFrame([], { ...firstView(undefined, ''), help: true }, facts, { columns: 90, rows: 60 });
  for (const { shown, does } of bindings) expect(texts(help)).toContain(`${shown.padEnd(9)} ${does}`);
});

test('a page has at least a row', () => {
  expect(pageOf({ columns: 80, rows: 2 }, { ...facts, events: ['a'], problem: 'b' })).toBe(1);
});
