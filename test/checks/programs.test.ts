/** Scripts and ping: what they are told, what their end means, and that they end. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCheck } from '../../src/checks';
import type { CheckKind } from '../../src/model/check';
import { checked, checkOf, targetOf } from './targets';

const directory = mkdtempSync(join(tmpdir(), 'ipvsadm-check-'));
afterAll(() => rmSync(directory, { recursive: true }));

function script(text: string, name = 'script'): string {
  const path = join(directory, name);
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

const sh = (text: string, more: object = {}) =>
  ({ type: 'script', command: ['/bin/sh', '-c', text], exit: 'plain', ...more }) as CheckKind;

const scripts: [name: string, kind: CheckKind, said: string, weights: object][] = [
  ['well', sh('exit 0'), 'ok: exit status 0', {}],
  ['with words', sh('echo all is well; echo more'), 'ok: exit status 0: "all is well"', {}],
  ['ill', sh('echo no >&2; exit 1'), 'run: exit status 1, expected 0: "no"', {}],
  ['another status', sh('exit 7'), 'run: exit status 7, expected 0', {}],
  ['a weight', sh('echo x; echo weight=50'), 'ok: exit status 0: "x"', { weight: 50 }],
  ['a weight that is none', sh('echo weight=-5'), 'ok: exit status 0: "weight=-5"', {}],
  ['keepalived: well', sh('exit 0', { exit: 'keepalived' }), 'ok: exit status 0', {}],
  ['keepalived: ill', sh('exit 1', { exit: 'keepalived' }), 'run: exit status 1, expected 0', {}],
  ['keepalived: a weight', sh('exit 2', { exit: 'keepalived' }), 'ok: exit status 2', { absoluteWeight: 0 }],
  [
    'keepalived: the largest',
    sh('exit 255', { exit: 'keepalived' }),
    'ok: exit status 255',
    { absoluteWeight: 253 },
  ],
  ['ended by a signal', sh('kill -9 $$'), 'run: ended by SIGKILL', {}],
  [
    'arguments',
    { type: 'script', command: ['/bin/echo', 'a b', '$x'], exit: 'plain' },
    'ok: exit status 0: "a b $x"',
    {},
  ],
  [
    'not there',
    { type: 'script', command: ['/nonexistent'], exit: 'plain' },
    'run: /nonexistent cannot be run: no such file',
    {},
  ],
  [
    'not executable',
    { type: 'script', command: ['/etc/passwd'], exit: 'plain' },
    'run: /etc/passwd cannot be run: permission denied by this machine',
    {},
  ],
  [
    'not absolute',
    { type: 'script', command: ['sh'], exit: 'plain' },
    'run: the program of the check must be an absolute path',
    {},
  ],
  [
    'nothing',
    { type: 'script', command: [], exit: 'plain' },
    'run: the program of the check must be an absolute path',
    {},
  ],
  [
    'as an unknown user',
    sh('exit 0', { user: 'no.such.user' }),
    'run: no user no.such.user in /etc/passwd',
    {},
  ],
];

test.each(scripts)('a script: %s', async (_, kind, said, weights) => {
  const { said: found, result } = await checked(kind, 80);
  expect(found).toBe(said);
  const { weight, absoluteWeight } = result;
  expect({ weight, absoluteWeight }).toEqual({ weight: undefined, absoluteWeight: undefined, ...weights });
});

test('what a script is told', async () => {
  const { result } = await checked(sh('env | grep ^IPVSADM | sort'), 8080);
  const lines = [
    ...['IPVSADM_PROTOCOL=tcp', 'IPVSADM_RIP=127.0.0.1', 'IPVSADM_RPORT=8080', 'IPVSADM_SERVER=web03'],
    ...['IPVSADM_SERVICE=web', 'IPVSADM_TIMEOUT=60000', 'IPVSADM_VIP=192.0.2.10', 'IPVSADM_VPORT=80'],
  ];
  expect(result.answer).toBe(`${lines.join('\n')}\n`.slice(0, 200));
  const { result: rest } = await checked(
    sh('env | grep -v ^IPVSADM | grep -v -e ^PWD -e ^SHLVL -e ^_ -e ^OLDPWD; cat; pwd'),
    80,
    {
      timeout: 20_000,
    },
  );
  expect(rest.answer).toBe('PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n/\n');
});

test('as another user', async () => {
  const { said } = await checked(sh('id -u; id -g; id -G; echo $USER', { user: 'nobody' }), 80);
  // The tests may run as root, or not.
  if (process.getuid!() === 0) {
    const { result } = await checked(sh('id -u; id -G; echo $USER', { user: 'nobody' }), 80);
    expect(result.answer).toBe('65534\n65534\nnobody\n');
  } else expect(said).toBe('run: only root can run a check as the user nobody');
});

test('a script without end gets SIGTERM, and all of its children', async () => {
  const mark = join(directory, 'term');
  const { said, duration } = await checked(
    sh(`sleep 1000 & trap 'echo term >${mark}; kill $!; exit' TERM; echo started; wait`),
    80,
    { timeout: 1000 },
  );
  expect(said).toBe('run: did not end within 1s');
  expect(duration).toBeGreaterThanOrEqual(999);
  await until(() => existsSync(mark));
  expect(readFileSync(mark, 'utf8')).toBe('term\n');
});

test('a script that ignores SIGTERM gets SIGKILL, and meanwhile runs once', async () => {
  const stubborn = sh(`trap '' TERM; echo $$; while :; do sleep 0.1; done`);
  const first = await checked(stubborn, 81, { timeout: 1000 });
  expect(first.said).toBe('run: did not end within 1s');
  const pid = Number(first.result.answer);
  const second = await checked(stubborn, 81, { timeout: 1000 });
  expect(second.said).toBe('run: the run before has not ended yet');
  // Another server's is another.
  const other = await checked(stubborn, 82, { timeout: 1000 });
  expect(other.said).toBe('run: did not end within 1s');
  await until(() => !isAlive(pid));
  // Node hears of its end a little later, in a turn of its own.
  let third = second;
  while (third.said === second.said) {
    await sleep(20);
    third = await checked(stubborn, 81, { timeout: 1000 });
  }
  expect(third.said).toBe('run: did not end within 1s');
  await until(() => [third, other].every(({ result }) => !isAlive(Number(result.answer))));
}, 60_000);

test('a script that leaves something behind', async () => {
  const { result, said } = await checked(sh('sleep 1000 & echo $!'), 80);
  const pid = Number(result.answer);
  expect(said).toBe(`ok: exit status 0: "${pid}"`);
  await until(() => !isAlive(pid));
});

test('a script that says much', async () => {
  const { said, result } = await checked(sh('head -c 10000000 /dev/zero | tr "\\0" x'), 80);
  expect(said).toBe(`ok: exit status 0: "${'x'.repeat(60)}..."`);
  expect(result.answer).toBe('x'.repeat(200));
});

describe('ping', () => {
  const path = process.env.PATH;
  afterEach(() => {
    process.env.PATH = path;
  });

  /** Runs a check with another ping. */
  async function ping(text: string | undefined, more: Parameters<typeof checkOf>[1] = {}) {
    const place = mkdtempSync(join(directory, 'bin-'));
    if (text !== undefined) script(text, join(place.slice(directory.length + 1), 'ping'));
    process.env.PATH = `${place}:${text === undefined ? '' : path}`;
    return await runCheck(checkOf({ type: 'ping' }, more), targetOf(80));
  }

  const pings: [name: string, text: string, expected: object][] = [
    [
      'answered',
      'echo "64 bytes from x: icmp_seq=1 ttl=64 time=0.045 ms"',
      { ok: true, message: 'answered in 0.045ms' },
    ],
    ['answered without a time', 'exit 0', { ok: true, message: 'answered' }],
    ['not answered', 'exit 1', { ok: false, message: 'no answer to ping' }],
    [
      'unreachable',
      'echo "From 192.0.2.1 icmp_seq=1 Destination Host Unreachable"; exit 1',
      { ok: false, message: 'destination host unreachable' },
    ],
    [
      'without the right',
      'echo "ping: socktype: SOCK_RAW" >&2; echo "ping: socket: Operation not permitted" >&2; exit 2',
      { ok: false, ours: true, message: expect.stringMatching(/^ping may not send: it needs CAP_NET_RAW/) },
    ],
    [
      'without a route',
      'echo "ping: connect: Network is unreachable" >&2; exit 2',
      { ok: false, message: 'ping failed: "ping: connect: Network is unreachable"' },
    ],
    [
      'failed otherwise',
      'echo "ping: x" >&2; exit 2',
      { ok: false, ours: true, message: 'ping failed: "ping: x"' },
    ],
  ];

  test.each(pings)('%s', async (_, text, expected) => {
    const { duration, answer, ...result } = await ping(text);
    expect(duration).toBeGreaterThan(0);
    expect(answer ?? '').not.toContain('\0');
    expect(result).toEqual({ stage: 'run', ...expected });
  });

  test('its arguments', async () => {
    const result = await ping('echo : "$@"', { source: '127.0.0.9', mark: 7, address: '127.0.0.3' });
    expect(result.answer).toBe(': -n -c 1 -W 60 -I 127.0.0.9 -m 7 127.0.0.3\n');
  });

  test('without end', async () => {
    const { message } = await ping('echo $$; exec sleep 1000', { timeout: 1000 });
    expect(message).toBe('did not end within 1s');
  });

  test('not installed', async () => {
    const known = ['/usr/bin/ping', '/bin/ping', '/usr/sbin/ping', '/sbin/ping'].some((file) =>
      existsSync(file),
    );
    const result = await ping(undefined);
    if (!known) {
      expect(result).toMatchObject({
        ...{ ok: false, ours: true, message: 'ping is not installed: the package iputils-ping has it' },
      });
    } else expect(result.message).not.toContain('not installed');
  });
});

function isAlive(pid: number): boolean {
  try {
    // A child that nobody has waited for is a zombie.
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'));
  } catch {
    return false;
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(20);
}
