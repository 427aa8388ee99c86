import { requestCommands } from '../../src/command-line/command-table';
import {
  firstViolation,
  type Legality,
  legalOptions,
  legalTunnelOptions,
  tunnelOptionNames,
} from '../../src/command-line/legal-options';
import { type OptionName, options } from '../../src/command-line/options';

/**
 * The options that each command takes in ipvsadm (json is ours): ! required, o optional, 1 at most
 * one of these. No other command takes any.
 */
const table = `
                                               | A E | D | L | a e | d | start | stop | S | Z
numeric                                        |     |   | o |     |   |       |      | o |
connection timeout daemon                      |     |   | 1 |     |   |       |      |   |
service-address                                | !   | ! | 1 | !   | ! |       |      |   | o
scheduler persistent netmask ops pe sched-flags | o  |   |   |     |   |       |      |   |
real-server                                    |     |   |   | !   | ! |       |      |   |
forwarding-method weight u-threshold l-threshold |   |   |   | o   |   |       |      |   |
tun-type tun-port tun-nocsum tun-csum tun-remcsum |  |   |   | o   |   |       |      |   |
stats rate thresholds persistent-conn          |     |   | o |     |   |       |      |   |
nosort exact tun-info json                     |     |   | o |     |   |       |      |   |
syncid                                         |     |   | o |     |   | o     | o    |   |
mcast-interface mcast-group mcast-port         |     |   |   |     |   | o     |      |   |
mcast-ttl sync-maxlen                          |     |   |   |     |   | o     |      |   |
`;

const columns = [
  ['add-service', 'edit-service'],
  ['delete-service'],
  ['list'],
  ['add-server', 'edit-server'],
  ['delete-server'],
  ['start-daemon'],
  ['stop-daemon'],
  ['save'],
  ['zero'],
];
const marks: Readonly<Record<string, Legality>> = { '!': 'required', o: 'optional', '1': 'exclusive' };

/** The options of a command in the table, each as `name legality`. */
function legalInTable(command: string): string[] {
  const at = columns.findIndex((names) => names.includes(command));
  return table
    .trim()
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [names, ...cells] = line.split('|');
      const mark = marks[cells[at]?.trim() ?? ''];
      return mark
        ? names!
            .trim()
            .split(' ')
            .map((name) => `${name} ${mark}`)
        : [];
    })
    .sort();
}

test.each(requestCommands.map(({ name }) => name))('%s takes its options and no others', (name) => {
  expect([...legalOptions[name]].map(([option, mark]) => `${option} ${mark}`).sort()).toEqual(
    legalInTable(name),
  );
});

test('some command takes each option', () => {
  const taken = new Set(Object.values(legalOptions).flatMap((legal) => [...legal.keys()]));
  expect([...new Set(options.flatMap(({ name }) => name ?? []))].sort()).toEqual([...taken].sort());
});

test('no two commands or options share a letter, a name or a flag', () => {
  const letters = [
    ...requestCommands.flatMap((command) => [...command.letters]),
    ...options.flatMap(({ letter }) => letter ?? []),
  ];
  const longs = [...requestCommands, ...options].map(({ long }) => long);
  const flags = options.map(({ flag, long }) => flag ?? long);
  const subcommands = requestCommands.map((command) => command.subcommand);
  expect([letters, longs, flags, subcommands].map((list) => list.length - new Set(list).size)).toEqual([
    0, 0, 0, 0,
  ]);
});

describe('the first of several mistakes in ipvsadm’s order is reported:', () => {
  test.each<[string, OptionName[], keyof typeof legalOptions, ReturnType<typeof firstViolation>]>([
    ['none', ['service-address', 'scheduler'], 'add-service', undefined],
    [
      'a missing option before an illegal one',
      ['weight'],
      'add-service',
      { kind: 'missing', name: 'service-address' },
    ],
    [
      'an illegal option before a missing one',
      ['weight', 'numeric'],
      'add-service',
      { kind: 'illegal', name: 'numeric' },
    ],
    ['the first of two that are missing', [], 'add-server', { kind: 'missing', name: 'service-address' }],
    [
      'the second of two that are missing',
      ['service-address'],
      'add-server',
      { kind: 'missing', name: 'real-server' },
    ],
    [
      'two that exclude each other',
      ['service-address', 'connection'],
      'list',
      { kind: 'conflict', name: 'service-address', other: 'connection' },
    ],
    [
      'the first of several conflicts',
      ['daemon', 'timeout', 'connection'],
      'list',
      { kind: 'conflict', name: 'timeout', other: 'connection' },
    ],
    [
      'a conflict before an illegal option',
      ['timeout', 'daemon', 'ops'],
      'list',
      { kind: 'conflict', name: 'daemon', other: 'timeout' },
    ],
  ])('%s', (_name, given, command, expected) => {
    expect(firstViolation(new Set(given), legalOptions[command])).toEqual(expected);
  });
});

describe('of tunnel options,', () => {
  test.each<[keyof typeof legalTunnelOptions, OptionName[], ReturnType<typeof firstViolation>]>([
    ['ipip', [], undefined],
    ['ipip', ['tun-csum'], { kind: 'illegal', name: 'tun-csum' }],
    ['gue', ['tun-port', 'tun-remcsum'], undefined],
    ['gue', ['tun-csum'], { kind: 'missing', name: 'tun-port' }],
    [
      'gue',
      ['tun-port', 'tun-nocsum', 'tun-csum'],
      { kind: 'conflict', name: 'tun-csum', other: 'tun-nocsum' },
    ],
    ['gre', ['tun-csum'], undefined],
    ['gre', ['tun-port'], { kind: 'illegal', name: 'tun-port' }],
    ['gre', ['tun-remcsum'], { kind: 'illegal', name: 'tun-remcsum' }],
  ])('%s with %j', (type, given, expected) => {
    expect(firstViolation(new Set(given), legalTunnelOptions[type], tunnelOptionNames)).toEqual(expected);
  });
});
