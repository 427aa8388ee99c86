/** Checks of real servers, as Debian has them: nginx, dnsmasq, OpenSMTPD; and its ping. */
import { join } from 'node:path';
import type { CheckType } from '../../src/model/check';
import { connectLab } from '../lab/client';
import { realServersTree } from '../lab/real-servers';
import { shellQuote } from '../lab/shell';

const lab = connectLab();
let tree: string;

beforeAll(async () => {
  tree = await realServersTree();
}, 600_000);

type Case = readonly [
  check: { readonly type: CheckType; readonly [field: string]: unknown },
  port: number,
  said: string | RegExp,
];

/** The line of a script that runs checks. */
function checks(cases: readonly Case[]): string {
  const pairs = cases.flatMap(([check, port]) => [`127.0.0.1:${port}`, JSON.stringify(check)]);
  return ['node', join(__dirname, 'lab/check.js'), '192.0.2.10:80', ...pairs].map(shellQuote).join(' ');
}

const ca = join(__dirname, 'certificates/ca.pem');
const tls = { verify: true, ca, sni: 'www.example.com', warnDays: 14 };
const http = { type: 'http' } as const;
const dns = { type: 'dns', query: 'www.example.com', record: 'A', transport: 'udp' } as const;
const smtp = { type: 'smtp', helo: 'director.example' } as const;
const digest = [{ algorithm: 'md5', hex: '0' }];

const well: Case[] = [
  [http, 80, 'ok: status 200'],
  [{ ...http, version: '1.0', body: [{ text: 'ok' }] }, 80, 'ok: status 200'],
  [{ ...http, method: 'HEAD', answerHeaders: { server: { regex: '^nginx/' } } }, 80, 'ok: status 200'],
  [{ ...http, path: '/health.json', json: [{ pointer: '/status', equals: 'up' }] }, 80, 'ok: status 200'],
  [{ ...http, path: '/private/index.html', headers: { 'X-Key': 'secret' } }, 80, 'ok: status 200'],
  [{ ...http, path: '/large' }, 80, 'ok: status 200'],
  [
    { ...http, path: '/large', digest, timeout: 20_000 },
    80,
    /^body: the digest of the body is md5 [0-9a-f]{32}, expected 0$/,
  ],
  [{ ...http, path: '/private/' }, 80, 'wait: status 401, expected 200-299'],
  [{ ...http, path: '/down' }, 80, 'wait: status 503, expected 200-299'],
  [{ ...http, path: '/moved' }, 80, /^wait: status 301, expected 200-299: redirected to "/],
  [{ ...http, path: '/closed' }, 80, 'wait: the server closed the connection without an answer'],
  [{ ...http, path: '/slow', timeout: 1500 }, 80, /^body: the body did not end within 1.5s: \d+ bytes came$/],
  [
    { type: 'https', tls, mark: 7, path: '/large', digest },
    443,
    /^body: the digest of the body is md5 [0-9a-f]{32}, expected 0$/,
  ],
  [{ type: 'https', tls, body: [{ text: 'ok' }] }, 443, /^ok: status 200, TLSv1\.[23]$/],
  [
    { type: 'https', tls: { ...tls, sni: 'x.example' } },
    443,
    /^tls: the certificate is for www\.example\.com, .* not for x\.example$/,
  ],
  [{ type: 'tls', tls }, 444, 'tls: the certificate ended on 2020-11-20'],
  [{ type: 'tls', tls }, 80, /^tls: the server does not speak TLS on this port$/],
  [http, 443, 'wait: status 400, expected 200-299'],
  [{ type: 'grpc', service: '' }, 80, /^(?:wait|body): the server /],
  [dns, 53, 'ok: NOERROR, 192.0.2.1'],
  [{ ...dns, transport: 'tcp', answer: '192.0.2.1' }, 53, 'ok: NOERROR, 192.0.2.1'],
  [{ ...dns, answer: '192.0.2.2' }, 53, 'wait: 192.0.2.1, expected 192.0.2.2'],
  [
    { ...dns, query: 'example.com', record: 'MX', answer: 'mail.example.com' },
    53,
    'ok: NOERROR, mail.example.com',
  ],
  [{ ...dns, query: 'example.com', record: 'TXT' }, 53, 'ok: NOERROR, hello'],
  [{ ...dns, query: 'no.example.com' }, 53, 'wait: NXDOMAIN for no.example.com, expected NOERROR'],
  [{ ...dns, query: 'example.net' }, 53, 'wait: REFUSED for example.net, expected NOERROR'],
  [smtp, 25, 'ok: 220 mail.example ESMTP OpenSMTPD'],
  [{ type: 'tcp', expect: { regex: '^220 .*SMTP' } }, 25, /^ok: answered /],
  [{ type: 'ping' }, 0, /^ok: answered in [\d.]+ms$/],
  [{ type: 'ping', address: '127.0.0.1', source: '127.0.0.9', mark: 7 }, 0, /^ok: answered in [\d.]+ms$/],
  [
    { type: 'ping', address: '192.0.2.99', timeout: 1500 },
    0,
    'run: ping failed: "ping: connect: Network is unreachable"',
  ],
];

/** Stopped: the kernel goes on accepting connections for them. */
const stopped: Case[] = [
  [{ type: 'tcp' }, 80, 'ok: connected'],
  [{ ...http, timeout: 1000 }, 80, 'wait: nothing answered within 1s after connecting'],
  [{ type: 'https', tls, timeout: 1000 }, 443, 'tls: the TLS handshake did not end within 1s'],
  [{ type: 'grpc', service: '', timeout: 1000 }, 80, 'wait: nothing answered within 1s after connecting'],
  [{ ...dns, timeout: 1000 }, 53, 'wait: nothing answered within 1s after connecting'],
  [{ ...dns, transport: 'tcp', timeout: 1000 }, 53, 'wait: nothing answered within 1s after connecting'],
  [{ ...smtp, timeout: 1000 }, 25, 'wait: nothing answered within 1s after connecting'],
];

const killed: Case[] = [
  [http, 80, 'connect: connection refused'],
  [dns, 53, 'wait: connection refused'],
  [smtp, 25, 'connect: connection refused'],
];

test('well, wrong, slow, stopped, killed', async () => {
  const { stdout } = await lab.run({
    timeoutSeconds: 280,
    script: `exec 2>&1
tree=${shellQuote(tree)} certificates=${shellQuote(join(__dirname, 'certificates'))}
. ${shellQuote(join(__dirname, 'lab/real-servers.sh'))}
PATH=$tree/bin:$PATH; export PATH
${checks(well)}
servers="$(pgrep nginx) $(pgrep smtpd) $dnsmasq"
kill -STOP $servers
${checks(stopped)}
kill -KILL $servers; sleep 0.5
${checks(killed)}
`,
  });
  const lines = stdout.toString().trimEnd().split('\n');
  const expected = [...well, ...stopped, ...killed].map(([, , said]) =>
    typeof said === 'string' ? said : expect.stringMatching(said),
  );
  expect(lines).toEqual(expected);
}, 300_000);
