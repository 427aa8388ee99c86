import { eventLine, healthTable, healthText } from '../../../src/commands/support/director-text';
import type { ServerHealth, TimedResult } from '../../../src/director/types';

const now = new Date(2026, 10, 26, 6, 44, 49).getTime();
const result = (ok: boolean, message: string): TimedResult => ({
  check: 'http',
  at: now - 1000,
  ok,
  stage: 'wait',
  duration: 12.3,
  message,
});

function health(server: string, age: number, more: Partial<ServerHealth>): ServerHealth {
  return {
    service: 'web',
    server,
    key: { service: 'tcp:10.0.0.13:80', server: '10.0.0.17:80' },
    state: 'up',
    since: now - age,
    admin: 'ready',
    weight: 1,
    results: [result(true, 'status 200')],
    ...more,
  };
}

const byHand = { admin: 'ready', weight: 7, author: 'by hand', since: now, fileAdmin: 'ready' } as const;
const byAnn = {
  admin: 'drain',
  author: 'ann',
  reason: 'new disk',
  since: now,
  until: now + 3_600_000,
  fileAdmin: 'ready',
} as const;

test('the table of servers fits 80 columns, and says who changed what', () => {
  const table = healthTable(
    [
      health('web01', 95_000, { override: byHand, weight: 7 }),
      health('web02', 7_100_000, { state: 'down', weight: 0, results: [result(false, 'refused')] }),
      health('web03', 30 * 3_600_000, { admin: 'drain', override: byAnn, weight: 0 }),
      health('web04', 5 * 86_400_000, { state: 'unknown', results: [] }),
      health('web05', -50, {}),
    ],
    now,
  );
  expect(table).toBe(
    [
      'SERVER     STATE    FOR   ADMIN           WEIGHT  LAST CHECK',
      'web/web01  up       95s   weight by hand  7       http: status 200 (12ms)',
      'web/web02  down     118m  ready           0       http: refused (12ms)',
      'web/web03  up       30h   drain by ann    0       http: status 200 (12ms)',
      'web/web04  unknown  5d    ready           1       none',
      'web/web05  up       0s    ready           1       http: status 200 (12ms)',
      '',
    ].join('\n'),
  );
  expect(Math.max(...table.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
});

test('on a narrow terminal long texts go on below their beginning', () => {
  const long = [result(false, 'status 503, expected 200-299, and nothing else')];
  expect(healthTable([health('web01', 0, { results: long })], now, 72)).toBe(
    [
      'SERVER     STATE  FOR  ADMIN  WEIGHT  LAST CHECK',
      'web/web01  up     0s   ready  1       http: status 503, expected',
      '                                      200-299, and nothing else (12ms)',
      '',
    ].join('\n'),
  );
  const event = { id: 1, at: now, kind: 'alarm', text: `${'x'.repeat(30)} yy` } as const;
  expect(eventLine(event, 60).split('\n')).toEqual([
    `2026-11-26 06:44:49 alarm         ${'x'.repeat(26)}`,
    `${' '.repeat(34)}xxxx yy`,
    '',
  ]);
  expect(eventLine(event, 40).split('\n')).toHaveLength(2);
});

test('one server: who holds it, until when and why', () => {
  expect(healthText(health('web03', 0, { admin: 'drain', override: byAnn }))).toContain(
    '  override:    drain by ann since 2026-11-26 06:44:49 until 2026-11-26 07:44:49: new disk\n',
  );
  expect(healthText(health('web01', 0, { override: byHand }))).toContain(
    '  override:    weight 7 by hand since 2026-11-26 06:44:49\n',
  );
});

test('one server: its comment, if it has one', () => {
  expect(healthText(health('web01', 0, { comment: 'rack 7\u202e' }))).toMatch(
    /^web\/web01\n {2}comment: {5}rack 7\\u202e\n {2}state: /,
  );
  expect(healthText(health('web01', 0, {}))).not.toContain('comment');
});

test('an event is a line', () => {
  expect(
    eventLine({ id: 1, at: now, kind: 'server-down', text: 'web/web02 is down: http: connect: refused' }),
  ).toBe('2026-11-26 06:44:49 server-down   web/web02 is down: http: connect: refused\n');
});
