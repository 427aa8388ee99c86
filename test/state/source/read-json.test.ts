/** Our reader of JSON against JSON.parse, and its places against those of jsonc-parser. */
import fc from 'fast-check';
import { findNodeAtLocation, type Node, parseTree } from 'jsonc-parser';
import { fastJson } from '../../../src/state/source/fast-json';
import { parseJson, parsePlainly } from '../../../src/state/source/parse-json';
import { readJson } from '../../../src/state/source/read-json';
import { ValueSink } from '../../../src/state/source/sink';

function ours(text: string): { value: unknown } | undefined {
  const sink = new ValueSink();
  return readJson(text, sink) ? { value: sink.value } : undefined;
}

function expected(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

/** Fields have different names: JSON.parse takes the last of those with the same one. */
const text = fc
  .tuple(
    fc.jsonValue({ maxDepth: 5, stringUnit: 'binary' }),
    fc.constantFrom(undefined, 1, '\t', ' \r\n'),
    fc.boolean(),
  )
  .map(([value, indent, escaped]) => {
    const json = JSON.stringify(value, undefined, indent);
    return escaped
      ? json.replace(/[^\n\r\t -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      : json;
  });

const piece = fc.oneof(
  fc.constantFrom(...'{}[]:,"\\-+.0159eEtfn/ \n\t\u0000\u001f\u007f\u00a0\ufeff\u2028'.split('')),
  fc.constantFrom(
    'true',
    'false',
    'null',
    'nul',
    'NaN',
    '1e5',
    '-0',
    '01',
    '1.',
    '.5',
    '\\u00g0',
    '\\x',
    '//',
  ),
);

/** A text with some characters taken out and others put in. */
const broken = fc
  .tuple(text, fc.array(fc.tuple(fc.nat(), fc.nat({ max: 2 }), piece), { minLength: 1, maxLength: 3 }))
  .map(([whole, changes]) =>
    changes.reduce((now, [at, length, put]) => {
      const from = at % (now.length + 1);
      return now.slice(0, from) + put + now.slice(from + length);
    }, whole),
  );

const hasTwice = (whole: string) =>
  parseJson(whole).problems.some(({ message }) => /^duplicate/.test(message));

test('the value of a JSON text is that of JSON.parse', () => {
  fc.assert(
    fc.property(text, (whole) => expect(ours(whole)).toEqual(expected(whole))),
    { numRuns: 1000 },
  );
});

test('a text is JSON where it is for JSON.parse', () => {
  let right = 0;
  let wrong = 0;
  fc.assert(
    fc.property(broken, (whole) => {
      const value = expected(whole);
      if (value) right += 1;
      else wrong += 1;
      if (value && hasTwice(whole)) return;
      expect(ours(whole)).toEqual(value);
    }),
    { numRuns: 2000 },
  );
  expect(right).toBeGreaterThan(100);
  expect(wrong).toBeGreaterThan(500);
});

/** A text in which fields have the same names. */
const doubled = text.map((whole) =>
  whole.replace(/"[^"\\]*":/g, (name) => (name.length > 5 ? name : '"a":')),
);

test('the fast path reads what the plain reader reads without a problem', () => {
  let taken = 0;
  let left = 0;
  fc.assert(
    fc.property(fc.oneof(text, broken, doubled), (whole) => {
      const fast = fastJson(whole);
      if (fast) taken += 1;
      else left += 1;
      const { document, problems } = parsePlainly(whole);
      expect(fast).toEqual(document && problems.length === 0 ? { value: document.value } : undefined);
    }),
    { numRuns: 3000 },
  );
  expect(taken).toBeGreaterThan(500);
  expect(left).toBeGreaterThan(500);
});

test.each([
  ['the deepest text', 32, true],
  ['one that is too deep', 33, false],
])('the fast path takes %s: %j', (_name, depth, taken) => {
  expect(fastJson('['.repeat(depth) + ']'.repeat(depth)) !== undefined).toBe(taken);
  expect(fastJson(`${'{"a":'.repeat(depth - 1)}[]${'}'.repeat(depth - 1)}`) !== undefined).toBe(taken);
});

test('a text that is not JSON has a problem', () => {
  fc.assert(
    fc.property(broken, (whole) => {
      const { document, problems } = parseJson(whole);
      expect(document === undefined).toBe(expected(whole) === undefined);
      if (!document) expect(problems).not.toEqual([]);
    }),
    { numRuns: 1000 },
  );
});

/** All paths in a tree. */
function paths(node: Node, around: readonly (string | number)[] = []): (string | number)[][] {
  const inner = (node.children ?? []).flatMap((child, index) =>
    node.type === 'array'
      ? paths(child, [...around, index])
      : paths(child.children![1]!, [...around, child.children![0]!.value as string]),
  );
  return [[...around], ...inner];
}

test('the places of names and values are those of jsonc-parser', () => {
  fc.assert(
    fc.property(text, (whole) => {
      const tree = parseTree(whole)!;
      const all = paths(tree);
      const { document } = parseJson(whole);
      const values = document!.places(all.map((path) => ({ path, part: 'value' })));
      const named = document!.places(all.map((path) => ({ path, part: 'name' })));
      for (const [index, path] of all.entries()) {
        const node = findNodeAtLocation(tree, path)!;
        const { offset, length } = node;
        const isScalar = node.type !== 'object' && node.type !== 'array';
        expect(values[index]).toEqual({ offset, length: isScalar ? length : 1 });
        const name = typeof path.at(-1) === 'string' ? node.parent!.children![0]! : undefined;
        if (name) expect(named[index]).toEqual({ offset: name.offset, length: name.length });
      }
    }),
    { numRuns: 500 },
  );
});

test('the place of a part that is missing is the innermost part around it', () => {
  const { document } = parseJson(' {"a": [1, {"b": 2}]}');
  expect(
    document!.places([
      { path: ['a', 1, 'c'], part: 'value' },
      { path: ['a', 5], part: 'value' },
      { path: ['x'], part: 'name' },
    ]),
  ).toEqual([
    { offset: 11, length: 1 },
    { offset: 7, length: 1 },
    { offset: 1, length: 1 },
  ]);
});

test('of fields with the same name the first counts, and the others are reported', () => {
  const { document, problems } = parseJson('{"a": 1, "a": 2, "__proto__": 3, "__proto__": 4}');
  expect(Object.entries(document!.value as object)).toEqual([
    ['a', 1],
    ['__proto__', 3],
  ]);
  expect(problems.map(({ span, message }) => [span!.offset, message])).toEqual([
    [9, "duplicate field 'a'"],
    [33, "duplicate field '__proto__'"],
  ]);
});
