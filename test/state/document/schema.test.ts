import { fieldNamesAt } from '../../../src/state/document/field-names';
import { jsonSchemas, schemaProblems } from '../../../src/state/document/schema';

const head = { format: 'ipvsadm-state', version: 1 };
const withServer = (server: unknown) => ({
  ...head,
  services: [{ protocol: 'tcp', address: '192.0.2.1', port: 80, servers: [server] }],
});

test.each([
  ['no object', 7, ['wrong : must be an object']],
  ['nothing in it', {}, ["missing format: must be 'ipvsadm-state'", 'missing version: must be 1']],
  ['another version', { ...head, version: 3 }, ['wrong version: must be 1']],
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
      'missing services.0.servers.0.address: must be an address, as a string',
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
  [
    'texts that are not addresses, names and flags',
    withServer({
      address: '10.0.0.256',
      tunnel: { flags: ['checksum', 'csum', '0x10000'] },
      weight: '1',
    }),
    [
      "malformed services.0.servers.0.address: '10.0.0.256' is not an IPv4 or IPv6 address",
      'wrong services.0.servers.0.weight: must be a whole number from 0 to 2147483647',
      "malformed services.0.servers.0.tunnel.flags.1: unknown flag 'csum'",
      "malformed services.0.servers.0.tunnel.flags.2: unknown flag '0x10000'",
    ],
  ],
  [
    'names that the kernel does not take',
    {
      ...head,
      daemons: [{ state: 'master', interface: '' }],
      services: [
        { fwmark: 1, scheduler: 'eight bytes' },
        { fwmark: 2, scheduler: '\u00e9'.repeat(8) },
      ],
    },
    [
      'malformed daemons.0.interface: the name is empty',
      'malformed services.0.scheduler: the name contains white space',
      'malformed services.1.scheduler: the name is longer than 15 bytes',
    ],
  ],
  [
    'services with too few fields and too many, one of them wrong',
    { ...head, services: [{ protocol: 'tcp', port: -1 }, { fwmark: 0, protocol: 'tcp', port: 80 }, {}] },
    [
      'wrong services.0.port: must be a whole number from 0 to 65535',
      'malformed services.0: address is missing',
      'wrong services.1.fwmark: must be a whole number from 1 to 4294967295',
      "malformed services.1.protocol: 'protocol' is not allowed with 'fwmark'",
      "malformed services.1.port: 'port' is not allowed with 'fwmark'",
      'malformed services.2: protocol, address and port are missing',
    ],
  ],
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
  expect(fieldNamesAt(['services', 3, 'servers', 0, 'tunnel'])).toEqual(['type', 'port', 'flags']);
});

test('there are JSON Schemas for documents and connections', () => {
  const { state, connection } = jsonSchemas();
  expect([state, connection]).toEqual([
    expect.objectContaining({ type: 'object', additionalProperties: false }),
    expect.objectContaining({ type: 'object', additionalProperties: false }),
  ]);
});
