/** State files: there and back, and what is made of damaged ones. */
import fc from 'fast-check';
import { nothingOwned } from '../../src/director/owned-record';
import { DamagedError } from '../../src/director/shape';
import {
  documentFormat,
  eventsFormat,
  type Format,
  generationsFormat,
  healthFormat,
  overridesFormat,
  ownedFormat,
} from '../../src/director/state-files';

const EPOCH = 'boot net';
const word = fc.string();
const time = fc.double({ noNaN: true, noDefaultInfinity: true });
const admin = fc.constantFrom('ready', 'drain', 'maint');
const mapOf = <T>(value: fc.Arbitrary<T>) =>
  fc.array(fc.tuple(word, value)).map((entries) => new Map(entries));
const requiredKeys = <K extends string>(...keys: K[]) => ({ requiredKeys: keys });

const health = fc.record({
  state: fc.constantFrom('up', 'down', 'unknown'),
  since: time,
  ok: fc.option(fc.boolean(), { nil: undefined }),
  streak: time,
  streakSince: time,
  falls: fc.array(time),
  confirmed: fc.boolean(),
  wish: fc.record(
    { weight: time, absoluteWeight: time, addedWeight: time, wish: admin },
    { requiredKeys: [] },
  ),
});

const formats: [string, Format<never>, fc.Arbitrary<unknown>][] = [
  [
    'owned',
    ownedFormat as Format<never>,
    fc.record({
      services: mapOf(fc.array(word).map((names) => new Set(names))),
      taken: fc.array(word).map((names) => new Set(names)),
      paths: mapOf(word),
    }),
  ],
  [
    'health',
    healthFormat as Format<never>,
    fc.record({
      servers: mapOf(
        fc.record({
          checks: mapOf(health),
          ramp: fc.record({ wasOut: fc.boolean(), since: time }, requiredKeys('wasOut')),
        }),
      ),
      quorum: mapOf(fc.boolean()),
    }),
  ],
  [
    'overrides',
    overridesFormat as Format<never>,
    mapOf(
      fc.record(
        { admin, weight: time, author: word, reason: word, since: time, until: time, fileAdmin: admin },
        requiredKeys('admin', 'author', 'since', 'fileAdmin'),
      ),
    ),
  ],
  [
    'generations',
    generationsFormat as Format<never>,
    fc.record(
      {
        list: fc.array(
          fc.record(
            {
              number: fc.nat(),
              sha256: word,
              at: time,
              author: word,
              applied: fc.boolean(),
              confirmUntil: time,
            },
            requiredKeys('number', 'sha256', 'at', 'author', 'applied'),
          ),
        ),
        current: fc.nat(),
        takenBack: word,
      },
      requiredKeys('list', 'current'),
    ),
  ],
  ['a document', documentFormat as Format<never>, fc.record({ name: word, text: word })],
  [
    'events',
    eventsFormat as Format<never>,
    fc.record({
      next: fc.nat(),
      list: fc.array(
        fc.record(
          {
            id: fc.nat(),
            at: time,
            kind: fc.constantFrom('alarm', 'blind'),
            service: word,
            server: word,
            text: word,
          },
          requiredKeys('id', 'at', 'kind', 'text'),
        ),
      ),
    }),
  ],
];

/** JSON has no -0. */
const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, inner) => {
      if (inner instanceof Map) return { map: [...inner].sort(([a], [b]) => (a < b ? -1 : 1)) };
      return inner instanceof Set ? { set: [...inner] } : inner;
    }),
  );

describe.each(formats)('%s', (_, format, values) => {
  test('comes back as it was', () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(plain(format.read(format.write(value as never, EPOCH), EPOCH))).toEqual(plain(value));
      }),
    );
  });

  test('is damaged or read, but nothing else, whatever happened to it', () => {
    const mutated = fc.tuple(values, fc.nat(), fc.nat(), word).map(([value, from, length, inserted]) => {
      const content = format.write(value as never, EPOCH);
      const at = from % content.length;
      return content.slice(0, at) + inserted + content.slice(at + (length % 20));
    });
    fc.assert(
      fc.property(fc.oneof(mutated, word, fc.json()), (content) => {
        try {
          format.read(content, EPOCH);
        } catch (error) {
          expect(error).toBeInstanceOf(DamagedError);
        }
      }),
    );
  });

  test('of another version is as none', () => {
    expect(format.read('{"version":2,"epoch":"boot net"}', EPOCH)).toBeUndefined();
  });
});

test('what belongs to a boot is void in another one', () => {
  const owned = ownedFormat.write(nothingOwned, EPOCH);
  expect(ownedFormat.read(owned, EPOCH)).toEqual(nothingOwned);
  expect(ownedFormat.read(owned, 'another')).toBeUndefined();
  expect(overridesFormat.read(overridesFormat.write(new Map(), EPOCH), 'another')).toEqual(new Map());
});
