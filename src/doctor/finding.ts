/** One kind of finding, and what the tables of findings share. */

import { formatEndpoint, formatProtocol } from '../format/endpoint';
import { formatAddress } from '../model/address';
import type { ServiceKey } from '../model/virtual-service';
import type { Step } from '../setup/step';
import type { Facts, Place } from './facts';

/** Certain: seen. Possible: something else could look the same from this machine. */
export type Certainty = 'certain' | 'possible';
/** Whose set-up it concerns: that of a director, or of a real server. */
export type Side = 'director' | 'realserver';

/** Something that is wrong. All texts are sentences without their full stops, or commands. */
export interface Finding {
  readonly id: string;
  readonly side: Side;
  readonly certainty: Certainty;
  readonly what: string;
  /** A shell command that shows it. */
  readonly how: string;
  /** What clients feel. */
  readonly effect: string;
  /** The line that mends it. */
  readonly remedy: string;
  /** What --fix does; absent if it cannot be undone, or needs a decision. */
  readonly fix?: readonly Step[];
}

type Text<I> = string | ((instance: I, facts: Facts) => string);

/** A row of a table of findings. */
export interface Row<I> {
  readonly id: string;
  readonly side: Side;
  /** The row in docs/doctor.md. */
  readonly summary: string;
  readonly certainty: Certainty | ((instance: I, facts: Facts) => Certainty);
  /** Every instance on this machine. */
  readonly look: (facts: Facts) => readonly I[];
  readonly describe: Text<I>;
  readonly how: Text<I>;
  readonly effect: Text<I>;
  readonly remedy: Text<I>;
  readonly fix?: (instance: I, facts: Facts) => readonly Step[];
}

/** A row whose kind of instances is its own business. */
export interface FindingKind extends Pick<Row<unknown>, 'id' | 'side' | 'summary'> {
  readonly certainties: readonly Certainty[];
  /** Whether --fix may mend it. */
  readonly fixable: boolean;
  readonly find: (facts: Facts) => readonly Finding[];
}

export function row<I>(spec: Row<I>): FindingKind {
  const { id, side, summary, certainty } = spec;
  return {
    id,
    side,
    summary,
    certainties: typeof certainty === 'string' ? [certainty] : ['certain', 'possible'],
    fixable: spec.fix !== undefined,
    find: (facts) =>
      spec.look(facts).map((instance) => {
        const say = (text: Text<I>) => (typeof text === 'string' ? text : text(instance, facts));
        const fix = spec.fix?.(instance, facts) ?? [];
        return {
          id,
          side,
          certainty: typeof certainty === 'string' ? certainty : certainty(instance, facts),
          what: say(spec.describe),
          how: say(spec.how),
          effect: say(spec.effect),
          remedy: say(spec.remedy),
          ...(fix.length > 0 ? { fix } : {}),
        };
      }),
  };
}

/** One instance if something is so. */
export function once(so: boolean): readonly true[] {
  return so ? [true] : [];
}

export function serviceName(key: ServiceKey): string {
  if (key.kind === 'fwmark') return `FWM ${key.fwmark}`;
  return `${formatProtocol(key.protocol)} ${formatEndpoint(key, key.protocol, undefined)}`;
}

/** The option of ipvsadm that names a service, with its value. */
export function serviceOption(key: ServiceKey): string {
  if (key.kind === 'fwmark') return `-f ${key.fwmark}${key.family === 2 ? '' : ' -6'}`;
  const letter = { 6: '-t', 17: '-u', 132: '--sctp-service' }[key.protocol] ?? '-t';
  return `${letter} ${formatEndpoint(key, key.protocol, undefined)}`;
}

export function placeName({ address, port }: Place): string {
  return address.length === 4 ? `${formatAddress(address)}:${port}` : `[${formatAddress(address)}]:${port}`;
}

export function withPrefix(address: Uint8Array): string {
  return `${formatAddress(address)}/${address.length * 8}`;
}

/** `ip`, or `ip -6`. */
export function ip(address: Uint8Array): string {
  return address.length === 4 ? 'ip' : 'ip -6';
}
