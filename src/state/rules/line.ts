/** One line of ipvsadm rules: its words with their places, and which word sets which field. */
import { type PoptEvent, popt } from '../../classic/popt';
import type { OptionName } from '../../command-line/options';
import type { Span } from '../source/diagnostics';

export interface RuleLine {
  /** Where it begins in the source. */
  readonly offset: number;
  /** In Unicode, as in the source. */
  readonly words: readonly RuleWord[];
}

export interface RuleWord extends Span {
  readonly text: string;
}

/** The words of a line as a restore reads them: every word `ipvsadm` is dropped. */
export function ruleLine(text: string, offset: number): RuleLine {
  const words = Array.from(text.matchAll(/[^ \t\r]+/g), (match) => ({
    text: match[0],
    offset: offset + match.index,
    length: match[0].length,
  })).filter((word) => word.text !== 'ipvsadm');
  return { offset, words };
}

/** The options that set a field of a state document. */
const optionsOfField: Readonly<Record<string, readonly OptionName[]>> = {
  protocol: ['service-address'],
  fwmark: ['service-address'],
  address: ['service-address'],
  port: ['service-address'],
  scheduler: ['scheduler'],
  flags: ['ops', 'sched-flags'],
  persistence: ['persistent', 'netmask', 'pe'],
  forwarding: ['forwarding-method'],
  weight: ['weight'],
  upperThreshold: ['u-threshold'],
  lowerThreshold: ['l-threshold'],
  tunnel: ['tun-type', 'tun-port'],
  interface: ['mcast-interface'],
  group: ['mcast-group'],
};

/** The word of a line that sets `field`; the complete line if none does. */
export function wordOfField(line: RuleLine, field: string | number | undefined, ofServer: boolean): Span {
  const names: readonly OptionName[] =
    ofServer && (field === 'address' || field === 'port')
      ? ['real-server']
      : (optionsOfField[String(field)] ?? []);
  const args = line.words.map(({ text }) => text);
  const option = findOption(popt(args, false), names);
  return (option && line.words[option.index]) ?? wholeLine(line);
}

/** The first of the events that is one of the options. */
export function findOption(events: Iterable<PoptEvent>, names: readonly OptionName[]): PoptEvent | undefined {
  for (const event of events) {
    if (event.kind !== 'option' || 'letters' in event.spec) continue;
    if (event.spec.name && names.includes(event.spec.name)) return event;
  }
  return undefined;
}

/** From the first word to the last. */
export function wholeLine({ offset, words }: RuleLine): Span {
  const [first] = words;
  const last = words.at(-1);
  if (!first || !last) return { offset, length: 1 };
  return { offset: first.offset, length: last.offset + last.length - first.offset };
}
