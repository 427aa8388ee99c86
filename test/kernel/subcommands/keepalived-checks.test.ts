/**
 * Compares the health checks that we read from keepalived.conf with those that keepalived itself
 * dumps (-d), for the sample file and for random ones.
 */
import fc from 'fast-check';
import type { Check } from '../../../src/model/check';
import type { Configuration } from '../../../src/model/director';
import { parseKeepalived } from '../../../src/state/keepalived/read';
import { anyConfiguration } from '../../helpers/arbitrary-configurations';
import { connectLab } from '../../lab/client';
import { debianProgram } from '../../lab/debian-programs';
import { fixture, read, written } from '../../state/imported-text';

const lab = connectLab();
let program: string;

beforeAll(async () => {
  program = await debianProgram('keepalived');
}, 600_000);

const parse = (text: string) => parseKeepalived(text);

/** Runs keepalived for each file of standard input, which lines of `=====` separate, and prints its logs. */
const dumps = (count: number) => `
  n=1
  while IFS= read -r line; do
    if [ "$line" = ===== ]; then n=$((n + 1)); else printf '%s\\n' "$line" >>k$n.conf; fi
  done
  ip link set lo up
  for n in $(seq ${count}); do
    : >log
    "${program}" -C -n -l -d -D -G -I -f "$PWD/k$n.conf" -p "$PWD/pid" -c "$PWD/pid-c" >log 2>&1 &
    daemon=$!
    tries=0
    until grep -q 'Startup complete\\|no configuration' log; do
      tries=$((tries + 1)); [ $tries -lt 200 ] || break
      sleep 0.1
    done
    sleep 0.3
    kill $daemon; wait $daemon 2>/dev/null
    "$IPVSADM_C" -C
    cat log; echo =====
  done`;

/** A check, or one URL of it, as both sides can tell. */
interface Told {
  readonly method: string;
  readonly alpha: boolean;
  readonly delay: number;
  readonly retries: number;
  /** Only if there are retries. */
  readonly before?: number;
  readonly place: string;
  readonly timeout: number | undefined;
  readonly more: string;
}

const number = (text: string, pattern: RegExp) => Number(pattern.exec(text)?.[1] ?? Number.NaN);

/** Reads the dump of one file. */
function theirs(log: string): Told[] {
  const lines = log
    .split('\n')
    .map((line) => line.replace(/^\w{3} \w{3} +\d+ [\d:]+ \d{4}: /, ''))
    .filter((line) => line !== 'Stopping');
  const dump = lines.join('\n').split('------< Health checkers >------\n')[1] ?? '';
  return dump.split(/^ (?=\S.* -> )/m).flatMap((text): Told[] => {
    const method = /Keepalive method = (\w+)/.exec(text)?.[1];
    if (method === undefined || method === 'FILE_CHECK') return [];
    const retries = number(text, /Retries = (\d+)/);
    const one: Omit<Told, 'more'> = {
      method,
      alpha: /Alpha = yes/.test(text),
      delay: number(text, /Delay loop = (\d+)/),
      retries,
      ...(retries > 0 ? { before: number(text, /^ +Delay before retry = (\d+)/m) } : {}),
      place: ['Dest', 'Bind to', 'Mark']
        .map((name) => new RegExp(`${name} = (\\S+)`).exec(text)?.[1] ?? '')
        .map((end, index) => (index === 1 || method === 'PING_CHECK' ? end.replace(/:\d+$/, '') : end))
        .join(' '),
      timeout: method === 'MISC_CHECK' ? undefined : number(text, /Timeout = ([\d.]+)/),
    };
    const urls = text.split('Checked url = ').slice(1);
    if (urls.length === 0) return [{ ...one, more: moreOf(method, text) }];
    return urls.map((url) => ({
      ...one,
      more: [
        `/${url.split('\n')[0]!.replace(/^\//, '')}`,
        statuses([...url.matchAll(/^ {7}(\d{3})(?:-(\d{3}))?$/gm)].map(([, from, to]) => [from, to ?? from])),
        /digest = (\w+)/.exec(url)?.[1] ?? '',
        /http protocol (\S+)/.exec(text)![1],
      ].join(' '),
    }));
  });
}

/** All statuses of some ranges: keepalived keeps a bit for each. */
function statuses(ranges: Iterable<readonly [unknown, unknown]> | readonly unknown[][]): string {
  const all = new Set<number>();
  for (const [from, to] of ranges)
    for (let status = Number(from); status <= Number(to); status++) all.add(status);
  return [...all].sort().join();
}

function moreOf(method: string, text: string): string {
  const value = (name: string) => new RegExp(`^ +${name} = (.*)$`, 'm').exec(text)?.[1] ?? '';
  if (method === 'DNS_CHECK') return `${value('Type')} ${value('Name') || '.'}`;
  if (method === 'SMTP_CHECK') return value('helo');
  if (method === 'UDP_CHECK') return `${value('Payload len') || 1} ${value('Require reply')}`;
  return '';
}

const methods: Readonly<Partial<Record<Check['type'], string>>> = {
  tcp: 'TCP_CHECK',
  http: 'HTTP_GET',
  https: 'SSL_GET',
  smtp: 'SMTP_CHECK',
  dns: 'DNS_CHECK',
  udp: 'UDP_CHECK',
  ping: 'PING_CHECK',
  script: 'MISC_CHECK',
};

function ours({ services }: Configuration): Told[] {
  return services.flatMap(({ servers }) =>
    servers.flatMap(({ name, server, checks }) =>
      checks.flatMap((check): Told[] => {
        const method = methods[check.type];
        if (method === undefined) return [];
        const host = name.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
        const retries = check.fall - 1;
        const place = [
          `[${check.address ?? host}]${check.type === 'ping' ? '' : `:${check.port ?? server.port}`}`,
          check.source ? `[${check.source}]` : '',
          check.mark ?? '',
        ].join(' ');
        return [
          {
            method,
            alpha: check.initial === 'down',
            delay: check.interval * 1000,
            retries,
            ...(retries > 0 ? { before: check.fast * 1000 } : {}),
            place: check.type === 'script' ? '  ' : place,
            timeout: check.type === 'script' ? undefined : check.timeout / 1000,
            more: ourMore(check),
          },
        ];
      }),
    ),
  );
}

function ourMore(check: Check): string {
  if (check.type === 'dns') return `${check.record} ${check.query}`;
  if (check.type === 'smtp') return check.helo;
  if (check.type === 'udp') return `${check.send.length} ${check.expect ? 'yes' : 'no'}`;
  if (check.type !== 'http' && check.type !== 'https') return '';
  const ranges = statuses(check.status);
  const closes = check.headers.Connection === 'close' ? 'C' : '';
  return [check.path, ranges, check.digest[0]?.hex ?? '', `${check.version}${closes}`].join(' ');
}

async function compare(files: readonly string[]): Promise<number> {
  const { stdout, stderr, status } = await lab.run({
    script: dumps(files.length),
    stdin: files.join('=====\n'),
    timeoutSeconds: 300,
  });
  expect({ stderr: stderr.toString(), status }).toEqual({ stderr: '', status: 0 });
  const logs = stdout.toString().split('=====\n');
  let count = 0;
  for (const [index, text] of files.entries()) {
    const { configuration } = read(text, parse);
    const told = configuration ? ours(configuration) : [];
    if (told.length > 0) expect(logs[index]).toContain('Health checkers');
    expect({ text, told: theirs(logs[index]!) }).toEqual({ text, told });
    count += told.length;
  }
  return count;
}

test('test/state/keepalived/checks.conf', async () => {
  expect(await compare([fixture('keepalived/checks.conf')])).toBe(18);
}, 120_000);

test('random files', async () => {
  const files = fc
    .sample(anyConfiguration, { numRuns: 60, seed: Date.now() })
    .map(({ services, ...rest }) => ({
      ...rest,
      daemons: [],
      timeouts: undefined,
      // keepalived also checks servers that are not in its table: the second one of an address.
      // Without a sorry server, none replaces the servers at the start.
      services: services.map(({ sorry: _, ...service }) => ({
        ...service,
        servers: service.servers.filter(({ server }, index, all) => {
          const same = all.findIndex((other) => other.server.address.join() === server.address.join());
          // A server without a port is checked at port 0 by keepalived, which always fails.
          return same === index && server.port !== 0 && server.family === service.service.key.family;
        }),
      })),
    }))
    .filter(({ services }) => services.length > 0)
    .map((configuration) => {
      const state = {
        services: configuration.services.map(({ service, servers }) => ({
          service,
          servers: servers.map(({ server }) => server),
        })),
      };
      return (
        written('keepalived', state, configuration)
          .text.replace(/^SSL \{[^}]*\}\n/, '')
          // keepalived leaves out scripts that are not there.
          .replaceAll('/bin/check', '/bin/true')
      );
    })
    .filter((text) => /_CHECK|_GET/.test(text))
    .slice(0, 20);
  expect(files.length).toBeGreaterThan(5);
  expect(await compare(files)).toBeGreaterThan(10);
}, 400_000);
