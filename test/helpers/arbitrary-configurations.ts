/** fast-check arbitraries for what a document of version 2 holds: checks, policies, servers. */
import fc from 'fast-check';
import type { Check, CheckKind, HttpExpectation, Pattern, TlsSettings } from '../../src/model/check';
import type { Configuration, DirectorServer, DirectorService } from '../../src/model/director';
import { serverName, serviceName } from '../../src/state/table/table-state';
import { wholeState } from './arbitrary-states';

const pick = <const T>(...values: readonly T[]) => fc.constantFrom(...values);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

/** One character per byte, also bytes that are not UTF-8. */
const bytes = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 255 }), pick(0x2f, 0x5c, 0x61)), { minLength: 1, maxLength: 8 })
  .map((codes) => String.fromCharCode(...codes));

const pattern: fc.Arbitrary<Pattern> = fc.oneof(
  bytes.map((text) => ({ text })),
  pick('/x/', '\\/x/', '//', '/a/i', '\\\\/b/').map((text) => ({ text })),
  fc
    .tuple(pick('ok', 'a/b', '^\\d+$', '[/]', '\xff'), fc.boolean())
    .map(([regex, ignoreCase]) => ({ regex, ...(ignoreCase ? { ignoreCase } : {}) })),
);

const tls: fc.Arbitrary<TlsSettings> = fc
  .record({
    verify: fc.boolean(),
    sni: maybe(pick('www.example.com', '10.0.0.1', 'other')),
    ca: maybe(pick('/etc/ca.pem')),
    pair: fc.boolean(),
    warnDays: pick(0, 14, 30),
  })
  .map(({ verify, sni, ca, pair, warnDays }) => ({
    verify,
    ...present({ sni, ca }),
    ...(pair ? { certificate: '/etc/c.pem', key: '/etc/k.pem' } : {}),
    warnDays,
  }));

/** A value as JSON writes it, which has no -0. */
const written = fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown);

const http: fc.Arbitrary<HttpExpectation> = fc
  .record({
    path: pick('/', '/health?a=b'),
    method: pick('GET', 'HEAD', 'POST'),
    version: pick('1.0', '1.1'),
    host: maybe(pick('www.example.com', 'www.example.com:8080', '10.0.0.1', '[2001:db8::1]:80')),
    headers: fc.dictionary(
      pick('X-A', 'x-b', '__proto__'),
      bytes.map((text) => text.replace(/[^ -~]/g, 'a')),
    ),
    status: fc.array(
      fc
        .tuple(fc.integer({ min: 100, max: 499 }), fc.nat(99))
        .map(([from, more]) => [from, from + more] as const),
      { minLength: 1, maxLength: 3 },
    ),
    body: fc.array(pattern, { maxLength: 3 }),
    not: fc.array(pattern, { maxLength: 2 }),
    answerHeaders: fc.dictionary(pick('x-a', 'server'), pattern),
    json: fc.uniqueArray(fc.record({ pointer: pick('', '/a', '/a~1b/0', '/ü'), equals: written }), {
      maxLength: 3,
      selector: ({ pointer }) => pointer,
    }),
    digest: pick(
      [],
      [{ algorithm: 'sha256' as const, hex: 'a'.repeat(64) }],
      [
        { algorithm: 'sha256' as const, hex: '0'.repeat(64) },
        { algorithm: 'md5' as const, hex: 'b'.repeat(32) },
        { algorithm: 'md5' as const, hex: '1'.repeat(32) },
      ],
    ),
  })
  .map(({ host, ...rest }) => ({ ...rest, ...present({ host }) }));

const kind: fc.Arbitrary<CheckKind> = fc.oneof(
  fc
    .record({ send: maybe(bytes), expect: maybe(pattern) })
    .map((own) => ({ type: 'tcp' as const, ...present(own) })),
  http.map((own) => ({ type: 'http' as const, ...own })),
  fc.tuple(http, tls).map(([own, settings]) => ({ type: 'https' as const, ...own, tls: settings })),
  tls.map((settings) => ({ type: 'tls' as const, tls: settings })),
  pick('localhost', 'mail.example.com').map((helo) => ({ type: 'smtp' as const, helo })),
  fc
    .record({
      query: pick('.', 'www.example.com'),
      record: pick('A', 'SOA', 'RRSIG'),
      transport: pick('udp', 'tcp'),
      answer: maybe(bytes),
    })
    .map(({ answer, ...own }) => ({ type: 'dns' as const, ...own, ...present({ answer }) })),
  fc
    .record({ send: bytes, expect: maybe(pattern) })
    .map((own) => ({ type: 'udp' as const, ...present(own) })),
  fc.constant({ type: 'ping' as const }),
  fc
    .record({
      words: fc.array(
        bytes.map((text) => text.replaceAll('\0', 'x')),
        { maxLength: 2 },
      ),
      user: maybe(pick('nobody')),
      exit: pick('plain', 'keepalived'),
    })
    .map(({ words, user, exit }) => ({
      type: 'script' as const,
      command: ['/bin/check', ...words],
      exit,
      ...present({ user }),
    })),
  fc
    .record({ service: bytes, tls: maybe(tls) })
    .map(({ service, tls: settings }) => ({ type: 'grpc' as const, service, ...present({ tls: settings }) })),
  maybe(bytes).map((send) => ({ type: 'agent' as const, ...present({ send }) })),
  maybe(pick(-3, 2)).map((weight) => ({ type: 'file' as const, path: '/run/x y', ...present({ weight }) })),
);

const timing = fc.record({
  interval: pick(100, 2000, 10_500, 60_000, 86_400_000),
  fast: pick(50, 500, 90_000),
  slow: pick(5000, 3_661_000),
  timeout: pick(10, 1000, 30_000),
  fall: pick(1, 3, 1000),
  rise: pick(1, 2),
  initial: pick('unknown', 'up', 'down'),
});

const place = fc.record({
  address: maybe(pick('10.0.0.9', '2001:db8::9')),
  port: maybe(pick(1, 65535)),
  source: maybe(pick('10.0.0.8')),
  mark: maybe(pick(1, 0xffffffff)),
});

const network = ['tcp', 'http', 'https', 'tls', 'smtp', 'dns', 'udp', 'grpc', 'agent', 'ping'];

export const anyCheck: fc.Arbitrary<Check> = fc
  .tuple(kind, timing, place, fc.boolean())
  .map(([own, times, { port, address, ...where }, path]): Check => {
    const via = path && network.indexOf(own.type) < 8 && network.includes(own.type) ? 'path' : 'server';
    return {
      ...own,
      ...times,
      via,
      ...(network.includes(own.type)
        ? present({
            ...where,
            ...(via === 'server' ? { address } : {}),
            ...(own.type === 'ping' ? {} : { port }),
          })
        : {}),
    };
  });

/** Named checks differ from each other, and have the same name wherever they are used. */
const checkPool = fc
  .array(fc.tuple(anyCheck, fc.boolean()), { minLength: 1, maxLength: 4 })
  .map((checks) =>
    checks.map(([check, named], index): Check => (named ? { ...check, name: `check-${index}` } : check)),
  );

const policies = fc.record({
  quorum: fc.oneof(
    pick(0, 1, 7).map((weight) => ({ weight })),
    pick(0, 0.5, 0.125, 0.333333, 1).map((part) => ({ part })),
  ),
  hysteresis: pick(0, 2),
  onFail: pick('weight0', 'remove'),
  removeAfter: maybe(pick(0, 60_000)),
  slowStart: pick(0, 30_000),
  critical: fc.boolean(),
  owner: pick('ours', 'shared', 'report'),
  name: pick(undefined, 'web', 'a.b-c_1'),
  comment: maybe(pick('team Süd: "web" # 1', '1', '𝄞'.repeat(200))),
  whenAllDown: pick('keep', 'drop', 'sorry'),
  sorry: fc.boolean(),
});

/** Configurations that a document can hold. */
export const anyConfiguration: fc.Arbitrary<Configuration> = fc
  .tuple(
    wholeState,
    checkPool,
    fc.array(policies, { minLength: 6, maxLength: 6 }),
    fc.infiniteStream(fc.nat(1000)),
  )
  .chain(([state, checks, settings, stream]) => {
    const next = () => stream.next().value as number;
    const services = state.services.map(({ service, servers }, index): DirectorService => {
      const {
        name,
        comment,
        sorry: hasSorry,
        whenAllDown,
        removeAfter,
        slowStart,
        ...rest
      } = settings[index]!;
      const usable = checks.filter(({ via }) => via === 'server' || service.key.kind === 'address');
      const own = servers.map((server, at): DirectorServer => {
        const admin = (['ready', 'ready', 'drain', 'maint'] as const)[next() % 4]!;
        return {
          name: next() % 2 === 0 ? serverName(server) : `server-${at}`,
          ...present({ comment: next() % 3 === 0 ? comment : undefined }),
          server,
          checks: index % 2 === 0 ? usable : usable.filter(() => next() % 2 === 0),
          any: next() % 3 === 0,
          admin,
        };
      });
      const { family } = service.key;
      const sorry = hasSorry
        ? {
            family,
            address: Uint8Array.from({ length: family === 2 ? 4 : 16 }, () => 9),
            port: 81,
            forwarding: 3,
            weight: 1,
            upperThreshold: 0,
            lowerThreshold: 0,
            tunnel: { type: 0, port: 0, flags: 0 },
          }
        : undefined;
      const light = servers.every(({ weight }) => weight < 21_000_000);
      return {
        name: name === undefined ? serviceName(service.key) : `${name}${index}`,
        ...present({ comment }),
        service,
        servers: own,
        ...present({ sorry }),
        ...rest,
        whenAllDown: whenAllDown === 'sorry' && !sorry ? 'keep' : whenAllDown,
        ...present({ removeAfter }),
        slowStart: service.scheduler === 'sh' || !light ? 0 : slowStart,
      };
    });
    return fc
      .record({
        exec: maybe(pick('/bin/notify')),
        webhook: maybe(pick('https://example.com/hook')),
        mail: maybe(pick(['ops@example.com'])),
        gateway: maybe(pick('10.0.0.1', '2001:db8::1')),
        checkMarks: maybe(pick({ first: 9, count: 500 })),
        metrics: maybe(pick({ listen: '127.0.0.1:9300' }, { listen: '[2001:db8::1]:80' })),
      })
      .map(
        ({ gateway, checkMarks, metrics, ...notify }): Configuration => ({
          services,
          timeouts: state.timeouts,
          daemons: state.daemons,
          notify: present(notify),
          ...present({ gateway, checkMarks, metrics }),
        }),
      );
  });

function present<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}
