/**
 * Generates command lines for the differential test: mostly valid, some invalid, some hostile. They
 * use few addresses and ports, so that a line often names a service or server of an earlier one.
 * The deliberate differences of docs/compatibility.md are avoided here or removed by
 * driver/normalize.ts.
 */
import * as fc from 'fast-check';
import type { CommandLine } from './driver/protocol';

const pick = <T>(...values: readonly T[]) => fc.constantFrom(...values);
const words = (...values: readonly string[]) => fc.constant(values as string[]);

const ipv4 = pick(
  ...[
    '10.0.0.1',
    '10.0.0.2',
    '192.168.1.1',
    '172.16.0.9',
    '1.2.3.4',
    '127.0.0.1',
    '203.0.113.7',
    '100.0.0.1',
  ],
);
const ipv6 = pick('2001:db8::1', '2001:db8::2', '::1', 'fd00::10', '64:ff9b::1', '2001:0:0:1::', '::1.2.3.4');
const oddHost = pick(
  ...['0.0.0.0', '255.255.255.255', '224.0.0.1', '10.1', '0x0a000001', '012.1.2.3', '16909060', 'localhost'],
  ...[
    'nosuchhost',
    '1.2.3.4 x',
    '256.1.1.1',
    '1.2.3',
    '',
    'ff02::1',
    'fe80::1',
    '::',
    '::ffff:1.2.3.4',
    '08.1.1.1',
  ],
);
const port = fc.oneof(
  { weight: 8, arbitrary: pick('80', '443', '53', '65535', '8080') },
  { weight: 1, arbitrary: pick('http', 'domain', 'https', 'sip', 'nosuch', 'HTTP') },
  {
    weight: 1,
    arbitrary: pick('0', '', '65536', '-1', ' 80', '+80', '080', '0x50', '80 ', '99999999999999999999'),
  },
);
const host = fc.oneof(
  { weight: 6, arbitrary: ipv4 },
  { weight: 4, arbitrary: ipv6.map((address) => `[${address}]`) },
  { weight: 1, arbitrary: oddHost },
  { weight: 1, arbitrary: oddHost.map((text) => `[${text}]`) },
  { weight: 1, arbitrary: ipv6 },
);
const endpoint = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(host, port).map(([address, number]) => `${address}:${number}`) },
  { weight: 2, arbitrary: host },
);
const number = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 100 }).map(String) },
  { weight: 2, arbitrary: pick('1', '255', '256', '65535', '65536', '2147483647', '2678400', '2678401') },
  {
    weight: 1,
    arbitrary: pick('-1', '', 'x', ' 7', '7 ', '+7', '0x10', '010', '1.5', '4294967295', '2147483648'),
  },
);
const mark = fc.oneof(
  { weight: 5, arbitrary: pick('1', '2', '7', '4294967295', '2147483648') },
  { weight: 1, arbitrary: number },
);
/** Any bytes but NUL, without the sequence `!#:+` (popt-substitution). */
const hostile = fc
  .oneof(
    fc.string({
      unit: fc.integer({ min: 1, max: 255 }).map((byte) => String.fromCharCode(byte)),
      maxLength: 20,
    }),
    pick(
      '-',
      '--',
      '---',
      '-=',
      '--=',
      '=',
      '-?',
      '--usage',
      '\n',
      "'",
      '$(id)',
      '%s%n',
      'ipvsadm',
      '-\xff',
      '\xe9',
    ),
    fc.integer({ min: 100, max: 3000 }).map((length) => 'x'.repeat(length)),
  )
  .filter((text) => !text.includes('!#:+'));

const schedulerName = fc.oneof(
  {
    weight: 8,
    arbitrary: pick(
      'rr',
      'wrr',
      'lc',
      'wlc',
      'lblc',
      'lblcr',
      'dh',
      'sh',
      'sed',
      'nq',
      'fo',
      'ovf',
      'mh',
      'none',
    ),
  },
  { weight: 1, arbitrary: pick('nosuch', '', 'RR', 'averylongschedulername', 'r r') },
);
const schedulerFlag = pick(
  ...['flag-1', 'flag-2', 'flag-3', 'sh-fallback', 'sh-port', 'mh-fallback', 'mh-port', 'bogus', ''],
);
const schedulerFlags = fc
  .array(schedulerFlag, { minLength: 1, maxLength: 4 })
  .map((flags) => flags.join(','))
  .filter((text) => !/^,+$/.test(text)); // only-commas
const netmask = fc.oneof(
  { weight: 4, arbitrary: pick('255.255.255.0', '255.255.0.0', '64', '128', '255.255.255.255', '1') },
  {
    weight: 1,
    arbitrary: pick('24', '0', '129', '64abc', '255.255.255', 'abc', '', '::1', ' 64', 'localhost'),
  },
);

/** An option and its value, in the forms that popt accepts. */
function option(letter: string, long: string, value: fc.Arbitrary<string>): fc.Arbitrary<string[]> {
  return fc.tuple(value, fc.nat(letter === '' ? 1 : 4)).map(([text, spelling]) => {
    if (spelling === 0) return [`--${long}`, text];
    if (spelling === 1) return [`--${long}=${text}`];
    if (spelling === 2) return [`-${letter}=${text}`];
    return spelling === 3 && text !== '' ? [`-${letter}${text}`] : [`-${letter}`, text];
  });
}

function flag(letter: string, long: string): fc.Arbitrary<string[]> {
  return letter === '' ? words(`--${long}`) : pick([`-${letter}`], [`--${long}`]);
}

const service = fc.oneof(
  { weight: 5, arbitrary: option('t', 'tcp-service', endpoint) },
  { weight: 3, arbitrary: option('u', 'udp-service', endpoint) },
  { weight: 1, arbitrary: option('', 'sctp-service', endpoint) },
  { weight: 2, arbitrary: option('f', 'fwmark-service', mark) },
  { weight: 1, arbitrary: option('f', 'fwmark-service', mark).map((text) => [...text, '-6']) },
);
const serviceOptions: readonly fc.Arbitrary<string[]>[] = [
  option('s', 'scheduler', schedulerName),
  fc.oneof(option('p', 'persistent', number), words('-p'), words('--persistent')),
  option('M', 'netmask', netmask),
  option('', 'pe', pick('sip', 'nosuch', '')),
  flag('o', 'ops'),
  option('b', 'sched-flags', schedulerFlags),
];
const server = option('r', 'real-server', endpoint);
const serverOptions: readonly fc.Arbitrary<string[]>[] = [
  fc.oneof(flag('g', 'gatewaying'), flag('i', 'ipip'), flag('m', 'masquerading')),
  option('w', 'weight', number),
  option('x', 'u-threshold', number),
  option('y', 'l-threshold', number),
];
const tunnelOptions: readonly fc.Arbitrary<string[]>[] = [
  option('', 'tun-type', pick('ipip', 'gue', 'gre', 'nosuch')),
  option('', 'tun-port', number),
  pick(['--tun-nocsum'], ['--tun-csum'], ['--tun-remcsum']),
];
const listOptions: readonly fc.Arbitrary<string[]>[] = [
  flag('n', 'numeric'),
  flag('', 'stats'),
  flag('', 'rate'),
  flag('', 'thresholds'),
  flag('', 'persistent-conn'),
  flag('', 'tun-info'),
  flag('', 'nosort'),
  flag('', 'sort'),
  flag('X', 'exact'),
  flag('c', 'connection'),
  flag('', 'timeout'),
  flag('', 'daemon'),
];
const daemonOptions: readonly fc.Arbitrary<string[]>[] = [
  option('', 'mcast-interface', fc.oneof({ weight: 4, arbitrary: pick('lo') }, pick('nosuch0', ''))),
  option('', 'syncid', number),
  option('', 'sync-maxlen', number),
  option('', 'mcast-group', pick('224.0.0.99', '239.1.2.3', 'ff02::99', '10.0.0.1', 'x', '224.0.0.099')),
  option('', 'mcast-port', number),
  option('', 'mcast-ttl', number),
];

/** Some of the options, each at most once, in any order. */
function some(options: readonly fc.Arbitrary<string[]>[], most: number): fc.Arbitrary<string[]> {
  return fc
    .shuffledSubarray([...options.keys()], { maxLength: most })
    .chain((indexes) => fc.tuple(...indexes.map((index) => options[index]!)))
    .map((parts) => parts.flat());
}

function line(...parts: readonly fc.Arbitrary<string[]>[]): fc.Arbitrary<string[]> {
  return fc.tuple(...parts).map((texts) => texts.flat());
}

const addService = line(flag('A', 'add-service'), service, some(serviceOptions, 3));
const addServer = line(flag('a', 'add-server'), service, server, some(serverOptions, 3));
const change = fc.oneof(
  { weight: 8, arbitrary: addService },
  { weight: 10, arbitrary: addServer },
  { weight: 2, arbitrary: line(words('-a'), service, server, words('-i'), some(tunnelOptions, 3)) },
  { weight: 3, arbitrary: line(flag('E', 'edit-service'), service, some(serviceOptions, 3)) },
  { weight: 3, arbitrary: line(flag('e', 'edit-server'), service, server, some(serverOptions, 3)) },
  { weight: 2, arbitrary: line(flag('d', 'delete-server'), service, server) },
  { weight: 2, arbitrary: line(flag('D', 'delete-service'), service) },
  { weight: 1, arbitrary: line(flag('Z', 'zero'), fc.oneof(service, words())) },
  { weight: 1, arbitrary: line(words('--set'), fc.tuple(number, number, number)) },
);
const daemonCommand = fc.oneof(
  line(words('--start-daemon'), pick(['master'], ['backup'], ['both']), some(daemonOptions, 3)),
  line(words('--stop-daemon'), pick(['master'], ['backup'], ['Master']), some(daemonOptions, 1)),
);
const listing = fc.oneof(
  { weight: 3, arbitrary: line(pick(['-L'], ['-l'], ['--list'], ['-Ln'], ['-ln']), some(listOptions, 3)) },
  { weight: 1, arbitrary: line(words('-L'), service, some(listOptions, 2)) },
  { weight: 1, arbitrary: pick(['-S'], ['-Sn'], ['-S', '--numeric'], [] as string[]) },
);

/** A valid line with a word inserted, omitted, doubled or moved. */
const wrong = fc
  .tuple(
    fc.oneof(change, listing, daemonCommand),
    fc.oneof(
      ...serviceOptions,
      ...serverOptions,
      ...listOptions,
      ...tunnelOptions,
      ...daemonOptions,
      server,
      service,
    ),
    fc.nat(),
    fc.nat(3),
  )
  .map(([args, extra, place, kind]) => {
    const at = place % (args.length + 1);
    if (kind === 0) return [...args.slice(0, at), ...extra, ...args.slice(at)];
    if (kind === 1) return args.toSpliced(at, 1);
    if (kind === 2) return args.length > 0 ? args.toSpliced(at, 0, args[at % args.length]!) : args;
    return [...args.slice(at), ...args.slice(0, at)];
  });

const odd = fc
  .tuple(fc.oneof(change, listing), fc.array(hostile, { minLength: 1, maxLength: 3 }), fc.nat())
  .map(([args, texts, place]) => args.toSpliced(place % (args.length + 1), 0, ...texts));

/** Input of a restore: lines, each with its newline. Listings are compared separately. */
const restoreInput = fc
  .array(
    fc.oneof(
      { weight: 10, arbitrary: change },
      { weight: 1, arbitrary: odd.filter((args) => !isListing(args)) },
      { weight: 1, arbitrary: pick(['#', 'comment'], ['ipvsadm', '-C'], ['-A', '--bogus'], ['-R'], []) },
    ),
    { maxLength: 12 },
  )
  .map((lines) => lines.map((args) => `${args.join(' ')}\n`).join(''))
  // Words of 4,096 bytes and more are undefined in C; help is our own text; the order of a listing
  // depends on the namespace.
  .filter((text) => !/\S{4096}|(^|\s)(-h|-[LlS]|--help|--list|--save)/.test(text) && !text.includes('!#:+'));

export const commandLine: fc.Arbitrary<CommandLine> = fc
  .oneof(
    { weight: 40, arbitrary: change.map((args) => ({ args })) },
    { weight: 20, arbitrary: listing.map((args) => ({ args })) },
    { weight: 2, arbitrary: daemonCommand.map((args) => ({ args })) },
    { weight: 15, arbitrary: wrong.map((args) => ({ args })) },
    { weight: 6, arbitrary: odd.map((args) => ({ args })) },
    { weight: 3, arbitrary: restoreInput.map((stdin) => ({ args: ['-R'], stdin })) },
    { weight: 1, arbitrary: fc.constant({ args: ['-C'] }) },
    { weight: 1, arbitrary: wrong.map((args) => ({ args, env: { POSIXLY_CORRECT: '1' } })) },
  )
  .filter(({ args }) => isComparable(args));

function isListing(args: readonly string[]): boolean {
  return /^(-[LlS]|--list|--save)/.test(args[0] ?? '-L');
}

/** Help is our own text; an IPv6 prefix length beyond 32 bits is refused instead of wrapped. */
function isComparable(args: readonly string[]): boolean {
  return (
    !args.some(
      (word) => /^-h|^--help$/.test(word) || word.includes('!#:+') || /^(-b|--sched-flags=)?=?,+$/.test(word),
    ) && !args.join(' ').includes('\0')
  );
}
