/** The small parts of the page's server. */
import { overviewServices, serviceDetail } from '../../src/web/overview';
import { RATE_STEP, RateRings } from '../../src/web/rate-history';
import { ownHosts } from '../../src/web/same-origin';
import { secretOf } from '../../src/web/sessions';
import { Throttle } from '../../src/web/throttle';
import { digestOf, findToken, formatTokens, newToken, parseTokens } from '../../src/web/tokens';
import { fakeBackend } from './fake-backend';

test('a token is recognised, and its file has nothing but a digest of it', () => {
  const text = newToken();
  expect(text).toMatch(/^ipvsadm_[\w-]{43}$/);
  const token = { name: 'alice', role: 'edit' as const, sha256: digestOf(text)!, since: 5, until: 10 };
  const file = formatTokens([token]);
  expect(file).not.toContain(text.slice(8));
  expect(findToken(parseTokens(file), text, 9)).toEqual(token);
  expect(findToken(parseTokens(file), text, 10)).toBeUndefined();
  expect(findToken([token], newToken(), 9)).toBeUndefined();
  expect(digestOf(`${text}x`)).toBeUndefined();
});

test.each([
  ['', 'it is not JSON'],
  ['{}', "it is no file of tokens of version 1: 'ipvsadm web token' makes them"],
  [
    '{"format":"ipvsadm-web-tokens","version":1,"tokens":[{"name":"a","role":"root"}]}',
    "token 1 has not what 'ipvsadm web token' writes",
  ],
])('a damaged file of tokens: %s', (text, problem) => {
  expect(() => parseTokens(text)).toThrow(new Error(problem));
});

test('failures of an address count together, and those of a /64', () => {
  let now = 0;
  const throttle = new Throttle(() => now);
  for (let host = 0; host < 10; host += 1) throttle.failed(`2001:db8:0:1::${host}`);
  expect(throttle.wait('2001:db8::1:2:3:4:5')).toBe(60_000);
  expect(throttle.wait('2001:db8:0:2::1')).toBe(0);
  expect(throttle.wait('192.0.2.1')).toBe(0);
  now = 59_000;
  expect(throttle.wait('2001:db8:0:1::1')).toBe(1000);
  now = 61_000;
  expect(throttle.wait('2001:db8:0:1::1')).toBe(0);
  for (let times = 0; times < 10; times += 1) throttle.failed('::ffff:192.0.2.1');
  expect(throttle.wait('192.0.2.1')).toBe(60_000);
});

test('names under which the page is asked', () => {
  const listen = { host: '192.0.2.1', port: 443 };
  expect([...ownHosts(listen, true, ['LB.example.com', 'lb:8443'])]).toEqual([
    '192.0.2.1',
    '192.0.2.1:443',
    'lb.example.com',
    'lb.example.com:443',
    'lb:8443',
  ]);
  expect(ownHosts({ host: '::1', port: 3636 }, false)).toContain('[::1]:3636');
});

test('the cookie of the session among others', () => {
  expect(secretOf('a=b; ipvsadm_session=xyz; c')).toBe('xyz');
  expect(secretOf('ipvsadm_session=')).toBeUndefined();
  expect(secretOf(undefined)).toBeUndefined();
});

test('an hour of rates, with gaps where a service was not there', async () => {
  const [web] = overviewServices(await fakeBackend().table(), fakeBackend().director);
  const rings = new RateRings();
  rings.add([], 0);
  rings.add([web!], RATE_STEP);
  rings.add([{ ...web!, active: 9 }], 2 * RATE_STEP);
  expect(rings.of(web!.key)).toEqual({
    from: 0,
    step: RATE_STEP,
    series: {
      connections: [null, 5, 5],
      inBytes: [null, 0, 0],
      outBytes: [null, 0, 0],
      active: [null, 7, 9],
    },
  });
  for (let moment = 3; moment < 365; moment += 1)
    rings.add([{ ...web!, active: moment }], moment * RATE_STEP);
  const { from, series } = rings.of(web!.key)!;
  expect([from, series.active.length, series.active[0], series.active.at(-1)]).toEqual([50_000, 360, 5, 364]);
  for (let moment = 0; moment < 360; moment += 1) rings.add([], 365 * RATE_STEP);
  expect(rings.of(web!.key)).toBeUndefined();
});

test('of a service with many servers few results of each are told', () => {
  const { director } = fakeBackend();
  const results = Array.from(
    { length: 20 },
    (_, at) => ({ ok: true, message: 'status 200', check: 'http', at, stage: 'body', duration: 1 }) as const,
  );
  const told = (count: number) => {
    const health = Array.from({ length: count }, (_, index) => {
      const [one] = director!.health('tcp:192.0.2.10:80');
      return { ...one!, key: { ...one!.key, server: `server ${index}` }, results };
    });
    const detail = serviceDetail([], { ...director!, health: () => health }, 'tcp:192.0.2.10:80');
    return detail!.servers.map((server) => server.health!.results.length);
  };
  expect(new Set(told(500))).toEqual(new Set([20]));
  expect(new Set(told(501))).toEqual(new Set([3]));
});
