import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { fastServices } from '../../../src/state/keepalived/fast-read';
import { realServerKeywords, virtualServerKeywords } from '../../../src/state/keepalived/keywords';
import { parseKeepalived, parsePlainly } from '../../../src/state/keepalived/read';
import { newDiagnostics } from '../../../src/state/source/collect';
import { documentOf, type Parsed, type Path } from '../../../src/state/source/tree';

/** All paths in a value. */
function pathsIn(value: unknown, around: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [around];
  return [
    around,
    ...Object.entries(value).flatMap(([name, inner]) =>
      pathsIn(inner, [...around, Array.isArray(value) ? Number(name) : name]),
    ),
  ];
}

function resultOf({ document, root, problems, source }: Parsed) {
  const { value, places } = document ?? documentOf(root!);
  const paths = pathsIn(value);
  const spans = places(paths.map((path) => ({ path, part: 'value' })));
  // The order of fields does not matter.
  const placed = Object.fromEntries(paths.map((path, index) => [path.join('/'), spans[index]]));
  return { value, problems, source, placed };
}

const isFast = (text: string) => parseKeepalived(text).root === undefined;

function expectEqual(text: string): void {
  expect(resultOf(parseKeepalived(text))).toEqual(resultOf(parsePlainly(text)));
}

const pick = <T>(...values: readonly T[]) => fc.constantFrom(...values);
/** Mostly the first. */
const mostly = (usual: fc.Arbitrary<string>, ...odd: readonly string[]) =>
  fc.oneof({ weight: 300, arbitrary: usual }, { weight: 1, arbitrary: pick(...odd) });

const port = mostly(
  pick(...Array<string>(60).fill('80'), '8080', '080', '65535'),
  '0',
  '65536',
  '',
  'http',
  '99999999999',
);
const lastByte = fc.nat({ max: 255 }).map(String);
const address = mostly(
  lastByte.map((byte) => `10.0.0.${byte}`),
  ...['224.0.0.1', '0.0.0.0', '255.255.255.255', '10.0.0', '2001:db8::1', '10.0.0.01', '10.0.0.1-9', 'group'],
);
const number = mostly(pick('1', '100', '0', '000000007', '999999999'), '-1', '2147483648', '1x', '', '0x1');
const method = mostly(pick('NAT', 'NAT', 'DR', 'TUN'), 'nat', 'TUN type gue port 6080', '', 'DR x');
const note = pick(...Object.keys(virtualServerKeywords), ...Object.keys(realServerKeywords)).map(
  (name) => `${name} 7`,
);
const comment = mostly(
  pick('', '', '', ' # comment', ' ! comment "x', '#', '\r', '\t', ' # $X @y {'),
  ' # a \\ b',
  ' \r',
);

const check = mostly(
  pick(
    'TCP_CHECK {\n connect_timeout 3\n}',
    'HTTP_GET {\n url {\n path /x\n status_code 200\n }\n retry 3\n}',
    'MISC_CHECK {\n misc_path /bin/true\n misc_dynamic\n}',
    'TCP_CHECK { connect_timeout 3 }',
    'PING_CHECK\n{\n}',
  ),
  ...['TCP_CHECK {\n connect_timeout\n}', 'TCP_CHECK {\n a {\n }\n}', 'TCP_CHECK {\n include x\n}'],
  ...[
    'TCP_CHECK',
    'MISC_CHECK {\n misc_path "/bin/true x"\n}',
    'NO_CHECK {\n}',
    'TCP_CHECK {\n @x retry 3\n}',
  ],
);

const serverLine = fc.oneof(
  { weight: 30, arbitrary: number.map((value) => `weight ${value}`) },
  { weight: 1, arbitrary: number.map((value) => `uthreshold ${value}`) },
  {
    weight: 1,
    arbitrary: mostly(pick('uthreshold 9\nlthreshold 7'), 'lthreshold 7', 'uthreshold 9\nlthreshold 10'),
  },
  { weight: 2, arbitrary: method.map((value) => `lvs_method ${value}`) },
  { weight: 1, arbitrary: fc.oneof(check, pick('virtualhost a.example', 'alpha')) },
  { weight: 4, arbitrary: pick('notify_up /bin/x', 'retry 3', 'BFD_CHECK {\n}', 'connect_timeout 007') },
  { weight: 1, arbitrary: mostly(pick('delay_loop 3'), 'retry', 'inhibit_on_failure', '~x', 'weight 1 2') },
);

const server = fc
  .tuple(address, port, fc.array(serverLine, { maxLength: 4 }))
  .map(([host, at, lines]) => [`real_server ${host} ${at} {`, ...lines, '}'].join('\n'));

const serviceLine = fc.oneof(
  { weight: 12, arbitrary: server },
  {
    weight: 2,
    arbitrary: mostly(pick('lb_algo rr', 'lvs_sched wrr', 'lb_algo sh'), 'lb_algo x', 'lb_algo none'),
  },
  { weight: 2, arbitrary: method.map((value) => `lb_kind ${value}`) },
  { weight: 1, arbitrary: mostly(pick('protocol UDP', 'protocol sctp'), 'protocol icmp', 'protocol') },
  {
    weight: 1,
    arbitrary: mostly(pick('persistence_timeout 50'), 'persistence_timeout', 'persistence_timeout 0'),
  },
  {
    weight: 3,
    arbitrary: mostly(pick('delay_loop 6', 'omega', 'ha_suspend', 'smtp_alert'), 'alpha', 'virtualhost x'),
  },
  {
    weight: 1,
    arbitrary: mostly(
      pick('delay_loop 6'),
      ...[
        'sorry_server 10.0.0.9 80',
        'quorum 3',
        'ops',
        'sh-port',
        'weight 3',
        'inhibit_on_failure',
        '{',
        '}',
      ],
      ...[
        'persistence_granularity 255.255.255.0',
        'ip_family inet',
        'quorum_up "/bin/x"',
        'x',
        '$A=1',
        '"a"',
      ],
    ),
  },
  {
    weight: 1,
    arbitrary: mostly(pick('delay_loop 6'), 'x').chain((usual) => fc.oneof(fc.constant(usual), note)),
  },
);

const service = fc
  .tuple(address, port, mostly(pick('protocol TCP'), ''), server, fc.array(serviceLine, { maxLength: 6 }))
  .map(([host, at, protocol, first, lines]) =>
    [`virtual_server ${host} ${at} {`, protocol, first, ...lines, '}'].join('\n'),
  );

const head = fc.oneof(
  { weight: 6, arbitrary: fc.constant('') },
  {
    weight: 3,
    arbitrary: pick(
      '# comment\n\n',
      'global_defs {\n  router_id x\n  lvs_timeouts tcp 9 udp 7\n  lvs_sync_daemon eth0 id 3\n}\n',
      'vrrp_instance V {\n  interface eth0\n  virtual_ipaddress { 10.1.0.1 }\n}\n$A=3\n',
    ),
  },
  {
    weight: 1,
    arbitrary: pick(
      ...[
        'global_defs {\n',
        'vrrp_instance V\n',
        'SSL\n',
        '$A=a \\\n',
        '~SEQ(A,1,3) x\n',
        'include x\n',
        'x 1\n',
      ],
      ...[
        'virtual_server_group g {\n 10.0.0.1 80\n}\n',
        ' virtual_server 10.9.9.9 80 { real_server 10.0.0.1 80 { } }\n',
      ],
      ...['@x global_defs {\n}\n', '}\n', 'static_routes {\n', 'global_defs {\n lvs_timeouts x\n}\n', '"\n'],
    ),
  },
);

const text = fc
  .tuple(
    head,
    fc.array(service, { minLength: 1, maxLength: 3 }),
    fc.infiniteStream(comment),
    pick(' ', '\t', '\n'),
  )
  .map(([before, services, comments, blank]) => {
    const lines = services.join('\n').split('\n');
    const tail = lines.map((line) => `${line}${comments.next().value}`).join('\n');
    return `${before}${blank === '\n' ? tail : tail.replace(/ (?=\w)/g, blank)}${blank === '\n' ? '\n' : ''}`;
  });

/** A text with a few characters changed. */
const broken = fc
  .tuple(
    text,
    fc.array(fc.tuple(fc.nat(), fc.nat({ max: 2 }), pick(...'{}\n "#!\\$@~0a\r\v\u00a0\u20ac')), {
      maxLength: 2,
    }),
  )
  .map(([whole, changes]) =>
    changes.reduce((now, [at, length, put]) => {
      const from = at % (now.length + 1);
      return now.slice(0, from) + put + now.slice(from + length);
    }, whole),
  );

test('the fast path reads what the plain reader reads', () => {
  let taken = 0;
  let left = 0;
  fc.assert(
    fc.property(fc.oneof({ weight: 3, arbitrary: text }, broken), (whole) => {
      if (isFast(whole)) taken += 1;
      else left += 1;
      expectEqual(whole);
    }),
    // To shrink a text takes longer than a test may.
    { numRuns: 400, endOnFailure: true },
  );
  expect(taken).toBeGreaterThan(40);
  expect(left).toBeGreaterThan(80);
});

test('the fast path reads every sample as the plain reader does', () => {
  const folders = ['.', 'field', 'refused'].map((name) => join(__dirname, name));
  const files = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.conf'))
      .map((name) => join(folder, name)),
  );
  expect(files.length).toBeGreaterThan(10);
  for (const file of files) expectEqual(readFileSync(file, 'utf8'));
});

const usual = (inner = '') =>
  `virtual_server 192.0.2.1 80 {\n  lb_kind DR\n  protocol TCP\n  real_server 10.0.0.1 80 {\n    weight 3${inner}\n  }\n}\n`;

test.each([
  ['of one service', usual(), true],
  [
    'with times of health checks',
    usual('\n  retry 3\n').replace('  lb_kind', '  delay_loop 6\n  lb_kind'),
    true,
  ],
  ['with a time that is none', usual().replace('  lb_kind', '  delay_loop 0\n  lb_kind'), false],
  ['with a health check', usual('\n  TCP_CHECK {\n  }\n'), false],
  ['with a comment of any length', `# ${'x'.repeat(300)}\n${usual()}`, true],
  ['with a head', `global_defs {\n  router_id x\n}\n${usual()}`, true],
  ['with Windows line ends', usual().replaceAll('\n', '\r\n'), true],
  ['with a line that keepalived may cut', usual(` ${'#'.repeat(400)}`), false],
  ['with a group', `virtual_server_group g {\n  10.0.0.1 80\n}\n${usual()}`, false],
  ['with a service twice', usual() + usual(), false],
  ['that ends in a block', usual().slice(0, -2), false],
])('the fast path takes a file %s: %#', (_name, whole, taken) => {
  expect(isFast(whole)).toBe(taken);
  expectEqual(whole);
});

test('it begins where it is told to', () => {
  const services = fastServices(
    `${usual()}${usual().replace('2.1', '2.2')}`,
    usual().length,
    newDiagnostics(),
  );
  expect(services).toEqual([
    {
      protocol: 'tcp',
      address: '192.0.2.2',
      port: 80,
      servers: [{ address: '10.0.0.1', port: 80, forwarding: 'gatewaying', weight: 3 }],
    },
  ]);
});
