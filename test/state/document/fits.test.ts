/** The fast check of a document's form, and the one that names mistakes, against zod. */
import fc from 'fast-check';
import { fits } from '../../../src/state/document/fits';
import { directorStateSchema, schemaProblems, stateSchema } from '../../../src/state/document/schema';
import { directorStateType, stateType } from '../../../src/state/document/state-fields';
import { listedState } from '../../../src/state/document/to-object';
import { writeState } from '../../../src/state/document/write';
import { writeConfiguration } from '../../../src/state/document/write-director';
import type { WholeState } from '../../../src/state/table/table-state';
import { anyConfiguration } from '../../helpers/arbitrary-configurations';
import { wholeState } from '../../helpers/arbitrary-states';

type Container = Record<string | number, unknown>;

const documentOf = (state: WholeState) =>
  JSON.parse([...writeState(listedState(state), false)].join('')) as Container;

/** Values that are right in one field and wrong in others. */
const odd = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    undefined,
    true,
    'true',
    '',
    '10.0.0.1',
    '2001:db8::1',
    '[2001:db8::1]',
    '2s',
    '50%',
    '200-299',
    '/x/',
    '/(/',
    '10.0.0.256',
    '255.255.255.0',
    'tcp',
    'wrr',
    'flag-1',
    'sh-port',
    '0x8',
    'r r',
    'x'.repeat(16),
    '9007199254740993',
    '99999999999999999999999',
    0,
    -0,
    -1,
    1,
    1.5,
    128,
    129,
    65535,
    65536,
    2 ** 31,
    2 ** 32,
    2 ** 53,
    Number.NaN,
    Number.POSITIVE_INFINITY,
  ),
  fc.constantFrom<unknown>([], {}, [1], ['checksum'], { 12: '00ff' }, { 12: '0' }, { x: '00' }, [[]], [{}]),
  fc.jsonValue({ maxDepth: 2 }),
);

const names = fc.constantFrom(
  ...['format', 'version', 'timeouts', 'tcp', 'daemons', 'state', 'interface', 'group', 'services'],
  ...['protocol', 'fwmark', 'family', 'address', 'port', 'scheduler', 'flags', 'persistence', 'netmask'],
  ...['name', 'check', 'checks', 'quorum', 'sorry', 'admin', 'interval', 'body', 'headers', 'json', 'status'],
  ...['servers', 'forwarding', 'weight', 'tunnel', 'type', 'stats', 'unknown', 'toString', '__proto__', '12'],
);

interface Change {
  /** Chooses the part. */
  readonly at: number;
  readonly kind: 'set' | 'delete' | 'add';
  readonly name: string;
  readonly value: unknown;
}

const change: fc.Arbitrary<Change> = fc.record({
  at: fc.nat(),
  kind: fc.constantFrom('set' as const, 'set' as const, 'delete' as const, 'add' as const),
  name: names,
  value: odd,
});

/** Each object and list of a document with each of its keys. */
function parts(value: unknown): { container: Container; key: string | number }[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.keys(value).flatMap((key) => [
    { container: value as Container, key },
    ...parts((value as Container)[key]),
  ]);
}

function changed(document: Container, changes: readonly Change[]): unknown {
  const root = { document: structuredClone(document) as unknown };
  for (const { at, kind, name, value: shared } of changes) {
    const value = structuredClone(shared);
    const all = parts(root);
    if (all.length === 0) break;
    const { container, key } = all[at % all.length]!;
    const inner = container[key];
    if (kind === 'set') container[key] = value;
    else if (kind === 'delete' && Array.isArray(container)) container.splice(Number(key), 1);
    else if (kind === 'delete') delete container[key];
    else if (typeof inner === 'object' && inner !== null) {
      Object.defineProperty(inner, Array.isArray(inner) ? String(inner.length) : name, {
        value,
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
  }
  return root.document;
}

/** zod passes over this name in objects with names of the user's; we take it for one like any other. */
const SPECIAL = '__proto__';
const PLAIN = 'x-proto';

function forZod(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(forZod);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name === SPECIAL ? PLAIN : name, forZod(inner)]),
  );
}

/** The parts that zod finds wrong; an unknown field is one. */
function wrongForZod(value: unknown): Set<string> {
  const { error } = stateSchema.safeParse(forZod(value));
  const paths = (error?.issues ?? []).flatMap((issue): PropertyKey[][] =>
    issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [[...issue.path]],
  );
  const named = (part: PropertyKey) => (part === PLAIN ? SPECIAL : String(part));
  return new Set(paths.map((path) => path.map(named).join('/')));
}

test('what fits, and where mistakes are found, is what zod says', () => {
  let right = 0;
  let wrong = 0;
  fc.assert(
    fc.property(wholeState, fc.array(change, { maxLength: 3 }), (state, changes) => {
      const value = changed(documentOf(state), changes);
      const expected = wrongForZod(value);
      expect(fits(stateType, value)).toBe(expected.size === 0);
      const found = new Set(schemaProblems(value).map(({ path }) => path.join('/')));
      // Of some wrong numbers in a part, zod stops before it checks the part as a whole.
      const around = (path: string) => [...expected].some((inner) => inner.startsWith(`${path}/`));
      expect(new Set([...found].filter((path) => expected.has(path) || !around(path)))).toEqual(expected);
      if (expected.size === 0) right += 1;
      else wrong += 1;
    }),
    { numRuns: 500 },
  );
  expect(right).toBeGreaterThan(50);
  expect(wrong).toBeGreaterThan(50);
});

test('what fits in version 2 is what zod says, and what is named as wrong is what does not fit', () => {
  let right = 0;
  let wrong = 0;
  fc.assert(
    fc.property(anyConfiguration, fc.array(change, { maxLength: 2 }), (configuration, changes) => {
      const document = JSON.parse([...writeConfiguration(configuration, undefined)].join('')) as Container;
      const value = changed(document, changes);
      // Without its version it is a document of version 1.
      if ((value as { version?: unknown } | null)?.version !== 2) return;
      const expected = directorStateSchema.safeParse(forZod(value)).success;
      expect(fits(directorStateType, value)).toBe(expected);
      expect(schemaProblems(value).length === 0).toBe(expected);
      if (expected) right += 1;
      else wrong += 1;
    }),
    { numRuns: 150 },
  );
  expect(right).toBeGreaterThan(20);
  expect(wrong).toBeGreaterThan(20);
});

test.each([
  ['{"__proto__": "x"}', []],
  [
    '{"__proto__": 5, "X-A": "x"}',
    [{ path: ['headers', '__proto__'], kind: 'wrong', message: 'must be a text, as a string' }],
  ],
  [
    '{"__proto__": "x\\n"}',
    [{ path: ['headers', '__proto__'], kind: 'malformed', message: 'a header is one line' }],
  ],
])('of a header with a name of JavaScript: %s', (headers, problems) => {
  const document = JSON.parse(`{
    "format": "ipvsadm-state", "version": 2, "checks": { "web": { "type": "http", "headers": ${headers} } }
  }`);
  const path = ['checks', 'web'];
  expect(schemaProblems(document)).toEqual(
    problems.map((problem) => ({ ...problem, path: [...path, ...problem.path] })),
  );
  expect(fits(directorStateType, document)).toBe(problems.length === 0);
});

test.each([undefined, null, 7, 'text', [], true])('%j is no document', (value) => {
  expect(fits(stateType, value)).toBe(false);
  expect(schemaProblems(value)).toEqual([{ path: [], kind: 'wrong', message: 'must be an object' }]);
});
