/**
 * A field of a state document: its place, the kernel attribute that it is, its type, and how it is got from the
 * model. The writer, the schema's descriptions and the tables of docs/state.md come from lists of them.
 */
import { AF_INET, type Family } from '../../model/address';
import type { Statistics } from '../../model/statistics';
import type { UnknownAttributes } from './types';

export interface Field<Source> {
  /** Its place; a dot stands for an object in the object. */
  readonly name: string;
  /** The kernel attribute (uapi/linux/ip_vs.h) that it is, '' when it is none. */
  readonly attribute: string;
  readonly type: string;
  /** What it is, with its unit. */
  readonly summary: string;
  /** What it means to leave it out of a document that is loaded: ipvsadm's default. */
  readonly absent?: string;
  /** A counter: shown in listings, left out of snapshots, ignored in a document that is loaded. */
  readonly counter?: true;
  /** Its value; undefined: left out. */
  readonly of: (source: Source) => unknown;
}

/** What the kernel sent of a table entry beside the attributes that the model knows. */
export interface Unknown {
  readonly unknown?: UnknownAttributes | undefined;
}

/** Attributes without a field. */
export function unknownField(attribute: string): Field<Unknown> {
  return {
    name: 'unknown',
    attribute,
    type: 'object',
    summary:
      'attributes of a newer kernel by number, in hexadecimal digits; not restored, which loading warns of',
    of: ({ unknown }) => unknown,
  };
}

const statisticsSummaries: readonly (readonly [
  name: keyof Statistics,
  attribute: string,
  summary: string,
])[] = [
  ['connections', 'CONNS', 'connections'],
  ['inPackets', 'INPKTS', 'incoming packets'],
  ['outPackets', 'OUTPKTS', 'outgoing packets'],
  ['inBytes', 'INBYTES', 'incoming bytes'],
  ['outBytes', 'OUTBYTES', 'outgoing bytes'],
  ['connectionRate', 'CPS', 'connections per second'],
  ['inPacketRate', 'INPPS', 'incoming packets per second'],
  ['outPacketRate', 'OUTPPS', 'outgoing packets per second'],
  ['inByteRate', 'INBPS', 'incoming bytes per second'],
  ['outByteRate', 'OUTBPS', 'outgoing bytes per second'],
];

export function statisticsFields(
  nest: string,
): readonly Field<{ readonly statistics?: Statistics | undefined }>[] {
  return statisticsSummaries.map(([name, attribute, summary]) => ({
    name: `statistics.${name}`,
    attribute: `${nest}: IPVS_STATS_ATTR_${attribute}`,
    type: 'counter',
    summary,
    counter: true,
    of: ({ statistics }) => statistics && counter(statistics[name]),
  }));
}

/** The one rule for 64-bit counters: a number as long as every JSON reader has it exactly, else a decimal string. */
export function counter(value: bigint): number | string {
  return value <= Number.MAX_SAFE_INTEGER ? Number(value) : String(value);
}

/** What documents call a family. */
export function familyName(family: Family): string {
  return family === AF_INET ? 'ipv4' : 'ipv6';
}

/** A list that has items; undefined, so left out, when it has none. */
export function some<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length > 0 ? list : undefined;
}
