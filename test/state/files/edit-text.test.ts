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
