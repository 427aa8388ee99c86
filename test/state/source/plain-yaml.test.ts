/** Our reader of usual YAML against the yaml package. */
import fc from 'fast-check';
import { Document, isMap, isScalar, visit } from 'yaml';
import { asciiJson } from '../../../src/bytes/unicode';
import { listedState } from '../../../src/state/document/to-object';
import { writeState } from '../../../src/state/document/write';
import { parseAnyYaml, parseYaml } from '../../../src/state/source/parse-yaml';
import { readPlainYaml } from '../../../src/state/source/read-plain-yaml';
import { ValueSink } from '../../../src/state/source/sink';
import type { Parsed, Path, Wanted } from '../../../src/state/source/tree';
import { wholeState } from '../../helpers/arbitrary-states';

const isUsual = (text: string) => readPlainYaml(text, new ValueSink());

/** The paths of all parts of a value. */
function paths(value: unknown, around: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [around];
  const keys: readonly (string | number)[] = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return [
    around,
    ...keys.flatMap((key) => paths((value as Record<string | number, unknown>)[key], [...around, key])),
  ];
}

/** The value, problems and places of a text. */
function described({ document, problems }: Parsed) {
  const wanted = document
    ? paths(document.value).flatMap((path): Wanted[] => [
        { path, part: 'value' },
        { path, part: 'name' },
      ])
    : [];
  return { value: document?.value, problems, places: document?.places(wanted) };
}

/** A text that our reader takes must be the same for the yaml package. */
function check(text: string): boolean {
  if (!isUsual(text)) return false;
  expect(described(parseYaml(text))).toEqual(described(parseAnyYaml(text)));
  return true;
}

const scalars = fc.oneof(
  fc.constantFrom<unknown>(
    ...['tcp', '10.0.0.1', '2001:db8::1', '255.255.255.0', 'a-b', 'flag-1', 'x:y', 'n'],
  ),
  fc.constantFrom<unknown>(...['true', 'Yes', 'null', '~', '', ' a', 'a #b', '0x10', '1e3', '1.5', '1:30']),
  fc.constantFrom<unknown>(
    ...['-', '- a', 'a: b', '.inf', '0o7', '007', '+1', '1_000', '2001-01-01', "it's"],
  ),
  fc.constantFrom<unknown>(true, false, null, 0, 80, -1, 1.5, 2 ** 53, 999_999_999_999_999),
  fc.string({ unit: 'binary', maxLength: 5 }),
);
const usualScalars = fc.oneof(
  fc.constantFrom<unknown>(
    ...['tcp', '10.0.0.1', '2001:db8::1', '255.255.255.0', 'a-b', 'flag-1', 'x:y', 'n'],
  ),
  fc.constantFrom<unknown>(true, false, 0, 80, 999_999_999_999_999, '', ' a', 'a #b', "it's"),
);

const valuesOf = (leaves: fc.Arbitrary<unknown>, names: readonly string[]) =>
  fc.letrec<{ value: unknown; list: unknown; object: unknown }>((tie) => ({
    value: fc.oneof({ maxDepth: 4, depthIdentifier: 'yaml' }, leaves, tie('list'), tie('object')),
    list: fc.array(tie('value'), { maxLength: 3 }),
    object: fc.dictionary(fc.constantFrom(...names), tie('value'), { maxKeys: 3 }),
  })).object;
const values = valuesOf(scalars, ['a', 'b-c', '_d', 'null', '1', 'x y']);
const usualValues = valuesOf(usualScalars, ['a', 'b-c', '_d']);

/** Gives some collections the flow style. */
function yamlOf(value: unknown, flow: number): string {
  const document = new Document(value);
  let count = 0;
  visit(document, {
    Collection(_key, node) {
      count += 1;
      if ((flow >> (count % 16)) & 1) node.flow = true;
    },
  });
  return document.toString({ lineWidth: 0 });
}

const textOf = (value: fc.Arbitrary<unknown>) =>
  fc.tuple(value, fc.nat({ max: 0xffff })).map(([one, flow]) => yamlOf(one, flow));

const piece = fc.constantFrom(
  ...' |\n|  |    |-|- |:|: |,|, |#| #|&a |*a|*a |[|]|{|}|"|\'|\\|?|? |!|!!str |%|@|`|>|||~|null|true|0|1'
    .split('|')
    .filter((text) => text !== ''),
  ...[
    '\t',
    '\r\n',
    '---\n',
    '...\n',
    '\n\n',
    '# c\n',
    'a: 1\n',
    '- &a b\n',
    '- *a\n',
    '\u00e9',
    '1.0',
    '0x1',
    '|\n',
  ],
);
const changedText = (texts: fc.Arbitrary<string>) =>
  fc
    .tuple(texts, fc.array(fc.tuple(fc.nat(), fc.nat({ max: 3 }), piece), { minLength: 1, maxLength: 2 }))
    .map(([whole, changes]) =>
      changes.reduce((now, [at, length, put]) => {
        const from = at % (now.length + 1);
        return now.slice(0, from) + put + now.slice(from + length);
      }, whole),
    );

/** Documents of tables, with anchors and aliases for equal lists of servers. */
const tables = fc.tuple(wholeState, fc.nat({ max: 0xffff })).map(([state, flow]) => {
  const value = JSON.parse([...writeState(listedState(state), false)].join('')) as {
    services?: { servers?: unknown }[];
  };
  const [first, ...others] = value.services ?? [];
  if (first?.servers) for (const other of others) other.servers = first.servers;
  return yamlOf(value, flow);
});

test.each([
  ['any values', textOf(values), 20],
  ['any values, changed', changedText(textOf(values)), 0],
  ['usual values', textOf(usualValues), 200],
  ['usual values, changed', changedText(textOf(usualValues)), 5],
  ['tables', tables, 300],
  ['tables, changed', changedText(tables), 5],
])('%s: what it takes is the same for the yaml package', (_name, texts, least) => {
  let taken = 0;
  fc.assert(
    fc.property(texts, (text) => {
      if (check(text)) taken += 1;
    }),
    { numRuns: 1000 },
  );
  expect(taken).toBeGreaterThanOrEqual(least);
});

test('small texts of all characters that have a meaning', () => {
  const characters = ['a', '1', ' ', '\n', '-', ':', ',', '#', '&', '*', '[', ']', '{', '}', '"', "'"];
  let taken = 0;
  const extend = (text: string, left: number) => {
    if (check(`k: ${text}`)) taken += 1;
    if (left > 0) for (const character of characters) extend(text + character, left - 1);
  };
  extend('', 3);
  expect(taken).toBeGreaterThan(50);
});

test('the form in which state documents are usually written needs no package', () => {
  expect(
    isUsual(`# a table
format: ipvsadm-state
version: 1
services:
  - protocol: tcp   # the web
    address: 192.0.2.1
    port: 80
    flags: [sh-port, "sh-fallback"]
    servers: &web
      - {address: 10.0.0.1, weight: 2}
      - address: '2001:db8::1'
        weight: 1

  - protocol: tcp
    address: 192.0.2.2
    port: 80
    servers: *web
`),
  ).toBe(true);
});

test('names of fields are strings', () => {
  for (const text of ['null: 1\n', 'true: 1\n', '1: 1\n', '~: 1\n', '2.5: x\n']) {
    const { document } = parseYaml(text);
    const { contents } = new Document({ a: 1 });
    expect(isMap(contents) && isScalar(contents.items[0]!.key)).toBe(true);
    expect(Object.keys(document?.value ?? {})).toEqual(document ? [text.split(':')[0]] : []);
  }
});

test('escapes in double quotes are read as the yaml package reads them', () => {
  const part = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.string({ unit: 'binary', maxLength: 5 }).map((text) => asciiJson(text).slice(1, -1)),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom('\\/', '\\u00E9', '\\\\', '\\"', '\\n', ' ', 'x', '#', ': ', "'"),
    },
    { weight: 1, arbitrary: fc.constantFrom('\\x41', '\\N', '\\e', '\\u00g0', '\\', '\\U0001F600', '"') },
  );
  let taken = 0;
  let left = 0;
  fc.assert(
    fc.property(fc.array(part, { maxLength: 4 }), fc.boolean(), (parts, flow) => {
      const value = `"${parts.join('')}"`;
      const text = flow ? `{a: ${value}, b: ${value}}\n` : `a: ${value}\nb: ${value} # c\n`;
      const sink = new ValueSink();
      if (!readPlainYaml(text, sink)) {
        left += 1;
        return;
      }
      taken += 1;
      expect(sink.value).toEqual(parseAnyYaml(text).document?.value);
    }),
    { numRuns: 1000 },
  );
  expect(taken).toBeGreaterThan(200);
  expect(left).toBeGreaterThan(100);
});
