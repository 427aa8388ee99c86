import { parseCommandLine } from '../../src/classic/parse';
import type { Request } from '../../src/command-line/request';
import { IpvsadmError } from '../../src/errors/ipvsadm-error';
import { AF_INET, AF_INET6 } from '../../src/model/address';
import type { RealServer } from '../../src/model/real-server';
import { testNames } from '../helpers/test-names';

const context = { programName: './ipvsadm', posix: false, names: testNames };

/** The request of a command line, whose arguments are separated by spaces. */
function parse(line: string, posix = false): Request {
  return parseCommandLine(line === '' ? [] : line.split(' '), { ...context, posix });
}

/** The status and message of an invalid command line. */
function refusal(line: string, posix = false): string {
  try {
    return JSON.stringify(parse(line, posix));
  } catch (error) {
    if (!(error instanceof IpvsadmError)) throw error;
    return `${error.status}: ${error.message}`;
  }
}

const address = Uint8Array.of(192, 0, 2, 10);
const key = { kind: 'address', protocol: 6, family: AF_INET, address, port: 80 } as const;
const service = { key, scheduler: 'wlc', flags: 0, timeout: 0, netmask: 0xffffffff, persistenceEngine: '' };
const server: RealServer = {
  family: AF_INET,
  address: Uint8Array.of(10, 0, 0, 17),
  port: 80,
  forwarding: 3,
  weight: 1,
  upperThreshold: 0,
  lowerThreshold: 0,
  tunnel: { type: 0, port: 0, flags: 0 },
};
const everything = {
  kind: 'list-services',
  key: undefined,
  format: 'plain',
  numeric: false,
  exact: false,
  sorted: true,
} as const;
const daemon = {
  state: 1,
  interface: 'eth0',
  syncId: 0,
  maxLength: undefined,
  group: undefined,
  port: undefined,
  ttl: undefined,
};

describe('asks for', () => {
  test.each<[string, Request]>([
    ['', everything],
    ['-L', everything],
    [
      '-ln --stats --rate -X --nosort',
      { ...everything, numeric: true, exact: true, sorted: false, format: 'stats' },
    ],
    ['-L --tun-info --persistent-conn', { ...everything, format: 'persistent-conn' }],
    ['-L -t 192.0.2.10:http', { ...everything, key }],
    ['-L -f 4294967295 -6', { ...everything, key: { kind: 'fwmark', fwmark: 4294967295, family: AF_INET6 } }],
    ['-L --syncid 5', everything],
    ['-Lcn --persistent-conn', { kind: 'list-connections', numeric: true, engineData: true }],
    ['-L --timeout --exact', { kind: 'list-timeouts' }],
    ['-L --daemon', { kind: 'list-daemons' }],
    ['-S', { kind: 'save', numeric: false }],
    ['-Sn', { kind: 'save', numeric: true }],
    ['-R', { kind: 'restore' }],
    ['-C --sort --sort', { kind: 'flush' }],
    ['-h --bogus', { kind: 'help' }],
    ['-v', { kind: 'version' }],
    ['-Z', { kind: 'zero', key: undefined }],
    ['-Z -t 192.0.2.10:80', { kind: 'zero', key }],
    ['-Z -t 0.0.0.0:0', { kind: 'zero', key: undefined }],
    ['--set 900 0 300', { kind: 'set-timeouts', timeouts: { tcp: 900, tcpFin: 0, udp: 300 } }],
    ['1 --set 2 3', { kind: 'set-timeouts', timeouts: { tcp: 1, tcpFin: 2, udp: 3 } }],
    ['-D -t 192.0.2.10:80', { kind: 'delete-service', key }],
    ['-A -t 192.0.2.10:80', { kind: 'add-service', service }],
    ['-E -t 192.0.2.10:80 -s rr', { kind: 'edit-service', service: { ...service, scheduler: 'rr' } }],
    [
      '-A -t 192.0.2.10:80 -p -M 255.255.255',
      { kind: 'add-service', service: { ...service, flags: 1, timeout: 360, netmask: 0xffff00ff } },
    ],
    [
      '-A -t 192.0.2.10 -p 20',
      { kind: 'add-service', service: { ...service, key: { ...key, port: 0 }, flags: 1, timeout: 20 } },
    ],
    [
      '-A -u 192.0.2.10:80 -o --pe sip',
      {
        kind: 'add-service',
        service: { ...service, key: { ...key, protocol: 17 }, flags: 4, persistenceEngine: 'sip' },
      },
    ],
    [
      '-A -t 192.0.2.10:80 -b sh-port,,flag-3, -s sh',
      { kind: 'add-service', service: { ...service, scheduler: 'sh', flags: 0x30 } },
    ],
    [
      '-A -M 255.0.0.0 -t 192.0.2.10:80',
      { kind: 'add-service', service: { ...service, netmask: 0xff000000 } },
    ],
    [
      '-A -f 7 -6 -M 64',
      {
        kind: 'add-service',
        service: { ...service, key: { kind: 'fwmark', fwmark: 7, family: AF_INET6 }, netmask: 64 },
      },
    ],
    [
      '-A -M 255.0.0.0 -f 7 -6',
      {
        kind: 'add-service',
        service: { ...service, key: { kind: 'fwmark', fwmark: 7, family: AF_INET6 }, netmask: 128 },
      },
    ],
    [
      '-A -t 192.0.2.10:80 -s a-scheduler-with-a-name',
      { kind: 'add-service', service: { ...service, scheduler: 'a-scheduler-wit' } },
    ],
    [
      '-A -t 192.0.2.10:80 --pe an-engine-with-a-name',
      { kind: 'add-service', service: { ...service, persistenceEngine: 'an-engine-with-a' } },
    ],
    ['-a -t 192.0.2.10:80 -r 10.0.0.17', { kind: 'add-server', key, server }],
    ['-a -t 192.0.2.10:80 -r 10.0.0.17:8080', { kind: 'add-server', key, server }],
    [
      '-e -t 192.0.2.10:80 -r 10.0.0.17:8080 -m -w 5 -x 9 -y 8',
      {
        kind: 'edit-server',
        key,
        server: { ...server, port: 8080, forwarding: 0, weight: 5, upperThreshold: 9, lowerThreshold: 8 },
      },
    ],
    [
      '-a -r 10.0.0.17 -t 192.0.2.10:80 -m',
      { kind: 'add-server', key, server: { ...server, port: 0, forwarding: 0 } },
    ],
    [
      '-a -f 7 -r 10.0.0.17:http',
      { kind: 'add-server', key: { kind: 'fwmark', fwmark: 7, family: AF_INET }, server },
    ],
    [
      '-a -t 192.0.2.10:80 -r 10.0.0.17 -i --tun-type gue --tun-port 6080 --tun-remcsum',
      {
        kind: 'add-server',
        key,
        server: { ...server, forwarding: 2, tunnel: { type: 1, port: 6080, flags: 2 } },
      },
    ],
    [
      '-d -t 192.0.2.10:80 -r 10.0.0.17:8080',
      { kind: 'delete-server', key, server: { family: AF_INET, address: server.address, port: 8080 } },
    ],
    [
      '-d -t 192.0.2.10:80 -r 10.0.0.17',
      { kind: 'delete-server', key, server: { family: AF_INET, address: server.address, port: 80 } },
    ],
    ['--start-daemon master', { kind: 'start-daemon', daemon }],
    [
      '--start-daemon backup --mcast-interface lo --syncid 3 --sync-maxlen 1400 --mcast-group 224.0.0.99 --mcast-port 9000 --mcast-ttl 5',
      {
        kind: 'start-daemon',
        daemon: {
          state: 2,
          interface: 'lo',
          syncId: 3,
          maxLength: 1400,
          group: Uint8Array.of(224, 0, 0, 99),
          port: 9000,
          ttl: 5,
        },
      },
    ],
    [
      '--stop-daemon backup --syncid 3',
      { kind: 'stop-daemon', daemon: { state: 2, interface: '', syncId: 3 } },
    ],
  ])('%s', (line, expected) => {
    expect(parse(line)).toEqual(expected);
  });
});

const hint = "255: Try `./ipvsadm -h' or './ipvsadm --help' for more information.";

describe('refuses', () => {
  test.each([
    ['-n', hint],
    ['-t 192.0.2.10:80 -A', hint],
    ['foo', hint],
    ['--bogus', hint],
    ['--list=x', hint],
    ['--start-daemon', hint],
    ['-L --bogus', '255: --bogus: unknown option'],
    ['-A -t', '255: -t: missing argument'],
    ['-L -n=1', '255: -n=1: option does not take an argument'],
    ['-L foo', '2: unexpected argument foo'],
    ['-A -t 192.0.2.10:80 -L', "2: invalid option `-L'"],
    ['-A -t 192.0.2.10:80 --start-daemon master', "2: invalid option `master'"],
    ['-A -t 192.0.2.10:80 -u bad', "2: multiple 'service-address' options specified"],
    ['-a -g -m', "2: multiple 'forwarding-method' options specified"],
    ['-A', "2: You need to supply the 'service-address' option for the 'add-service' command"],
    ['-A -w 1 -n', "2: Illegal 'numeric' option with the 'add-service' command"],
    ['-C -n', "2: Illegal 'numeric' option with the 'flush' command"],
    [
      '-L -t 192.0.2.10:80 -c',
      "2: The option 'service-address' conflicts with the 'connection' option in the 'list' command",
    ],
    ['-L -c --stats', '2: options conflicts in the list command'],
    ['-L --daemon --persistent-conn', '2: options conflicts in the list command'],
    ['--set 1 2', '2: --set option requires 3 timeout values'],
    ['--set 1 2 x', "2: invalid timeout value `x' specified"],
    ['--set 1 2 3 4', '2: unexpected argument 4'],
    ['--set 1 2 2678401', "2: invalid timeout value `2678401' specified"],
    ['-A -t 192.0.2.10:80 -p 0', "2: invalid timeout value `0' specified"],
    ['-A -f 0', "2: invalid fwmark value `0' specified"],
    ['-A -t bad', '2: illegal virtual server address[:port] specified'],
    ['-a -t 192.0.2.10:80 -r bad', '2: illegal real server address[:port] specified'],
    ['-A -t 192.0.2.10', '2: Zero port specified for non-persistent service'],
    ['-A -t 192.0.2.10:80 -o', '2: One-Packet Scheduling is only for UDP virtual services'],
    [
      '-a -t 192.0.2.10:80 -r 2001:db8::2',
      '2: Different address family is allowed only for tunneling servers',
    ],
    ['-a -t 192.0.2.10:80 -r 10.0.0.17 --tun-type ipip', '2: Tunnel options conflict with forward method'],
    [
      '-a -t 192.0.2.10:80 -r 10.0.0.17 -i --tun-type gue',
      "2: You need to supply the 'tun-port' option for the 'gue' tunnel type",
    ],
    [
      '-a -t 192.0.2.10:80 -r 10.0.0.17 -i --tun-csum',
      "2: Illegal 'tun-csum' option with the 'ipip' tunnel type",
    ],
    [
      '-a -t 192.0.2.10:80 -r 10.0.0.17 -i --tun-type gre --tun-nocsum --tun-csum',
      "2: The option 'tun-csum' conflicts with the 'tun-nocsum' option in the 'gre' tunnel type",
    ],
    ['-a -t 192.0.2.10:80 -r 10.0.0.17 --tun-type vxlan', '2: illegal tunnel type specified'],
    ['-a -t 192.0.2.10:80 -r 10.0.0.17 --tun-port 0', '2: illegal tunnel port specified'],
    ['-A -t 192.0.2.10:80 -M nosuch', '2: illegal virtual server persistent mask specified'],
    ['-A -f 7 -6 -M 129', '2: illegal ipv6 netmask specified'],
    ['-A -6 -f 7', '2: -6 used before -f\n'],
    ['-a -t 192.0.2.10:80 -r 10.0.0.17 -w 2147483648', '2: illegal weight specified'],
    ['-a -t 192.0.2.10:80 -r 10.0.0.17 -x -1', '2: illegal u_threshold specified'],
    ['-a -t 192.0.2.10:80 -r 10.0.0.17 -y -1', '2: illegal l_threshold specified'],
    ['--start-daemon master --syncid 256', '2: illegal syncid specified'],
    ['--start-daemon master --mcast-port 0', '2: illegal mcast-port specified'],
    ['--start-daemon master --mcast-ttl 256', '2: illegal mcast-ttl specified'],
    ['--start-daemon master --sync-maxlen 65508', '2: illegal sync-maxlen specified'],
    ['--start-daemon master --mcast-group 1.2.3.4', "2: invalid IPv4 mcast-group `1.2.3.4'"],
    ['--start-daemon master --mcast-group fe80::1', "2: invalid IPv6 mcast-group `fe80::1'"],
    ['--start-daemon Master', '2: illegal start-daemon parameter specified'],
    ['--stop-daemon x', '2: illegal start_daemon specified'],
    ['-A -t 192.0.2.10:80 -b x', "2: invalid scheduler flag `x'"],
    ['-A -t 192.0.2.10:80 -b sh-port', "2: incompatible scheduler flag `sh-port'"],
    ['-A -t 192.0.2.10:80 -b ,', "2: invalid scheduler flag `,'"],
  ] as const)('%s', (line, expected) => {
    expect(refusal(line)).toBe(expected);
  });
});

test('treats options after a positional argument as positional with POSIXLY_CORRECT', () => {
  expect([refusal('-L x -n', true), refusal('-L x -n')]).toEqual([
    '2: unexpected argument x',
    '2: unexpected argument x',
  ]);
  expect(refusal('--set 1 2 -n', true)).toBe("2: invalid timeout value `-n' specified");
});
