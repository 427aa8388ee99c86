/** One line of ipvsadm rules: its words with their places, and which of them says what. */
import { popt } from '../../classic/popt';
import type { OptionName } from '../../command-line/options';
import type { Span } from '../source/diagnostics';

export interface RuleLine {
  /** Where it begins in the source. */
  readonly offset: number;
  /** Without its newline; one character a byte. */
  readonly text: string;
  /** As the kernel's texts go, not as the source's: where all is ASCII both are one. */
  readonly words: readonly RuleWord[];
}

export interface RuleWord extends Span {
  readonly text: string;
}

/** The words of a line as a restore reads them: the word `ipvsadm` is dropped wherever it stands. */
export function ruleLine(text: string, offset: number): RuleLine {
  const words = Array.from(text.matchAll(/[^ \t\r]+/g), (match) => ({
    text: match[0],
    offset: offset + match.index,
    length: match[0].length,
  })).filter((word) => word.text !== 'ipvsadm');
  return { offset, text, words };
}

/** Which options say a field of a state document. */
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

/** The word of a line that says `field`; the whole line when none does. */
export function wordOfField(line: RuleLine, field: string | number | undefined, ofServer: boolean): Span {
  const names: readonly OptionName[] =
    ofServer && (field === 'address' || field === 'port')
      ? ['real-server']
      : (optionsOfField[String(field)] ?? []);
  return wordOfOption(line, names) ?? wholeLine(line);
}

/** The word that was read last for one of the options. */
export function wordOfOption(line: RuleLine, names: readonly OptionName[]): Span | undefined {
  const args = line.words.map(({ text }) => text);
  for (const event of popt(args, false)) {
    if (event.kind !== 'option' || 'letters' in event.spec) continue;
    if (event.spec.name && names.includes(event.spec.name)) return line.words[event.index];
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
