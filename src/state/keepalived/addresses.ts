/** Addresses of keepalived.conf(5): of virtual servers, and those of groups with their ranges. */
import { formatAddress, parseAddress } from '../../model/address';
import { type Diagnostics, numberOf, type Word } from '../source/collect';
import { argumentsOf } from './each-statement';
import type { Statement } from './statements';

/** What a virtual server is known by. */
export type Target =
  | {
      readonly kind: 'address';
      readonly text: string;
      readonly word: Word;
      readonly port: number;
      readonly portWord: Word;
      readonly ofGroup: boolean;
    }
  | {
      readonly kind: 'fwmark';
      readonly mark: number;
      readonly word: Word;
      readonly family?: Word | undefined;
    };

/** A range holds no more: more services are not meant. */
const MAX_COUNT = 65536;

/** The addresses and marks of a group. */
export function groupTargets(statements: readonly Statement[], told: Diagnostics): Target[] {
  return statements.flatMap((statement): readonly Target[] => {
    const [first] = statement.words;
    if (statement.block) told.error(first, 'no block belongs here');
    if (first.text === 'fwmark') return markTarget(statement, argumentsOf(statement, 1, 2, told) ?? [], told);
    const words = statement.words.slice(1);
    if (words[1]) told.error(words[1], `'${words[1].text}' is too much behind the address`);
    return rangeOf(first, told).flatMap((text) => addressTarget(text, first, words[0], true, told));
  });
}

export function markTarget(
  statement: Statement,
  [mark, family]: readonly Word[],
  told: Diagnostics,
): Target[] {
  if (!mark) return [];
  const number = numberOf(mark, told);
  if (family && !/^inet6?$/.test(family.text))
    told.error(family, `there is no family '${family.text}'`, 'inet or inet6');
  if (number === undefined) return [];
  return [{ kind: 'fwmark', mark: number, word: mark ?? statement.words[0], family }];
}

/** @param port absent: 0, every port. */
export function addressTarget(
  text: string,
  word: Word,
  port: Word | undefined,
  ofGroup: boolean,
  told: Diagnostics,
): Target[] {
  const number = port ? numberOf(port, told) : 0;
  if (number === undefined) return [];
  return [{ kind: 'address', text, word, port: number, portWord: port ?? word, ofGroup }];
}

/** ADDRESS, ADDRESS-LAST PART, ADDRESS-ADDRESS or ADDRESS/PREFIX. */
function rangeOf(word: Word, told: Diagnostics): readonly string[] {
  const [, from, mark, to] = /^([^-/]*)(?:([-/])(.*))?$/s.exec(word.text) ?? [];
  const first = parseAddress(from ?? '');
  if (!first || mark === undefined || to === undefined) return [word.text];
  const bits = first.length * 8;
  const low = numberFrom(first);
  const high = mark === '/' ? lastOfNetwork(low, bits, to) : lastOfRange(from!, to);
  if (high === undefined || high < low) {
    const hint = 'such as 192.0.2.1-10, 192.0.2.1-192.0.2.10, 192.0.2.0/28 or 2001:db8::1-f';
    told.error(word, `'${word.text}' is not a range of addresses`, hint);
    return [];
  }
  if (high - low >= MAX_COUNT) {
    told.error(word, `this range has more than ${MAX_COUNT} addresses`);
    return [];
  }
  return Array.from({ length: Number(high - low) + 1 }, (_, index) =>
    textOf(low + BigInt(index), first.length),
  );
}

/** An address whose bits behind the prefix are set is refused, as by keepalived. */
function lastOfNetwork(low: bigint, bits: number, text: string): bigint | undefined {
  if (!/^[0-9]{1,3}$/.test(text) || Number(text) > bits) return undefined;
  const rest = (1n << BigInt(bits - Number(text))) - 1n;
  return (low & rest) === 0n ? low | rest : undefined;
}

/** The last part stands for itself: decimal behind a dot, hexadecimal behind a colon. */
function lastOfRange(from: string, to: string): bigint | undefined {
  const whole = parseAddress(to) ?? parseAddress(from.replace(/[^.:]*$/, to));
  return whole && (whole.length === 4) === !from.includes(':') ? numberFrom(whole) : undefined;
}

function numberFrom(address: Uint8Array): bigint {
  return address.reduce((number, byte) => (number << 8n) | BigInt(byte), 0n);
}

function textOf(number: bigint, length: number): string {
  const bytes = Array.from({ length }, (_, index) =>
    Number((number >> BigInt(8 * (length - 1 - index))) & 255n),
  );
  return formatAddress(Uint8Array.from(bytes));
}
