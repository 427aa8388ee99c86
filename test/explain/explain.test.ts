import { parseCommandLine } from '../../src/classic/parse';
import { errno } from '../../src/errors/errno';
import type { Refused } from '../../src/errors/refused';
import { explain } from '../../src/explain';
import { causes } from '../../src/explain/causes';
import { gatherFacts } from '../../src/explain/facts';
import { isChange } from '../../src/ipvs/change';
import { testNames } from '../helpers/test-names';

/** A host on which no cause applies. */
const healthy: Record<string, string> = {
  '/proc/modules': 'ip_vs 200704 0 - Live 0x0\n',
  '/proc/self/status': 'CapEff:\t000001ffffffffff\n',
  '/proc/self/uid_map': '         0          0 4294967295\n',
  '/proc/net/fib_trie': '           /32 host LOCAL\n        |-- 127.0.0.1\n',
  '/proc/net/dev': 'Inter-|   Receive\n face |bytes\n    lo: 0 0\n  eth0: 0 0\n',
  '/proc/net/if_inet6': '',
  '/proc/sys/kernel/osrelease': '7.2.7\n',
  '/proc/sys/kernel/modules_disabled': '0\n',
};

type Files = Record<string, string | undefined>;

function explained(refused: Refused, files: Files = {}): string[] {
  const all: Files = { ...healthy, ...files };
  return explain(refused, { readFile: (path) => all[path] });
}

/** The refusal of the change that a command line asks for. */
function refused(line: string, code: number): Refused {
  const context = { programName: 'ipvsadm', posix: false, names: testNames };
  const change = parseCommandLine(line.split(' '), context);
  if (!isChange(change)) throw new Error(`${line} is not a change`);
  return { operation: change.kind, errno: code, change };
}

/** Two families, which the command line refuses before the kernel can. */
function twoFamilies(): Refused {
  const refusal = refused('-a -t 192.0.2.10:80 -r 10.0.0.1 -m', errno.EINVAL);
  const { change } = refusal;
  if (change?.kind !== 'add-server') throw new Error('not a server');
  return {
    ...refusal,
    change: { ...change, server: { ...change.server, family: 10, address: new Uint8Array(16).fill(32) } },
  };
}

const connect = (code: number): Refused => ({ operation: 'connect', errno: code });
const server = '-a -t 192.0.2.10:80 -r';
const daemon = '--start-daemon master --mcast-interface eth9';
const { EAFNOSUPPORT, EEXIST, EINVAL, ENODEV, ENOENT, ENOPROTOOPT, EPERM, ERANGE, ESRCH } = errno;

test.each<[string, Refused, Files, RegExp]>([
  ['no module', connect(ENOPROTOOPT), { '/proc/modules': '' }, /neither built into the kernel nor/],
  [
    'no module, in a container',
    connect(ENOPROTOOPT),
    { '/proc/modules': '', '/proc/self/status': 'CapEff:\t0000000000001000\n' },
    /a container may not load modules/,
  ],
  [
    'modules locked',
    connect(ENOPROTOOPT),
    { '/proc/modules': '', '/proc/sys/kernel/modules_disabled': '1\n' },
    /kernel\.modules_disabled is 1/,
  ],
  ['no capability', connect(EPERM), { '/proc/self/status': 'CapEff:\t0\n' }, /no CAP_NET_ADMIN/],
  [
    'a user namespace',
    connect(EPERM),
    { '/proc/self/uid_map': '0 1000 1\n' },
    /user namespace other than the initial one/,
  ],
  ['lo is down', refused(`${server} 10.0.0.1`, EINVAL), { '/proc/net/fib_trie': '' }, /loopback interface/],
  ['multicast', refused(`${server} 224.0.0.1`, EINVAL), {}, /224\.0\.0\.1 is not a unicast/],
  ['unspecified', refused(`${server} 0.0.0.0`, EINVAL), {}, /0\.0\.0\.0 is not a unicast/],
  [
    'IPv6 link-local',
    refused('-a -t [2001:db8::1]:80 -r [fe80::1]:80', EINVAL),
    {},
    /fe80::1 is not a unicast/,
  ],
  ['two families', twoFamilies(), {}, /different address families/],
  [
    'thresholds',
    refused(`${server} 10.0.0.1 -x 5 -y 9`, ERANGE),
    {},
    /lower one \(9\) is above the upper one \(5\)/,
  ],
  ['a scheduler', refused('-A -t 192.0.2.10:80 -s wwr', ENOENT), {}, /no scheduler 'wwr'/],
  ['an engine', refused('-A -t 192.0.2.10:80 --pe spi', ENOENT), {}, /no persistence engine 'spi'/],
  [
    'no IPv6',
    refused('-A -t [2001:db8::1]:80', EAFNOSUPPORT),
    { '/proc/net/if_inet6': undefined },
    /has no IPv6/,
  ],
  ['an interface', refused(daemon, ENODEV), {}, /no interface 'eth9' .* it has lo, eth0/],
  ['a missing service', refused('-D -f 7', ESRCH), {}, /no virtual service/],
  [
    'direct routing',
    refused(`${server} 10.0.0.1:8080`, EEXIST),
    {},
    /its port is that of the service \(80\)/,
  ],
  ['tunneling', refused(`${server} 10.0.0.1:8080 -i`, EEXIST), {}, /its port is that of the service \(80\)/],
])('%s is confirmed', (_name, refusal, files, cause) => {
  const lines = explained(refusal, files);
  expect(lines[1]).toMatch(/^ {2}confirmed: /);
  expect(lines.filter((line) => line.startsWith('  confirmed:')).join('\n')).toMatch(cause);
});

test('causes that are ruled out are not mentioned', () => {
  const text = explained(refused(`${server} 10.0.0.1 -x 5 -y 9`, EINVAL)).join('\n');
  expect(text).not.toMatch(/loopback|famil|gue|2147483647/);
  expect(text).toMatch(/possible: 10\.0\.0\.1 is not a unicast address/);
});

describe('an IPv6 real server that is refused', () => {
  const linkLocal = refused('-a -t [2001:db8::1]:80 -r [fe80::1]:80', EINVAL);
  const own = 'fe800000000000000000000000000001 02 40 20 80     eth0\n';

  test.each<[string, Refused, Files]>([
    ['its link-local address is the machine’s own', linkLocal, { '/proc/net/if_inet6': own }],
    ['its address is global', refused('-a -t [2001:db8::1]:80 -r [2001:db8::2]:80', EINVAL), {}],
  ])('for another reason, if %s', (_name, refusal, files) => {
    expect(explained(refusal, { '/proc/net/fib_trie': '', ...files })).toEqual([
      'ipvsadm: add-server was refused with EINVAL (22). No known cause.',
    ]);
  });

  test('perhaps for its link-local address, if the addresses of the machine are unknown', () => {
    expect(explained(linkLocal, { '/proc/net/if_inet6': undefined })[1]).toMatch(/^ {2}possible: fe80::1 /);
  });
});

test.each([
  ['masquerading', `${server} 10.0.0.1:8080 -m`],
  ['direct routing for a firewall mark', '-a -f 7 -r 10.0.0.1:8080'],
])('the port of the service is not blamed with %s, which keeps a port of its own', (_name, line) => {
  const [, cause] = explained(refused(line, EEXIST));
  expect(cause).toMatch(/^ {2}confirmed: .*that address and port, whatever its forwarding method$/);
});

test('the address is not blamed when a real server is edited: the kernel does not check it then', () => {
  const lines = explained(refused('-e -t 192.0.2.10:80 -r 224.0.0.1', EINVAL), { '/proc/net/fib_trie': '' });
  expect(lines).toEqual(['ipvsadm: edit-server was refused with EINVAL (22). No known cause.']);
});

test('each cause has a test and a remedy', () => {
  expect(explained(connect(EPERM), { '/proc/self/uid_map': '0 1000 1\n' })).toEqual([
    'ipvsadm: connect was refused with EPERM (1). Causes:',
    expect.stringMatching(/^ {2}confirmed: this is a user namespace/),
    expect.stringMatching(/^ {4}test: {2}cat \/proc\/self\/uid_map/),
    expect.stringMatching(/^ {4}remedy: /),
  ]);
});

test('an unexpected errno is named', () => {
  expect(explained({ operation: 'flush', errno: 5 })).toEqual([
    'ipvsadm: flush was refused with errno 5. No known cause.',
  ]);
});

test('every cause describes every refusal that it covers, even if the change is unknown', () => {
  const facts = gatherFacts({ readFile: () => undefined });
  const texts = causes.flatMap((cause) =>
    cause.of.flatMap((operation) =>
      cause.errno.map((code) => {
        const refusal = { operation, errno: code };
        return [cause.describe(refusal, facts), cause.test(refusal, facts), cause.remedy(refusal, facts)];
      }),
    ),
  );
  expect(texts.flat().filter((text) => text === '' || /undefined|\[object/.test(text))).toEqual([]);
  expect(texts.length).toBeGreaterThanOrEqual(causes.length);
});
