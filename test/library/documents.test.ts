import {
  addressService,
  DocumentError,
  readDocument,
  realServer,
  virtualService,
  writeDocument,
} from '../../src/library';

const text = `format: ipvsadm-state
version: 1
services:
  - protocol: tcp
    address: 192.0.2.10
    port: 80
    scheduler: rr
    servers:
      - { address: 10.0.0.17, port: 8080, weight: 2, forwarding: masquerading }
`;
const state = {
  services: [
    {
      service: virtualService(addressService('tcp', '192.0.2.10', 80), { scheduler: 'rr' }),
      servers: [realServer('10.0.0.17', 8080, { weight: 2, forwarding: 0 })],
    },
  ],
};

test.each([
  ['YAML', text, 'table.yaml'],
  ['YAML without a name', text, undefined],
  ['JSON that was written', writeDocument(state), 'table.json'],
  ['JSON without a name', writeDocument(state), undefined],
  ['JSON in a file of YAML', `\ufeff${writeDocument(state)}`, 'table.yml'],
])('a document is read: %s', (_name, document, name) => {
  expect(readDocument(document, name)).toEqual({ state, problems: [] });
});

test('of a document of version 2 the table is read', () => {
  const document = text.replace('version: 1', 'version: 2\nchecks: { web: { type: http } }');
  expect(readDocument(document).state).toEqual(state);
});

test('what the kernel accepts and is hardly intended is returned', () => {
  const document = text.replace('port: 80\n', 'port: 0\n');
  expect(readDocument(document).problems).toContainEqual({
    severity: 'note',
    message: 'port 0 (all ports) requires persistence',
    line: 6,
    column: 11,
  });
});

test('every mistake is told with its place', () => {
  const document = text.replace('scheduler', 'schedular').replace('10.0.0.17', '224.0.0.1');
  let error: unknown;
  try {
    readDocument(document, 'table.yaml');
  } catch (reason) {
    error = reason;
  }
  expect(error).toBeInstanceOf(DocumentError);
  expect(error).toMatchObject({
    message: `table.yaml:7:5: unknown field 'schedular'
        schedular: rr
        ^^^^^^^^^
  did you mean 'scheduler'?`,
    problems: [
      {
        severity: 'error',
        message: "unknown field 'schedular'",
        hint: "did you mean 'scheduler'?",
        line: 7,
        column: 5,
      },
    ],
  });
});

test.each([
  ['an empty text', '', 'table.json'],
  ['no state document', '- 1\n', 'table.yaml'],
  ['a multicast server', text.replace('10.0.0.17', '224.0.0.1'), 'table.yaml'],
])('%s is refused', (_name, document, name) => {
  expect(() => readDocument(document, name)).toThrow(DocumentError);
});

test('what is no text is refused by name', () => {
  expect(() => readDocument(Buffer.from(text) as unknown as string)).toThrow(
    new TypeError('an object: the text of a document must be a string'),
  );
});
