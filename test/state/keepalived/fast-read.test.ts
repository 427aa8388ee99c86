import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { fastServices } from '../../../src/state/keepalived/fast-read';
import { nothingFound } from '../../../src/state/keepalived/found';
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
  const spans = places(paths.map((path) => ({ path, part: 'value' }))).map(({ offset, length }) => ({
    offset,
    length,
  }));
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

/** Statements of a block, each mostly as it should be. */
const statements = (...lines: readonly fc.Arbitrary<string>[]) =>
  fc.array(fc.oneof(...lines), { maxLength: 3 }).map((all) => all.join('\n'));
const fine = (...lines: readonly string[]) => pick(...lines);

const timing = mostly(
  fine(
    ...['connect_timeout 3', 'connect_timeout 1.5', 'delay_loop 6', 'delay_loop 10', 'retry 3', 'alpha'],
    ...['delay_before_retry 0.5', 'delay_before_retry 2', 'alpha no', 'warmup 3'],
  ),
  ...['retry', 'retry 0', 'retry x', 'delay_loop 0', 'delay_loop 0.00001', 'connect_timeout 1x', 'alpha 7'],
  ...['delay_loop 100000', 'retry 1000', 'retry "3"', 'retry 3 # x'],
);
const place = mostly(
  fine('connect_port 8080', 'connect_ip 10.9.9.9', 'bindto 10.9.9.8', 'fwmark 7', 'log_all_failures'),
  ...['connect_port 0', 'connect_ip x', 'bindto 2001:db8::1', 'connect_ip 2001:db8::1', 'bind_if eth0', '}'],
);
const url = mostly(
  fine(
    ...['url {\n path /x\n status_code 200\n}', 'url {\n path /y\n}', 'url { path /z }'],
    'url {\n path "/a?b"\n digest 0123456789abcdef0123456789abcdef\n}',
    'url {\n path /r\n regex "a.*b\\\\d"\n regex_options caseless\n}',
    'url {\n path /n\n regex x # {\n regex_no_match\n virtualhost h.example\n}',
    'url {\n path /o\n regex_stack 1 2\n status_code 200-299 404\n}',
  ),
  ...['url {\n}', 'url {\n path x y\n status_code 1\n}', 'url {\n path /q\n regex "\\"\n}', 'url', 'url {'],
  ...['url {\n path /q\n regex "(?{x})"\n}', 'url {\n path "/$x"\n}', 'url {\n path "{"\n}'],
);
const misc = mostly(
  fine(
    'misc_path /bin/true',
    'misc_path "/bin/check -H 10.0.0.1"',
    'misc_path "\'/bin/a b\' c"',
    'user nobody',
  ),
  ...[
    'misc_path "/bin/true',
    'misc_path x',
    'misc_path',
    'user',
    'user a b',
    'misc_path "}"',
    'misc_timeout',
  ],
);
const dns = mostly(fine('type A', 'type mx', 'name a.example'), 'type X', 'name .a', 'type');
const udp = mostly(
  fine('payload 00 ff 01', 'require_reply 61 xx', 'require_reply', 'min_reply_length 2', 'payload 3132'),
  ...['payload', 'payload zz', 'require_reply 61ff', 'max_reply_length 70000'],
);

const block = (name: string, lines: fc.Arbitrary<string>, ...first: readonly string[]) =>
  fc
    .tuple(pick(...(first.length > 0 ? first : [''])), lines)
    .map(([one, others]) => `${name} {\n${one}\n${others}\n}`);
const host = statements(fine('connect_ip 10.9.9.9', 'connect_port 25')).map((lines) => `host {\n${lines}\n}`);
const check = fc.oneof(
  { weight: 5, arbitrary: block('TCP_CHECK', statements(timing, place)) },
  {
    weight: 5,
    arbitrary: fc
      .tuple(
        pick('HTTP_GET', 'HTTP_GET', 'SSL_GET'),
        url,
        statements(
          timing,
          place,
          url,
          fine('http_protocol 1.1', 'enable_sni', 'virtualhost v.example', 'nb_get_retry 2'),
        ),
      )
      .map(([name, first, others]) => `${name} {\n${first}\n${others}\n}`),
  },
  { weight: 2, arbitrary: block('SMTP_CHECK', statements(timing, place, fine('helo_name x.example'), host)) },
  { weight: 2, arbitrary: block('DNS_CHECK', statements(timing, dns)) },
  { weight: 2, arbitrary: block('UDP_CHECK', statements(timing, place, udp)) },
  { weight: 1, arbitrary: block('PING_CHECK', statements(timing)) },
  {
    weight: 3,
    arbitrary: block(
      'MISC_CHECK',
      statements(timing, misc, fine('misc_dynamic', 'misc_timeout 3')),
      'misc_path /bin/true',
    ),
  },
  {
    weight: 1,
    arbitrary: block('FILE_CHECK', statements(fine('weight 3', 'weight 2 reverse')), 'track_file f'),
  },
  {
    weight: 1,
    arbitrary: mostly(
      fine('TCP_CHECK { connect_timeout 3 }', 'PING_CHECK\n{\n}', 'TCP_CHECK{retry 2}'),
      ...['TCP_CHECK {\n connect_timeout\n}', 'TCP_CHECK {\n a {\n }\n}', 'TCP_CHECK {\n include x\n}'],
      ...['TCP_CHECK', 'NO_CHECK {\n}', 'TCP_CHECK {\n @x retry 3\n}', 'FILE_CHECK {\n}'],
    ),
  },
);

const serverLine = fc.oneof(
  { weight: 30, arbitrary: number.map((value) => `weight ${value}`) },
  { weight: 1, arbitrary: number.map((value) => `uthreshold ${value}`) },
  {
    weight: 1,
    arbitrary: mostly(pick('uthreshold 9\nlthreshold 7'), 'lthreshold 7', 'uthreshold 9\nlthreshold 10'),
  },
  { weight: 2, arbitrary: method.map((value) => `lvs_method ${value}`) },
  { weight: 20, arbitrary: check },
  { weight: 5, arbitrary: timing },
  {
    weight: 4,
    arbitrary: pick('notify_up /bin/x', 'notify_down "/bin/x y"', 'BFD_CHECK {\n}', 'virtualhost a.example'),
  },
  { weight: 1, arbitrary: mostly(pick('delay_loop 3'), 'retry', '~x', 'weight 1 2', 'virtualhost') },
  {
    weight: 1,
    arbitrary: mostly(pick('inhibit_on_failure', 'inhibit_on_failure no'), 'inhibit_on_failure x'),
  },
);

const server = fc
  .tuple(address, port, fc.array(serverLine, { maxLength: 4 }))
  .map(([host, at, lines]) => [`real_server ${host} ${at} {`, ...lines, '}'].join('\n'));

const serviceLine = fc.oneof(
  { weight: 12, arbitrary: server },
  { weight: 2, arbitrary: timing },
  {
    weight: 3,
    arbitrary: mostly(
      pick(
        'quorum 2',
        'quorum 150',
        'hysteresis 1',
        'hysteresis 200',
        'inhibit_on_failure',
        'virtualhost x.example',
      ),
      ...['quorum 0', 'quorum', 'quorum 2 3', 'hysteresis x', 'inhibit_on_failure x'],
    ),
  },
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
    arbitrary: pick('delay_loop 6', 'omega', 'ha_suspend', 'smtp_alert'),
  },
  {
    weight: 1,
    arbitrary: mostly(
      pick('delay_loop 6'),
      ...['sorry_server 10.0.0.9 80', 'ops', 'sh-port', 'weight 3', '{', '}'],
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
      'SSL {\n ca /etc/ca.pem\n}\ntrack_file f {\n file /run/f\n weight 2\n}\n',
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
    { numRuns: 300, endOnFailure: true },
  );
  expect(taken).toBeGreaterThan(80);
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
  ['with a health check', usual('\n  TCP_CHECK {\n  }\n'), true],
  ['with a health check that keepalived warns of', usual('\n  TCP_CHECK {\n retry x\n  }\n'), false],
  ['with a check and what it inherits', usual('\n  HTTP_GET {\n url {\n path "/x"\n }\n  }\n alpha\n'), true],
  [
    'with a check of a track_file',
    `track_file f {\n file /f\n}\n${usual('\n  FILE_CHECK {\n track_file f\n  }\n')}`,
    true,
  ],
  ['with a check of no track_file', usual('\n  FILE_CHECK {\n track_file f\n  }\n'), false],
  ['with an SSL block', `SSL {\n ca /ca\n}\n${usual('\n  SSL_GET {\n url {\n path /\n }\n  }\n')}`, true],
  [
    'with an SSL block behind',
    `${usual('\n  SSL_GET {\n url {\n path /\n }\n  }\n')}SSL {\n ca /ca\n}\n`,
    false,
  ],
  ['with a brace in quotes', usual('\n  notify_up "}"\n'), false],
  ['with a brace and more in quotes', usual('\n  notify_up "x { y"\n'), true],
  ['with a backslash in quotes', usual('\n  notify_up "\\a \\\\"\n'), true],
  ['with a quote behind a backslash', usual('\n  notify_up "a\\" b"\n'), false],
  ['with a bad setting of checks, and none', usual().replace('  lb_kind', '  retry x\n  lb_kind'), false],
  ['with a quorum', usual('\n  TCP_CHECK {\n  }\n').replace('  lb_kind', '  quorum 7\n  lb_kind'), true],
  ['with a sorry server', usual().replace('  lb_kind', '  sorry_server 10.0.0.9 80\n  lb_kind'), false],
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
  const file = fastServices(
    `${usual()}${usual().replace('2.1', '2.2')}`,
    usual().length,
    newDiagnostics(),
    nothingFound(),
  );
  expect(file?.services).toEqual([
    {
      protocol: 'tcp',
      address: '192.0.2.2',
      port: 80,
      servers: [{ address: '10.0.0.1', port: 80, forwarding: 'gatewaying', weight: 3 }],
    },
  ]);
});
