import type * as z from 'zod';
import {
  type connectionSchema,
  fieldsAt,
  jsonSchemas,
  schemaProblems,
  type stateSchema,
} from '../../../src/state/document/schema';
import type { ConnectionDocument, StateDocument } from '../../../src/state/document/types';

/** `true` where both types take the same values: tsc refuses anything else. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
const typesAreTheSchemas: [
  Same<StateDocument, z.infer<typeof stateSchema>>,
  Same<ConnectionDocument, z.infer<typeof connectionSchema>>,
] = [true, true];

test('the types are those of the schema', () => {
  expect(typesAreTheSchemas).toEqual([true, true]);
});

const head = { format: 'ipvsadm-state', version: 1 };
const withServer = (server: unknown) => ({
  ...head,
  services: [{ protocol: 'tcp', address: '192.0.2.1', port: 80, servers: [server] }],
});

test.each([
  ['no object', 7, ['wrong : must be an object']],
  ['nothing in it', {}, ["missing format: must be 'ipvsadm-state'", 'missing version: must be 1']],
  ['another version', { ...head, version: 2 }, ['wrong version: must be 1']],
  ['an unknown field', { ...head, sevices: [] }, ['unknown sevices: ']],
  [
    'a weight out of range',
    withServer({ address: '10.0.0.1', weight: -1 }),
    ['wrong services.0.servers.0.weight: must be a whole number from 0 to 2147483647'],
  ],
  [
    'a weight that is text, and no address',
    withServer({ weight: '1' }),
    [
      'missing services.0.servers.0.address: must be an address, as text',
      'wrong services.0.servers.0.weight: must be a whole number from 0 to 2147483647',
    ],
  ],
  [
    'an unknown method',
    withServer({ address: '10.0.0.1', forwarding: 'nat' }),
    ['wrong services.0.servers.0.forwarding: must be one of masquerading, local, tunneling, gatewaying'],
  ],
  ['services in an object', { ...head, services: {} }, ['wrong services: must be a list']],
  ['a server that is a list', withServer([]), ['wrong services.0.servers.0: must be an object']],
  ['nothing wrong', { ...head, services: [] }, []],
])('%s', (_name, value, expected) => {
  const problems = schemaProblems(value).map(
    ({ path, kind, message }) => `${kind} ${path.join('.')}: ${message}`,
  );
  expect(problems).toHaveLength(expected.length);
  for (const [index, beginning] of expected.entries()) {
    expect(problems[index]!.slice(0, beginning.length)).toBe(beginning);
  }
});

test('the fields of an object are known by its path', () => {
  expect(fieldsAt(['services', 3, 'servers', 0, 'tunnel'])).toEqual(['type', 'port', 'flags']);
});

test('there are JSON Schemas for documents and connections', () => {
  const { state, connection } = jsonSchemas();
  expect([state, connection]).toEqual([
    expect.objectContaining({ type: 'object', additionalProperties: false }),
    expect.objectContaining({ type: 'object', additionalProperties: false }),
  ]);
});
