/** Fields that several objects of a state document have. */
import { AF_INET, AF_INET6 } from '../../model/address';
import type { Statistics } from '../../model/statistics';
import type { FieldOf } from './field';
import { counter, oneOf, unknown } from './kinds';

/** An address family. */
export const familyName = oneOf({ ipv4: AF_INET, ipv6: AF_INET6 });

/** Totals and rates. @param nest the kernel attribute that they are in. */
export function statisticsType<const Nest extends string>(nest: Nest) {
  const field = <const N extends keyof Statistics>(name: N, attribute: string, summary: string) =>
    ({
      name,
      kind: counter,
      attribute: `${nest}: IPVS_STATS_ATTR_${attribute}`,
      summary,
      required: true,
    }) as const;
  return {
    id: 'statistics',
    summary: 'totals and rates; ignored when a document is loaded',
    fields: [
      field('connections', 'CONNS', 'connections'),
      field('inPackets', 'INPKTS', 'incoming packets'),
      field('outPackets', 'OUTPKTS', 'outgoing packets'),
      field('inBytes', 'INBYTES', 'incoming bytes'),
      field('outBytes', 'OUTBYTES', 'outgoing bytes'),
      field('connectionRate', 'CPS', 'connections per second'),
      field('inPacketRate', 'INPPS', 'incoming packets per second'),
      field('outPacketRate', 'OUTPPS', 'outgoing packets per second'),
      field('inByteRate', 'INBPS', 'incoming bytes per second'),
      field('outByteRate', 'OUTBPS', 'outgoing bytes per second'),
    ] as const satisfies readonly FieldOf<Statistics>[],
  } as const;
}

/** Attributes that have no field. */
export function unknownField(attribute: string) {
  return {
    name: 'unknown',
    kind: unknown,
    attribute,
    summary:
      'attributes of a newer kernel by number, in hexadecimal digits; loading warns that they are not restored',
  } as const;
}
