/** Edits of single values keep the rest of a document as people wrote it. */
import { editText, valueOfText } from '../../../src/state/files/edit-text';

const yaml = `# our directors
format: ipvsadm-state
version: 2
services:
  # the shop
  - name: web # in front
    protocol: tcp
    servers:
      - { name: a, address: 10.0.0.1, weight: 1 }
      - { name: b, address: 10.0.0.2 } # new
`;

test('YAML keeps comments, order and style', () => {
  const edited = editText(yaml, 'yaml', [
    { path: ['services', 0, 'servers', 0, 'weight'], value: 5 },
    { path: ['services', 0, 'scheduler'], value: 'wrr' },
    { path: ['services', 0, 'servers', 2], value: { name: 'c', address: '10.0.0.3' } },
    { path: ['services', 0, 'name'] },
  ]);
  expect(edited).toContain('# our directors\n');
  expect(edited).toContain('# the shop\n');
  expect(edited).toContain('{ name: a, address: 10.0.0.1, weight: 5 }');
  expect(edited).toContain('# new');
  expect(valueOfText(edited, 'yaml')).toEqual({
    format: 'ipvsadm-state',
    version: 2,
    services: [
      {
        protocol: 'tcp',
        scheduler: 'wrr',
        servers: [
          { name: 'a', address: '10.0.0.1', weight: 5 },
          { name: 'b', address: '10.0.0.2' },
          { name: 'c', address: '10.0.0.3' },
        ],
      },
    ],
  });
});

test('JSON keeps its style', () => {
  const text = '{\n  "services": [\n    { "name": "web", "servers": [] }\n  ]\n}\n';
  const edited = editText(text, 'json', [
    { path: ['services', 0, 'name'], value: 'shop' },
    { path: ['services', 0, 'servers', 0], value: { address: '10.0.0.1' } },
  ]);
  expect(JSON.parse(edited)).toEqual({ services: [{ name: 'shop', servers: [{ address: '10.0.0.1' }] }] });
  expect(edited.endsWith('\n}\n')).toBe(true);
});

test.each([
  ['yaml', 'a: 1\n', [{ path: [], value: 1 }], 'a path of 0 steps leads nowhere'],
  ['yaml', 'a: 1\n', [{ path: ['a', 'b'], value: 1 }], 'a.b: the document has no such place'],
  ['yaml', 'a: [\n', [{ path: ['a'], value: 1 }], 'the text is no YAML: mend it first'],
  ['json', '[1]', [{ path: ['a', 0], value: 1 }], 'a.0: the document has no such place'],
] as const)('%s: %s', (format, text, edits, problem) => {
  expect(() => editText(text, format, edits)).toThrow(problem);
});

test('no edits, no change', () => {
  expect(editText('a:   1', 'yaml', [])).toBe('a:   1');
  expect(valueOfText('a: [', 'yaml')).toBeUndefined();
});

test.each([
  [['services', 0, 'servers', 1e9]],
  [['services', 0, 'servers', '1000000000']],
  [['services', 1e9, 'name']],
  [['new', 1e9]],
])('a number beyond the end of a list does not fill it up: %j', (path) => {
  expect(() => editText(yaml, 'yaml', [{ path, value: 'x' }])).toThrow('is beyond the end of its list');
});

test('a list is begun at its first place', () => {
  const edited = editText(yaml, 'yaml', [{ path: ['services', 0, 'tags', 0], value: 'x' }]);
  expect(valueOfText(edited, 'yaml')).toMatchObject({ services: [{ tags: ['x'] }] });
});

test('names that JavaScript knows are names', () => {
  for (const format of ['json', 'yaml'] as const) {
    const edited = editText('{"a": 1}', format, [{ path: ['__proto__', 'polluted'], value: 1 }]);
    expect(edited).toContain('__proto__');
    valueOfText(edited, format);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  }
});

test('aliases may be many, but not expand to more than can be sent', () => {
  const many = `a: &a { type: http }\nl:\n${'- *a\n'.repeat(5000)}`;
  expect((valueOfText(many, 'yaml') as { l: unknown[] }).l).toHaveLength(5000);
  const large = `a: &a ${'x'.repeat(1_000_000)}\nl:\n${'- *a\n'.repeat(100)}`;
  expect(valueOfText(large, 'yaml')).toBeUndefined();
  const laughs = Array.from({ length: 20 }, (_, n) => `b${n + 1}: &b${n + 1} [*b${n}, *b${n}, *b${n}]\n`);
  expect(valueOfText(`b0: &b0 [x]\n${laughs.join('')}`, 'yaml')).toBeUndefined();
  expect(valueOfText('a: &a [*a]\n', 'yaml')).toBeUndefined();
});
