/**
 * The rules, and that the check of files, the explanation of refusals and the commands all follow
 * them.
 */
import { parseCommandLine } from '../../src/classic/parse';
import { errno } from '../../src/errors/errno';
import { IpvsadmError } from '../../src/errors/ipvsadm-error';
import type { Refused } from '../../src/errors/refused';
import { causes } from '../../src/explain/causes';
import { gatherFacts } from '../../src/explain/facts';
import { addressService, fwmarkService, realServer, virtualService } from '../../src/library/builders';
import { parseAddress } from '../../src/model/address';
import { addressVerdict, isMulticast } from '../../src/model/kernel-rules';
import { forwardingMethods, type RealServer, tunnelTypes } from '../../src/model/real-server';
import { daemonStates } from '../../src/model/sync-daemon';
import type { ServiceKey, VirtualService } from '../../src/model/virtual-service';
import { checkState } from '../../src/state/table/check';
import { testNames } from '../helpers/test-names';

const { EINVAL, ERANGE } = errno;

/** The severities of what the check of files finds in a field of the only real server. */
function foundInServer(key: ServiceKey, server: RealServer, field: string, withDaemon = false): string[] {
  const findings = checkState({
    daemons: withDaemon ? [{ state: daemonStates.master, interface: 'lo', syncId: 0 }] : [],
    services: [{ service: virtualService(key), servers: [server] }],
  });
  return findings
    .filter(({ path }) => path.join('.') === `services.0.servers.0.${field}`)
    .map(({ severity }) => severity);
}

/**
 * Whether the causes of a refused add-server that match apply. The machine has the IPv6 addresses
 * given.
 */
function blamed(key: ServiceKey, server: RealServer, code: number, about: RegExp, ownAddresses = '') {
  const files: Record<string, string> = {
    '/proc/net/fib_trie': '127.0.0.1',
    '/proc/net/if_inet6': ownAddresses,
  };
  const facts = gatherFacts({ readFile: (path) => files[path] });
  const refused: Refused = {
    operation: 'add-server',
    errno: code,
    change: { kind: 'add-server', key, server },
  };
  return causes
    .filter((cause) => cause.of.includes('add-server') && cause.errno.includes(code))
    .filter((cause) => about.test(cause.describe(refused, facts)))
    .map((cause) => cause.applies(refused, facts));
}

/**
 * What the command line makes of the arguments: the kind of the request, or the message of its
 * refusal.
 */
function commandLine(line: string): string {
  try {
    return parseCommandLine(line.split(' '), { programName: 'ipvsadm', posix: false, names: testNames }).kind;
  } catch (error) {
    if (error instanceof IpvsadmError) return error.message;
    throw error;
  }
}

/** Tried on Linux 7.2 with ipvsadm 1.31. */
describe('the address of a real server is judged alike everywhere:', () => {
  const verdicts = {
    accepted: { check: [], explained: [false], explainedIfOwn: [false] },
    refused: { check: ['error'], explained: [true], explainedIfOwn: [true] },
    'unless-broadcast': { check: [], explained: [undefined], explainedIfOwn: [undefined] },
    'if-local': { check: ['warning'], explained: [true], explainedIfOwn: [false] },
  } as const;

  test.each([
    ['0.0.0.0', 'refused'],
    ['0.1.2.3', 'unless-broadcast'],
    ['10.0.0.1', 'unless-broadcast'],
    ['10.1.1.255', 'unless-broadcast'],
    ['127.0.0.1', 'unless-broadcast'],
    ['223.255.255.255', 'unless-broadcast'],
    ['224.0.0.1', 'refused'],
    ['239.255.255.255', 'refused'],
    ['240.0.0.1', 'unless-broadcast'],
    ['255.255.255.254', 'unless-broadcast'],
    ['255.255.255.255', 'refused'],
    ['::', 'refused'],
    ['::1', 'accepted'],
    ['::1.2.3.4', 'accepted'],
    ['::ffff:1.2.3.4', 'refused'],
    ['::1:ffff:1.2.3.4', 'accepted'],
    ['2001:db8::1', 'accepted'],
    ['fc00::1', 'accepted'],
    ['fe00::1', 'accepted'],
    ['fe7f::1', 'accepted'],
    ['fe80::', 'if-local'],
    ['fe80::1', 'if-local'],
    ['febf:ffff::1', 'if-local'],
    ['fec0::1', 'accepted'],
    ['ff02::1', 'refused'],
  ] as const)('%s is %s', (text, verdict) => {
    const ipv6 = text.includes(':');
    const key = addressService('tcp', ipv6 ? '2001:db8::80' : '192.0.2.80', 80);
    const server = realServer(text, 80);
    const own = `${Buffer.from(server.address).toString('hex')} 02 40 20 80     eth0\n`;
    expect({
      verdict: addressVerdict(server.address),
      check: foundInServer(key, server, 'address'),
      explained: blamed(key, server, EINVAL, /unicast address/),
      explainedIfOwn: blamed(key, server, EINVAL, /unicast address/, own),
      // As in ipvsadm, the commands leave the address to the kernel.
      commandLine: commandLine(
        ipv6 ? `-a -t [2001:db8::80]:80 -r [${text}]:80` : `-a -t 192.0.2.80:80 -r ${text}:80`,
      ),
    }).toEqual({ verdict, ...verdicts[verdict], commandLine: 'add-server' });
  });
});

test.each([
  ['223.255.255.255', false],
  ['224.0.0.0', true],
  ['239.255.255.255', true],
  ['240.0.0.0', false],
  ['feff::', false],
  ['ff00::', true],
] as const)('%s is a multicast group: %p, also for the check and the command line', (text, expected) => {
  const group = parseAddress(text)!;
  const findings = checkState({ daemons: [{ state: 1, interface: 'lo', syncId: 0, group }] });
  expect({
    rule: isMulticast(group),
    check: findings.length === 0,
    commandLine: commandLine(`--start-daemon master --mcast-group ${text}`) === 'start-daemon',
  }).toEqual({ rule: expected, check: expected, commandLine: expected });
});

describe('a real server of another family requires tunneling, and no sync daemon:', () => {
  const key = addressService('tcp', '192.0.2.80', 80);

  test.each([
    ['10.0.0.1', 'gatewaying', '-g', true, true],
    ['10.0.0.1', 'tunneling', '-i', true, true],
    ['2001:db8::1', 'gatewaying', '-g', false, false],
    ['2001:db8::1', 'masquerading', '-m', false, false],
    ['2001:db8::1', 'tunneling', '-i', true, false],
  ] as const)('%s with %s', (text, method, option, accepted, acceptedWithDaemon) => {
    const server = realServer(text, 80, { forwarding: forwardingMethods[method] });
    const address = text.includes(':') ? `[${text}]` : text;
    expect({
      check: foundInServer(key, server, 'address'),
      checkWithDaemon: foundInServer(key, server, 'address', true),
      explained: blamed(key, server, EINVAL, /different address families/),
      explainedByDaemon: blamed(key, server, EINVAL, /sync daemon/),
      commandLine: commandLine(`-a -t 192.0.2.80:80 -r ${address}:80 ${option}`),
    }).toEqual({
      check: accepted ? [] : ['error'],
      checkWithDaemon: acceptedWithDaemon ? [] : ['error'],
      explained: [!accepted],
      explainedByDaemon: [text.includes(':') ? undefined : false],
      commandLine: accepted ? 'add-server' : 'Different address family is allowed only for tunneling servers',
    });
  });
});

test.each([
  [0, 0, true],
  [9, 9, true],
  [9, 8, true],
  [8, 9, false],
  [0, 1, false],
] as const)('thresholds %i and %i are in order: %p', (upperThreshold, lowerThreshold, expected) => {
  const key = fwmarkService(1);
  const server = realServer('10.0.0.1', 0, { upperThreshold, lowerThreshold });
  expect({
    check: foundInServer(key, server, 'lowerThreshold'),
    explained: blamed(key, server, ERANGE, /threshold/),
    // As in ipvsadm, the commands leave the thresholds to the kernel.
    commandLine: commandLine(`-a -f 1 -r 10.0.0.1 -x ${upperThreshold} -y ${lowerThreshold}`),
  }).toEqual({ check: expected ? [] : ['error'], explained: [!expected], commandLine: 'add-server' });
});

test.each([
  ['tunneling', 'gue', 0, false],
  ['gatewaying', 'gue', 0, false],
  ['tunneling', 'gue', 6080, true],
  ['tunneling', 'gre', 0, true],
  ['tunneling', 'ipip', 0, true],
] as const)('%s with a %s tunnel on port %i is accepted: %p', (method, type, port, expected) => {
  const key = fwmarkService(1);
  const server = realServer('10.0.0.1', 0, {
    forwarding: forwardingMethods[method],
    tunnel: { type: tunnelTypes[type], port, flags: 0 },
  });
  expect({
    check: foundInServer(key, server, 'tunnel'),
    explained: blamed(key, server, EINVAL, /gue tunnel/),
  }).toEqual({ check: expected ? [] : ['error'], explained: [!expected] });
});

describe('what only ipvsadm refuses is a note of the check:', () => {
  const persistent = { flags: 1 };
  const onePacket = { flags: 4 };
  const tcp = (port: number) => addressService('tcp', '192.0.2.80', port);
  const udp = addressService('udp', '192.0.2.80', 53);

  test.each<[string, VirtualService, string]>([
    ['-A -t 192.0.2.80:80', virtualService(tcp(80)), ''],
    ['-A -t 192.0.2.80:0', virtualService(tcp(0)), 'Zero port specified for non-persistent service'],
    ['-A -t 192.0.2.80:0 -p', virtualService(tcp(0), persistent), ''],
    ['-A -f 1', virtualService(fwmarkService(1)), ''],
    ['-A -u 192.0.2.80:53 -o', virtualService(udp, onePacket), ''],
    ['-A -f 1 -o', virtualService(fwmarkService(1), onePacket), ''],
    [
      '-A -t 192.0.2.80:80 -o',
      virtualService(tcp(80), onePacket),
      'One-Packet Scheduling is only for UDP virtual services',
    ],
  ])('%s', (line, service, message) => {
    const found = checkState({ services: [{ service, servers: [] }] }).map(({ severity }) => severity);
    expect({ found, commandLine: commandLine(line) }).toEqual({
      found: message === '' ? [] : ['note'],
      commandLine: message || 'add-service',
    });
  });

  test.each([
    ['gatewaying', 8080, ['note']],
    ['tunneling', 8080, ['note']],
    ['masquerading', 8080, []],
    ['gatewaying', 80, []],
  ] as const)('%s to port %i', (method, port, expected) => {
    const server = realServer('10.0.0.1', port, { forwarding: forwardingMethods[method] });
    expect([foundInServer(tcp(80), server, 'port'), foundInServer(fwmarkService(1), server, 'port')]).toEqual(
      [expected, []],
    );
  });
});
