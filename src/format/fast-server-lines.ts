/**
 * Fast path of `formatServer` and `formatServerRule` for many real servers, without names: the
 * lines as data. Held equal to the two by test/format/fast-server-lines.test.ts, and in C by
 * test/native/bulk-rows.test.ts.
 */
import type { ListFormat } from '../command-line/request';
import { column } from '../ipvs/server-columns';
import { FORWARDING_MASK, forwardingMethods, tunnelTypes } from '../model/real-server';
import type { LineProgram } from '../platform/bulk-rows';
import {
  ALL,
  choice,
  compile,
  counter,
  endpoint,
  padded,
  type Step,
  signed,
  text,
  unsigned,
  when,
} from './line-steps';
import { forwardingOptions, tunnelFlagOptions } from './rules';
import { forwardingNames, tunnelFlagCells } from './service-list';

/** The lines that `formatServer` writes without names. */
export function serverLines({
  format,
  exact,
}: {
  readonly format: ListFormat;
  readonly exact: boolean;
}): LineProgram {
  return compile(text('  -> '), endpoint(28), ...cells[format](exact), text('\n'));
}

/**
 * The rules that `formatServerRule` writes without names, but for their beginning
 * (`beginningWith`), which is that of `formatServerRuleBeginning`.
 */
export function serverRules(): LineProgram {
  return compile(
    text(''),
    endpoint(0),
    choice(
      column.forwarding,
      FORWARDING_MASK,
      forwardingOptions.map((option) => ` ${option} -w `),
      ' (null) -w ',
    ),
    signed(column.weight),
    ...ifTunneling(ruleTunnel()),
    when(
      column.upperThreshold,
      ALL,
      0,
      [when(column.lowerThreshold, ALL, 0, [], thresholds())],
      thresholds(),
    ),
    text('\n'),
  );
}

const forwarding = () =>
  choice(
    column.forwarding,
    FORWARDING_MASK,
    forwardingNames.map((name) => ` ${name.padEnd(7)} `),
    ' (null)  ',
  );
const connections = () => [
  text(' '),
  unsigned(column.activeConnections, 10),
  text(' '),
  unsigned(column.inactiveConnections, 10),
];

/** The columns after the endpoint. */
const cells: Readonly<Record<ListFormat, (exact: boolean) => readonly Step[]>> = {
  plain: () => [forwarding(), signed(column.weight, 6), ...connections()],
  'tun-info': () => [
    forwarding(),
    padded(13, ...ifTunneling(tunnelCell(), [text('n/a')])),
    text(' '),
    signed(column.weight, 6),
    ...connections(),
  ],
  thresholds: () => [
    text(' '),
    unsigned(column.upperThreshold, 10),
    text(' '),
    unsigned(column.lowerThreshold, 10),
    ...connections(),
  ],
  'persistent-conn': () => [
    text(' '),
    unsigned(column.weight, 9),
    text(' '),
    unsigned(column.persistentConnections, 11),
    ...connections(),
  ],
  stats: (exact) => counters([0, 1, 2, 3, 4], exact),
  rate: (exact) => [
    ...[5, 6, 7].flatMap((index) => [text(' '), counter(counterColumn(index), 'bare', 8)]),
    ...counters([8, 9], exact),
  ],
};

function counters(indexes: readonly number[], exact: boolean): Step[] {
  return indexes.map((index) => counter(counterColumn(index), exact ? 'exact' : 'scaled', 9));
}

/** The column of a counter's low word. */
function counterColumn(index: number): number {
  return column.statistics + 2 * index;
}

function ifTunneling(steps: readonly Step[], otherwise: readonly Step[] = []): Step[] {
  return [when(column.forwarding, FORWARDING_MASK, forwardingMethods.tunneling, steps, otherwise)];
}

/** Steps for each type of tunnel, and for others. */
function byTunnelType(
  { ipip, gue, gre }: Readonly<Record<keyof typeof tunnelTypes, readonly Step[]>>,
  otherwise: readonly Step[],
): Step[] {
  const type = (value: number, steps: readonly Step[], others: readonly Step[]) => [
    when(column.tunnelType, ALL, value, steps, others),
  ];
  return type(tunnelTypes.ipip, ipip, type(tunnelTypes.gue, gue, type(tunnelTypes.gre, gre, otherwise)));
}

function tunnelCell(): Step[] {
  const flags = choice(column.tunnelFlags, ALL, tunnelFlagCells, '?');
  return byTunnelType(
    {
      ipip: [text('ipip')],
      gue: [text('gue:'), unsigned(column.tunnelPort), text(':'), flags],
      gre: [text('gre:'), flags],
    },
    [text('n/a')],
  );
}

function ruleTunnel(): Step[] {
  const flags = choice(column.tunnelFlags, ALL, tunnelFlagOptions, '');
  return byTunnelType(
    {
      ipip: [text(' --tun-type ipip')],
      gue: [text(' --tun-type gue --tun-port '), unsigned(column.tunnelPort), flags],
      gre: [text(' --tun-type gre'), flags],
    },
    [],
  );
}

const thresholds = () => [
  text(' -x '),
  unsigned(column.upperThreshold),
  text(' -y '),
  unsigned(column.lowerThreshold),
];
