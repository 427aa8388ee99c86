/** The checks of ldirectord.cf as checks of a document, and back. */
import { parseLdirectord } from '../../../src/state/ldirectord/read';
import { noNames } from '../../../src/state/rules/write';
import { checksOf, messages, read, written } from '../imported-text';

const parse = (text: string) => parseLdirectord(text, noNames);

const section = (lines: readonly string[], { port = 80, real = 'masq', globals = '' } = {}) =>
  `${globals}virtual = 192.0.2.1:${port}\n    real = 10.0.0.1:${port} ${real}\n${lines.map((line) => `    ${line}\n`).join('')}\n`;

/** ldirectord's own defaults: those of the program, not of its manual. */
const usual = {
  interval: '10s',
  fast: '10s',
  slow: '10s',
  timeout: '30s',
  fall: 1,
  rise: 1,
  initial: 'down',
};

test.each<[string, string[], number, object]>([
  ['negotiate by port 80', [], 80, { type: 'http', ...usual, host: '10.0.0.1' }],
  ['connect', ['checktype = connect'], 80, { type: 'tcp', ...usual, timeout: '5s' }],
  [
    'connect of UDP',
    ['checktype = connect', 'protocol = udp'],
    80,
    { type: 'ping', ...usual, timeout: '5s' },
  ],
  ['ping', ['checktype = ping'], 80, { type: 'ping', ...usual, timeout: '5s' }],
  [
    'external',
    ['checktype = external', 'checkcommand = "/bin/check"'],
    80,
    { type: 'script', ...usual, timeout: '5s', command: ['/bin/check', '192.0.2.1', '80', '10.0.0.1', '80'] },
  ],
  [
    'http',
    [
      'service = http',
      'request = "a/b"',
      'receive = "fine"',
      'virtualhost = www.example.com',
      'httpmethod = HEAD',
    ],
    8000,
    { type: 'http', ...usual, path: '/a/b', method: 'HEAD', host: 'www.example.com', body: 'fine' },
  ],
  ['https', ['receive = "a.b"'], 443, { type: 'https', ...usual, host: '10.0.0.1', body: '/a[^\\n]b/' }],
  [
    'dns',
    ['request = "www.example.com"', 'receive = "^10\\.1\\.2\\.3$"'],
    53,
    { type: 'dns', ...usual, query: 'www.example.com', answer: '10.1.2.3' },
  ],
  ['smtp', [], 25, { type: 'smtp', ...usual, helo: 'localhost.localdomain' }],
  [
    'simpletcp',
    ['service = simpletcp', 'request = "PING\\n"', 'receive = "PONG"'],
    7,
    { type: 'tcp', ...usual, send: 'PING\n', expect: 'PONG' },
  ],
  ['nntp', [], 119, { type: 'tcp', ...usual, expect: '/^2/' }],
  ['pop', [], 110, { type: 'tcp', ...usual, expect: '/^\\+OK/' }],
  ['imap', [], 143, { type: 'tcp', ...usual, expect: '/^\\* (OK|PREAUTH)/' }],
  ['imaps', [], 993, { type: 'tls', ...usual }],
  ['mysql', [], 3306, { type: 'tcp', ...usual }],
  [
    'a number',
    ['checktype = 5', 'service = smtp'],
    80,
    { type: 'smtp', ...usual, helo: 'localhost.localdomain' },
  ],
  [
    'a port',
    ['checktype = connect', 'checkport = 81'],
    80,
    { type: 'tcp', ...usual, timeout: '5s', port: 81 },
  ],
  [
    'failures',
    ['checktype = connect', 'failurecount = 3'],
    80,
    { type: 'tcp', ...usual, timeout: '5s', fall: undefined },
  ],
])('%s', (_, lines, port, expected) => {
  expect(checksOf(section(lines, { port }), parse)).toEqual([expected]);
});

test.each(['on', 'external-perl'])('checktype = %s: always up', (type) => {
  expect(read(section([`checktype = ${type}`]), parse)).toMatchObject({ configuration: undefined });
});

test('the limits are defaults of each other', () => {
  const limits = (globals: string, lines: string[]) =>
    ['connect', 'negotiate'].map(
      (type) =>
        (checksOf(section([`checktype = ${type}`, ...lines], { globals }), parse)[0] as { timeout?: string })
          .timeout ?? '1s',
    );
  expect(limits('', [])).toEqual(['5s', '30s']);
  expect(limits('checktimeout = 7\n', [])).toEqual(['7s', '7s']);
  expect(limits('negotiatetimeout = 8\n', [])).toEqual(['8s', '8s']);
  expect(limits('checktimeout = 7\nnegotiatetimeout = 8\n', [])).toEqual(['7s', '8s']);
  expect(limits('checktimeout = 7\n', ['negotiatetimeout = 9'])).toEqual(['9s', '9s']);
  expect(limits('negotiatetimeout = 8\n', ['checktimeout = 9'])).toEqual(['9s', '9s']);
});

test('the interval of a section counts with fork alone', () => {
  const of = (globals: string) =>
    checksOf(section(['checkinterval = 3', 'checktype = connect'], { globals }), parse)[0];
  expect(of('fork = yes\n')).toMatchObject({ interval: '3s' });
  expect(of('checkinterval = 20\n')).toMatchObject({ interval: '20s' });
  expect(messages(section(['checkinterval = 3']), parse).join('\n')).toContain(
    "warning: ldirectord ignores 'checkinterval' here without 'fork = yes'",
  );
});

test('a real server may have a request of its own', () => {
  const text = section(['request = "a"', 'receive = "b"'], { real: 'masq 1 "/c", "d"' });
  expect(checksOf(text, parse)).toMatchObject([{ path: '/c', body: 'd' }]);
});

test('a real server without a check of its service has its own port', () => {
  const text = 'virtual = 192.0.2.1:80\n    real = 10.0.0.1:81 gate\n    checktype = connect\n\n';
  expect(checksOf(text, parse)).toMatchObject([{ port: 81 }]);
});

test('policies: quiescent is no unless the file says yes', () => {
  const policies = (globals: string, lines: string[]) => {
    const { onFail, whenAllDown, sorry } = read(section(lines, { globals }), parse).configuration!
      .services[0]!;
    return { onFail, whenAllDown, sorry: sorry?.port };
  };
  expect(policies('', [])).toEqual({ onFail: 'remove', whenAllDown: 'drop', sorry: undefined });
  expect(policies('quiescent = yes\n', [])).toMatchObject({ onFail: 'weight0' });
  expect(policies('quiescent = yes\n', ['quiescent = no'])).toMatchObject({ onFail: 'remove' });
  expect(policies('', ['fallback = 127.0.0.1:8080 masq'])).toMatchObject({
    whenAllDown: 'sorry',
    sorry: 8080,
  });
  expect(policies('fallback = 127.0.0.1\n', [])).toMatchObject({ whenAllDown: 'sorry', sorry: 80 });
});

test.each<[string, string, string]>([
  ['redirects', section([]), 'note: HTTP checks of ldirectord follow redirects, those of ipvsadm do not'],
  [
    'the interval',
    section([]),
    "note: no 'checkinterval': checks are 10 s apart, as those of ldirectord (the default of ipvsadm is 2 s)",
  ],
  ['a URL', section(['request = "http://x/y"']), "warning: 'http://x/y' is no path: / is checked instead"],
  [
    'Perl',
    section(['checktype = external-perl']),
    'note: external-perl is ignored: ipvsadm runs no Perl; such servers count as up',
  ],
  [
    'a login',
    section(['service = ftp', 'login = "x"']),
    'warning: the greeting alone is checked: checks of ipvsadm do not log in',
  ],
  [
    'another protocol',
    section(['service = mysql']),
    'warning: the connection alone is checked: ipvsadm does not speak this protocol',
  ],
  [
    'an answer that is no address',
    section(['service = dns', 'request = "x"']),
    "warning: any record is an answer: ldirectord compares it with 'receive'",
  ],
  [
    'a fallback server that is a real server',
    section(['fallback = 10.0.0.1:80 masq']),
    'warning: the fallback server is left out: it is one of the real servers',
  ],
])('%s', (_, text, message) => {
  expect(messages(text, parse).join('\n')).toContain(message);
});

const sections = [
  section([
    'service = http',
    'request = "a"',
    'receive = "fine"',
    'virtualhost = www.example.com',
    'failurecount = 2',
  ]),
  section(['checktype = connect', 'quiescent = yes', 'checkport = 81'], { port: 81 }),
  section(['checktype = ping'], { port: 82 }),
  section(['checktype = external', 'checkcommand = "/bin/check"'], { port: 83 }),
  section(['service = simpletcp', 'request = "PING\\n"', 'receive = "P.NG"'], { port: 84 }),
  section(['request = "www.example.com"', 'receive = "10.1.2.3"'], { port: 53 }),
  section(['service = imap'], { port: 143 }),
  section(['service = smtp', 'fallback = 10.0.0.9:25 masq'], { port: 25 }),
  section(['request = "a"'], { port: 443, real: 'masq 2 "/own", "body"' }),
  section(['checktype = on'], { port: 85 }),
];

test('checks that are written and read again are the same', () => {
  const { state, configuration } = read(`checkinterval = 4\ncheckcount = 1\n\n${sections.join('')}`, parse);
  const { text, lost } = written('ldirectord', state, configuration);
  expect({ lost, again: read(text, parse).configuration }).toEqual({ lost: [], again: configuration });
});

test('what ldirectord does not have is a comment', () => {
  const { state, configuration } = read(section(['checktype = connect']), parse);
  const [service] = configuration!.services;
  const [one] = service!.servers;
  const grpc = { ...one!.checks[0]!, type: 'grpc' as const, service: '' };
  const { text, lost } = written('ldirectord', state, {
    ...configuration!,
    services: [{ ...service!, servers: [{ ...one!, checks: [grpc] }] }],
  });
  expect(text).toContain('checktype = on');
  expect(lost).toEqual([
    'tcp:192.0.2.1:80: policies {"whenAllDown":"drop","onFail":"remove"}',
    expect.stringContaining('tcp:192.0.2.1:80: real server 10.0.0.1:80: check {"type":"grpc"'),
  ]);
});

test('the fallback server of a service without real servers is not checked', () => {
  const text = 'fallback = 127.0.0.1:8080 masq\nvirtual = 192.0.2.1:80\n\n';
  expect(read(text, parse)).toMatchObject({ configuration: undefined, problems: [] });
});
