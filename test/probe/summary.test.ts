import type { Call } from '../../src/platform/interactive-system';
import { type Probed, summarize } from '../../src/probe/summary';

const servers = [
  { name: '10.0.0.17:80', weight: 3 },
  { name: '10.0.0.18:80', weight: 1 },
  { name: '10.0.0.19:80', weight: 0 },
];

function good(server: string | undefined, answer = '', connected = 1): Probed {
  return { server, call: { source: { port: 1 }, connected, answered: connected + 1, answer } };
}

function bad(server: string | undefined, call: Partial<Call>): Probed {
  return { server, call: { source: { port: 1 }, answer: '', ...call } };
}

test.each([
  ['rr', [2, 2, 0]],
  ['lc', [2, 2, 0]],
  ['wrr', [3, 1, 0]],
  ['wlc', [3, 1, 0]],
  ['fo', [4, 0, 0]],
  ['ovf', [4, 0, 0]],
])('%s: what the weights would give', (scheduler, expected) => {
  const probed = Array.from({ length: 4 }, () => good('10.0.0.17:80'));
  const { shares } = summarize(probed, servers, scheduler);
  expect(shares.map((share) => share.expected)).toEqual(expected);
  expect(shares.map(({ count }) => count)).toEqual([4, 0, 0]);
});

test('what can be computed goes before what the weights give', () => {
  const probed = [
    { ...good('10.0.0.17:80'), foretold: '10.0.0.18:80' },
    { ...good('10.0.0.18:80'), foretold: '10.0.0.18:80' },
  ];
  const { shares } = summarize(probed, servers, 'sh');
  expect(shares.map(({ expected }) => expected)).toEqual([0, 2, 0]);
});

test('without a table, the first line of the answer stands for the server', () => {
  const page = (text: string) => `HTTP/1.0 200 OK\r\nServer: x\r\n\r\n${text}\n<p>`;
  const probed = [
    good(undefined, page('web03')),
    good(undefined, page('web04')),
    good(undefined, page('web03')),
  ];
  const { shares, good: count } = summarize(probed, undefined, undefined);
  expect(count).toBe(3);
  expect(shares.map((share) => [share.name, share.count, share.expected])).toEqual([
    ['"web03"', 2, undefined],
    ['"web04"', 1, undefined],
  ]);
});

test('the median of the times', () => {
  const probed = [5, 1, 9].map((connected) => good('10.0.0.17:80', '', connected));
  expect(summarize(probed, servers, 'rr').shares[0]).toMatchObject({ connect: 5, answer: 6 });
});

test('what failed, at which step, with which server', () => {
  const probed = [
    good('10.0.0.17:80'),
    bad('10.0.0.18:80', { failure: 'ECONNREFUSED' }),
    bad('10.0.0.18:80', { failure: 'ECONNREFUSED' }),
    bad(undefined, { failure: 'ETIMEDOUT' }),
    bad('10.0.0.17:80', { failure: 'ETIMEDOUT', connected: 2 }),
    bad('10.0.0.17:80', { failure: 'EPROTO' }),
    bad('10.0.0.17:80', { connected: 1, answer: 'HTTP/1.1 503 no\r\n\r\n' }),
  ];
  const { count, good: answered, failures } = summarize(probed, servers, 'rr');
  expect([count, answered]).toEqual([7, 1]);
  expect(failures).toEqual([
    { step: 'connect', reason: 'refused', server: '10.0.0.18:80', count: 2 },
    { step: 'connect', reason: 'no answer in time', server: undefined, count: 1 },
    { step: 'answer', reason: 'no answer in time', server: '10.0.0.17:80', count: 1 },
    { step: 'connect', reason: 'EPROTO', server: '10.0.0.17:80', count: 1 },
    { step: 'status', reason: 'HTTP status 503', server: '10.0.0.17:80', count: 1 },
  ]);
});
