import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DocumentEdit } from '../../../src/web/contract';
import {
  additionTo,
  editFor,
  hintOf,
  listAt,
  type Path,
  titleOf,
  valueAt,
  vipsOf,
} from '../../../src/web/page/state/document';
import {
  checkFields,
  directorFields,
  type FieldKind,
  readField,
  serverFields,
  serviceFields,
  writeField,
} from '../../../src/web/page/state/fields';

const document = {
  director: { notify: { mail: ['a@example.com'] } },
  services: [
    {
      name: 'web',
      address: '192.0.2.10',
      persistence: { timeout: 300 },
      sorry: { address: '10.0.0.9', port: 80 },
    },
  ],
};

test.each<[string, Path, unknown, DocumentEdit]>([
  ['sets a field', ['services', 0, 'port'], 80, { path: ['services', 0, 'port'], value: 80 }],
  ['takes a field away', ['services', 0, 'name'], undefined, { path: ['services', 0, 'name'] }],
  [
    'takes an object away with its last field',
    ['services', 0, 'persistence', 'timeout'],
    undefined,
    { path: ['services', 0, 'persistence'] },
  ],
  [
    'leaves an object that has other fields',
    ['services', 0, 'sorry', 'port'],
    undefined,
    { path: ['services', 0, 'sorry', 'port'] },
  ],
  [
    'takes objects away as far as they are empty',
    ['director', 'notify', 'mail'],
    undefined,
    { path: ['director'] },
  ],
  [
    'takes nothing away that is not there',
    ['director', 'ha', 'name'],
    undefined,
    { path: ['director', 'ha', 'name'] },
  ],
])('%s', (_, path, value, expected) => {
  expect(editFor(document, path, value)).toEqual(expected);
});

test('an entry goes behind the last one, or makes the list', () => {
  expect(additionTo(document, ['services'], { name: 'new' })).toEqual({
    path: ['services', 1],
    value: { name: 'new' },
  });
  expect(additionTo({}, ['services'], { name: 'new' })).toEqual({
    path: ['services'],
    value: [{ name: 'new' }],
  });
});

test('whatever is in a document, reading it does not fail', () => {
  const wild = { services: 'none', director: null, checks: [1] };
  expect([
    listAt(wild, ['services']),
    valueAt(wild, ['director', 'vips']),
    valueAt(wild, ['checks', 'constructor']),
    valueAt({}, ['__proto__']),
    valueAt(null, ['a']),
    vipsOf(wild),
    titleOf('x'),
  ]).toEqual([[], undefined, undefined, undefined, undefined, [], '?']);
});

test.each<[object, string]>([
  [{ name: 'web' }, 'web'],
  [{ fwmark: 7 }, 'fwmark:7'],
  [{ protocol: 'tcp', address: '192.0.2.10', port: 80 }, 'tcp:192.0.2.10:80'],
  [{ protocol: 'tcp', address: '2001:db8::1', port: 80 }, 'tcp:[2001:db8::1]:80'],
  [{ address: '10.0.0.1' }, '10.0.0.1'],
])('%j is called %s', (value, expected) => {
  expect(titleOf(value)).toBe(expected);
});

test('VIPs are those of the director, or the addresses of services, each once', () => {
  const services = [{ address: '192.0.2.10' }, { address: '192.0.2.10' }, { fwmark: 1 }];
  expect(vipsOf({ services })).toEqual(['192.0.2.10']);
  expect(vipsOf({ services, director: { vips: ['192.0.2.99/24'] } })).toEqual(['192.0.2.99/24']);
});

test.each<[FieldKind, string, unknown]>([
  ['text', ' web ', 'web'],
  ['text', '  ', undefined],
  ['number', '80', 80],
  ['number', '80x', '80x'],
  ['numberOrText', '50%', '50%'],
  ['flag', 'true', true],
  ['flag', 'false', false],
  ['list', 'a, b  c', ['a', 'b', 'c']],
])('as %s, %p is %p', (kind, typed, expected) => {
  expect(readField(kind, typed)).toEqual(expected);
});

test.each<[unknown, string | undefined]>([
  [undefined, ''],
  [null, ''],
  [0, '0'],
  [false, 'false'],
  [['a', 1], 'a, 1'],
  [{ type: 'tcp' }, undefined],
  [['page', { type: 'tcp' }], undefined],
])('%j is typed as %p', (value, expected) => {
  expect(writeField(value)).toBe(expected);
});

const schema = JSON.parse(readFileSync(join(__dirname, '../../../docs/schema/state-2.json'), 'utf8'));
const places = {
  director: ['director'],
  service: ['services', 0],
  server: ['services', 0, 'servers', 0],
  check: ['checks', 'page'],
};

test.each([
  ...directorFields.map(({ path }) => [[...places.director, ...path]]),
  ...serviceFields.map(({ path }) => [[...places.service, ...path]]),
  ...serverFields.map(({ path }) => [[...places.server, ...path]]),
  ...checkFields.map(({ path }) => [[...places.check, ...path]]),
])('the schema knows the field %j, and says what it is', (path: Path) => {
  // Of names it says nothing.
  expect([path.at(-1) === 'name', hintOf(schema, path)]).toEqual(
    path.at(-1) === 'name' && hintOf(schema, path) === undefined
      ? [true, undefined]
      : [path.at(-1) === 'name', expect.stringMatching(/\w/)],
  );
});
